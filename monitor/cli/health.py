"""What ``monitor doctor`` looks at, each with what was found and how to mend it."""

import shutil
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from monitor import bootstrap
from monitor.config.digests import load_digests
from monitor.config.exemplars import load_exemplars
from monitor.config.glossary import load_glossary
from monitor.config.outlets import load_outlets
from monitor.config.watchlist import load_watchlist
from monitor.errors import DatabaseUnavailable, MonitorError
from monitor.jobs import Jobs
from monitor.settings import Settings
from monitor.storage.gauges import read_gauges
from monitor.storage.outlets import list_outlets
from monitor.storage.session import Database

OK, WARNING, FAILED = "ok", "warning", "failed"
#: a sentence that every engine must be able to turn into English
SENTENCES = {"es": "El gobierno anunció nuevas medidas.", "pt": "O governo anunciou novas medidas."}
#: megabytes of free disk below which is warned, and below which nothing will work for long
LITTLE, TOO_LITTLE = 5_000, 500
#: seconds of difference between our clock and the database's
CLOCK = 5.0
#: seconds to wait for a server that may not be there
PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    #: ok, warning or failed
    status: str
    found: str
    #: what to do, "" for nothing
    mend: str = ""


def checks(settings: Settings, *, offline: bool = False) -> Iterator[Check]:
    """Everything, one after the other; what fails does not stop the rest."""
    yield disk(settings)
    yield from config(settings)
    yield from engines(settings)
    yield from database(settings)
    if not offline:
        yield mail(settings)
        yield outlets(settings)


def _tried(name: str, work: Callable[[], str], mend: str) -> Check:
    try:
        return Check(name, OK, work())
    except (MonitorError, OSError) as error:
        return Check(name, FAILED, str(error), mend)


def disk(settings: Settings) -> Check:
    """Free space where everything is stored."""
    folder = settings.data.resolve()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free // 1_000_000
    status = FAILED if free < TOO_LITTLE else WARNING if free < LITTLE else OK
    mend = "" if status == OK else "free some space, or let MONITOR_KEEP_DAYS drop old texts"
    return Check("disk", status, f"{free} MB free for {settings.data}", mend)


def config(settings: Settings) -> Iterator[Check]:
    """The analysts' files."""
    files: dict[str, Callable[..., object]] = {
        "outlets.yaml": load_outlets,
        "watchlist.yaml": load_watchlist,
        "exemplars.tsv": load_exemplars,
        "glossary.yaml": load_glossary,
        "digests.yaml": load_digests,
    }
    for name, read in files.items():
        path = bootstrap.config_file(settings, name)

        def load(read: Callable[..., object] = read, path: object = path) -> str:
            read(path)
            return str(path)

        yield _tried(name, load, "edit the file at the place named; the last good version stays in force")


def engines(settings: Settings) -> Iterator[Check]:
    """Translate one sentence of each language."""
    mend = "install what is named (Debian: apertium apertium-es-pt), or: monitor models install"
    with ExitStack() as stack:
        translator = bootstrap.translator(settings)
        stack.callback(translator.close)
        for language, sentence in SENTENCES.items():

            def translate(language: str = language, sentence: str = sentence) -> str:
                start = time.perf_counter()
                [english] = translator.translate([sentence], language)
                used = translator.provenance(language)
                return f"{used.engine} {used.model}: {english!r} in {time.perf_counter() - start:.1f} s"

            yield _tried(f"translation {language}", translate, mend)


def database(settings: Settings) -> Iterator[Check]:
    """The server, its schema, its clock, and what it says of the services."""
    try:
        with bootstrap.open_store(settings) as store:
            kind = "server" if settings.database_url.get_secret_value() else "embedded"
            yield Check("database", OK, f"{kind}, schema up to date")
            yield from _inside(store)
    except DatabaseUnavailable as error:
        yield Check("database", FAILED, str(error), "start the server, or correct DATABASE_URL")
    except MonitorError as error:
        yield Check("database", FAILED, str(error), "do what the message says, then run: monitor db migrate")


def _inside(store: Database) -> Iterator[Check]:
    now = bootstrap.utc_now()
    difference = abs((store.now() - now).total_seconds())
    status, mend = (OK, "") if difference < CLOCK else (WARNING, "let both machines keep time by NTP")
    yield Check("clock", status, f"{difference:.1f} s apart from the database's", mend)
    with Jobs(store.url) as jobs:
        given_up = len(jobs.listed("failed"))
    status, mend = (WARNING, "look at: monitor jobs list") if given_up else (OK, "")
    yield Check("jobs", status, f"{given_up} given up", mend)
    with store.session() as session:
        gauges, known = read_gauges(session, now), list_outlets(session)
    late = gauges.late + gauges.deliveries.get("failed", 0)
    status, mend = (WARNING, "look at: monitor digest list") if late else (OK, "")
    yield Check("digests", status, f"{late} late or given up", mend)
    ill = [one.id for one in known if one.enabled and one.status not in {"ok", "empty", ""}]
    status, mend = (WARNING, "look at: monitor outlets") if ill else (OK, "")
    yield Check("collection", status, f"{len(ill)} outlets need attention: {', '.join(ill) or 'none'}", mend)


def mail(settings: Settings) -> Check:
    """Whether the mail server lets us in: everything that comes before a message, and none is sent."""
    if not settings.smtp_host:
        found = "no mail server is set; digests are only written to files"
        return Check("mail", WARNING, found, "set MONITOR_SMTP_HOST and MONITOR_SMTP_SENDER")

    def connect() -> str:
        mailer = bootstrap.build_mailer(settings)
        assert mailer is not None
        replace(mailer, timeout=min(mailer.timeout, PATIENCE)).greet()
        secured = "" if mailer.security == "none" else f" with {mailer.security.upper()}"
        login = f", login as {mailer.user}" if mailer.user else ""
        return f"{mailer.host}:{mailer.port} lets us in{secured}{login}"

    return _tried("mail", connect, "correct MONITOR_SMTP_…; then: monitor digest send --to you@example.org")


def outlets(settings: Settings) -> Check:
    """Whether the network lets us reach outlets: connections are opened, nothing is asked."""
    try:
        known = [one for one in load_outlets(bootstrap.config_file(settings, "outlets.yaml")) if one.enabled]
    except MonitorError:
        return Check("outlets", WARNING, "not tried: outlets.yaml cannot be read", "mend that first")
    if settings.gateway:
        return Check("outlets", OK, f"all fetches go to {settings.gateway}")
    tried = {one.id: urlsplit(one.feeds[0].url).hostname or "" for one in known[:10] if one.feeds}
    with ThreadPoolExecutor(len(tried) or 1) as pool:
        lost = list(pool.map(_reachable, tried.values())).count(False)
    found = f"{len(tried) - lost} of {len(tried)} tried can be reached"
    if lost < max(1, len(tried) // 2):
        return Check("outlets", OK, found)
    return Check("outlets", FAILED, found, "let this machine reach the web (DNS, port 443), or see a proxy")


def _reachable(host: str) -> bool:
    try:
        with socket.create_connection((host, 443), timeout=PATIENCE):
            return True
    except OSError:
        return False
