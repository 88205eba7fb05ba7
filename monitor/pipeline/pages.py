"""The pages of articles: new ones first, then those that would not come before.

for each new article, and each one read without its page, that is due, many hosts at a time:
    fetch the page
    it came: keep it                                                   new or matched → fetched
    it did not: the feed's text does for now, and the page is asked for again in the background
"""

from collections import Counter
from collections.abc import Callable

import structlog

from monitor.errors import DatabaseUnavailable
from monitor.model import ArticleState, FetchFailure, FetchRequest
from monitor.pipeline import decide
from monitor.pipeline.context import Context
from monitor.pipeline.hosts import by_host, counter, host, run_groups
from monitor.storage import articles

log = structlog.get_logger(__name__)

#: (article, address)
Item = tuple[int, str]


def fetch_pages(context: Context) -> None:
    """Fetch the pages of all new articles that are due, and of those read without one."""
    now = context.clock()
    with context.database.session() as session:
        new = articles.articles_due(session, [ArticleState.NEW], now)
        late = articles.pages_due(session, now)
    work = dict.fromkeys(new, fetch_page) | dict.fromkeys(late, fetch_late_page)
    patiently(context, "fetch", [*new, *late], lambda item: work[item](context, item[0]))


def patiently(context: Context, step: str, items: list[Item], work: Callable[[Item], int]) -> None:
    """Work on addresses host by host; a host that keeps failing is left alone for the rest of the run.

    :param work: returns what speaks against the host (``decide.trouble``).
    """
    passing: Counter[str] = Counter()

    def patient(item: Item) -> bool:
        name = host(item[1])
        against = _worked(step, work, item)
        passing[name] = passing[name] + against if against else 0
        return not decide.host_gives_up(passing[name])

    count = counter(context.progress, step, len(items))
    run_groups(by_host(items, lambda item: item[1]), patient, context.connections, count)


def _worked(step: str, work: Callable[[Item], int], item: Item) -> int:
    """A bug met by one address must not stop the others; it is tried again in the next run."""
    try:
        return work(item)
    except DatabaseUnavailable:
        raise
    except Exception as error:
        log.error(step, status="failed", article=item[0], url=item[1], exc_info=error)
        return 0


def fetch_page(context: Context, article_id: int) -> int:
    """``new → fetched`` for one article.

    :returns: what speaks against its host (``decide.trouble``).
    """
    with context.database.session() as session:
        article = articles.load_for_fetch(session, article_id)
    answer = context.fetcher.fetch(FetchRequest(article.url, as_of=article.as_of))
    now = context.clock()
    with context.database.session() as session:
        if isinstance(answer, FetchFailure):
            outcome = decide.page_failed(article, answer, now)
            articles.store_next(session, article_id, ArticleState.NEW, outcome, now)
            log.info("fetch", status=answer.kind.value, url=article.url, reason=answer.reason)
        else:
            articles.store_page(session, article_id, answer, now)
        session.commit()
    return decide.trouble(answer)


def fetch_late_page(context: Context, article_id: int) -> int:
    """``matched → fetched`` for one article that was read without its page.

    :returns: as :func:`fetch_page`.
    """
    with context.database.session() as session:
        article = articles.load_for_fetch(session, article_id)
    answer = context.fetcher.fetch(FetchRequest(article.url, as_of=article.as_of))
    now = context.clock()
    with context.database.session() as session:
        if isinstance(answer, FetchFailure):
            again = decide.page_again(article.page_attempts + 1, now, answer)
            articles.plan_page(session, article_id, again)
            log.info("fetch", status=answer.kind.value, url=article.url, reason=answer.reason, late=True)
        else:
            articles.store_late_page(session, article_id, answer, now)
        session.commit()
    return decide.trouble(answer)
