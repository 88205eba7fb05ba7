"""Articles: pages that did not come, texts to choose from, second looks, steps that broke."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from monitor.model import (
    ArticleForFetch,
    ArticleNext,
    ArticleState,
    Content,
    ExtractedPage,
    FetchedPage,
    FetchFailure,
    FetchFailureKind,
)
from monitor.pipeline.decide.feeds import LONGEST_WAIT, WEIGHTS

Kind = FetchFailureKind

#: asking again soon is worth while
PASSING = frozenset(kind for kind, weight in WEIGHTS.items() if weight < 1) | {
    Kind.PROTOCOL,
    Kind.ENCODING,
    Kind.TLS,
}
#: attempts at a page before its summary has to do
PAGE_ATTEMPTS = 4
#: seconds until a page is asked for again in the background, after the feed's text was used
PAGE_WAITS = (1800, 2 * 3600, 8 * 3600, 24 * 3600, 72 * 3600)
#: a page that ended so will not come later either
NEVER = frozenset({Kind.GONE, Kind.ROBOTS, Kind.FORBIDDEN_ADDRESS, Kind.TOO_LARGE})
#: when an article that raised an alert is looked at again, after the first alert
LOOKS = (timedelta(hours=6), timedelta(hours=24), timedelta(days=7))
#: the outlet says itself that there is no such page
VANISHED = frozenset({Kind.GONE, Kind.NOT_FOUND})
#: attempts at reading a page on which our own code breaks, before the feed's text has to do
READ_ATTEMPTS = 3
#: attempts at a translation before the article goes on without
TRANSLATION_ATTEMPTS = 3
#: passing failures in a row after which a host is left alone for the rest of a run
HOST_PATIENCE = 3


def page_failed(article: ArticleForFetch, failure: FetchFailure, now: datetime) -> ArticleNext:
    """What becomes of an article whose page did not come: its feed's text does, or it is tried again.

    Where the feed's text does, the page is still asked for in the background.
    """
    hopeless = failure.kind not in PASSING or article.attempts + 1 >= PAGE_ATTEMPTS
    if hopeless or article.has_feed_text:
        return ArticleNext(
            ArticleState.FETCHED,
            reason=f"no page: {failure.reason}",
            page_due_at=page_again(article.page_attempts, now, failure),
        )
    return ArticleNext(
        ArticleState.QUARANTINED,
        reason=failure.reason,
        next_attempt_at=now + _backoff(article.attempts, failure.retry_after),
        resume_state=ArticleState.NEW,
    )


def page_again(attempts: int, now: datetime, failure: FetchFailure | None = None) -> datetime | None:
    """When to ask for a page again that did not come, or that gave less than the feed; None: never.

    :param attempts: how often it was asked for in the background.
    """
    if attempts >= len(PAGE_WAITS) or (failure and failure.kind in NEVER):
        return None
    asked = (failure.retry_after if failure else 0) or 0
    return now + timedelta(seconds=max(PAGE_WAITS[attempts], min(asked, LONGEST_WAIT)))


def next_look(alerted_at: datetime, now: datetime) -> datetime | None:
    """When to look again at an article that raised its first alert then; None: no more."""
    return next((alerted_at + wait for wait in LOOKS if alerted_at + wait > now), None)


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


def reading_gives_up(state: ArticleState, attempts: int) -> bool:
    """True when the page is dropped on which reading broke: the feed's text must not wait for a mend."""
    return state is ArticleState.FETCHED and attempts + 1 >= READ_ATTEMPTS


def translation_gives_up(attempts: int, engine_is_missing: bool) -> bool:
    """True when an article goes on untranslated, with the reason: alerts must not wait for an engine."""
    return engine_is_missing or attempts + 1 >= TRANSLATION_ATTEMPTS


def trouble(answer: FetchedPage | FetchFailure) -> int:
    """What an answer says against its host just now: nothing, a passing failure, or all it takes, since the
    host itself asks us to slow down."""
    if not isinstance(answer, FetchFailure) or answer.kind not in PASSING:
        return 0
    return HOST_PATIENCE if answer.kind is Kind.RATE_LIMITED else 1


def host_gives_up(passing_failures: int) -> bool:
    """True when a host failed so often in a row that the rest of its addresses wait for the next run."""
    return passing_failures >= HOST_PATIENCE


def published(page: datetime | None, feed: datetime | None, timezone: str) -> datetime | None:
    """When an article came out. The page's word counts before the feed's.

    A page that only names the day (midnight at the outlet) leaves the hour to a feed that tells the same day.
    """
    if page is None or feed is None:
        return page or feed
    there, told = page.astimezone(ZoneInfo(timezone)), feed.astimezone(ZoneInfo(timezone))
    only_the_day = there.time() == time.min
    return feed if only_the_day and there.date() == told.date() else page


def choose_text(page: ExtractedPage | None, feed_body: str, summary: str) -> tuple[str, Content]:
    """The best text at hand, and where it is from: what the feed gave is never lost.

    The page's text is used unless the feed's own body is longer; the summary only where it is the longest.
    """
    text = page.text if page else ""
    if len(feed_body) > max(len(text), len(summary) - 1):
        return feed_body, Content.FEED
    if text and len(text) >= len(summary):
        return text, Content.PAGE
    return summary, Content.SUMMARY
