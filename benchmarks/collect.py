"""Poll many feeds of a local server with 50 ms latency: ours beside the ``reader`` library.

    python -m benchmarks.collect [--feeds 1000] [--reader /path/to/venv/bin/python] [--workers 48]

Two rounds each: everything is new, then 300 of 1,000 feeds are unchanged and the others list five more items.
``reader`` (PyPI) runs in an environment of its own, timed from the start of the update; peak memory is
that of the polling process, without the database server. Every feed is a host of its own (127.x.y.z).
Ours asks every host for its robots.txt first, ``reader`` does not: ours is timed without that, too.
"""

import argparse
import gzip
import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

LATENCY = 0.05
ITEMS, MORE, UNCHANGED = 30, 5, 0.3
_PARAGRAPH = "<p>" + "El Gobierno anunció este lunes un plan de obras en la frontera norte. " * 6 + "</p>"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body in one packet: sent apart, the second waits 40 ms for the client to acknowledge the first
    wbufsize = -1
    disable_nagle_algorithm = True
    server: "_Server"

    def do_GET(self) -> None:
        time.sleep(LATENCY)
        if self.path == "/robots.txt":
            self._send(404, b"", "")
            return
        number = int(self.path.rsplit("/", 1)[1])
        version = self.server.version if number >= self.server.feeds * UNCHANGED else 1
        tag = f'"{number}-{version}"'
        if self.headers.get("If-None-Match") == tag:
            self._send(304, b"", tag)
        else:
            self._send(200, gzip.compress(_feed(self.headers["Host"], number, version), 1), tag)

    def _send(self, status: int, body: bytes, tag: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "application/rss+xml")
        if body:
            self.send_header("Content-Encoding", "gzip")
        if tag:
            self.send_header("ETag", tag)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512
    feeds = 0
    version = 1


def _feed(host: str, number: int, version: int) -> bytes:
    first = MORE * (version - 1)
    items = "".join(_item(host, number, item) for item in range(first + ITEMS, first, -1))
    channel = f"<channel><title>Outlet {number}</title>{items}</channel>"
    return f'<?xml version="1.0"?><rss version="2.0">{channel}</rss>'.encode()


def _item(host: str, number: int, item: int) -> str:
    link = f"http://{host}/{number}/nota-{item}-sobre-la-frontera-norte"
    return (
        f"<item><title>Nota {item} de {number}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>Sun, 22 Nov 2026 10:{item % 60:02}:00 GMT</pubDate>"
        f"<description><![CDATA[{_PARAGRAPH}]]></description></item>"
    )


def addresses(feeds: int, port: int) -> list[str]:
    """One host a feed."""
    return [
        f"http://127.{1 + n // 62500}.{n // 250 % 250}.{1 + n % 250}:{port}/feed/{n}" for n in range(feeds)
    ]


@contextmanager
def serving(feeds: int) -> Iterator[str]:
    """A server in a process of its own; yields its port."""
    command = [sys.executable, "-m", "benchmarks.collect", "--serve", "--feeds", str(feeds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def serve(feeds: int) -> None:
    server = _Server(("", 0), _Handler)
    server.feeds = feeds
    threading.Thread(target=server.serve_forever, daemon=True).start()
    control = _Control(("127.0.0.1", 0), _Turn)
    control.server = server
    print(f"{server.server_address[1]} {control.server_address[1]}", flush=True)
    control.serve_forever()


class _Control(ThreadingHTTPServer):
    server: _Server


class _Turn(BaseHTTPRequestHandler):
    server: _Control

    def do_GET(self) -> None:
        self.server.server.version = int(self.path[1:])
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


def turn(control: str, version: int) -> None:
    """Make the server show the next version of its feeds."""
    import urllib.request

    urllib.request.urlopen(f"http://127.0.0.1:{control}/{version}").close()


def ours(feeds: int, port: str, control: str, workers: int, robots: bool) -> dict[str, Any]:
    from datetime import UTC, datetime

    from sqlalchemy import func, select

    from monitor import logs
    from monitor.config.watchlist import Watchlist
    from monitor.model import FeedSource, Outlet
    from monitor.pipeline.collect import collect
    from monitor.pipeline.context import Context
    from monitor.steps.fetch import HttpFetcher
    from monitor.storage.embedded import EmbeddedPostgres
    from monitor.storage.session import open_database
    from monitor.storage.tables import EntryRow

    logs.set_up("human", "warning")
    outlets = {
        f"o{n}": Outlet(f"o{n}", f"Outlet {n}", "es", feeds=(FeedSource(url),))
        for n, url in enumerate(addresses(feeds, int(port)))
    }
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder) / "data") as postgres:
        database = open_database(postgres.url)
        database.migrate()
        with HttpFetcher(
            "monitor/benchmark",
            allow_private=["127.0.0.0/8"],
            connections=workers,
            respect_robots=robots,
        ) as fetcher:
            context = Context(
                database=database,
                fetcher=fetcher,
                translator=None,  # type: ignore[arg-type]
                matcher=None,  # type: ignore[arg-type]
                watchlist=Watchlist((), {}),
                versions={},
                outlets=outlets,
                clock=lambda: datetime.now(UTC),
                data=Path(folder),
                connections=workers,
            )
            seconds, stored = [], []
            for version in (1, 2):
                turn(control, version)
                began = time.perf_counter()
                collect(context, everything=True)
                seconds.append(time.perf_counter() - began)
                with database.session() as session:
                    stored.append(session.scalar(select(func.count()).select_from(EntryRow)))
        database.close()
    return {"seconds": seconds, "stored": stored, "peak_mb": peak()}


READER = """
import json, resource, sys, tempfile, time, urllib.request
from reader import make_reader
control, workers, urls = sys.argv[1], int(sys.argv[2]), json.load(sys.stdin)
with tempfile.TemporaryDirectory() as folder:
    reader = make_reader(folder + "/db.sqlite")
    for url in urls:
        reader.add_feed(url)
    seconds, stored = [], []
    for version in (1, 2):
        urllib.request.urlopen(f"http://127.0.0.1:{control}/{version}").close()
        began = time.perf_counter()
        reader.update_feeds(scheduled=False, workers=workers)
        seconds.append(time.perf_counter() - began)
        stored.append(reader.get_entry_counts().total)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "stored": stored, "peak_mb": peak}))
"""


def theirs(python: str, feeds: int, port: str, control: str, workers: int) -> dict[str, Any]:
    urls = json.dumps(addresses(feeds, int(port)))
    command = [python, "-c", READER, control, str(workers)]
    done = subprocess.run(command, input=urls, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def peak() -> float:
    """Highest memory of this process in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=48)
    parser.add_argument("--reader", help="python of an environment in which reader is installed")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--ours", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--no-robots", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve(given.feeds)
    elif given.ours:
        print(json.dumps(ours(given.feeds, *given.ours, given.workers, not given.no_robots)))
    else:
        report(given)


def report(given: argparse.Namespace) -> None:
    found = {}
    for feeds, extra in ((given.feeds // 10, []), (given.feeds, []), (given.feeds, ["--no-robots"])):
        with serving(feeds) as ports:
            command = [sys.executable, "-m", "benchmarks.collect", "--feeds", str(feeds)]
            command += ["--ours", *ports.split(), "--workers", str(given.workers), *extra]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
            name = f"ours, {feeds} feeds" + (", robots.txt not asked" if extra else "")
            found[name] = json.loads(done.stdout.splitlines()[-1])
    if given.reader:
        with serving(given.feeds) as ports:
            port, control = ports.split()
            found[f"reader, {given.feeds} feeds"] = theirs(
                given.reader, given.feeds, port, control, given.workers
            )
    print("| job | first round, s | second round, s | entries stored | peak memory, MB |")
    print("| --- | --- | --- | --- | --- |")
    for name, one in found.items():
        first, second = one["seconds"]
        print(f"| {name} | {first:.1f} | {second:.1f} | {one['stored'][-1]:,} | {one['peak_mb']:.0f} |")


if __name__ == "__main__":
    main()
