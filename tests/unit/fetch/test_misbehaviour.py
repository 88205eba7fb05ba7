"""Every kind of misbehaviour ends in the right class, and disturbs nobody else."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from monitor.model import FeedKind, FetchedPage, FetchFailure, FetchRequest, ParsedFeed, ParseFailure
from monitor.steps.fetch import HttpFetcher
from monitor.steps.parse import parse
from tests.unit.fetch.answering import Server, item, rss, serves, serving
from tests.unit.fetch.misbehaving import (
    DEADLINE,
    MOST_BYTES,
    TABLE,
    Failure,
    Feed,
    Misbehaviour,
    NoFeed,
    NotModified,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
KINDS = list(TABLE)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving([one.answer for one in TABLE.values()]) as running:
        yield running


@pytest.fixture(scope="module")
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def results(server: Server, closed_port: int) -> Iterator[dict[str, FetchedPage | FetchFailure]]:
    """All at once, since that is how they come."""
    allowed = (f"127.0.0.1:{server.port}", f"127.0.0.1:{closed_port}")
    with (
        HttpFetcher("monitor/0.1", "", allowed, 64, 64, False, clock=lambda: NOW) as fetcher,
        ThreadPoolExecutor(len(KINDS)) as pool,
    ):
        requests = [_request(number, TABLE[name], server, closed_port) for number, name in enumerate(KINDS)]
        yield dict(zip(KINDS, pool.map(fetcher.fetch, requests), strict=True))


def _request(number: int, one: Misbehaviour, server: Server, closed: int) -> FetchRequest:
    url = one.url.format(port=server.port, closed=closed) or f"http://127.0.0.1:{server.port}/{number}"
    return FetchRequest(url, etag=one.etag, deadline=DEADLINE, max_bytes=MOST_BYTES)


def test_there_are_at_least_forty_kinds() -> None:
    assert len(TABLE) >= 40


@pytest.mark.parametrize("name", KINDS)
def test_a_misbehaviour_ends_in_the_right_class(
    name: str, results: dict[str, FetchedPage | FetchFailure]
) -> None:
    result, outcome = results[name], TABLE[name].outcome
    if isinstance(outcome, Failure):
        assert isinstance(result, FetchFailure), result
        assert (result.kind, result.retry_after) == (outcome.kind, outcome.retry_after), result
        assert result.reason
        return
    assert isinstance(result, FetchedPage), result
    if isinstance(outcome, NotModified):
        assert (result.status, result.body, result.etag) == (304, b"", '"1"')
        return
    read = parse(FeedKind.FEED, result.body, result.final_url, NOW, result.content_type)
    if isinstance(outcome, NoFeed):
        assert isinstance(read, ParseFailure)
        assert read.looks_like == outcome.looks_like
        return
    _same_feed(read, outcome, result)


def _same_feed(read: ParsedFeed | ParseFailure, outcome: Feed, page: FetchedPage) -> None:
    assert isinstance(read, ParsedFeed), read
    assert tuple(entry.title for entry in read.entries) == outcome.titles
    assert len({entry.key for entry in read.entries}) == len(read.entries)
    assert any(outcome.problem in problem for problem in read.problems) or not outcome.problem, read.problems
    assert len(page.redirects) == outcome.redirects


def test_hostile_hosts_take_nothing_from_the_others(server: Server, closed_port: int) -> None:
    good = [serves(rss(*(item(f"Noticia {n}", f"https://x.example/{n}") for n in range(20))))]
    with serving(good) as honest, ThreadPoolExecutor(60) as pool:
        allowed = (f"127.0.0.1:{server.port}", f"127.0.0.1:{honest.port}")
        with HttpFetcher("monitor/0.1", "", allowed, 16, 2, False, patience=0.5) as fetcher:
            slow = KINDS.index("accepts and never answers")
            bad = [FetchRequest(f"http://127.0.0.1:{server.port}/{slow}", deadline=3.0) for _ in range(20)]
            for one in bad:
                pool.submit(fetcher.fetch, one)
            began = time.monotonic()
            wanted = [FetchRequest(f"http://127.0.0.1:{honest.port}/0", deadline=3.0)] * 20
            pages = list(pool.map(fetcher.fetch, wanted))
            seconds = time.monotonic() - began
    counts = [len(_entries(page)) for page in pages]
    assert counts == [20] * 20
    assert seconds < 3.0  # none waited for a hostile host to reach its deadline


def _entries(page: FetchedPage | FetchFailure) -> tuple[object, ...]:
    assert isinstance(page, FetchedPage), page
    read = parse(FeedKind.FEED, page.body, page.final_url, NOW)
    assert isinstance(read, ParsedFeed)
    return read.entries
