"""process:

    fetch the pages of new articles, many hosts at a time          new → fetched
    then, article by article on every core:
        read headline, text, dates and language off the page       fetched → extracted
        translate sentence by sentence                             extracted → translated
        match against the watchlist in both languages,
        store alerts with their evidence                           translated → matched

Every step commits what it did. A step that breaks sets its article aside with the reason and a next attempt.
"""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Lock

import structlog

from monitor.errors import DatabaseUnavailable, EngineError, EngineMissing
from monitor.model import (
    ArticleForTranslation,
    ArticleState,
    BilingualText,
    FetchFailure,
    FetchRequest,
)
from monitor.pipeline import decide
from monitor.pipeline.context import Context
from monitor.pipeline.hosts import by_host, host, run_groups
from monitor.pipeline.reading import read
from monitor.steps.translate import translate_article
from monitor.storage import articles
from monitor.storage.alerts import load_for_match, store_alerts
from monitor.storage.translations import store_translation

log = structlog.get_logger(__name__)

#: languages that the engines turn into English; "en" needs none
TRANSLATED = frozenset({"es", "pt"})


def process(context: Context) -> int:
    """Bring every article at hand as far as it will go.

    :returns: how many alerts were new.
    """
    fetch_pages(context)
    return read_articles(context)


def fetch_pages(context: Context) -> None:
    """Fetch the pages of all new articles that are due."""
    with context.database.session() as session:
        due = articles.articles_due(session, [ArticleState.NEW], context.clock())
    passing: Counter[str] = Counter()
    count = _counter(context, "fetch", len(due))

    def work(item: tuple[int, str]) -> bool:
        name = host(item[1])
        passing[name] = passing[name] + 1 if fetch_page(context, item[0]) else 0
        return not decide.host_gives_up(passing[name])

    run_groups(by_host(due, lambda item: item[1]), work, context.connections, count)


def fetch_page(context: Context, article_id: int) -> bool:
    """``new → fetched`` for one article.

    :returns: True when it failed in a way that may pass, so that the host is better left alone.
    """
    with context.database.session() as session:
        article = articles.load_for_fetch(session, article_id)
    answer = context.fetcher.fetch(FetchRequest(article.url))
    now = context.clock()
    with context.database.session() as session:
        if isinstance(answer, FetchFailure):
            outcome = decide.page_failed(article, answer, now)
            articles.store_next(session, article_id, ArticleState.NEW, outcome, now)
            log.info("fetch", status=answer.kind.value, url=article.url, reason=answer.reason)
        else:
            articles.store_page(session, article_id, answer, now)
        session.commit()
    return isinstance(answer, FetchFailure) and answer.kind in decide.PASSING


def read_articles(context: Context) -> int:
    """Read, translate and match everything that was fetched, on every core.

    :returns: how many alerts were new.
    """
    waiting = [ArticleState.FETCHED, ArticleState.EXTRACTED, ArticleState.TRANSLATED]
    with context.database.session() as session:
        due = articles.articles_due(session, waiting, context.clock())
    count = _counter(context, "process", len(due))

    def work(article_id: int) -> int:
        alerts = process_article(context, article_id)
        count()
        return alerts

    with ThreadPoolExecutor(max(1, context.workers), thread_name_prefix="read") as pool:
        return sum(pool.map(work, [article_id for article_id, _ in due]))


def process_article(context: Context, article_id: int) -> int:
    """Take one article through its remaining steps; what breaks sets it aside and nothing else.

    :returns: how many alerts were new.
    :raises DatabaseUnavailable: nothing can be kept without a database.
    """
    state = ArticleState.FETCHED
    try:
        while True:
            with context.database.session() as session:
                state = articles.current_state(session, article_id)
            if state not in STEPS:
                return 0
            alerts = STEPS[state](context, article_id)
            if alerts is not None:
                return alerts
    except DatabaseUnavailable:
        raise
    except Exception as error:  # a bug met by one article must not stop the others
        log.error("process", status="set-aside", article=article_id, step=state.value, exc_info=error)
        _set_aside(context, article_id, state, f"{type(error).__name__}: {error}")
        return 0


def _set_aside(context: Context, article_id: int, state: ArticleState, reason: str) -> None:
    now = context.clock()
    with context.database.session() as session:
        attempts = articles.load_for_fetch(session, article_id).attempts
        outcome = decide.step_failed(state, attempts, reason, now)
        articles.store_next(session, article_id, state, outcome, now)
        session.commit()


def extract_step(context: Context, article_id: int) -> None:
    """``fetched → extracted``: headline, text, dates and language."""
    with context.database.session() as session:
        got = articles.load_for_reading(session, article_id)
    result = read(got, context.outlets.get(got.outlet_id))
    with context.database.session() as session:
        articles.store_read(session, article_id, result, context.clock())
        session.commit()


def translate_step(context: Context, article_id: int) -> int | None:
    """``extracted → translated``, or set aside for another attempt while the engine is out of order.

    :returns: 0 when the article has to wait, None when it goes on.
    """
    with context.database.session() as session:
        article = articles.load_for_translation(session, article_id)
    try:
        translation, reason = _translation(context, article)
    except EngineError as error:
        if not decide.translation_gives_up(article.attempts, isinstance(error, EngineMissing)):
            _set_aside(context, article_id, ArticleState.EXTRACTED, str(error))
            return 0
        translation, reason = None, f"not translated: {error}"
    now = context.clock()
    with context.database.session() as session:
        title_en = translation.title.target if translation else ""
        if articles.mark_translated(session, article_id, title_en, reason, now) and translation:
            store_translation(session, article_id, translation, now)
        session.commit()
    return None


def _translation(context: Context, article: ArticleForTranslation) -> tuple[BilingualText | None, str]:
    if article.language not in TRANSLATED | {"en"}:
        return None, f"not translated: the language is {article.language}"
    if article.copy is None:
        return translate_article(article.title, article.text, article.language, context.translator), ""
    if article.copy.title.source == article.title:
        return article.copy, ""
    headline = translate_article(article.title, "", article.language, context.translator)
    return replace(article.copy, title=headline.title), ""


def match_step(context: Context, article_id: int) -> int:
    """``translated → matched``: the alerts, and the end of the article's way.

    :returns: how many alerts were new.
    """
    with context.database.session() as session:
        article = load_for_match(session, article_id)
    matches = context.matcher.match(article)
    now = context.clock()
    with context.database.session() as session:
        if not articles.mark_matched(session, article_id, now):
            return 0
        alerts = store_alerts(session, article_id, matches, context.versions, now)
        session.commit()
    topics = [match.topic for match in matches]
    log.info("process", status="matched", article=article_id, outlet=article.outlet, topics=topics)
    return alerts


#: state → the step that leaves it; None as answer means: go on with the next
STEPS: dict[ArticleState, Callable[[Context, int], int | None]] = {
    ArticleState.FETCHED: extract_step,
    ArticleState.EXTRACTED: translate_step,
    ArticleState.TRANSLATED: match_step,
}


def _counter(context: Context, step: str, total: int) -> Callable[[], None]:
    done, lock = [0], Lock()

    def count() -> None:
        with lock:
            done[0] += 1
            context.progress(step, done[0], total)

    return count
