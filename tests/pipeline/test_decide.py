"""Policy: what follows from an answer."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.model import (
    ArticleForFetch,
    ArticleState,
    Content,
    Entry,
    ExtractedPage,
    FeedForPoll,
    FeedKept,
    FeedKind,
    FeedPolled,
    FetchFailureKind,
    OutletStatus,
    ParsedFeed,
    ParseFailure,
)
from monitor.pipeline import decide
from tests.fakes import NOW, failure, page

URL = "https://www.infobae.com/rss"
FEED = FeedForPoll(1, "infobae", URL, FeedKind.FEED, etag='"a"', body_hash="old", interval_s=1800, entries=5)
PARSED = ParsedFeed("rss20", (Entry("k", "https://www.infobae.com/1", "Titular"),), problems=("bare &",))


def seconds(polled: FeedPolled) -> float:
    return (polled.next_due - NOW).total_seconds()


def test_a_feed_that_did_not_change_keeps_what_is_known() -> None:
    polled = decide.feed_unchanged(FEED, page(URL, status=304), NOW)
    assert (polled.status, polled.interval_s, seconds(polled)) == (OutletStatus.OK, 1800, 1800)
    assert (polled.etag, polled.body_hash, polled.entries, polled.changed) == ('"a"', "old", 5, False)


def test_a_feed_that_was_read_is_kept_with_its_defects() -> None:
    polled = decide.feed_read(FEED, page(URL, b"x", etag='"b"'), PARSED, "new", FeedKept(1), NOW)
    assert (polled.status, polled.interval_s, polled.entries) == (OutletStatus.OK, 1800, 1)
    assert (polled.etag, polled.body_hash, polled.changed, polled.problems) == (
        '"b"',
        "new",
        True,
        ("bare &",),
    )
    assert not decide.feed_read(FEED, page(URL, b"x"), PARSED, "new", FeedKept(0), NOW).changed


def test_not_modified_is_not_believed_for_ever() -> None:
    asked = replace(learning(5, 3600), last_modified="today")
    assert decide.validators(asked, NOW) == ('"a"', "today")
    assert decide.validators(learning(7, 3600), NOW) == ("", "")
    assert decide.validators(learning(7, 7200), NOW) == ('"a"', "")
    assert decide.validators(FEED, NOW) == ('"a"', "")


def test_an_etag_that_stayed_while_the_body_changed_is_dropped() -> None:
    polled = decide.feed_read(FEED, page(URL, b"x", etag='"a"'), PARSED, "new", FeedKept(1), NOW)
    assert polled.etag == ""


def test_a_quiet_night_does_not_make_a_lively_feed_a_slow_one() -> None:
    quiet = decide.feed_unchanged(learning(9, 1800), page(URL, status=304), NOW)
    assert quiet.interval_s == 3600


def test_a_feed_that_lists_nothing_is_empty_and_stays_so() -> None:
    polled = decide.feed_read(FEED, page(URL, b"x"), ParsedFeed("rss20", ()), "new", FeedKept(0), NOW)
    assert (polled.status, polled.reason) == (OutletStatus.EMPTY, "the feed is well but lists nothing")
    empty = FeedForPoll(1, "infobae", URL, FeedKind.FEED)
    assert decide.feed_unchanged(empty, page(URL, status=304), NOW).status is OutletStatus.EMPTY
    told = replace(empty, status="empty", reason=polled.reason)
    assert decide.feed_unchanged(told, page(URL, status=304), NOW).reason == polled.reason


def learning(hours: float, gap_s: float = 0.0) -> FeedForPoll:
    return replace(FEED, changed_at=NOW - timedelta(hours=hours), gap_s=gap_s)


def test_a_feed_is_polled_twice_in_the_time_in_which_it_usually_changes() -> None:
    second = decide.feed_read(learning(2), page(URL), PARSED, "n", FeedKept(3), NOW)
    assert (second.gap_s, second.interval_s) == (7200, 3600)
    third = decide.feed_read(learning(1, 7200), page(URL), PARSED, "n", FeedKept(3), NOW)
    assert third.gap_s == pytest.approx(0.7 * 7200 + 0.3 * 3600)
    quiet = decide.feed_unchanged(learning(5, 7200), page(URL, status=304), NOW)
    assert (quiet.gap_s, quiet.interval_s) == (7200, 9000)


def test_one_long_silence_does_not_make_a_lively_feed_a_slow_one() -> None:
    after = decide.feed_read(learning(90 * 24, 3600), page(URL), PARSED, "n", FeedKept(1), NOW)
    assert after.gap_s == pytest.approx(0.7 * 3600 + 0.3 * 4 * 3600)


def test_intervals_stay_within_their_bounds_and_the_servers_wish() -> None:
    quick = decide.feed_read(learning(0.1), page(URL), PARSED, "n", FeedKept(1), NOW)
    assert quick.interval_s == decide.SHORTEST_INTERVAL
    asked = decide.feed_read(learning(0.1), page(URL, max_age=3600), PARSED, "n", FeedKept(1), NOW)
    assert asked.interval_s == 3600
    cached = decide.feed_read(learning(0.1), page(URL, max_age=31_536_000), PARSED, "n", FeedKept(1), NOW)
    assert cached.interval_s == decide.MOST_CACHED
    slow = decide.feed_unchanged(learning(400), page(URL), NOW)
    assert slow.interval_s == decide.LONGEST_INTERVAL


def test_permanent_redirects_say_where_a_feed_has_moved() -> None:
    new, other = "https://www.infobae.com/feed/", "https://cdn.test/feed"
    moved = page(URL, status=304, redirects=((301, new), (302, other)))
    assert decide.feed_unchanged(FEED, moved, NOW).moved_to == new
    assert decide.moved_to(page(URL, redirects=((302, other), (301, new)))) == ""
    kept = decide.feed_failed(replace(FEED, moved_to=new), failure(URL, FetchFailureKind.DNS), NOW)
    assert kept.moved_to == new


def test_a_feed_that_fails_for_long_is_suspended_and_tried_once_a_day() -> None:
    worn = replace(FEED, failures=decide.SUSPENDED_AFTER - 1)
    polled = decide.feed_failed(worn, failure(URL, FetchFailureKind.NOT_FOUND), NOW)
    assert (polled.status, seconds(polled)) == (OutletStatus.SUSPENDED, 86_400)
    assert polled.reason.startswith("suspended after 12 failures in a row, tried once a day: ")
    again = decide.feed_unchanged(worn, page(URL, status=304), NOW)
    assert (again.status, again.failures) == (OutletStatus.OK, 0)


def test_what_is_no_feed_is_broken_and_read_whole_next_time() -> None:
    polled = decide.feed_unreadable(FEED, ParseFailure("not RSS or Atom", "html"), NOW)
    assert (polled.status, polled.reason) == (OutletStatus.BROKEN, "not RSS or Atom")
    assert (polled.etag, polled.body_hash, polled.failures) == ("", "", 1.0)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (FetchFailureKind.BLOCKED, OutletStatus.BLOCKED),
        (FetchFailureKind.ROBOTS, OutletStatus.BLOCKED),
        (FetchFailureKind.NOT_FOUND, OutletStatus.BROKEN),
        (FetchFailureKind.TIMEOUT, OutletStatus.BROKEN),
    ],
)
def test_a_refusal_is_told_from_a_fault(kind: FetchFailureKind, status: OutletStatus) -> None:
    assert decide.feed_failed(FEED, failure(URL, kind), NOW).status is status


def test_a_timeout_weighs_less_than_a_404_and_waits_grow() -> None:
    timeout = decide.feed_failed(FEED, failure(URL, FetchFailureKind.TIMEOUT), NOW)
    missing = decide.feed_failed(FEED, failure(URL, FetchFailureKind.NOT_FOUND), NOW)
    assert (timeout.failures, missing.failures) == (0.5, 1.0)
    assert FEED.interval_s < seconds(timeout) < seconds(missing)
    worn = FeedForPoll(1, "infobae", URL, FeedKind.FEED, failures=50.0)
    assert seconds(decide.feed_failed(worn, failure(URL, FetchFailureKind.DNS), NOW)) == decide.LONGEST_WAIT


def test_a_server_that_asks_for_time_gets_it() -> None:
    asked = failure(URL, FetchFailureKind.RATE_LIMITED, retry_after=7200.0)
    assert seconds(decide.feed_failed(FEED, asked, NOW)) == 7200


def test_a_feed_that_has_to_wait_for_its_turn_is_not_at_fault() -> None:
    waiting = failure(URL, FetchFailureKind.RATE_LIMITED, retry_after=900.0)
    well = replace(FEED, status="ok", last_modified="today", problems=("bare &",))
    polled = decide.feed_failed(well, waiting, NOW)
    assert (polled.status, polled.failures, seconds(polled)) == (OutletStatus.OK, 0.0, 900)
    assert (polled.etag, polled.last_modified, polled.body_hash) == ('"a"', "today", "old")
    assert (polled.entries, polled.problems) == (5, ("bare &",))
    refused = failure(URL, FetchFailureKind.RATE_LIMITED, retry_after=900.0, status=429)
    assert decide.feed_failed(well, refused, NOW).status is OutletStatus.BROKEN


def article(attempts: int = 0, *, has_feed_text: bool = False) -> ArticleForFetch:
    return ArticleForFetch(1, "infobae", URL, attempts, has_feed_text)


def test_a_page_that_failed_is_replaced_by_what_the_feed_gave() -> None:
    outcome = decide.page_failed(article(has_feed_text=True), failure(URL, FetchFailureKind.TIMEOUT), NOW)
    assert (outcome.state, outcome.reason) == (ArticleState.FETCHED, f"no page: timeout at {URL}")
    assert outcome.page_due_at == NOW + timedelta(minutes=30)


def test_a_page_is_asked_for_again_ever_later_and_not_for_ever() -> None:
    waits = [decide.page_again(attempts, NOW) for attempts in range(len(decide.PAGE_WAITS))]
    assert waits == [NOW + timedelta(seconds=seconds) for seconds in decide.PAGE_WAITS]
    assert decide.page_again(len(decide.PAGE_WAITS), NOW) is None
    assert decide.page_again(0, NOW, failure(URL, FetchFailureKind.GONE)) is None
    asked = failure(URL, FetchFailureKind.RATE_LIMITED, retry_after=7200.0)
    assert decide.page_again(0, NOW, asked) == NOW + timedelta(hours=2)


def test_a_page_without_feed_text_is_tried_again_while_that_may_help() -> None:
    first = decide.page_failed(article(), failure(URL, FetchFailureKind.SERVER), NOW)
    assert (first.state, first.resume_state) == (ArticleState.QUARANTINED, ArticleState.NEW)
    assert first.next_attempt_at == NOW + timedelta(minutes=5)
    asked = failure(URL, FetchFailureKind.RATE_LIMITED, retry_after=3600.0)
    assert decide.page_failed(article(1), asked, NOW).next_attempt_at == NOW + timedelta(hours=1)
    last = decide.page_failed(article(decide.PAGE_ATTEMPTS - 1), failure(URL, FetchFailureKind.SERVER), NOW)
    assert last.state is ArticleState.FETCHED
    gone = decide.page_failed(article(), failure(URL, FetchFailureKind.GONE), NOW)
    assert gone.state is ArticleState.FETCHED


def test_a_broken_step_is_tried_again_later_and_later() -> None:
    first = decide.step_failed(ArticleState.EXTRACTED, 0, "engine died", NOW)
    later = decide.step_failed(ArticleState.EXTRACTED, 3, "engine died", NOW)
    assert first.resume_state is ArticleState.EXTRACTED
    assert first.next_attempt_at is not None
    assert later.next_attempt_at is not None
    assert NOW < first.next_attempt_at < later.next_attempt_at


def test_an_article_does_not_wait_forever_for_an_engine() -> None:
    assert decide.translation_gives_up(0, engine_is_missing=True)
    assert not decide.translation_gives_up(0, engine_is_missing=False)
    assert decide.translation_gives_up(decide.TRANSLATION_ATTEMPTS - 1, engine_is_missing=False)


def test_a_host_that_keeps_failing_is_left_alone() -> None:
    assert not decide.host_gives_up(2)
    assert decide.host_gives_up(3)


@pytest.mark.parametrize(
    ("page_text", "feed_body", "summary", "expected"),
    [
        ("a whole long page", "short", "", ("a whole long page", Content.PAGE)),
        ("teaser", "the whole body from the feed", "sum", ("the whole body from the feed", Content.FEED)),
        ("", "", "only a summary", ("only a summary", Content.SUMMARY)),
        ("tiny", "", "a longer summary", ("a longer summary", Content.SUMMARY)),
        (None, "", "", ("", Content.SUMMARY)),
        (None, "the body", "summary", ("the body", Content.FEED)),
        (None, "<img>", "a summary that is longer", ("a summary that is longer", Content.SUMMARY)),
    ],
)
def test_the_best_text_at_hand_wins(
    page_text: str | None, feed_body: str, summary: str, expected: tuple[str, Content]
) -> None:
    extracted = None if page_text is None else ExtractedPage("t", page_text)
    assert decide.choose_text(extracted, feed_body, summary) == expected


@pytest.mark.parametrize(
    ("page", "feed", "expected"),
    [
        ("2026-05-03T05:00", "2026-05-03T18:20", "2026-05-03T18:20"),  # midnight in Bogotá: only the day
        ("2026-05-03T05:00", "2026-05-04T03:10", "2026-05-04T03:10"),  # still the third there
        ("2026-05-03T05:00", "2026-05-04T18:20", "2026-05-03T05:00"),  # another day: the page's word
        ("2026-05-03T06:15", "2026-05-03T18:20", "2026-05-03T06:15"),
        ("2026-05-03T06:15", "", "2026-05-03T06:15"),
        ("", "2026-05-03T18:20", "2026-05-03T18:20"),
        ("", "", ""),
    ],
)
def test_a_page_that_only_names_the_day_leaves_the_hour_to_the_feed(
    page: str, feed: str, expected: str
) -> None:
    def moment(text: str) -> datetime | None:
        return datetime.fromisoformat(f"{text}+00:00") if text else None

    assert decide.published(moment(page), moment(feed), "America/Bogota") == moment(expected)
