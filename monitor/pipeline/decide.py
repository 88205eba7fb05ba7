"""Policy, as pure functions: due? changed? retry? give up? Code that does things has no policy in it."""

from datetime import datetime, timedelta

from monitor.model import (
    ArticleForFetch,
    ArticleNext,
    ArticleState,
    Content,
    ExtractedPage,
    FeedForPoll,
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
}
#: the outlet does not want us, as opposed to something being out of order
REFUSALS = frozenset({Kind.BLOCKED, Kind.ROBOTS})
#: asking again soon is worth while
PASSING = frozenset(WEIGHTS) | {Kind.PROTOCOL, Kind.ENCODING, Kind.TLS}
#: attempts at a page before its summary has to do
PAGE_ATTEMPTS = 4
#: attempts at a translation before the article goes on without
TRANSLATION_ATTEMPTS = 3
#: passing failures in a row after which a host is left alone for the rest of a run
HOST_PATIENCE = 3


def feed_unchanged(feed: FeedForPoll, page: FetchedPage, now: datetime) -> FeedPolled:
    """The feed answered and holds nothing new: poll it a little less often."""
    return _polled(
        OutletStatus.OK if feed.entries else OutletStatus.EMPTY,
        interval=_clamped(feed.interval_s * 1.5, page.max_age),
        now=now,
        etag=page.etag or feed.etag,
        last_modified=page.last_modified or feed.last_modified,
        body_hash=feed.body_hash,
        entries=feed.entries,
        problems=feed.problems,
    )


def feed_changed(
    feed: FeedForPoll, page: FetchedPage, parsed: ParsedFeed, body_hash: str, now: datetime
) -> FeedPolled:
    """The feed holds something new: poll it a little more often."""
    entries = len(parsed.entries)
    return _polled(
        OutletStatus.OK if entries else OutletStatus.EMPTY,
        reason="" if entries else "the feed is well but lists nothing",
        interval=_clamped(feed.interval_s * 0.75, page.max_age),
        now=now,
        etag=page.etag,
        last_modified=page.last_modified,
        body_hash=body_hash,
        entries=entries,
        changed=True,
        problems=parsed.problems,
    )


def feed_unreadable(feed: FeedForPoll, failure: ParseFailure, now: datetime) -> FeedPolled:
    """What came is no feed; the validators are dropped so that the next answer is read whole."""
    return _failed(feed, OutletStatus.BROKEN, failure.reason, feed.failures + 1, None, now)


def feed_failed(feed: FeedForPoll, failure: FetchFailure, now: datetime) -> FeedPolled:
    """Nothing usable came: wait longer each time, at least as long as the server asks."""
    status = OutletStatus.BLOCKED if failure.kind in REFUSALS else OutletStatus.BROKEN
    failures = feed.failures + WEIGHTS.get(failure.kind, 1.0)
    return _failed(feed, status, failure.reason, failures, failure.retry_after, now)


def _failed(
    feed: FeedForPoll,
    status: OutletStatus,
    reason: str,
    failures: float,
    retry_after: float | None,
    now: datetime,
) -> FeedPolled:
    wait = max(feed.interval_s * 2 ** min(failures, 10.0), retry_after or 0)
    return FeedPolled(
        status=status,
        reason=reason,
        next_due=now + timedelta(seconds=min(wait, LONGEST_WAIT)),
        interval_s=feed.interval_s,
        failures=failures,
        entries=feed.entries,
    )


def _polled(
    status: OutletStatus, *, interval: int, now: datetime, reason: str = "", **kept: object
) -> FeedPolled:
    return FeedPolled(
        status=status,
        reason=reason,
        next_due=now + timedelta(seconds=interval),
        interval_s=interval,
        **kept,  # type: ignore[arg-type]
    )


def _clamped(seconds: float, at_least: int) -> int:
    return int(min(max(seconds, SHORTEST_INTERVAL, at_least), LONGEST_INTERVAL))


def page_failed(article: ArticleForFetch, failure: FetchFailure, now: datetime) -> ArticleNext:
    """What becomes of an article whose page did not come: its feed's text does, or it is tried again."""
    hopeless = failure.kind not in PASSING or article.attempts + 1 >= PAGE_ATTEMPTS
    if hopeless or article.has_feed_text:
        return ArticleNext(ArticleState.FETCHED, reason=f"no page: {failure.reason}")
    return ArticleNext(
        ArticleState.QUARANTINED,
        reason=failure.reason,
        next_attempt_at=now + _backoff(article.attempts, failure.retry_after),
        resume_state=ArticleState.NEW,
    )


def step_failed(state: ArticleState, attempts: int, reason: str, now: datetime) -> ArticleNext:
    """An article on which a step broke: set aside, tried again later, never dropped."""
    return ArticleNext(
        ArticleState.QUARANTINED,
        reason=reason,
        next_attempt_at=now + _backoff(attempts),
        resume_state=state,
    )


def _backoff(attempts: int, at_least: float | None = None) -> timedelta:
    seconds: float = 300 * 2 ** min(attempts, 8)
    return timedelta(seconds=min(max(seconds, at_least or 0), LONGEST_WAIT))


def translation_gives_up(attempts: int, engine_is_missing: bool) -> bool:
    """True when an article goes on untranslated, with the reason: alerts must not wait for an engine."""
    return engine_is_missing or attempts + 1 >= TRANSLATION_ATTEMPTS


def host_gives_up(passing_failures: int) -> bool:
    """True when a host failed so often in a row that the rest of its addresses wait for the next run."""
    return passing_failures >= HOST_PATIENCE


def choose_text(page: ExtractedPage | None, feed_body: str, summary: str) -> tuple[str, Content]:
    """The best text at hand, and where it is from: what the feed gave is never lost.

    The page's text is used unless the feed's own body is longer; the summary only where there is nothing
    better.
    """
    text = page.text if page else ""
    if feed_body and len(feed_body) > len(text):
        return feed_body, Content.FEED
    if text and len(text) >= len(summary):
        return text, Content.PAGE
    return summary, Content.SUMMARY
