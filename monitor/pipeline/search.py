"""One query over the stored articles: the same language as in the watchlist."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import chain, islice

from monitor.model import ArticleForMatch
from monitor.pipeline.backtest import Found, found_in
from monitor.pipeline.context import Progress, silent
from monitor.pipeline.scan import scan
from monitor.steps.match import Matcher, TopicQuery, compile_watchlist
from monitor.steps.match.inspect import QueryChecker
from monitor.storage.corpus import corpus_ids
from monitor.storage.session import Database


@dataclass
class _Search:
    """Finds the articles that meet a query; pickled without its matcher."""

    query: str
    lists: Mapping[str, str]

    @cached_property
    def matcher(self) -> Matcher:
        return compile_watchlist([TopicQuery("search", self.query)], self.lists)

    def __call__(self, articles: Sequence[ArticleForMatch]) -> list[int]:
        return [int(article.id) for article in articles if self.matcher.met(article)]


@dataclass(frozen=True, slots=True)
class SearchWanted:
    """What is looked for."""

    query: str
    #: named lists that the query may use
    lists: Mapping[str, str]
    since: datetime | None = None
    #: at most so many, 0: all
    limit: int = 0
    workers: int = 1


def search(database: Database, wanted: SearchWanted, progress: Progress = silent) -> list[Found]:
    """Articles that meet a query, newest first, with evidence; reading ends when enough were found.

    :raises QueryError: when the query cannot be read.
    """
    job = _Search(wanted.query, wanted.lists)
    QueryChecker(wanted.lists).check(wanted.query)
    with database.session() as session:
        ids = corpus_ids(session, wanted.since)
    answers = scan(database, ids, job, wanted.workers, progress)
    with closing(answers):
        chosen = list(islice(chain.from_iterable(answers), wanted.limit or None))
    return list(found_in(database, chosen, job.matcher))
