"""looks: articles that raised an alert are looked at again after 6 hours, 24 hours and 7 days

for each article whose time has come, many hosts at a time:
    fetch its page
    gone, or leads to the front page: note that on its alerts
    reads differently: keep the earlier version                        matched → extracted
"""

from dataclasses import replace
from datetime import datetime
from itertools import pairwise

import structlog

from monitor.errors import InputError
from monitor.model import (
    ArticleForLook,
    ArticleForReading,
    ArticleRead,
    Content,
    FetchedPage,
    FetchFailure,
    FetchRequest,
)
from monitor.pipeline import decide
from monitor.pipeline.changes import Diff, compare
from monitor.pipeline.context import Context
from monitor.pipeline.foreign import is_apology
from monitor.pipeline.identity import true_address
from monitor.pipeline.pages import patiently
from monitor.pipeline.reading import read
from monitor.steps.extract import extract_page
from monitor.storage.articles import load_for_reading
from monitor.storage.revisions import (
    list_revisions,
    load_for_look,
    looks_due,
    store_edit,
    store_look,
    store_vanished,
)
from monitor.storage.session import Database

log = structlog.get_logger(__name__)


def look_again(context: Context) -> None:
    """Look at every article that raised an alert and is due; what changed is read by the next step."""
    with context.database.session() as session:
        due = looks_due(session, context.clock())
    patiently(context, "look", due, lambda item: look_at(context, *item))


def look_at(context: Context, article_id: int, address: str) -> int:
    """Look at one article.

    :returns: what speaks against its host (``decide.trouble``).
    """
    answer = context.fetcher.fetch(FetchRequest(address))
    now = context.clock()
    with context.database.session() as session:
        article = load_for_look(session, article_id)
        got = load_for_reading(session, article_id)
    change = _gone(article, answer)
    outcome = None
    if isinstance(answer, FetchedPage) and not change:
        seen = _seen(got, article, answer)
        outcome = read(seen, context.outlets.get(got.outlet_id))
        change = _apologises(article, seen, outcome)
    _keep(context, article, change, outcome, now)
    return decide.trouble(answer)


def _seen(got: ArticleForReading, article: ArticleForLook, answer: FetchedPage) -> ArticleForReading:
    """The article with its page of today. What no feed gave a headline is known by the one it had."""
    return replace(
        got,
        page=answer.body,
        final_url=answer.final_url,
        content_type=answer.content_type,
        feed_title=got.feed_title or article.title,
    )


def _gone(article: ArticleForLook, answer: FetchedPage | FetchFailure) -> str:
    """How an article vanished, "" where it did not, or nothing can be said."""
    if article.content is not Content.PAGE:
        return ""  # it was never seen
    if isinstance(answer, FetchFailure):
        return f"the page is gone ({answer.reason})" if answer.kind in decide.VANISHED else ""
    led_away = not true_address(article.url, "", answer.final_url, {})
    return f"the page now leads to {answer.final_url}" if led_away else ""


def _apologises(article: ArticleForLook, seen: ArticleForReading, outcome: ArticleRead) -> str:
    """As ``_gone``, for a page that says with status 200 that there is no such article."""
    if outcome.content is Content.PAGE or article.content is not Content.PAGE:
        return ""
    try:
        page = extract_page(seen.page or b"", seen.final_url, content_type=seen.content_type)
    except InputError:
        return ""  # an empty answer says nothing
    gone = is_apology(article.title, page.title, page.text)
    return f"the page says “{page.title or page.text[:80]}” in its place" if gone else ""


def _keep(
    context: Context, article: ArticleForLook, gone: str, seen: ArticleRead | None, now: datetime
) -> None:
    with context.database.session() as session:
        if gone and not article.vanished:
            store_vanished(session, article.id, True, f"{gone}, seen {now:%Y-%m-%d %H:%M} UTC", now)
            log.info("look", status="vanished", article=article.id, url=article.url)
        if seen and not gone and article.vanished:
            store_vanished(
                session, article.id, False, f"the page is back since {now:%Y-%m-%d %H:%M} UTC", now
            )
        summary = _edited(article, seen) if seen else ""
        if seen and summary:
            store_edit(session, article.id, seen, f"changed, seen {now:%Y-%m-%d %H:%M} UTC: {summary}", now)
            log.info("look", status="changed", article=article.id, url=article.url, what=summary)
        store_look(session, article.id, decide.next_look(article.alerted_at, now))
        session.commit()


def _edited(article: ArticleForLook, seen: ArticleRead) -> str:
    """What changed, "" for nothing of weight, or where the two cannot be compared."""
    walled = seen.paywalled and len(seen.text) < len(article.text)
    if walled or not (article.content is seen.content is Content.PAGE):
        return ""
    return compare(article.title, article.text, seen.title, seen.text).summary


def history(database: Database, article_id: int) -> list[tuple[datetime, Diff]]:
    """Every edit of an article that was seen: when, and what changed; the oldest first."""
    with database.session() as session:
        versions = list_revisions(session, article_id)
    return [
        (old.replaced_at, compare(old.title, old.text, new.title, new.text))
        for old, new in pairwise(versions)
        if old.replaced_at
    ]
