"""Duties: what is due, read off the store, and done piece by piece."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from monitor.config.digests import Schedule, Subscription
from monitor.config.watchlist import load_watchlist
from monitor.model import FeedSource, FetchedPage, FetchFailureKind, Outlet, OutletKind
from monitor.pipeline.context import Context
from monitor.pipeline.duties import QUEUES, WORK, Duty, Kind, clean_up, duties, perform, take_catalogue
from monitor.steps.match import compile_watchlist
from monitor.storage.alerts import AlertFilter, list_alerts
from monitor.storage.articles import list_articles
from monitor.storage.gauges import read_gauges
from monitor.storage.outlets import list_outlets
from monitor.storage.session import Database
from tests.fakes import NOW, FakeFetcher, FakeTranslator, failure, page

FEED, STORY, OTHER = "https://a.example/rss", "https://a.example/drones", "https://a.example/futbol"
WATCHLIST = "topics:\n  - id: iran\n    title: Iran\n    query: drones\n"
OUTLET = Outlet("a", "A", "es", "AR", OutletKind.INDEPENDENT, feeds=(FeedSource(FEED),))
TEXT = (
    "El Gobierno de Irán entregó seis drones a Bolivia en una ceremonia militar celebrada en La Paz.",
    "La oposición pidió conocer el contrato completo y anunció que citará al ministro de Defensa.",
)


def feed() -> bytes:
    items = "".join(
        f"<item><title>{title}</title><link>{url}</link>"
        "<pubDate>Sun, 22 Nov 2026 10:00:00 GMT</pubDate></item>"
        for title, url in (("Irán entrega drones", STORY), ("Empate en el clásico", OTHER))
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()


def html(*paragraphs: str, title: str) -> bytes:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html lang='es'><title>{title}</title><article><h1>{title}</h1>{body}</article></html>".encode()


@pytest.fixture
def fetcher() -> FakeFetcher:
    goal = (
        "El clásico terminó sin goles ante un estadio lleno y con dos expulsados en el segundo tiempo.",
    ) * 2
    return FakeFetcher(
        {
            FEED: page(FEED, feed(), content_type="application/rss+xml"),
            STORY: page(STORY, html(*TEXT, title="Irán entrega drones"), content_type="text/html"),
            OTHER: page(OTHER, html(*goal, title="Empate en el clásico"), content_type="text/html"),
        }
    )


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def context(database: Database, fetcher: FakeFetcher, clock: Clock, tmp_path: Path) -> Context:
    file = tmp_path / "watchlist.yaml"
    file.write_text(WATCHLIST)
    watchlist = load_watchlist(file)
    return Context(
        database=database,
        fetcher=fetcher,
        translator=FakeTranslator(),  # type: ignore[arg-type]
        matcher=compile_watchlist(watchlist.topics, watchlist.lists),
        watchlist=watchlist,
        versions={"iran": 1},
        outlets={"a": OUTLET},
        clock=clock,
        data=tmp_path,
    )


def names(context: Context) -> list[str]:
    return [duty.name for duty in duties(context)]


def do_everything(context: Context) -> list[str]:
    done: list[str] = []
    while waiting := [duty for duty in duties(context) if duty.name not in done]:
        for duty in waiting:
            perform(context, duty.kind, duty.subject)
            done.append(duty.name)
    return done


def test_every_kind_of_duty_has_a_queue_and_a_way_to_do_it() -> None:
    queued = [kind for kinds in QUEUES.values() for kind in kinds]
    assert sorted(queued) == sorted(Kind)
    assert set(WORK) | {Kind.CLEAN} == set(Kind)


def test_duties_take_an_article_from_its_feed_to_an_alert_in_a_story(context: Context) -> None:
    take_catalogue(context, None)
    [first] = duties(context)
    assert (first.kind, first.lock) == (Kind.FEED, "host:a.example")
    done = do_everything(context)
    assert done == ["feed:1", "page:1", "page:2", "article:1", "article:2", "stories:"]
    with context.database.session() as session:
        assert [(alert.topic, alert.story_id) for alert in list_alerts(session, AlertFilter())] == [
            ("iran", 1)
        ]
        assert {article.state for article in list_articles(session)} == {"matched"}
        gauges = read_gauges(session, NOW + timedelta(minutes=1))
    assert (gauges.articles, gauges.feeds, gauges.alerts) == ({"matched": 2}, {"ok": 1}, 1)
    assert gauges.succeeded == {"collect": NOW, "process": NOW}


def test_a_duty_done_twice_or_too_late_changes_nothing(context: Context, fetcher: FakeFetcher) -> None:
    take_catalogue(context, None)
    done = do_everything(context)
    asked = len(fetcher.asked)
    for name in [*done, "look:1", "feed:99", "late-page:99"]:
        kind, _, subject = name.partition(":")
        perform(context, Kind(kind), subject)
    assert len(fetcher.asked) == asked
    perform(replace(context, outlets={}), Kind.FEED, "1")
    assert len(fetcher.asked) == asked
    with context.database.session() as session:
        assert len(list_alerts(session, AlertFilter())) == 1


def test_a_feed_whose_outlet_left_the_catalogue_is_not_polled(context: Context, fetcher: FakeFetcher) -> None:
    take_catalogue(context, None)
    perform(replace(context, outlets={}), Kind.FEED, "1")
    assert fetcher.asked == []


def test_the_catalogue_is_taken_again_only_when_it_is_another_one(context: Context) -> None:
    known = take_catalogue(context, None)
    assert take_catalogue(context, known) is known
    other = replace(context, outlets={"b": replace(OUTLET, id="b", feeds=())})
    assert take_catalogue(other, known) is other.outlets
    with context.database.session() as session:
        assert {outlet.id: outlet.enabled for outlet in list_outlets(session)} == {"a": False, "b": True}


def test_an_article_is_looked_at_again_and_a_missing_page_asked_for(
    context: Context, fetcher: FakeFetcher, clock: Clock
) -> None:
    late = failure(OTHER, FetchFailureKind.SERVER, status=503)
    answers: dict[str, FetchedPage] = dict(fetcher.answers)  # type: ignore[arg-type]
    summary = feed().replace(b"</link>", b"</link><description>" + TEXT[0].encode() + b"</description>")
    fetcher.answers = answers | {OTHER: late, FEED: replace(answers[FEED], body=summary)}
    take_catalogue(context, None)
    do_everything(context)
    clock.now = NOW + timedelta(hours=7)
    fetcher.answers = answers
    found = names(context)
    assert {"look:1", "late-page:2"} <= set(found)
    for name in found:
        kind, _, subject = name.partition(":")
        perform(context, Kind(kind), subject)
    assert {"look:1", "late-page:2"}.isdisjoint(names(context))


def test_a_digest_that_is_due_is_composed_and_sent_once(context: Context, clock: Clock) -> None:
    subscription = Subscription("morning", Schedule((time(6),)))
    context = replace(context, subscriptions=(subscription, replace(subscription, name="evening")))
    take_catalogue(context, None)
    do_everything(context)
    clock.now = datetime.now(UTC) + timedelta(days=1, hours=1)  # the store began now
    assert "digest:morning" in names(context)
    perform(context, Kind.DIGEST, "morning")
    assert "digest:morning" not in names(context)
    assert "digest:evening" in names(context)
    assert list(context.data.glob("digests/morning*.html"))


def test_what_waits_in_the_outbox_is_a_duty(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.pipeline.duties.deliveries_due", lambda _: 1)
    assert "outbox:" in names(context)
    perform(context, Kind.OUTBOX, "")
    perform(context, Kind.WATCH, "")


def test_old_texts_without_an_alert_are_dropped_and_alerts_are_kept(context: Context, clock: Clock) -> None:
    take_catalogue(context, None)
    do_everything(context)
    clock.now = datetime.now(UTC) + timedelta(days=31)
    perform(context, Kind.CLEAN, "")
    assert clean_up(context, 40) == 0
    assert clean_up(context, 30) == 1
    assert clean_up(context, 30) == 0
    with context.database.session() as session:
        texts = {article.url: article.text_chars for article in list_articles(session)}
    assert texts[OTHER] == 0
    assert texts[STORY] > 0


def test_a_duty_is_known_by_its_kind_and_subject() -> None:
    assert Duty(Kind.ARTICLE, "7").name == "article:7"


def test_the_server_tells_its_time(database: Database) -> None:
    assert abs((database.now() - datetime.now(UTC)).total_seconds()) < 60
