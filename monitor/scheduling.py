"""When things are done: one process leads and keeps the times, the others wait for it to die."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from monitor.errors import MonitorError
from monitor.storage.leading import Leadership
from monitor.storage.session import Database

log = structlog.get_logger(__name__)

#: seconds between two looks at who leads
LOOK = 2.0


@dataclass(frozen=True, slots=True)
class Regular:
    """Something that is done again and again."""

    name: str
    #: seconds from one beginning to the next
    every: float
    work: Callable[[], object]


class Scheduler:
    """Does regular things in threads of its own while it leads; safe to run in many processes.

    Nothing is done twice at once, and what was missed is done once.
    """

    def __init__(self, database: Database, regular: Sequence[Regular]) -> None:
        self._database = database
        #: may be filled until it is started
        self.regular = regular
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scheduler", daemon=True)
        #: whether this process leads now
        self.leads = False

    def start(self) -> None:
        """Begin to wait for leadership, and lead."""
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        self._thread.start()

    def stop(self) -> None:
        """Give leadership up and end; what has begun is finished where that takes no more than seconds."""
        self._stop.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        leadership = Leadership(self._database, "scheduler")
        while not self._stop.is_set():
            try:
                if leadership.take():
                    self._lead(leadership)
            except MonitorError as error:
                log.warning("scheduler", status="waiting", reason=str(error))
            self._stop.wait(LOOK)
        leadership.release()

    def _lead(self, leadership: Leadership) -> None:
        # One attempt at a time, and one for all those that were missed, however late.
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        scheduler = BackgroundScheduler(timezone=UTC, job_defaults=defaults)
        for one in self.regular:
            scheduler.add_job(
                lambda one=one: self._do(one),
                IntervalTrigger(seconds=one.every, timezone=UTC),
                id=one.name,
                next_run_time=datetime.now(UTC),
            )
        log.info("scheduler", status="leads")
        scheduler.start()
        self.leads = True
        try:
            while leadership.held() and not self._stop.wait(LOOK):
                pass
        finally:
            self.leads = False
            scheduler.shutdown(wait=True)
            log.info("scheduler", status="leads no more")

    @staticmethod
    def _do(one: Regular) -> None:
        try:
            one.work()
        except MonitorError as error:
            log.warning("scheduler", status="failed", task=one.name, reason=str(error))
        except Exception as error:  # the next time may go better, and the others must go on
            log.error("scheduler", status="broke", task=one.name, exc_info=error)
