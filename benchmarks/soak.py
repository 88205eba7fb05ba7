"""A busy stretch of news while scheduler, workers and database are killed at random: is anything lost?

    python benchmarks/soak.py --feeds 200 --articles 5000 --seconds 600 --workers 2

Invented articles come out of a gateway on this machine; every twentieth is about drones, which is a topic.
One ``monitor scheduler`` and some ``monitor worker`` processes work on an embedded database; at intervals
(``--every``) one of them, or the database server, is killed with SIGKILL and started again. At the end: has
every article reached its last state, is every alert that must be there there once, is memory what it was?
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from monitor.demo.gateway import Gateway
from monitor.errors import MonitorError
from monitor.storage.embedded import EmbeddedPostgres
from monitor.storage.session import Database, open_database

EVERY_TWENTIETH = 20
WORDS = ["gobierno", "ministro", "congreso", "puerto", "frontera", "economía", "inversión", "acuerdo"]
WORDS += ["región", "empresa", "seguridad", "comercio", "energía", "transporte", "universidad", "justicia"]
WORDS += ["salud", "provincia", "capital", "desarrollo", "exportación", "minería", "cosecha"]


def write_news(folder: Path, feeds: int, articles: int, sentences: int) -> Path:
    """A manifest of outlets with one feed each, and the pages of their articles."""
    chance, responses = random.Random(7), {}
    own: list[list[str]] = [[] for _ in range(feeds)]
    folder.mkdir(parents=True)
    for number in range(articles):
        host = f"diario{number % feeds}.example"
        url = f"https://{host}/nota-{number}"
        topic = "Irán entrega drones" if number % EVERY_TWENTIETH == 0 else "Reunión del consejo"
        title = f"{topic} {number} en {chance.choice(WORDS)}"
        lines = [" ".join(chance.choices(WORDS, k=18)).capitalize() + f" {number}." for _ in range(sentences)]
        body = "".join(f"<p>{line}</p>" for line in lines)
        page = f"<html lang='es'><title>{title}</title><article><h1>{title}</h1>{body}</article></html>"
        (folder / f"{number}.html").write_text(page)
        responses[url] = {"file": f"{number}.html", "content_type": "text/html; charset=utf-8"}
        own[number % feeds].append(f"<item><title>{title}</title><link>{url}</link></item>")
    outlets = []
    for feed, items in enumerate(own):
        url = f"https://diario{feed}.example/rss"
        rss = f'<?xml version="1.0"?><rss version="2.0"><channel>{"".join(items)}</channel></rss>'
        (folder / f"feed{feed}.xml").write_text(rss)
        responses[url] = {"file": f"feed{feed}.xml", "content_type": "application/rss+xml"}
        declared = {"language": "es", "country": "AR", "kind": "independent", "timezone": "UTC"}
        outlets.append(declared | {"id": f"d{feed}", "name": f"Diario {feed}", "feeds": [{"url": url}]})
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps({"outlets": outlets, "responses": responses}))
    config = folder / "config"
    config.mkdir()
    (config / "outlets.yaml").write_text(json.dumps({"outlets": outlets}))
    topics = [{"id": "drones", "title": "Drones", "query": "drones"}]
    (config / "watchlist.yaml").write_text(json.dumps({"topics": topics}))
    (config / "digests.yaml").write_text(json.dumps({"digests": []}))
    return manifest


class Service:
    """A process that is started again whenever it is not there."""

    def __init__(self, name: str, arguments: list[str], env: dict[str, str], folder: Path) -> None:
        self.name, self.arguments, self.env, self.log = name, arguments, env, folder / f"{name}.log"
        self.start()

    def start(self) -> None:
        """Start it; its log goes on."""
        command = [sys.executable, "-m", "monitor", *self.arguments]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=self.env, stdout=log, stderr=log)

    def kill(self) -> None:
        """End it without a warning, and start another."""
        self.process.kill()
        self.process.wait()
        self.start()

    def memory(self) -> float:
        """Megabytes of the process and its model processes."""
        pids = [self.process.pid]
        for pid in pids:
            children = Path(f"/proc/{pid}/task/{pid}/children")
            pids += map(int, children.read_text().split()) if children.exists() else ()
        total = 0.0
        for pid in pids:
            status = Path(f"/proc/{pid}/status")
            for line in status.read_text().splitlines() if status.exists() else ():
                total += int(line.split()[1]) / 1024 if line.startswith("RssAnon") else 0
        return total


@contextmanager
def services(options: argparse.Namespace, env: dict[str, str], folder: Path) -> Iterator[list[Service]]:
    made = [Service("scheduler", ["scheduler"], env, folder)]
    for number in range(options.workers):
        queues = "collect,process,deliver" if number == 0 else "process"
        arguments = ["worker", "--queues", queues, "--concurrency", str(options.concurrency)]
        made.append(Service(f"worker{number}", arguments, env, folder))
    try:
        yield made
    finally:
        for one in made:
            one.process.send_signal(signal.SIGTERM)
        for one in made:
            one.process.wait(60)


def kill_database(folder: Path) -> None:
    pid = int((folder / "data/postgres").glob("**/postmaster.pid").__next__().read_text().split("\n")[0])
    os.kill(pid, signal.SIGKILL)


def states(database: Database) -> dict[str, int]:
    try:
        with database.session() as session:
            return dict(session.execute(text("SELECT state, count(*) FROM articles GROUP BY 1")).all())
    except MonitorError as error:  # it was just killed
        print(f"         (no answer: {type(error).__name__})")
        return {}


def soak(options: argparse.Namespace, folder: Path) -> dict[str, object]:
    chance = random.Random(options.seed)
    with Gateway(write_news(folder / "news", options.feeds, options.articles, options.sentences)) as gateway:
        env = os.environ | {
            "MONITOR_DATA": str(folder / "data"),
            "MONITOR_CONFIG": str(folder / "news/config"),
            "MONITOR_GATEWAY": gateway.template,
            "MONITOR_HEALTH_HOST": "",
            "MONITOR_LOG_LEVEL": "warning",
        }
        subprocess.run([sys.executable, "-m", "monitor", "db", "migrate"], env=env, check=True)
        with EmbeddedPostgres(folder / "data") as server, services(options, env, folder) as running:
            database = open_database(server.url)
            memory, kills = watch(options, chance, running, database, server, folder)
            report = judge(options, database) | {"kills": kills, "memory in MB": memory}
            database.close()
    return report


def watch(
    options: argparse.Namespace,
    chance: random.Random,
    running: list[Service],
    database: Database,
    server: EmbeddedPostgres,
    folder: Path,
) -> tuple[list[int], dict[str, int]]:
    memory: list[int] = []
    kills: dict[str, int] = {}
    start, next_kill, done = time.monotonic(), options.every, 0
    while (now := time.monotonic() - start) < options.seconds + options.patience:
        time.sleep(5)
        server.ensure()
        found = states(database)
        done = found.get("matched", 0)
        memory.append(round(sum(one.memory() for one in running)))
        print(f"{now:6.0f} s  {found}  {memory[-1]} MB", flush=True)
        for one in running:
            if one.process.poll() is not None:
                one.start()
        if done == options.articles and now >= options.seconds:
            break
        if now > next_kill and now < options.seconds:
            next_kill = now + options.every
            victim = chance.choice([*running, None])
            name = victim.name if victim else "database"
            kills[name] = kills.get(name, 0) + 1
            print(f"{now:6.0f} s  kill -9 {name}")
            victim.kill() if victim else kill_database(folder)
    return memory, kills


def judge(options: argparse.Namespace, database: Database) -> dict[str, object]:
    twice = "SELECT 1 FROM alerts GROUP BY article_id, topic HAVING count(*) > 1"
    with database.session() as session:
        scalar = lambda query: session.scalar(text(query))  # noqa: E731
        expected = len(range(0, options.articles, EVERY_TWENTIETH))
        return {
            "articles": scalar("SELECT count(*) FROM articles"),
            "in their last state": scalar("SELECT count(*) FROM articles WHERE state = 'matched'"),
            "alerts": scalar("SELECT count(*) FROM alerts"),
            "alerts expected": expected,
            "alerts doubled": scalar(f"SELECT count(*) FROM ({twice}) AS d"),
            "jobs given up": scalar("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'"),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--sentences", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=600, help="time in which processes are killed")
    parser.add_argument("--patience", type=float, default=300, help="time to finish afterwards")
    parser.add_argument("--every", type=float, default=20, help="seconds between two kills")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--concurrency", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        report = soak(options, Path(folder))
    print(json.dumps(report, indent=1))
    well = report["in their last state"] == options.articles and report["alerts"] == report["alerts expected"]
    sys.exit(not well or bool(report["alerts doubled"]))


if __name__ == "__main__":
    main()
