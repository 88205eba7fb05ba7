"""A replayed hour of news in ten minutes while everything is killed at random: is anything lost or doubled?

    python -m benchmarks.soak --feeds 200 --articles 5000 --seconds 600 --workers 2

Invented articles come out one after the other in the feeds of a gateway on this machine; every twentieth is
about drones, which is a topic. Time runs six times as fast for the feeds: each is due again after a minute.
One ``monitor scheduler`` and some ``monitor worker`` processes work on an embedded database; at intervals one
of them, or the database server, is killed with SIGKILL. Services are started again; the database they start
again themselves. Two subscriptions get a digest every two minutes, one of them by mail.

At the end: has every article reached its last state, is every alert there once, does every digest follow on
the one before, was every alert told once to each, has every mail come, is memory what it was?
"""

import argparse
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
from aiosmtpd.controller import Controller

from benchmarks.news import Piece, feed_of, made_page, served, write_news
from monitor.errors import MonitorError
from monitor.storage.embedded import EmbeddedPostgres
from monitor.storage.session import Database, open_database

EVERY_TWENTIETH = 20
WORDS = ["gobierno", "ministro", "congreso", "puerto", "frontera", "economía", "inversión", "acuerdo"]
WORDS += ["región", "empresa", "seguridad", "comercio", "energía", "transporte", "universidad", "justicia"]
WORDS += ["salud", "provincia", "capital", "desarrollo", "exportación", "minería", "cosecha"]
#: seconds between two looks, two polls of a feed, two digests
LOOK, POLL, DIGEST = 5, 60, 120
#: memory in the last third of the run may be so many times what it was in the middle third
FLAT = 1.2


def pieces(options: argparse.Namespace) -> list[Piece]:
    """Invented articles, in the order in which they appear."""
    chance, made = random.Random(7), []
    for number in range(options.articles):
        topic = "Irán entrega drones" if number % EVERY_TWENTIETH == 0 else "Reunión del consejo"
        title = f"{topic} {number} en {chance.choice(WORDS)}"
        lines = [
            " ".join(chance.choices(WORDS, k=18)).capitalize() + f" {number}."
            for _ in range(options.sentences)
        ]
        host = f"diario{number % options.feeds}.example"
        made.append(Piece(host, f"nota-{number}", title, made_page(title, lines, "es")))
    return made


def config(start: datetime) -> dict[str, Any]:
    """One topic and two subscriptions with a digest every two minutes for an hour."""
    moments = [start + timedelta(seconds=DIGEST * number) for number in range(1, 31)]
    schedule = {"at": sorted({f"{moment:%H:%M}" for moment in moments}), "timezone": "UTC"}
    digests = [
        {"name": "correo", "recipients": ["a@example.org"], "schedule": schedule},
        {"name": "archivo", "schedule": schedule},
    ]
    topics = [{"id": "drones", "title": "Drones", "query": "drones"}]
    return {"watchlist": {"topics": topics}, "digests": {"digests": digests}}


class Newsroom:
    """Feeds in which one article after the other appears."""

    def __init__(self, folder: Path, found: Sequence[Piece]) -> None:
        self._folder, self._pieces = folder, found
        self._hosts = list(dict.fromkeys(piece.host for piece in found))

    def publish(self, count: int) -> None:
        """Let the feeds list the first so many articles."""
        listed: dict[str, list[Piece]] = {host: [] for host in self._hosts}
        for piece in self._pieces[:count]:
            listed[piece.host].append(piece)
        for number, host in enumerate(self._hosts):
            new = self._folder / "feed.new"
            new.write_text(feed_of(listed[host]))
            new.replace(self._folder / f"feed{number}.xml")


class Letters:
    """A mail server that counts what it gets, by Message-ID."""

    def __init__(self) -> None:
        self.ids: Counter[str] = Counter()

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802
        """Take a mail."""
        [line] = [one for one in envelope.content.splitlines() if one.lower().startswith(b"message-id:")]
        self.ids[line.split(b":", 1)[1].strip().decode()] += 1
        return "250 OK"


class Service:
    """A process that is started again whenever it is not there."""

    def __init__(self, name: str, arguments: list[str], env: dict[str, str], folder: Path) -> None:
        self.name, self.arguments, self.env, self.log = name, arguments, env, folder / f"{name}.log"
        self.start()

    def start(self) -> None:
        """Start it; its log goes on."""
        command = [sys.executable, "-m", "monitor", *self.arguments]
        with self.log.open("ab") as log:
            self.process = psutil.Popen(command, env=self.env, stdout=log, stderr=log)

    def kill(self) -> None:
        """End it without a warning."""
        self.process.kill()
        self.process.wait()

    def memory(self) -> float:
        """Megabytes that the process and its models have for themselves."""
        total = 0.0
        for one in (self.process, *self.process.children(recursive=True)):
            try:
                total += one.memory_info().rss - one.memory_info().shared
            except psutil.NoSuchProcess:
                continue
        return total / 1e6


@contextmanager
def services(options: argparse.Namespace, env: dict[str, str], folder: Path) -> Iterator[list[Service]]:
    """One scheduler and some workers; stopped politely at the end, which must take less than 30 seconds."""
    made = [Service("scheduler", ["scheduler"], env, folder)]
    for number in range(options.workers):
        queues = "collect,process,deliver" if number == 0 else "process,deliver"
        arguments = ["worker", "--queues", queues, "--concurrency", str(options.concurrency)]
        made.append(Service(f"worker{number}", arguments, env, folder))
    try:
        yield made
    finally:
        for one in made:
            one.process.send_signal(signal.SIGTERM)
        start = time.monotonic()
        for one in made:
            one.process.wait(60)
        print(f"stopped after {time.monotonic() - start:.0f} s")


def kill_database(folder: Path) -> None:
    pid = int(next((folder / "data/postgres").glob("**/postmaster.pid")).read_text().split("\n")[0])
    os.kill(pid, signal.SIGKILL)


class Store:
    """What the run looks at; it may be away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(self, query: str, **values: object) -> list[Any]:
        """Rows.

        :raises MonitorError: when the server was just killed.
        """
        with self._database.session() as session:
            found = session.connection().exec_driver_sql(query, values or None)
            rows = list(found) if found.returns_rows else []
            session.commit()
            return rows

    def number(self, query: str, **values: object) -> int:
        """The one number that a query gives."""
        return int(self.ask(query, **values)[0][0])


class Run:
    """Ten minutes of news, kills, and looks at how it stands."""

    def __init__(
        self, options: argparse.Namespace, folder: Path, running: list[Service], store: Store
    ) -> None:
        self.options, self.folder, self.running, self.store = options, folder, running, store
        self.chance = random.Random(options.seed)
        self.memory: list[int] = []
        self.kills: Counter[str] = Counter()

    def go(self, newsroom: Newsroom) -> float:
        """Until everything is done, or patience ends; returns seconds."""
        options, start, next_kill = self.options, time.monotonic(), self.options.every
        while (now := time.monotonic() - start) < options.seconds + options.patience:
            newsroom.publish(min(options.articles, int(options.articles * now / (options.seconds * 0.9)) + 1))
            over = self.look(now)
            if over and now >= options.seconds:
                break
            if next_kill < now < options.seconds:
                next_kill = now + options.every
                self.kill_one(now)
            time.sleep(LOOK)
        return time.monotonic() - start

    def look(self, now: float) -> bool:
        """Print how it stands and start what is not there; returns whether everything is done."""
        for one in self.running:
            if one.process.poll() is not None:
                one.start()
        self.memory.append(round(sum(one.memory() for one in self.running)))
        try:
            self.store.ask(
                f"UPDATE feeds SET next_due = now() WHERE next_due > polled_at + interval '{POLL} seconds' "
                f"AND polled_at < now() - interval '{POLL} seconds'"
            )
            states = dict(self.store.ask("SELECT state, count(*) FROM articles GROUP BY 1"))
            told = self.store.number(TOLD)
        except MonitorError as error:  # it was just killed
            print(f"{now:6.0f} s  (no answer: {type(error).__name__})", flush=True)
            return False
        print(f"{now:6.0f} s  {states}, told {told}, {self.memory[-1]} MB", flush=True)
        done = states.get("matched", 0) == self.options.articles
        return done and told == 2 * expected(self.options) and not self.store.number(WAITING)

    def kill_one(self, now: float) -> None:
        """SIGKILL for one of them."""
        victim = self.chance.choice([*self.running, None])
        name = victim.name if victim else "database"
        self.kills[name] += 1
        print(f"{now:6.0f} s  kill -9 {name}", flush=True)
        victim.kill() if victim else kill_database(self.folder)


#: alerts told, over all subscriptions, and deliveries still to be made
TOLD = "SELECT count(*) FROM digest_items"
WAITING = "SELECT count(*) FROM deliveries WHERE state <> 'sent'"
#: digests that do not begin where the one before ended
GAPS = """
SELECT count(*) FROM (
  SELECT period_start <> lag(period_end) OVER (PARTITION BY subscription ORDER BY period_end) AS gap
  FROM digests
) AS d WHERE gap
"""
DOUBLED = "SELECT count(*) FROM (SELECT 1 FROM alerts GROUP BY article_id, topic HAVING count(*) > 1) AS d"
#: alerts of the topic on articles of the topic, and others
RIGHT = (
    "SELECT count(*) FROM alerts JOIN articles a ON a.id = article_id WHERE position('drones' in a.title) > 0"
)
MAILS = "SELECT message_id FROM digests JOIN deliveries d ON d.digest_id = digests.id WHERE channel = 'mail'"


def expected(options: argparse.Namespace) -> int:
    """How many articles are about drones."""
    return len(range(0, options.articles, EVERY_TWENTIETH))


def judge(options: argparse.Namespace, store: Store, run: Run, letters: Letters) -> dict[str, Any]:
    """What became of everything; ``"faults"`` names what is not as it must be."""
    third = len(run.memory) // 3
    middle, last = (statistics.median(part) for part in (run.memory[third : 2 * third], run.memory[-third:]))
    sent = {row[0] for row in store.ask(MAILS)}
    report: dict[str, Any] = {
        "articles": store.number("SELECT count(*) FROM articles"),
        "in their last state": store.number("SELECT count(*) FROM articles WHERE state = 'matched'"),
        "alerts": store.number("SELECT count(*) FROM alerts"),
        "alerts on the right articles": store.number(RIGHT),
        "alerts doubled": store.number(DOUBLED),
        "digests": store.number("SELECT count(*) FROM digests"),
        "gaps between digests": store.number(GAPS),
        "alerts told": store.number(TOLD),
        "deliveries waiting": store.number(WAITING),
        "mails composed": len(sent),
        "mails arrived": len(letters.ids),
        "mails arrived twice": sum(count > 1 for count in letters.ids.values()),
        "jobs given up": store.number("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'"),
        "memory in MB, middle and last third": [middle, last],
        "kills": dict(run.kills),
    }
    wanted = {
        "articles": options.articles,
        "in their last state": options.articles,
        "alerts": expected(options),
        "alerts on the right articles": expected(options),
        "alerts doubled": 0,
        "gaps between digests": 0,
        "alerts told": 2 * expected(options),
        "deliveries waiting": 0,
        "mails arrived": len(sent),
        "jobs given up": 0,
    }
    report["faults"] = [name for name, value in wanted.items() if report[name] != value]
    report["faults"] += ["memory"] if last > FLAT * middle else []
    return report


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def soak(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    found, letters = pieces(options), Letters()
    manifest = write_news(folder / "news", found, config(datetime.now(UTC)))
    newsroom = Newsroom(folder / "news", found)
    newsroom.publish(1)
    with ExitStack() as stack:
        post = Controller(letters, hostname="127.0.0.1", port=free_port())
        post.start()
        stack.callback(post.stop)
        env = os.environ | {
            "MONITOR_DATA": str(folder / "data"),
            "MONITOR_CONFIG": str(folder / "news/config"),
            "MONITOR_GATEWAY": stack.enter_context(served(manifest)),
            "MONITOR_HEALTH_HOST": "",
            "MONITOR_LOG_LEVEL": "warning",
            "MONITOR_SMTP_HOST": "127.0.0.1",
            "MONITOR_SMTP_PORT": str(post.port),
            "MONITOR_SMTP_SECURITY": "none",
            "MONITOR_SMTP_SENDER": "monitor@example.org",
        }
        subprocess.run([sys.executable, "-m", "monitor", "db", "migrate"], env=env, check=True)
        server = stack.enter_context(EmbeddedPostgres(folder / "data"))
        database = open_database(server.url)
        stack.callback(database.close)
        with services(options, env, folder) as running:
            run = Run(options, folder, running, Store(database))
            seconds = run.go(newsroom)
            return judge(options, run.store, run, letters) | {"seconds": round(seconds)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--sentences", type=int, default=3)
    parser.add_argument(
        "--seconds", type=float, default=600, help="time in which news comes and processes are killed"
    )
    parser.add_argument("--patience", type=float, default=600, help="time to finish afterwards")
    parser.add_argument("--every", type=float, default=20, help="seconds between two kills")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--concurrency", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for everything, kept afterwards")
    options = parser.parse_args()
    if options.keep:
        report = soak(options, options.keep)
    else:
        with tempfile.TemporaryDirectory(prefix="soak-") as folder:
            report = soak(options, Path(folder))
    print(json.dumps(report, indent=1, ensure_ascii=False))
    sys.exit(bool(report["faults"]))


if __name__ == "__main__":
    main()
