"""The only place that builds real objects from settings. Its keyword arguments are the seams for tests."""

import getpass
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from monitor import __version__
from monitor.config.glossary import load_glossary
from monitor.config.watchlist import Watchlist
from monitor.errors import DataFolderError, DeliveryError, SettingsError
from monitor.model import Outlet
from monitor.pipeline.context import Context, Progress, silent
from monitor.pipeline.reload import Reloader, glossary_file, outlets_file, watchlist_file
from monitor.pipeline.subscriptions import digests_file
from monitor.ports import Clock, Fetcher, Mailer, Poster, Translator
from monitor.settings import Settings, shipped
from monitor.steps.cluster import UseEmbedder
from monitor.steps.fetch import HttpFetcher
from monitor.steps.mail import SmtpMailer, WebhookPoster
from monitor.steps.mail.message import address
from monitor.steps.match import compile_watchlist
from monitor.steps.translate import build_translator
from monitor.storage.embedded import EmbeddedPostgres
from monitor.storage.session import Database, open_database


def utc_now() -> datetime:
    """The time, aware and in UTC."""
    return datetime.now(UTC)


def config_file(settings: Settings, name: str) -> Path:
    """An analysts' file: the operator's where there is one, the shipped one otherwise."""
    own = settings.config / name
    return own if own.exists() else shipped("config") / name


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0))


@contextmanager
def open_store(settings: Settings) -> Iterator[Database]:
    """The database with its schema up to date: a server's where one is set, the embedded one otherwise.

    :raises DatabaseError, DataFolderError: when there is none to be had.
    """
    with ExitStack() as stack:
        url = settings.database_url.get_secret_value()
        if not url:
            url = stack.enter_context(EmbeddedPostgres(make_folder(settings.data))).url
        database = open_database(url)
        stack.callback(database.close)
        database.migrate()
        yield database


def make_folder(folder: Path) -> Path:
    """A folder that exists.

    :raises DataFolderError: when it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataFolderError(
            f"cannot make the data folder {folder}: {error.strerror}; choose another with MONITOR_DATA"
        ) from error
    return folder


def user_agent(settings: Settings) -> str:
    """How we name ourselves to outlets: program, version, and whom to write to."""
    contact = f" (+{settings.contact})" if settings.contact else ""
    return f"monitor/{__version__}{contact}"


def build_fetcher(settings: Settings) -> HttpFetcher:
    """The fetcher for the network or the gateway."""
    allowed = [part.strip() for part in settings.allow_private.split(",") if part.strip()]
    return HttpFetcher(
        user_agent(settings),
        gateway=settings.gateway,
        allow_private=allowed,
        connections=settings.connections,
    )


def translator(settings: Settings) -> Translator:
    """The translation engine that is set, with the analysts' glossary."""
    glossary = load_glossary(config_file(settings, "glossary.yaml"))
    workers = settings.workers or cores()
    return build_translator(settings.engine, settings.data / "models", workers=workers, glossary=glossary)


def build_mailer(settings: Settings) -> Mailer | None:
    """The mail server that is set, None where there is none.

    :raises SettingsError: when what is set cannot be used.
    """
    if not settings.smtp_host:
        return None
    try:
        address(settings.smtp_sender)
    except DeliveryError as error:
        raise SettingsError(f"MONITOR_SMTP_SENDER: {error}") from error
    port = settings.smtp_port or {"tls": 465, "starttls": 587, "none": 25}[settings.smtp_security]
    return SmtpMailer(
        settings.smtp_host,
        port,
        settings.smtp_security,
        settings.smtp_user,
        settings.smtp_password.get_secret_value(),
        settings.smtp_timeout,
    )


def build_poster(settings: Settings) -> Poster | None:
    """The webhook that is set, None where there is none.

    :raises SettingsError: when it has no secret to sign with.
    """
    if not settings.webhook_url:
        return None
    secret = settings.webhook_secret.get_secret_value()
    if not secret:
        raise SettingsError("MONITOR_WEBHOOK_SECRET: set a secret, by which the receiver knows what is ours")
    return WebhookPoster(settings.webhook_url, secret, settings.webhook_timeout)


@contextmanager
def monitor(
    settings: Settings,
    *,
    outlets: Iterable[Outlet] | None = None,
    fetcher: Fetcher | None = None,
    engine: Translator | None = None,
    clock: Clock = utc_now,
    progress: Progress = silent,
) -> Iterator[Context]:
    """Everything a use-case needs, closed at the end.

    :param outlets: in place of the catalogue's file.
    :raises MonitorError: when something needed cannot be had, saying what.
    """
    with reloading(
        settings, outlets=outlets, fetcher=fetcher, engine=engine, clock=clock, progress=progress
    ) as reloader:
        yield reloader.current()


@contextmanager
def reloading(
    settings: Settings,
    *,
    outlets: Iterable[Outlet] | None = None,
    fetcher: Fetcher | None = None,
    engine: Translator | None = None,
    clock: Clock = utc_now,
    progress: Progress = silent,
) -> Iterator[Reloader]:
    """The same for a long-lived process: it asks for the context before each piece of work.

    What is given in place of a file is not read again.
    """
    with ExitStack() as stack:
        files = [watchlist_file(partial(config_file, settings, "watchlist.yaml"), getpass.getuser())]
        if outlets is None:
            files.append(outlets_file(partial(config_file, settings, "outlets.yaml")))
        files.append(digests_file(partial(config_file, settings, "digests.yaml")))
        database = stack.enter_context(open_store(settings))
        if fetcher is None:
            fetcher = stack.enter_context(build_fetcher(settings))
        if engine is None:
            own = build_translator(settings.engine, settings.data / "models", settings.workers or cores())
            stack.callback(own.close)
            files.append(glossary_file(partial(config_file, settings, "glossary.yaml"), own))
            engine = own
        context = Context(
            database=database,
            fetcher=fetcher,
            translator=engine,
            matcher=compile_watchlist(()),
            watchlist=Watchlist((), {}),
            versions={},
            outlets={outlet.id: outlet for outlet in outlets or ()},
            clock=clock,
            data=settings.data,
            workers=settings.workers or cores(),
            connections=settings.connections,
            progress=progress,
            embedder=UseEmbedder(threads=settings.workers or cores()),
            mailer=build_mailer(settings),
            sender=settings.smtp_sender,
            poster=build_poster(settings),
            base_url=settings.base_url,
        )
        yield Reloader(context, files)
