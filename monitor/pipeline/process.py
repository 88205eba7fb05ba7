"""process:

    fetch the pages of new articles, many hosts at a time              new → fetched
    meanwhile, as they come, one after the other:
        read headline, text, dates and language off the page           fetched → extracted
        meanwhile, on every core, those that were read:
            translate sentence by sentence                             extracted → translated
            match against the watchlist in both languages,
            store alerts with their evidence                           translated → matched
    last the copies: what they say is translated by then

Waiting for outlets, reading (which keeps Python's lock) and translating (in processes of its own) go on side
by side, so that no core waits for another. Every step commits what it did. A step that breaks sets its
article aside with the reason and a next attempt.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime
from functools import partial

import structlog

from monitor.errors import DatabaseUnavailable, EngineError, EngineMissing
from monitor.model import (
    ArticleForReading,
    ArticleForTranslation,
    ArticleRead,
    ArticleState,
    BilingualText,
    Content,
)
from monitor.pipeline import decide
from monitor.pipeline.context import Context
from monitor.pipeline.hosts import counter
from monitor.pipeline.identity import is_copy, same_article
from monitor.pipeline.looks import look_again
from monitor.pipeline.pages import fetch_pages
from monitor.pipeline.polyglot import TRANSLATED, Polyglot
from monitor.pipeline.reading import read
from monitor.pipeline.remembering import Remembering
from monitor.pipeline.stories import group_stories
from monitor.pipeline.topics import topics_of
from monitor.steps.detect import other_languages
from monitor.steps.translate import translate_article
from monitor.storage import articles
from monitor.storage.alerts import load_for_match, store_alerts
from monitor.storage.copies import forget_old_texts, is_known_copy, similar_texts, store_copy
from monitor.storage.joining import add_address, articles_known_at, join_articles
from monitor.storage.revisions import plan_first_look
from monitor.storage.translations import store_translation
from monitor.text.likeness import bands
from monitor.text.urls import url_key

log = structlog.get_logger(__name__)

#: an article that was read and not matched yet
READ = [ArticleState.EXTRACTED, ArticleState.TRANSLATED]
#: seconds between two looks at what was fetched meanwhile
LOOK = 0.5


def process(context: Context) -> int:
    """Bring every article at hand as far as it will go.

    :returns: how many alerts were new.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="fetch") as waiting:
        fetching = waiting.submit(_fetch, context)
        alerts = _read_and_finish(context, fetching)
        fetching.result()
    group_stories(context)
    return alerts


def _fetch(context: Context) -> None:
    with context.database.session() as session:
        forget_old_texts(session, context.clock())
        session.commit()
    fetch_pages(context)
    look_again(context)


def _read_and_finish(context: Context, fetching: Future[None]) -> int:
    """Everything after the fetching, and beside it; returns how many alerts were new."""
    # One thread more than cores: while one waits for the database, another has something to compute.
    with ThreadPoolExecutor(context.workers + 1, thread_name_prefix="finish") as pool:
        finish = partial(process_article, context)
        begun = [pool.submit(finish, number) for number in _ready(context, fetching)]
        alerts = _counted(context, "process", len(begun), (one.result() for one in begun))
        copies = _due(context, READ, copies=True)
        return alerts + _counted(context, "copies", len(copies), pool.map(finish, copies))


def _counted(context: Context, step: str, total: int, found: Iterable[int]) -> int:
    count, alerts = counter(context.progress, step, total), 0
    for number in found:
        alerts += number
        count()
    return alerts


def _ready(context: Context, fetching: Future[None]) -> Iterator[int]:
    """The articles to be translated: left from an earlier run, changed by their outlet, or just read here.

    Copies are left for later. The store is asked again until fetching is over and nothing new is found: an
    article may get its page from one that it was joined with.
    """
    given: set[int] = set()
    tried: set[int] = set()
    while True:
        over = fetching.done()
        left = [number for number in _due(context, READ, copies=False) if number not in given]
        given.update(left)
        yield from left
        fresh = [number for number in _due(context, [ArticleState.FETCHED]) if number not in tried]
        tried.update(fresh)
        given.update(fresh)
        yield from _read_pages(context, fresh)
        if over and not fresh:
            return
        if not fresh:
            wait([fetching], LOOK)


def _read_pages(context: Context, fetched: Sequence[int]) -> Iterator[int]:
    """Read pages one after the other (several would hinder one another); gives what is no copy."""
    count = counter(context.progress, "read", len(fetched))
    for number in fetched:
        _taken(context, number, {ArticleState.FETCHED})
        count()
        with context.database.session() as session:
            copy = is_known_copy(session, number)
        if not copy:
            yield number


def _due(context: Context, states: list[ArticleState], *, copies: bool | None = None) -> list[int]:
    with context.database.session() as session:
        return [
            number for number, _ in articles.articles_due(session, states, context.clock(), copies=copies)
        ]


def process_article(context: Context, article_id: int) -> int:
    """Take one article through its remaining steps; what breaks sets it aside and nothing else.

    :returns: how many alerts were new.
    :raises DatabaseUnavailable: nothing can be kept without a database.
    """
    return _taken(context, article_id, set(STEPS))


def _taken(context: Context, article_id: int, states: set[ArticleState]) -> int:
    """Through those steps that leave these states."""
    state: ArticleState | None = ArticleState.FETCHED
    try:
        while True:
            with context.database.session() as session:
                state = articles.current_state(session, article_id)
            if state not in states:
                return 0
            alerts = STEPS[state](context, article_id)
            if alerts is not None:
                return alerts
    except DatabaseUnavailable:
        raise
    except Exception as error:  # a bug met by one article must not stop the others
        log.error("process", status="set-aside", article=article_id, step=state, exc_info=error)
        _set_aside(context, article_id, state or ArticleState.FETCHED, f"{type(error).__name__}: {error}")
        return 0


def _set_aside(context: Context, article_id: int, state: ArticleState, reason: str) -> None:
    now = context.clock()
    with context.database.session() as session:
        if articles.current_state(session, article_id) is None:
            return
        attempts = articles.load_for_fetch(session, article_id).attempts
        if decide.reading_gives_up(state, attempts):
            articles.drop_page(session, article_id)
        outcome = decide.step_failed(state, attempts, reason, now)
        articles.store_next(session, article_id, state, outcome, now)
        session.commit()


def extract_step(context: Context, article_id: int) -> None:
    """``fetched → extracted``: headline, text, dates and language; or the end of a double."""
    with context.database.session() as session:
        got = articles.load_for_reading(session, article_id)
    result = read(got, context.outlets.get(got.outlet_id))
    into = _true_article(context, got, result)
    if into is None:
        _keep(context, got, result)
        return
    with context.database.session() as session:
        join_articles(session, article_id, into, context.clock())
        session.commit()
    log.info("process", status="joined", article=article_id, into=into, url=got.url)


def _true_article(context: Context, got: ArticleForReading, result: ArticleRead) -> int | None:
    """The article that this one turns out to be, None for one of its own.

    It is looked for under the address that the page gives itself and under its own one, to which another
    article's page may have led before. An address alone is not believed.
    """
    keys = list(dict.fromkeys(url_key(url) for url in (result.true_url, got.url) if url))
    with context.database.session() as session:
        known = {key: articles_known_at(session, key) for key in keys}
        others = [other for found in known.values() for other in found if other.id != got.id]
        into = next((other.id for other in others if same_article(result, other, got.outlet_id)), None)
        if into is None and len(keys) > 1:
            add_address(session, got.id, keys[0])
            session.commit()
    return into


def _keep(context: Context, got: ArticleForReading, result: ArticleRead) -> None:
    found, now = bands(result.text), context.clock()
    with context.database.session() as session:
        if articles.store_read(session, got.id, result, now, _page_again(got, result, now)):
            seen = similar_texts(session, got.id, result.text_hash, found, now)
            original = next((one.original for one in seen if is_copy(result.text, one.text)), None)
            store_copy(session, got.id, original, found, now)
        session.commit()


def _page_again(got: ArticleForReading, result: ArticleRead, now: datetime) -> datetime | None:
    came_to_nothing = got.page is not None and result.content is not Content.PAGE
    return decide.page_again(got.page_attempts, now) if came_to_nothing else None


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
    known = Remembering(context.translator, article.copy) if article.copy else context.translator
    others = other_languages([article.title, *article.text.split("\n")], article.language)
    return translate_article(article.title, article.text, article.language, Polyglot(known, others)), ""


def match_step(context: Context, article_id: int) -> int:
    """``translated → matched``: the alerts, and the end of the article's way.

    :returns: how many alerts were new.
    """
    with context.database.session() as session:
        article = load_for_match(session, article_id)
    matches = topics_of(context, article)
    now = context.clock()
    with context.database.session() as session:
        if not articles.mark_matched(session, article_id, now):
            return 0
        alerts = store_alerts(session, article_id, matches, context.versions, now)
        first = decide.next_look(now, now)
        if alerts and first:
            plan_first_look(session, article_id, first)
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
