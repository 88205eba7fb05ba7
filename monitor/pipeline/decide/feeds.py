"""Feeds: how often they are polled, what their answers amount to, when they are left alone."""

from datetime import datetime, timedelta
from typing import Any

from monitor.model import (
    FeedForPoll,
    FeedKept,
    FeedPolled,
    FetchedPage,
    FetchFailure,
    FetchFailureKind,
    OutletStatus,
    ParsedFeed,
    ParseFailure,
)

Kind = FetchFailureKind

#: seconds between polls: never more often, never more seldom
SHORTEST_INTERVAL, LONGEST_INTERVAL = 600, 6 * 3600
#: longest wait after failures, seconds
LONGEST_WAIT = 24 * 3600
#: how much a failure counts towards the back-off; a time-out proves less than a refusal
WEIGHTS = {
    Kind.TIMEOUT: 0.5,
    Kind.RESET: 0.5,
    Kind.CONNECT: 0.5,
    Kind.DNS: 0.5,
    Kind.SERVER: 0.5,
    Kind.RATE_LIMITED: 0.5,
    Kind.GONE: 4.0,
}
#: how much of the learned time between changes stays when a new one is seen
LEARNED = 0.7
#: polls at this part of the time between two changes
POLLS_A_CHANGE = 0.5
#: a quiet time longer than so many times the time between two changes is no longer taken for quiet: it makes
#: nothing be polled more seldom, and "not modified" is no longer believed (some servers never change an ETag)
LONG_QUIET = 4
#: "not modified" is believed for at least this long, seconds
BELIEVED = 6 * 3600
#: most seconds for which a feed is left alone because of its cache headers, which are often those of images
MOST_CACHED = 3600
#: fewest entries of a feed of which one may say that it overtook us
FEW = 3
#: weighted failures in a row after which a feed is only tried once a day
SUSPENDED_AFTER = 12.0
#: redirects that say that an address has moved for good
PERMANENT = frozenset({301, 308})
#: the outlet does not want us, as opposed to something being out of order
REFUSALS = frozenset({Kind.BLOCKED, Kind.ROBOTS})


def validators(feed: FeedForPoll, now: datetime) -> tuple[str, str]:
    """ETag and Last-Modified to ask with; empty where too much time passed to believe "not modified"."""
    quiet = (now - feed.changed_at).total_seconds() if feed.changed_at else 0.0
    if quiet > max(LONG_QUIET * feed.gap_s, BELIEVED):
        return "", ""
    return feed.etag, feed.last_modified


def feed_unchanged(feed: FeedForPoll, page: FetchedPage, now: datetime) -> FeedPolled:
    """The feed answered with what it said before."""
    return _polled(
        feed,
        page,
        now,
        status=OutletStatus.OK if feed.entries else OutletStatus.EMPTY,
        reason=feed.reason if feed.status == OutletStatus.EMPTY.value else "",
        etag=page.etag or feed.etag,
        last_modified=page.last_modified or feed.last_modified,
        body_hash=feed.body_hash,
        entries=feed.entries,
        problems=feed.problems,
    )


def feed_read(
    feed: FeedForPoll, page: FetchedPage, parsed: ParsedFeed, body_hash: str, kept: FeedKept, now: datetime
) -> FeedPolled:
    """The feed answered with another body than before."""
    entries = len(parsed.entries)
    status, reason = _worth(entries, kept.refused)
    overtaken = kept.unseen == entries >= FEW and feed.entries > 0 and 2 * kept.found >= entries
    problems = parsed.problems
    if kept.refused:
        problems += (f"{kept.refused} items refused: their addresses lead to no article",)
    if overtaken:
        problems += ("lists nothing of what it listed before, so items in between may be missing",)
    return _polled(
        feed,
        page,
        now,
        status=status,
        reason=reason,
        # An ETag that stayed while the body changed would hide the next change, too
        etag="" if page.etag == feed.etag else page.etag,
        last_modified=page.last_modified,
        body_hash=body_hash,
        entries=entries,
        changed=kept.found > 0,
        overtaken=overtaken,
        problems=problems,
    )


def _worth(entries: int, refused: int) -> tuple[OutletStatus, str]:
    """Status of a feed that could be read, and why it is not ok."""
    if not entries:
        return OutletStatus.EMPTY, "the feed is well but lists nothing"
    if refused >= entries:
        return OutletStatus.BROKEN, f"none of its {entries} items gives the address of an article"
    return OutletStatus.OK, ""


def feed_unreadable(feed: FeedForPoll, failure: ParseFailure, now: datetime) -> FeedPolled:
    """What came is no feed; the validators are dropped so that the next answer is read whole."""
    return _failed(feed, OutletStatus.BROKEN, failure.reason, feed.failures + 1, None, now)


def feed_mishap(feed: FeedForPoll, error: str, now: datetime) -> FeedPolled:
    """Our own code broke on what the feed gave."""
    reason = f"a fault of ours, see the log: {error}"
    return _failed(feed, OutletStatus.BROKEN, reason, feed.failures + 1, None, now)


def feed_failed(feed: FeedForPoll, failure: FetchFailure, now: datetime) -> FeedPolled:
    """Nothing usable came: wait longer each time, at least as long as the server asks."""
    if failure.kind is Kind.RATE_LIMITED and not failure.status and feed.status:
        return _not_our_turn(feed, failure, now)
    status = OutletStatus.BLOCKED if failure.kind in REFUSALS else OutletStatus.BROKEN
    failures = feed.failures + WEIGHTS.get(failure.kind, 1.0)
    return _failed(feed, status, failure.reason, failures, failure.retry_after, now)


def _not_our_turn(feed: FeedForPoll, failure: FetchFailure, now: datetime) -> FeedPolled:
    """A long Crawl-delay made us wait, the server was not asked: everything stays as it is."""
    return FeedPolled(
        status=OutletStatus(feed.status),
        reason=feed.reason,
        next_due=now + timedelta(seconds=min(failure.retry_after or feed.interval_s, LONGEST_WAIT)),
        interval_s=feed.interval_s,
        failures=feed.failures,
        etag=feed.etag,
        last_modified=feed.last_modified,
        body_hash=feed.body_hash,
        entries=feed.entries,
        problems=feed.problems,
        gap_s=feed.gap_s,
        moved_to=feed.moved_to,
    )


def _failed(
    feed: FeedForPoll,
    status: OutletStatus,
    reason: str,
    failures: float,
    retry_after: float | None,
    now: datetime,
) -> FeedPolled:
    wait = max(feed.interval_s * 2 ** min(failures, 10.0), retry_after or 0)
    if failures >= SUSPENDED_AFTER:
        status, wait = OutletStatus.SUSPENDED, LONGEST_WAIT
        reason = f"suspended after {failures:g} failures in a row, tried once a day: {reason}"
    return FeedPolled(
        status=status,
        reason=reason,
        next_due=now + timedelta(seconds=min(wait, LONGEST_WAIT)),
        interval_s=feed.interval_s,
        failures=failures,
        entries=feed.entries,
        gap_s=feed.gap_s,
        moved_to=feed.moved_to,
    )


def _polled(feed: FeedForPoll, page: FetchedPage, now: datetime, **kept: Any) -> FeedPolled:
    since = (now - feed.changed_at).total_seconds() if feed.changed_at else 0.0
    changed = bool(kept.get("changed"))
    gap = learned_gap(feed.gap_s, since) if changed else feed.gap_s
    if kept.pop("overtaken", False):
        gap = min(gap, since / 2)
    # A feed that has been quiet for longer than usual is expected to stay so for a while.
    quiet = min(since, LONG_QUIET * gap) if gap else since
    wait = POLLS_A_CHANGE * (gap if changed else max(gap, quiet))
    interval = _clamped(wait or feed.interval_s, page.max_age)
    return FeedPolled(
        reason=kept.pop("reason", ""),
        next_due=now + timedelta(seconds=interval),
        interval_s=interval,
        gap_s=gap,
        moved_to=moved_to(page),
        **kept,
    )


def learned_gap(gap: float, since: float) -> float:
    """Seconds between two changes of a feed, as a moving average; one long silence does not spoil it.

    :param gap: as learned so far, 0 while unknown.
    :param since: seconds between the newest change and the one before, 0 where it is the first.
    """
    return LEARNED * gap + (1 - LEARNED) * min(since, LONG_QUIET * gap) if gap and since else gap or since


def moved_to(page: FetchedPage) -> str:
    """Where the permanent redirects at the beginning of an answer lead, "" where there are none."""
    target = ""
    for status, address in page.redirects:
        if status not in PERMANENT:
            break
        target = address
    return target


def _clamped(seconds: float, at_least: int) -> int:
    return int(min(max(seconds, SHORTEST_INTERVAL, min(at_least, MOST_CACHED)), LONGEST_INTERVAL))
