"""What those who fill the queues and those who empty them share: the tasks, and how often one is tried."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from procrastinate import (
    App,
    BaseRetryStrategy,
    JobContext,
    PsycopgConnector,
    RetryDecision,
    SyncPsycopgConnector,
)
from procrastinate.exceptions import ProcrastinateException
from procrastinate.jobs import Job
from psycopg_pool import PoolTimeout

from monitor.errors import DatabaseUnavailable
from monitor.pipeline.duties import QUEUES

#: attempts before a job is given up until a person, or the next day, tries again
ATTEMPTS = 5
#: seconds without a heartbeat after which a worker is taken for dead
DEAD_AFTER = 20.0
#: seconds to wait for a connection
PATIENCE = 10


class Backoff(BaseRetryStrategy):
    """4, 16, 64 … seconds, under a lock of its own: what fails must not hold up what shares its host."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Decide whether and when a job is tried again; None gives it up."""
        if job.attempts + 1 >= ATTEMPTS:
            return None
        wait = timedelta(seconds=4 ** (job.attempts + 1))
        return RetryDecision(retry_at=datetime.now(UTC) + wait, lock=f"again:{job.id}")


def make_app(connector: PsycopgConnector | SyncPsycopgConnector, work: Callable[..., None]) -> App:
    """One task for each kind of duty."""
    app = App(connector=connector)
    for queue, kinds in QUEUES.items():
        for kind in kinds:
            app.task(name=kind.value, queue=queue, pass_context=True, retry=Backoff())(work)
    return app


def nothing(context: JobContext, **_: Any) -> None:
    """Stand for the tasks where they are only put into queues."""


def make_sure_of_a_server(url: str) -> None:
    """Connect once: a pool of connections would try again and again for half a minute before it said a word.

    :raises DatabaseUnavailable: when no server answers.
    """
    with converted():
        psycopg.connect(url, connect_timeout=PATIENCE).close()


@contextlib.contextmanager
def converted() -> Iterator[None]:
    """Turn what drivers and Procrastinate raise into our error, the cause kept."""
    try:
        yield
    except (ProcrastinateException, PoolTimeout, psycopg.Error) as error:
        raise DatabaseUnavailable(f"the queue cannot be reached: {error.__cause__ or error}") from error
