"""The queues, for those who fill, list and mend them."""

import asyncio
import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import structlog
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job, Status

from monitor.errors import InputError
from monitor.jobs.app import (
    ATTEMPTS,
    DEAD_AFTER,
    PATIENCE,
    converted,
    make_app,
    make_sure_of_a_server,
    nothing,
)
from monitor.pipeline.duties import QUEUES, Duty

log = structlog.get_logger(__name__)

#: jobs that wait at most in one queue: what is due stays in the store
MOST_WAITING = 2_000

#: why a job was given up that never failed
DIED = f"its worker died while it was at work on this, {ATTEMPTS} times"

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


class Jobs:
    """The queues, for those who fill, list and mend them. Safe for many threads.

    :param url: address of the database.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        connector = SyncPsycopgConnector(conninfo=url, min_size=1, max_size=3, timeout=PATIENCE)
        self._app = make_app(connector, nothing)

    def __enter__(self) -> Self:
        """Connect.

        :raises DatabaseUnavailable: when no server answers.
        """
        make_sure_of_a_server(self._url)
        with converted():
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
        with converted():
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
        with converted():
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
        with converted():
            for number in job_ids:
                self._app.job_manager.retry_job_by_id(number, retry_at=datetime.now(UTC))
        return len(job_ids)

    def depths(self) -> list[Depth]:
        """How full each queue is."""
        with converted():
            return [Depth(**row) for row in self._query(_DEPTH)]

    def note(self, job_id: int, reason: str) -> None:
        """Keep why a job failed."""
        with converted():
            self._app.connector.get_sync_connector().execute_query(_REASON, id=job_id, reason=reason)

    def rescue(self) -> int:
        """Hand out again what dead workers had begun, and forget what was given up a month ago.

        What several workers died of, one after the other, is given up like what failed as often.

        :returns: how many jobs were found with dead workers.
        """
        with converted():
            return asyncio.run(self._rescue())

    async def _rescue(self) -> int:
        app = make_app(
            PsycopgConnector(conninfo=self._url, min_size=1, max_size=1, timeout=PATIENCE), nothing
        )
        async with app.open_async():
            stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER))
            for job in stalled:
                await self._rescue_one(app, job)
            await app.job_manager.prune_stalled_workers(DEAD_AFTER * 3)
            await app.job_manager.delete_old_jobs(nb_hours=30 * 24, include_failed=True)
        if stalled:
            log.warning("jobs", status="rescued", jobs=[job.id for job in stalled])
        return len(stalled)

    async def _rescue_one(self, app: App, job: Job) -> None:
        if job.attempts + 1 >= ATTEMPTS:
            await app.connector.execute_query_async(_REASON, id=job.id, reason=DIED)
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
            return
        # A newer one with the same name may wait already; then this one is not needed.
        with contextlib.suppress(ConnectorException):
            await app.job_manager.retry_job(job)
            return
        await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)

    def _query(self, query: Any) -> list[dict[str, Any]]:
        return self._app.connector.get_sync_connector().execute_query_all(query)


def _stored(job: Job) -> StoredJob:
    subject, reason = (str(job.task_kwargs.get(name) or "") for name in ("subject", "reason"))
    assert job.id is not None
    assert job.status is not None
    return StoredJob(
        job.id, job.queue, job.task_name, subject, job.status, job.attempts, job.scheduled_at, reason
    )
