"""The catalogue in the store, and how polls are kept."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from monitor.model import FeedForPoll, FeedPolled, FeedSource, OutletStatus
from monitor.storage.outlets import feeds_due, list_outlets, record_polls, sync_outlets
from tests.fakes import NOW
from tests.storage.rows.conftest import INFOBAE

LATER = NOW + timedelta(hours=1)


def polled(status: OutletStatus, **more: object) -> FeedPolled:
    return FeedPolled(status, str(more.pop("reason", "")), LATER, 1800, **more)  # type: ignore[arg-type]


def two_feeds(session: Session) -> list[FeedForPoll]:
    sync_outlets(session, [INFOBAE])
    return feeds_due(session, NOW)


def test_a_new_outlet_has_its_feeds_due_at_once(session: Session) -> None:
    feeds = two_feeds(session)
    assert [(feed.url, feed.kind.value) for feed in feeds] == [
        ("https://www.infobae.com/rss", "feed"),
        ("https://www.infobae.com/map", "sitemap"),
    ]


def test_a_polled_feed_is_due_again_at_its_time(session: Session) -> None:
    first, second = two_feeds(session)
    record_polls(session, [(first, polled(OutletStatus.OK, entries=3, etag='"a"', changed=True))], NOW)
    assert [feed.id for feed in feeds_due(session, NOW)] == [second.id]
    assert {feed.id for feed in feeds_due(session, NOW, everything=True)} == {first.id, second.id}
    again = next(feed for feed in feeds_due(session, LATER) if feed.id == first.id)
    assert (again.etag, again.entries) == ('"a"', 3)


def test_one_good_way_in_is_enough_for_an_outlet(session: Session) -> None:
    first, second = two_feeds(session)
    record_polls(session, [(first, polled(OutletStatus.BROKEN, reason="not RSS", failures=1))], NOW)
    [outlet] = list_outlets(session)
    assert (outlet.status, outlet.reason, outlet.since) == ("broken", "not RSS", NOW)
    record_polls(session, [(second, polled(OutletStatus.OK, entries=2, problems=("bare &",)))], LATER)
    [outlet] = list_outlets(session)
    assert (outlet.status, outlet.reason, outlet.since) == ("ok", "", LATER)
    assert (outlet.entries, outlet.problems) == (2, ("bare &",))


def test_the_same_status_keeps_its_beginning(session: Session) -> None:
    first, _ = two_feeds(session)
    record_polls(session, [(first, polled(OutletStatus.BLOCKED, reason="403", failures=1))], NOW)
    record_polls(session, [(first, polled(OutletStatus.BLOCKED, reason="403", failures=2))], LATER)
    assert list_outlets(session)[0].since == NOW


def test_what_left_the_catalogue_is_switched_off_and_can_come_back(session: Session) -> None:
    first, _ = two_feeds(session)
    record_polls(session, [(first, polled(OutletStatus.OK, entries=1))], NOW)
    sync_outlets(session, [])
    assert feeds_due(session, LATER, everything=True) == []
    assert not list_outlets(session)[0].enabled
    sync_outlets(session, [replace(INFOBAE, feeds=(FeedSource("https://www.infobae.com/rss"),))])
    assert [feed.entries for feed in feeds_due(session, LATER)] == [1]


def test_a_disabled_outlet_is_not_polled(session: Session) -> None:
    sync_outlets(session, [replace(INFOBAE, enabled=False)])
    assert feeds_due(session, NOW) == []


def test_an_outlet_whose_feeds_all_left_has_no_status(session: Session) -> None:
    first, second = two_feeds(session)
    sync_outlets(session, [replace(INFOBAE, feeds=INFOBAE.feeds[1:])])
    record_polls(session, [(first, polled(OutletStatus.OK, entries=1))], NOW)
    assert list_outlets(session)[0].status == ""
    assert second.outlet_id == "infobae"
