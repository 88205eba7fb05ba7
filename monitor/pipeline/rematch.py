"""Alerts that the watchlist in force would have raised in stored articles, had it been there before."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from monitor.config.watchlist import Watchlist
from monitor.model import ArticleState
from monitor.pipeline.context import Progress, silent
from monitor.pipeline.editions import AFTER, comparison
from monitor.pipeline.scan import BATCH, scan
from monitor.steps.match import compile_watchlist
from monitor.storage.alerts import load_for_match, store_alerts
from monitor.storage.corpus import alerted, corpus_ids
from monitor.storage.session import Database

#: (article, topic)
Missing = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Rematch:
    """What is to be read again."""

    since: datetime | None = None
    workers: int = 1


def missing_alerts(
    database: Database, watchlist: Watchlist, wanted: Rematch, progress: Progress = silent
) -> list[Missing]:
    """What the watchlist finds and no alert tells yet, newest articles first. Nothing is written."""
    topics = [topic.id for topic in watchlist.topics]
    with database.session() as session:
        ids = corpus_ids(session, wanted.since, [ArticleState.MATCHED])
        known = alerted(session, topics)
    job = comparison(Watchlist((), {}), watchlist, topics, ())
    answers = scan(database, ids, job, wanted.workers, progress)
    met = ((article, name.removeprefix(AFTER)) for pairs, _ in answers for article, name in pairs)
    return [pair for pair in met if pair not in known]


def count_missing(missing: Sequence[Missing]) -> dict[str, int]:
    """Topic → alerts, the most first."""
    return dict(Counter(topic for _, topic in missing).most_common())


def raise_alerts(
    database: Database,
    watchlist: Watchlist,
    versions: Mapping[str, int],
    missing: Sequence[Missing],
    now: datetime,
) -> int:
    """Store these alerts with their evidence, each once; a batch that was stored stays when the next fails.

    :param versions: topic → version in force.
    :returns: how many were new.
    """
    matcher = compile_watchlist(watchlist.topics, watchlist.lists)
    by_article = [
        (article, {topic for _, topic in pairs}) for article, pairs in groupby(missing, itemgetter(0))
    ]
    stored = 0
    for start in range(0, len(by_article), BATCH):
        with database.session() as session:
            for article, topics in by_article[start : start + BATCH]:
                matches = matcher.match(load_for_match(session, article))
                wanted = [match for match in matches if match.topic in topics]
                stored += store_alerts(session, article, wanted, versions, now)
            session.commit()
    return stored
