"""Work over all stored articles, spread over processes; nothing is written.

Each process reads articles from Postgres by itself, so that texts never pass between processes.
"""

import signal
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from multiprocessing import get_context
from typing import Any, TypeVar

from monitor.errors import MonitorError
from monitor.model import ArticleForMatch
from monitor.pipeline.context import Progress
from monitor.storage.corpus import read_articles
from monitor.storage.session import Database, open_database

#: articles read and worked on at a time
BATCH = 250
#: fewer are done in this process: starting another costs as much as reading them
FEW = 1_500

T = TypeVar("T")
#: what is done with each batch; pickled once for each process, where it may keep a state
Job = Callable[[Sequence[ArticleForMatch]], T]


def scan(
    database: Database, ids: Sequence[int], job: Job[T], workers: int, progress: Progress
) -> Generator[T, None, None]:
    """The job's answers, batch after batch in the order of the ids.

    :param progress: told articles done and to do.
    :raises MonitorError: a process died.
    """
    batches = [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
    here = workers < 2 or len(ids) < FEW
    answers = _here(database, job, batches) if here else _spread(database.url, job, batches, workers)
    progress("read", 0, len(ids))
    with closing(answers):
        for number, answer in enumerate(answers, 1):
            progress("read", min(number * BATCH, len(ids)), len(ids))
            yield answer


def _here(database: Database, job: Job[T], batches: Sequence[Sequence[int]]) -> Generator[T, None, None]:
    return (_batch(database, job, batch) for batch in batches)


def _spread(
    url: str, job: Job[T], batches: Sequence[Sequence[int]], workers: int
) -> Generator[T, None, None]:
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _begin, (url, job))
    try:
        yield from pool.map(_work, batches)
    except BrokenProcessPool as error:
        raise MonitorError(
            "a process that read articles was killed, perhaps for lack of memory; "
            "try again with fewer workers (MONITOR_WORKERS=1)"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


#: of this process: the database and the job
_own: list[Any] = []


def _begin(url: str, job: Job[Any]) -> None:
    """Make a process ready; an interrupt is answered by the one that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _own[:] = [open_database(url), job]


def _work(ids: Sequence[int]) -> Any:
    database, job = _own
    return _batch(database, job, ids)


def _batch(database: Database, job: Job[T], ids: Sequence[int]) -> T:
    with database.session() as session:
        articles = read_articles(session, ids)
    return job(articles)
