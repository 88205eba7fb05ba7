"""``monitor run | scheduler | worker | jobs``: the services, and what waits in their queues."""

import os
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace

import click
import structlog
from rich.console import Console
from rich.markup import escape

from monitor import bootstrap, logs
from monitor.cli.settings import prepared
from monitor.cli.show import print_json, table
from monitor.errors import InputError, MonitorError
from monitor.jobs import Jobs, Worker
from monitor.model import Outlet
from monitor.pipeline.duties import QUEUES, Duty, Kind, duties, perform, take_catalogue
from monitor.pipeline.reload import Reloader
from monitor.scheduling import Regular, Scheduler
from monitor.settings import Settings, load
from monitor.storage.embedded import EmbeddedPostgres
from monitor.storage.session import Database
from monitor.web import Feeds, Figures, HealthServer, Pages
from monitor.web.figures import MeasuredTranslator

log = structlog.get_logger(__name__)

#: seconds between two looks at what is due, at dead workers, at the volume of outlets, and between clean-ups
LOOK, RESCUE, WATCH, CLEAN = 3.0, 10.0, 3600.0, 24 * 3600.0


@dataclass
class Service:
    """What every service stands on."""

    settings: Settings
    reloader: Reloader
    database: Database
    jobs: Jobs
    figures: Figures
    scheduler: Scheduler
    catalogue: Mapping[str, Outlet] | None = None

    def plan(self) -> None:
        """Put everything that is due into its queue."""
        context = self.reloader.current()
        self.catalogue = take_catalogue(context, self.catalogue)
        self.jobs.put(duties(context))

    def perform(self, kind: Kind, subject: str) -> None:
        """Do one duty with the analysts' files of this moment."""
        context = self.reloader.current()
        measured = replace(context, translator=MeasuredTranslator(context.translator, self.figures))
        perform(measured, kind, subject, self.settings.keep_days)

    def regular(self) -> list[Regular]:
        """What the scheduler that leads does."""
        return [
            Regular("plan", LOOK, self.plan),
            Regular("rescue", RESCUE, self.jobs.rescue),
            Regular("watch", WATCH, lambda: self.jobs.put([Duty(Kind.WATCH)])),
            Regular("clean", CLEAN, lambda: self.jobs.put([Duty(Kind.CLEAN, priority=-2)])),
        ]


@contextmanager
def service(settings: Settings) -> Iterator[Service]:
    """Everything built, the health port open; logs say everything."""
    logs.set_up(settings.log_format, "info" if settings.log_level == "auto" else settings.log_level)
    with ExitStack() as stack:
        reloader = stack.enter_context(bootstrap.reloading(settings))
        if not settings.database_url.get_secret_value():
            stack.enter_context(kept_alive(settings))
        database = reloader.current().database
        jobs = stack.enter_context(Jobs(database.url))
        scheduler = Scheduler(database, [])
        figures = Figures(
            database,
            bootstrap.utc_now,
            lambda: ((one.queue, one.status, one.jobs, one.age) for one in jobs.depths()),
            lambda: scheduler.leads,
        )
        made = Service(settings, reloader, database, jobs, figures, scheduler)
        scheduler.regular = made.regular()
        token = settings.feed_token.get_secret_value()
        shown = (Feeds(settings.data / "digests", token), Pages(reloader.current, token))
        server = HealthServer(
            settings.health_host,
            settings.health_port,
            figures.text,
            database.check_schema,
            readers=[one.read for one in shown],
        )
        stack.enter_context(server)
        yield made


@contextmanager
def kept_alive(settings: Settings) -> Iterator[None]:
    """Start the embedded server again whenever it died."""
    stop = threading.Event()
    with EmbeddedPostgres(settings.data) as server:
        thread = threading.Thread(target=_keep, args=(server, stop), name="database", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


def _keep(server: EmbeddedPostgres, stop: threading.Event) -> None:
    address = server.url
    while not stop.wait(2):
        try:
            if server.ensure() != address:
                log.error("database", status="moved", reason="its usual port was taken; start monitor again")
                os.kill(os.getpid(), signal.SIGTERM)
                return
        except MonitorError as error:
            log.error("database", status="down", reason=str(error))


def counts_of(settings: Settings, queues: str, concurrency: int) -> dict[str, int]:
    """Queue → duties at once; waiting for the network needs many, computing one a core.

    :raises InputError: when there is no such queue.
    """
    chosen = [name.strip() for name in queues.split(",") if name.strip()] or list(QUEUES)
    for name in chosen:
        if name not in QUEUES:
            raise InputError(f"there is no queue {name!r}; the queues are {', '.join(QUEUES)}")
    usual = {"collect": settings.connections, "process": settings.workers or bootstrap.cores(), "deliver": 1}
    return {name: concurrency or usual[name] for name in chosen}


def work(made: Service, counts: Mapping[str, int]) -> bool:
    """Empty queues until told to stop.

    :returns: as :meth:`Worker.run`.
    """
    return Worker(made.database.url, counts, made.perform, made.figures.duty).run()


def leave(done: bool) -> None:
    """End at once where something was handed back: its threads cannot be ended otherwise."""
    if not done:
        os._exit(0)


@click.command()
@click.option("--concurrency", type=click.IntRange(min=0), default=0, help="Articles worked on at once.")
def run(concurrency: int) -> None:
    """Do everything in one process, for months: schedule, collect, process, deliver.

    Stop it with SIGTERM or Ctrl-C: what has begun is finished or handed back within 30 seconds.

    \b
    Examples:
      monitor run
      MONITOR_DATA=/srv/monitor MONITOR_LOG_FORMAT=json monitor run
    """
    settings = load()
    counts = counts_of(settings, "", 0)
    counts["process"] = concurrency or counts["process"]
    with service(settings) as made:
        made.scheduler.start()
        try:
            done = work(made, counts)
        finally:
            made.scheduler.stop()
        leave(done)


@click.command()
def scheduler() -> None:
    """Put what is due into the queues. Of several, one leads; another takes over when it dies."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with service(load()) as made:
        made.scheduler.start()
        stop.wait()
        made.scheduler.stop()


@click.command()
@click.option("--queues", default="", help=f"Of {', '.join(QUEUES)}, separated by commas; default: all.")
@click.option("--concurrency", type=click.IntRange(min=0), default=0, help="Duties at once in each queue.")
def worker(queues: str, concurrency: int) -> None:
    """Do what waits in the queues; start as many of these as there are cores and servers.

    Let only one process empty `collect`: the spacing that an outlet asks for is kept within one process.

    \b
    Examples:
      monitor worker --queues collect,deliver
      monitor worker --queues process --concurrency 1
    """
    settings = load()
    counts = counts_of(settings, queues, concurrency)
    with service(settings) as made:
        leave(work(made, counts))


@click.group()
def jobs() -> None:
    """List what waits in the queues and what was given up; try it again."""


@contextmanager
def opened_jobs() -> Iterator[Jobs]:
    """The queues of the database that is set."""
    with bootstrap.open_store(prepared()) as database, Jobs(database.url) as found:
        yield found


@jobs.command("list")
@click.option("--all", "everything", is_flag=True, help="Also what waits and what is worked on.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def list_(everything: bool, as_json: bool) -> None:
    """List the jobs that were given up, with the reason, and say how full the queues are."""
    with opened_jobs() as queues:
        found = queues.listed("" if everything else "failed")
        depths = queues.depths()
    if as_json:
        print_json({"jobs": [asdict(one) for one in found], "queues": [asdict(one) for one in depths]})
        return
    for depth in depths:
        click.echo(f"{depth.queue}: {depth.jobs} {depth.status}, the oldest for {depth.age:.0f} s")
    if not found:
        click.echo("No job waits." if everything else "No job was given up.")
        return
    shown = table("Jobs", "id", "queue", "duty", "state", "attempts", "reason")
    for one in found:
        duty = f"{one.kind} {one.subject}".strip()
        shown.add_row(str(one.id), one.queue, duty, one.status, str(one.attempts), escape(one.reason))
    Console().print(shown)


@jobs.command()
@click.argument("numbers", type=int, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All that were given up.")
def retry(numbers: Sequence[int], everything: bool) -> None:
    """Try jobs again that were given up.

    \b
    Examples:
      monitor jobs retry 12 13
      monitor jobs retry --all
    """
    if not (numbers or everything):
        raise InputError("name the jobs, or use --all; see: monitor jobs list")
    with opened_jobs() as queues:
        chosen = [one.id for one in queues.listed("failed")] if everything else numbers
        click.echo(f"Jobs that are tried again: {queues.retry(chosen)}")
