"""A worker: empties queues with threads of its own, until it is told to stop."""

import asyncio
import contextlib
import logging
import signal
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import procrastinate.worker
import structlog
from procrastinate import App, JobContext, PsycopgConnector

from monitor.errors import DatabaseUnavailable
from monitor.jobs.app import DEAD_AFTER, PATIENCE, make_app, make_sure_of_a_server
from monitor.jobs.queues import Jobs
from monitor.pipeline.duties import Kind

log = structlog.get_logger(__name__)

#: seconds between two heartbeats
HEARTBEAT = 5.0
#: seconds in which a worker that is told to stop finishes what it began, and for handing back the rest
GRACE, HAND_BACK = 20.0, 3.0
#: does one duty: (kind, subject)
Perform = Callable[[Kind, str], None]
#: told of each duty done: (kind, seconds, whether it went well)
Told = Callable[[Kind, float, bool], None]


class _Fetching(procrastinate.worker.Worker):
    """Says when it fetches no more: broken by the database, it would wait first for all that it has begun."""

    over = False

    async def _shutdown(self, side_tasks: list[asyncio.Task[Any]]) -> None:
        self.over = True
        await super()._shutdown(side_tasks)

    async def run(self) -> None:
        """Fetch until stopped or broken."""
        try:
            await super().run()  # type: ignore[no-untyped-call]
        finally:
            self.over = True


def _queue(app: App, queue: str, count: int) -> _Fetching:
    return _Fetching(
        app,
        queues=[queue],
        name=queue,
        concurrency=count,
        delete_jobs="successful",
        install_signal_handlers=False,
        fetch_job_polling_interval=2.0,
        update_heartbeat_interval=HEARTBEAT,
        stalled_worker_timeout=DEAD_AFTER * 3,
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
        wait = 0.5
        while not self._stop.is_set():
            started = time.monotonic()
            try:
                await self._session()
            except DatabaseUnavailable as error:
                log.warning("worker", status="waiting", reason=str(error))
            except Exception as error:  # whatever broke, the next attempt has a new connection
                log.warning("worker", status="interrupted", reason=str(error), exc_info=error)
            wait = 0.5 if time.monotonic() - started > 60 else min(wait * 2, 15.0)
            await self._sleep(wait)
        return not self._running

    async def _sleep(self, seconds: float) -> None:
        """Until it is over, or this worker is told to stop."""
        deadline = time.monotonic() + seconds
        while not self._stop.is_set() and time.monotonic() < deadline:
            await asyncio.sleep(0.1)

    async def _session(self) -> None:
        """Work with one set of connections until told to stop, or one of them breaks."""
        await asyncio.to_thread(make_sure_of_a_server, self._url)
        connector = PsycopgConnector(conninfo=self._url, min_size=2, max_size=8, timeout=PATIENCE)
        app = make_app(connector, self._work)
        async with app.open_async():
            fetching = [_queue(app, *each) for each in self._counts.items()]
            workers = [asyncio.create_task(one.run()) for one in fetching]
            log.info("worker", status="started", queues=dict(self._counts))
            while not self._stop.is_set() and not any(one.over for one in fetching):
                await asyncio.sleep(0.1)
            for worker in workers:
                worker.cancel()  # it stops to fetch and waits for what it has begun
            _, late = await asyncio.wait(workers, timeout=GRACE)
            if late and self._stop.is_set():
                await asyncio.wait_for(self._hand_back(app), HAND_BACK)

    async def _hand_back(self, app: App) -> None:
        for number in list(self._running):
            await app.job_manager.retry_job_by_id_async(number, retry_at=datetime.now(UTC))
            log.warning("worker", status="handed-back", job=number)

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
