"""Back-test over many stored articles: time, and the share of database and matching.

    python -m benchmarks.backtest [--articles 50000] [--workers 2] [--folder FOLDER]

Originals are 300 to 600 words in a row out of ``../shared/real/articles``, English sides as many words
out of the references in ``../shared/real/mt``, where those are; else both are words made up by a seeded
generator. They lie in an embedded Postgres of their own in FOLDER (default: a temporary one, removed
afterwards), with sentence pairs, as the pipeline stores them. The shipped watchlist is compared with two
editions of it: one in which one topic looks for something else, and one in which every topic does.
"Reading" is the same pass over the database, in as many processes, with nothing done to the articles; what
is left is matching and the start of the processes. Processor seconds are those of this process and its
readers, without the database's.
"""

import argparse
import json
import os
import random
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from benchmarks.matching import made_words
from monitor.config.watchlist import Watchlist, load_watchlist
from monitor.pipeline.backtest import Wanted, backtest
from monitor.pipeline.context import silent
from monitor.pipeline.scan import scan
from monitor.settings import shipped
from monitor.storage.corpus import corpus_ids
from monitor.storage.embedded import EmbeddedPostgres
from monitor.storage.session import Database, open_database

REAL = Path(__file__).parents[1].parent / "shared" / "real"
NOW = datetime.now(UTC)
ARTICLES = (
    "COPY articles (id, outlet_id, url, url_key, source_url, state, title, title_en, text, language,"
    " published_at) FROM STDIN"
)
TRANSLATIONS = "COPY translations (article_id, language, engine, at, title, paragraphs, text_en) FROM STDIN"


def main() -> None:
    options = argparse.ArgumentParser(description="Back-test over many stored articles.")
    options.add_argument("--articles", type=int, default=50_000)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--folder", type=Path)
    given = options.parse_args()
    with store(given.folder, given.articles) as database:
        measure(database, given.workers)


@contextmanager
def store(folder: Path | None, count: int) -> Iterator[Database]:
    """A store with at least so many articles; one that lies in the folder already is used again."""
    with (
        tempfile.TemporaryDirectory(prefix="backtest-") as scratch,
        EmbeddedPostgres(folder or Path(scratch)) as server,
    ):
        database = open_database(server.url)
        database.migrate()
        with database.session() as session:
            known = len(corpus_ids(session))
        if known < count:
            fill(database.url, known, count)
        yield database
        database.close()


def fill(url: str, first: int, count: int) -> None:
    dice = random.Random(first)
    spanish, english = words_of(originals(), dice), words_of(translations(), dice)
    with psycopg.connect(url) as connection:
        outlet = "INSERT INTO outlets (id, name, language) VALUES ('one', 'One', 'es') ON CONFLICT DO NOTHING"
        connection.execute(outlet)
        for start in range(first + 1, count + 1, 5_000):
            numbers = range(start, min(start + 5_000, count + 1))
            texts = {number: (cut(spanish, dice), cut(english, dice)) for number in numbers}
            copy(connection, texts)
        connection.execute("SELECT setval(pg_get_serial_sequence('articles', 'id'), max(id)) FROM articles")
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")


def copy(connection: "psycopg.Connection[tuple[object, ...]]", texts: dict[int, tuple[str, str]]) -> None:
    cursor = connection.cursor()
    with cursor.copy(ARTICLES) as rows:
        for number, (text, text_en) in texts.items():
            url, moment = f"https://one.example/{number}", NOW - timedelta(minutes=number)
            title, title_en = text[:80].partition("\n")[0], text_en[:80].partition("\n")[0]
            rows.write_row((number, "one", url, url, url, "matched", title, title_en, text, "es", moment))
    with cursor.copy(TRANSLATIONS) as rows:
        for number, (text, text_en) in texts.items():
            pairs = json.dumps(
                [[[a, b, []] for a, b in zip(text.split("\n"), text_en.split("\n"), strict=False)]]
            )
            rows.write_row((number, "es", "made", NOW, '["", "", []]', pairs, text_en))


def originals() -> list[str]:
    lines = [line for path in sorted(REAL.glob("articles/*.jsonl")) for line in path.open(encoding="utf-8")]
    return [json.loads(line)["text"] for line in lines if line.strip()]


def translations() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(REAL.glob("mt/*/*/ref.en"))]


def words_of(texts: Sequence[str], dice: random.Random) -> list[str]:
    """Words with the white space after them."""
    found = [word for text in texts for word in re.findall(r"\S+\s*", text + "\n")]
    return found or [f"{word} " for word in made_words(dice)]


def cut(words: Sequence[str], dice: random.Random) -> str:
    length = dice.randint(300, 600)
    start = dice.randrange(len(words) - length)
    return "".join(words[start : start + length]).strip()


def edited(watchlist: Watchlist, count: int) -> Watchlist:
    """An edition in which so many topics look for one more word."""
    topics = [
        replace(topic, query=f"({topic.query}) OR huelga^50", hash="edited") if number < count else topic
        for number, topic in enumerate(watchlist.topics)
    ]
    return replace(watchlist, topics=tuple(topics))


def processor_seconds() -> float:
    """Of this process and of those it has ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def measure(database: Database, workers: int) -> None:
    started = time.perf_counter()
    old = load_watchlist(shipped("config") / "watchlist.yaml")
    loading = time.perf_counter() - started
    with database.session() as session:
        ids = corpus_ids(session)
    started = time.perf_counter()
    read = sum(scan(database, ids, len, workers, silent))
    reading = time.perf_counter() - started
    print(f"{read} articles, {workers} processes; the watchlist is loaded in {loading:.1f} s")
    print(f"reading alone: {reading:.1f} s")
    for changed in (1, len(old.topics)):
        started, before = time.perf_counter(), processor_seconds()
        outcome = backtest(database, old, edited(old, changed), Wanted(workers=workers))
        seconds = time.perf_counter() - started
        busy = processor_seconds() - before
        gained = sum(topic.gained for topic in outcome.topics)
        print(
            f"{changed} of {len(old.topics)} topics changed: {seconds:.1f} s, "
            f"{outcome.articles / seconds:.0f} articles/s, {busy:.1f} processor seconds, "
            f"reading {reading / seconds:.0%}, "
            f"{gained} alerts gained"
        )


if __name__ == "__main__":
    main()
