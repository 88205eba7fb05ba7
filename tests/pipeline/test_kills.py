"""Collection killed at ten random moments: no entry lost, none stored twice."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from monitor.storage.session import open_database
from monitor.storage.tables import ArticleRow, EntryRow, OutletDayRow

ROOT = Path(__file__).resolve().parents[2]
FEEDS, ENTRIES, KILLS = 60, 25, 10
# One collection of 60 feeds with a fetcher that answers from memory, a little slowly
SCRIPT = f"""
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from monitor import logs
from monitor.config.watchlist import Watchlist
from monitor.model import FeedSource, FetchedPage, Outlet
from monitor.pipeline.collect import collect
from monitor.pipeline.context import Context
from monitor.storage.session import open_database

class Memory:
    def fetch(self, request):
        time.sleep(0.02)
        number = request.url.split(".")[0].rpartition("/")[2]
        items = "".join(
            f"<item><title>N{{n}}</title><link>https://{{number}}.test/nota-{{n}}</link></item>"
            # every third one comes with another
            + (f"<item><link>https://next-{{number}}.test/n-{{n}}</link></item>" if n % 3 == 0 else "")
            for n in range({ENTRIES})
        )
        body = f"<rss version='2.0'><channel>{{items}}</channel></rss>".encode()
        return FetchedPage(request.url, request.url, 200, body)

logs.set_up("human", "error")
outlets = {{
    f"o{{n}}": Outlet(
        f"o{{n}}", f"O{{n}}", "es", feeds=tuple(FeedSource(f"https://f{{n}}.test/{{way}}") for way in "ab")
    )
    for n in range({FEEDS} // 2)
}}
database = open_database(sys.argv[1])
nothing = dict(translator=None, matcher=None, watchlist=Watchlist((), {{}}), versions={{}})
context = Context(**nothing, database=database, fetcher=Memory(), outlets=outlets,
    clock=lambda: datetime.now(UTC), data=Path("."), connections=8)
print("ready", flush=True)
collect(context, everything=True)
print("done", flush=True)
"""


def start(url: str) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, url], stdout=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def counts(url: str) -> tuple[int, int, int, int]:
    """Articles, distinct addresses, entries, and what the days say was found."""
    database = open_database(url)
    with database.session() as session:
        found = tuple(
            session.scalar(query) or 0
            for query in (
                select(func.count()).select_from(ArticleRow),
                select(func.count(ArticleRow.url_key.distinct())),
                select(func.count()).select_from(EntryRow),
                select(func.sum(OutletDayRow.articles)),
            )
        )
    database.close()
    return found  # type: ignore[return-value]


@pytest.mark.slow
def test_collection_killed_at_ten_random_moments_loses_and_doubles_nothing(database_url: str) -> None:
    chance = random.Random()
    for _ in range(KILLS):
        process = start(database_url)
        time.sleep(chance.uniform(0.0, 0.4))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()  # type: ignore[union-attr]
    out, _ = start(database_url).communicate(timeout=60)
    assert out == "done\n"
    listed = ENTRIES + -(-ENTRIES // 3)
    articles = FEEDS // 2 * listed
    # Both feeds of an outlet list the same articles.
    assert counts(database_url) == (articles, articles, 2 * articles, articles)
