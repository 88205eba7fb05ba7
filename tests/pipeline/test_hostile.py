"""Every kind of misbehaviour through collection as a whole, beside outlets that behave."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from monitor.model import FeedSource, FetchedPage, FetchFailure, FetchRequest
from monitor.pipeline.collect import collect
from monitor.pipeline.context import Context
from monitor.pipeline.decide import REFUSALS
from monitor.steps.fetch import HttpFetcher
from monitor.storage.outlets import list_outlets
from tests.fakes import NOW
from tests.pipeline.conftest import INFOBAE, MakeContext, item, rss
from tests.unit.fetch.answering import Server, serves, serving
from tests.unit.fetch.misbehaving import MOST_BYTES, TABLE, Failure, Feed

#: seconds for one exchange; the few slow ones take this long, one after the other
DEADLINE = 0.6
HONEST = [serves(rss(*(item(f"https://x.example/{n}-{m}") for m in range(20)))) for n in range(10)]


class Hurried:
    """The real fetcher, with bounds that let a test end."""

    def __init__(self, inner: HttpFetcher) -> None:
        self._inner = inner

    def fetch(self, request: FetchRequest) -> FetchedPage | FetchFailure:
        return self._inner.fetch(replace(request, deadline=DEADLINE, max_bytes=MOST_BYTES))


@contextmanager
def hostile_and_honest(make_context: MakeContext) -> Iterator[Context]:
    """One outlet for each kind of misbehaviour, and ten that behave."""
    with serving([one.answer for one in TABLE.values()]) as hostile, serving(HONEST) as honest:
        outlets = {f"bad-{n}": _address(n, hostile) for n in range(len(TABLE))}
        outlets |= {f"good-{n}": f"http://127.0.0.1:{honest.port}/{n}" for n in range(len(HONEST))}
        allowed = (f"127.0.0.1:{hostile.port}", f"127.0.0.1:{honest.port}")
        with HttpFetcher("monitor/0.1", "", allowed, 64, 64, False, clock=lambda: NOW) as fetcher:
            yield make_context(
                fetcher=Hurried(fetcher),
                outlets={
                    name: replace(INFOBAE, id=name, feeds=(FeedSource(url),)) for name, url in outlets.items()
                },
            )


def _address(number: int, server: Server) -> str:
    given = list(TABLE.values())[number].url.format(port=server.port, closed=1)
    return given or f"http://127.0.0.1:{server.port}/{number}"


def _status(outcome: object) -> str:
    """The status of an outlet whose only feed does this; no validators are sent the first time."""
    if isinstance(outcome, Failure):
        return "blocked" if outcome.kind in REFUSALS else "broken"
    return "ok" if isinstance(outcome, Feed) else "broken"


def test_every_misbehaviour_ends_in_the_right_status_and_no_other_outlet_loses_an_item(
    make_context: MakeContext,
) -> None:
    with hostile_and_honest(make_context) as context:
        collect(context)
    with context.database.session() as session:
        stored = {outlet.id: outlet for outlet in list_outlets(session)}
    wanted = {name: _status(one.outcome) for name, one in TABLE.items()}
    found = {name: stored[f"bad-{number}"].status for number, name in enumerate(TABLE)}
    assert found == wanted
    assert all(stored[f"bad-{n}"].reason for n, name in enumerate(TABLE) if wanted[name] != "ok")
    assert [stored[f"good-{n}"].articles for n in range(len(HONEST))] == [20] * len(HONEST)
