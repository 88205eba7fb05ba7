"""The only place that builds real objects from settings. Its keyword arguments are the seams for tests."""

import getpass
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypedDict, Unpack
from urllib.parse import quote

from monitor import __version__
from monitor.config.glossary import load_glossary
from monitor.config.watchlist import Watchlist
from monitor.errors import DataFolderError, DeliveryError, SettingsError
from monitor.model import Outlet
from monitor.pipeline.context import Context, Progress, silent
from monitor.pipeline.reload import Reloader, exemplars_file, glossary_file, outlets_file, watchlist_file
from monitor.pipeline.subscriptions import digests_file
from monitor.ports import Clock, Embedder, Fetcher, Poster, Translator
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


def embedder() -> Embedder:
    """What says how near two texts are in meaning; its model is loaded at the first text."""
    return UseEmbedder()


def shown_at(settings: Settings) -> str:
    """Below which address mails link to stories, with the token that opens them (``web.documents.below``).

    :returns: "" for nowhere.
    """
    token = settings.feed_token.get_secret_value()
    base = settings.base_url.rstrip("/")
    return f"{base}/feeds/{quote(token, safe='')}" if base and token else base


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


def build_mailer(settings: Settings) -> SmtpMailer | None:
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


class Seams(TypedDict, total=False):
    """What may be given in place of what settings and files say."""

    #: in place of the catalogue's file, which is not read then
    outlets: Iterable[Outlet]
    fetcher: Fetcher
    #: the translation engine
    engine: Translator
    clock: Clock
    progress: Progress


@contextmanager
def monitor(settings: Settings, **seams: Unpack[Seams]) -> Iterator[Context]:
    """Everything a use-case needs, closed at the end.

    :raises MonitorError: when something needed cannot be had, saying what.
    """
    with reloading(settings, **seams) as reloader:
        yield reloader.current()


@contextmanager
def reloading(settings: Settings, **seams: Unpack[Seams]) -> Iterator[Reloader]:
    """The same for a long-lived process: it asks for the context before each piece of work."""

    def file(name: str) -> Callable[[], Path]:
        return partial(config_file, settings, name)

    with ExitStack() as stack:
        files = [
            watchlist_file(file("watchlist.yaml"), getpass.getuser()),
            exemplars_file(file("exemplars.tsv")),
        ]
        if "outlets" not in seams:
            files.append(outlets_file(file("outlets.yaml")))
        # After the others: what a subscription names is looked for in them.
        files.append(digests_file(file("digests.yaml")))
        database = stack.enter_context(open_store(settings))
        fetcher = seams.get("fetcher") or stack.enter_context(build_fetcher(settings))
        engine = seams.get("engine")
        if engine is None:
            engine = build_translator(settings.engine, settings.data / "models", settings.workers or cores())
            stack.callback(engine.close)
            files.append(glossary_file(file("glossary.yaml"), engine))
        yield Reloader(_context(settings, seams, database, fetcher, engine), files)


def _context(
    settings: Settings, seams: Seams, database: Database, fetcher: Fetcher, engine: Translator
) -> Context:
    """The context before any of the analysts' files was read."""
    workers = settings.workers or cores()
    return Context(
        database=database,
        fetcher=fetcher,
        translator=engine,
        matcher=compile_watchlist(()),
        watchlist=Watchlist((), {}),
        versions={},
        outlets={outlet.id: outlet for outlet in seams.get("outlets", ())},
        clock=seams.get("clock", utc_now),
        data=settings.data,
        workers=workers,
        connections=settings.connections,
        progress=seams.get("progress", silent),
        embedder=embedder(),
        mailer=build_mailer(settings),
        sender=settings.smtp_sender,
        poster=build_poster(settings),
        base_url=shown_at(settings),
    )
