"""Duties as jobs: Procrastinate's queues in our own Postgres, and the workers that empty them.

The store says what is due; a job is only how a duty finds a worker. A worker that is killed loses nothing:
its jobs are handed out again once its heartbeat is missed, and what was done twice changed nothing.
"""

import asyncio
import contextlib
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

import structlog
from procrastinate import (
    App,
    BaseRetryStrategy,
    JobContext,
    PsycopgConnector,
    RetryDecision,
    SyncPsycopgConnector,
)
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, ProcrastinateException
from procrastinate.jobs import Job, Status
from psycopg_pool import PoolTimeout

from monitor.errors import DatabaseUnavailable, InputError
from monitor.pipeline.duties import QUEUES, Duty, Kind

log = structlog.get_logger(__name__)

#: attempts before a job is given up until a person, or the next day, tries again
ATTEMPTS = 5
#: seconds without a heartbeat after which a worker is taken for dead, and between two heartbeats
DEAD_AFTER, HEARTBEAT = 20.0, 5.0
#: seconds in which a worker that is told to stop finishes what it has begun, or hands it back
GRACE = 25.0
#: jobs that wait at most in one queue: what is due stays in the store
MOST_WAITING = 2_000
#: does one duty: (kind, subject)
Perform = Callable[[Kind, str], None]
#: told of each duty done: (kind, seconds, whether it went well)
Told = Callable[[Kind, float, bool], None]

_AT_HAND = """
SELECT queueing_lock AS name, queue_name AS queue, status::text AS status FROM procrastinate_jobs AS job
WHERE status IN ('todo', 'doing') OR status = 'failed' AND EXISTS (SELECT FROM procrastinate_events
  WHERE job_id = job.id AND type = 'failed' AND at > now() - interval '1 day')
"""
_DEPTH = """
SELECT queue_name AS queue, status::text AS status, count(*) AS jobs,
  COALESCE(EXTRACT(EPOCH FROM now() - min(deferred.at)), 0)::float AS age
FROM procrastinate_jobs AS job
LEFT JOIN procrastinate_events AS deferred ON deferred.job_id = job.id AND deferred.type = 'deferred'
WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1, 2 ORDER BY 1, 2
"""
_REASON = """
UPDATE procrastinate_jobs SET args = args || jsonb_build_object('reason', %(reason)s::text) WHERE id = %(id)s
"""


@dataclass(frozen=True, slots=True)
class StoredJob:
    """A job for people."""

    id: int
    queue: str
    kind: str
    subject: str
    #: todo, doing or failed
    status: str
    attempts: int
    #: when it is tried next, None: as soon as a worker is free
    at: datetime | None
    #: why it failed last, "" for never
    reason: str


@dataclass(frozen=True, slots=True)
class Depth:
    """How many jobs of a queue stand in a state, and the seconds since the oldest was put there."""

    queue: str
    status: str
    jobs: int
    age: float


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


def _nothing(context: JobContext, **_: Any) -> None:
    """Stand for the tasks where they are only put into queues."""


class Jobs:
    """The queues, for those who fill, list and mend them. Safe for many threads.

    :param url: address of the database.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        connector = SyncPsycopgConnector(conninfo=url, min_size=1, max_size=3, timeout=10)
        self._app = make_app(connector, _nothing)

    def __enter__(self) -> Self:
        """Connect.

        :raises DatabaseUnavailable: when no server answers.
        """
        with _converted():
            self._app.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._app.close()

    def put(self, duties: Iterable[Duty]) -> int:
        """Put duties into their queues, except those that are there already or were given up within a day.

        :returns: how many.
        """
        with _converted():
            rows = self._query(_AT_HAND)
            known = {row["name"] for row in rows}
            room = {queue: MOST_WAITING - sum(row["queue"] == queue for row in rows) for queue in QUEUES}
            jobs = []
            for duty in duties:
                job = self._job(duty)
                if duty.name not in known and room[job.queue] > 0:
                    jobs.append(job)
                    known.add(duty.name)
                    room[job.queue] -= 1
            return self._defer(jobs)

    def _job(self, duty: Duty) -> Job:
        configured = self._app.configure_task(
            duty.kind.value,
            allow_unknown=False,
            lock=duty.lock or duty.name,
            queueing_lock=duty.name,
            priority=duty.priority,
        )
        return configured.make_new_job(subject=duty.subject)

    def _defer(self, jobs: Sequence[Job]) -> int:
        manager = self._app.job_manager
        if not jobs:
            return 0
        with contextlib.suppress(AlreadyEnqueued):
            return len(manager.batch_defer_jobs(list(jobs)))
        count = 0  # somebody else put one of them there at the same moment
        for job in jobs:
            with contextlib.suppress(AlreadyEnqueued):
                manager.defer_job(job)
                count += 1
        return count

    def listed(self, status: str = "") -> list[StoredJob]:
        """The jobs of a state, or all that are left, in the order in which they were put there."""
        with _converted():
            jobs = self._app.job_manager.list_jobs(status=status or None)
        return [_stored(job) for job in jobs if job.status in ("todo", "doing", "failed")]

    def retry(self, job_ids: Sequence[int]) -> int:
        """Let jobs that were given up be tried again at once.

        :returns: how many.
        :raises InputError: when one of them is not given up.
        """
        failed = {job.id for job in self.listed("failed")}
        if unknown := sorted(set(job_ids) - failed):
            raise InputError(f"job {unknown[0]} is not among those given up; see: monitor jobs list")
        with _converted():
            for number in job_ids:
                self._app.job_manager.retry_job_by_id(number, retry_at=datetime.now(UTC))
        return len(job_ids)

    def depths(self) -> list[Depth]:
        """How full each queue is."""
        with _converted():
            return [Depth(**row) for row in self._query(_DEPTH)]

    def note(self, job_id: int, reason: str) -> None:
        """Keep why a job failed."""
        with _converted():
            self._app.connector.get_sync_connector().execute_query(_REASON, id=job_id, reason=reason)

    def rescue(self) -> int:
        """Hand out again what dead workers had begun, and forget what was given up a month ago.

        :returns: how many jobs came back.
        """
        with _converted():
            return asyncio.run(self._rescue())

    async def _rescue(self) -> int:
        app = make_app(PsycopgConnector(conninfo=self._url, min_size=1, max_size=1, timeout=10), _nothing)
        async with app.open_async():
            stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER))
            for job in stalled:
                # A newer one with the same name may wait already; then this one is not needed.
                with contextlib.suppress(ConnectorException):
                    await app.job_manager.retry_job(job)
                    continue
                await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)
            await app.job_manager.prune_stalled_workers(DEAD_AFTER * 3)
            await app.job_manager.delete_old_jobs(nb_hours=30 * 24, include_failed=True)
        if stalled:
            log.warning("jobs", status="rescued", jobs=[job.id for job in stalled])
        return len(stalled)

    def _query(self, query: Any) -> list[dict[str, Any]]:
        return self._app.connector.get_sync_connector().execute_query_all(query)


@contextlib.contextmanager
def _converted() -> Any:
    try:
        yield
    except (ProcrastinateException, PoolTimeout) as error:
        raise DatabaseUnavailable(f"the queue cannot be reached: {error.__cause__ or error}") from error


def _stored(job: Job) -> StoredJob:
    subject, reason = (str(job.task_kwargs.get(name) or "") for name in ("subject", "reason"))
    assert job.id is not None
    assert job.status is not None
    return StoredJob(
        job.id, job.queue, job.task_name, subject, job.status, job.attempts, job.scheduled_at, reason
    )


class Worker:
    """Empties queues with threads of its own, until it is told to stop.

    :param counts: queue → duties worked on at once.
    """

    def __init__(self, url: str, counts: Mapping[str, int], perform: Perform, told: Told) -> None:
        self._url, self._counts, self._perform, self._told = url, counts, perform, told
        self._stop = threading.Event()
        self._running: set[int] = set()
        self._jobs = Jobs(url)

    def stop(self) -> None:
        """End soon; may be called from any thread, and twice."""
        self._stop.set()

    def run(self) -> bool:
        """Work until told to stop, or by SIGTERM and SIGINT where this is the main thread.

        :returns: False when something had to be handed back: its threads still run, so leave by ``os._exit``.
        """
        logging.getLogger("procrastinate").setLevel(logging.CRITICAL)
        loop = asyncio.new_event_loop()
        loop.set_default_executor(ThreadPoolExecutor(sum(self._counts.values()) + 2, "duty"))
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, self.stop)
        try:
            with self._jobs:
                done = loop.run_until_complete(self._serve())
            if done:
                loop.run_until_complete(loop.shutdown_default_executor())
            return done
        finally:
            if not self._running:
                loop.close()

    async def _serve(self) -> bool:
        """Serve again after every loss of the database."""
        wait = 1.0
        while not self._stop.is_set():
            started = time.monotonic()
            try:
                if not await self._session():
                    return False
            except Exception as error:  # whatever broke, the next attempt has a new connection
                log.warning("worker", status="interrupted", reason=str(error), exc_info=error)
            wait = 1.0 if time.monotonic() - started > 60 else min(wait * 2, 15.0)
            deadline = time.monotonic() + wait
            while not self._stop.is_set() and time.monotonic() < deadline:
                await asyncio.sleep(0.1)
        return True

    async def _session(self) -> bool:
        """Work with one set of connections until told to stop, or one of them breaks.

        :returns: False when something had to be handed back.
        """
        app = make_app(PsycopgConnector(conninfo=self._url, min_size=2, max_size=8, timeout=10), self._work)
        async with app.open_async():
            workers = [asyncio.create_task(self._queue(app, *each)) for each in self._counts.items()]
            log.info("worker", status="started", queues=dict(self._counts))
            while not self._stop.is_set() and not any(worker.done() for worker in workers):
                await asyncio.sleep(0.1)
            for worker in workers:
                worker.cancel()  # it stops to fetch and waits for what it has begun
            _, late = await asyncio.wait(workers, timeout=GRACE)
            for number in list(self._running) if late else ():
                await app.job_manager.retry_job_by_id_async(number, retry_at=datetime.now(UTC))
                log.warning("worker", status="handed-back", job=number)
            return not late

    async def _queue(self, app: App, queue: str, count: int) -> None:
        await app.run_worker_async(
            queues=[queue],
            name=queue,
            concurrency=count,
            delete_jobs="successful",
            install_signal_handlers=False,
            fetch_job_polling_interval=2.0,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=DEAD_AFTER * 3,
        )

    def _work(self, context: JobContext, subject: str, **_: Any) -> None:
        assert context.job.id is not None
        kind, number, start, well = Kind(context.job.task_name), context.job.id, time.monotonic(), False
        self._running.add(number)
        try:
            self._perform(kind, subject)
            well = True
        except Exception as error:
            log.error("worker", status="failed", kind=kind, subject=subject, exc_info=error)
            with contextlib.suppress(DatabaseUnavailable):
                self._jobs.note(number, f"{type(error).__name__}: {error}")
            raise
        finally:
            self._running.discard(number)
            self._told(kind, time.monotonic() - start, well)
