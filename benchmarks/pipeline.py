"""Words a second of the whole way, beside what the bare translation engine reaches on the same texts.

    python -m benchmarks.pipeline --articles 300 --rounds 2      whole beside bare, share of each step
    python -m benchmarks.pipeline --articles 300 --services 1 2  worker processes beside one another

Real texts (shared/real/articles) in plain pages and the real pages (shared/real/pages), served on this
machine, collected and processed into an embedded database with the shipped topics. Then the same engine, new
and with nothing remembered, translates the very texts that were stored. Both use ``--workers`` cores, and
every model is loaded before the clock starts. Processor seconds are those of all processes: ours, the
models', Apertium's and the database's; the gateway's are not counted.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

from benchmarks.news import Piece, made_page, served, write_news
from monitor import bootstrap, logs
from monitor.pipeline import collect, pages, process
from monitor.pipeline.context import Context
from monitor.settings import load
from monitor.steps.detect import detect_article
from monitor.steps.translate import build_translator, translate_article
from monitor.steps.translate.translator import SentenceTranslator
from monitor.storage.session import Database

REAL = Path(__file__).resolve().parents[2] / "shared" / "real"
#: what the texts that are stored look like: (headline, text, language)
Text = tuple[str, str, str]
#: outlets among which the texts are divided
OUTLETS = 40
#: words that a text has at least
FEWEST = 100


def pieces(count: int) -> list[Piece]:
    """Texts of every collection in turn, and the real pages."""
    found = []
    for path in sorted((REAL / "pages").glob("*.html")):
        url = json.loads(path.with_suffix(".json").read_text())["url"]
        place = urlsplit(url)
        found.append(Piece(place.netloc, place.path.lstrip("/") or path.stem, path.stem, path.read_bytes()))
    collections = [
        [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
        for path in sorted((REAL / "articles").glob("*.jsonl"))
    ]
    for place in range(max(map(len, collections))):
        for rows in collections:
            if place < len(rows) and len(found) < count and len(rows[place]["text"].split()) >= FEWEST:
                found.append(piece(len(found), rows[place]))
    return found[:count]


def piece(number: int, row: dict[str, str]) -> Piece:
    sentences = row["text"].replace("\n", " ").split(". ")
    paragraphs = [". ".join(sentences[at : at + 3]) for at in range(0, len(sentences), 3)]
    page = made_page(row["title"], paragraphs, row["lang"])
    return Piece(f"diario{number % OUTLETS}.example", f"nota-{number}", row["title"], page)


class Shares:
    """Processor seconds of our own threads, step by step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._lock = threading.Lock()

    def watched(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """The same work, its processor time added to a name."""

        def measured(*arguments: Any, **named: Any) -> Any:
            start = time.thread_time()
            try:
                return work(*arguments, **named)
            finally:
                with self._lock:
                    self.seconds[name] += time.thread_time() - start

        return measured

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Stand between each step and those who call it."""
        names = [(collect, "collect_feed", "collect"), (pages, "fetch_page", "fetch")]
        names += [(process, "group_stories", "stories"), (SentenceTranslator, "_cached", "translate: rules")]
        with ExitStack() as stack:
            for place, attribute, name in names:
                before = getattr(place, attribute)
                setattr(place, attribute, self.watched(name, before))
                stack.callback(setattr, place, attribute, before)
            steps = dict(process.STEPS)
            stack.callback(process.STEPS.update, steps)
            for state, name in zip(steps, ("read", "translate: marks, store", "match"), strict=True):
                process.STEPS[state] = self.watched(name, steps[state])
            yield


def seconds_of(processes: list[psutil.Process], *, ended: bool = True) -> float:
    """Processor seconds of processes, with those of children that have ended."""
    total = 0.0
    for one in processes:
        try:
            times = one.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + (times.children_user + times.children_system if ended else 0)
    return total


def database_processes(data: Path) -> list[psutil.Process]:
    pid = int(next((data / "postgres").glob("**/postmaster.pid")).read_text().split("\n")[0])
    server = psutil.Process(pid)
    return [server, *server.children()]


def engine_seconds() -> float:
    """Processor seconds of the models and Apertium: the children of this process, the gateway aside."""
    children = [one for one in psutil.Process().children() if "gateway" not in " ".join(one.cmdline())]
    return seconds_of([*children, *(grand for one in children for grand in one.children(recursive=True))])


def texts_of(database: Database) -> list[Text]:
    """What was read, copies left out."""
    with database.session() as session:
        rows = session.connection().exec_driver_sql(
            "SELECT title, text, language FROM articles "
            "WHERE copy_of IS NULL AND language IN ('es', 'pt') ORDER BY id"
        )
        return [(title, text, language) for title, text, language in rows]


def words_in(texts: list[Text]) -> int:
    return sum(len(title.split()) + len(text.split()) for title, text, _ in texts)


def whole(options: argparse.Namespace, folder: Path) -> tuple[dict[str, float], list[Text]]:
    """Collect and process everything; returns what it took, and the texts."""
    shares = Shares()
    with bootstrap.monitor(load()) as context, shares.watching():
        warm(context)
        data = folder / "data"
        before = psutil.Process().cpu_times(), engine_seconds(), seconds_of(database_processes(data))
        start = time.perf_counter()
        collect.collect(context, everything=True)
        process.process(context)
        wall = time.perf_counter() - start
        own = psutil.Process().cpu_times()
        ours = own.user + own.system - before[0].user - before[0].system
        took = {
            **shares.seconds,
            "translate: models, Apertium": engine_seconds() - before[1],
            "database server": seconds_of(database_processes(data)) - before[2],
            "threads, the rest of our process": ours - sum(shares.seconds.values()),
        }
        return {"wall": wall} | took, texts_of(context.database)


def warm(context: Context) -> None:
    """Load every model, as a service has loaded them after its first article."""
    for language in ("es", "pt"):
        context.translator.translate(["Hola, amigo.", "Adiós, señora."], language)
    detect_article("El presidente viajó ayer", "Habló con los ministros de la región.")
    assert context.embedder is not None
    context.embedder.embed(["Hola"])


def bare(options: argparse.Namespace, texts: list[Text]) -> dict[str, float]:
    """Translate the same texts and do nothing else."""
    engine = build_translator("embedded", Path(tempfile.gettempdir()), options.workers)
    for language in ("es", "pt"):
        engine.translate(["Hola, amigo.", "Adiós, señora."], language)
    before, start = seconds_of([psutil.Process()], ended=False) + engine_seconds(), time.perf_counter()
    with ThreadPoolExecutor(options.workers + 1) as pool:
        list(pool.map(lambda one: translate_article(*one, engine), texts))
    wall = time.perf_counter() - start
    processor = seconds_of([psutil.Process()], ended=False) + engine_seconds() - before
    engine.close()
    return {"wall": wall, "processor": processor}


def compare(options: argparse.Namespace) -> None:
    """Whole and bare in turn; prints each, the shares, and the ratio."""
    ratios = []
    for number in range(options.rounds):
        with prepared(options) as folder:
            took, texts = whole(options, folder)
            alone = bare(options, texts)
        words, wall = words_in(texts), took.pop("wall")
        processor = sum(took.values())
        ratios.append((alone["wall"] / wall, alone["processor"] / processor))
        print(f"round {number + 1}: {len(texts)} articles, {words} words")
        print(f"  whole {words / wall:7,.0f} words/s, {processor:6.1f} processor seconds")
        print(f"  bare  {words / alone['wall']:7,.0f} words/s, {alone['processor']:6.1f} processor seconds")
        for name, seconds in sorted(took.items(), key=lambda one: -one[1]):
            print(f"    {name:34} {seconds:7.2f} s {seconds / processor:7.1%}", flush=True)
    wall_ratio, processor_ratio = (statistics.median(column) for column in zip(*ratios, strict=True))
    print(
        f"whole beside bare: {wall_ratio:.1%} of the words a second, {processor_ratio:.1%} by processor time"
    )


@contextmanager
def prepared(options: argparse.Namespace) -> Iterator[Path]:
    """A folder with news, the gateway serving them, and the settings in the environment."""
    with tempfile.TemporaryDirectory(prefix="pipeline-") as name, ExitStack() as stack:
        folder = Path(name)
        manifest = write_news(folder / "news", pieces(options.articles), {})
        os.environ |= {
            "MONITOR_DATA": str(folder / "data"),
            "MONITOR_CONFIG": str(folder / "news" / "config"),
            "MONITOR_GATEWAY": stack.enter_context(served(manifest)),
            "MONITOR_WORKERS": str(options.workers),
            "MONITOR_HEALTH_HOST": "",
            "MONITOR_LOG_LEVEL": "error",
        }
        yield folder


@dataclass(frozen=True)
class Size:
    """What some worker processes reach, and what they take."""

    #: source words a second
    speed: float
    #: megabytes of the scheduler and of all workers, their models and Apertium, without shared pages
    memory: float
    #: kilobytes in the database, indexes included, an article
    disk: float
    articles: int
    words: int

    def __str__(self) -> str:
        length = self.words / self.articles
        a_day = self.speed * 86_400 / length
        return (
            f"{self.speed:,.0f} words/s, {a_day:,.0f} articles a day of {length:.0f} words, "
            f"{self.memory:,.0f} MB, {self.disk:.1f} kB an article on disk"
        )


def services(options: argparse.Namespace, count: int) -> Size:
    """What so many worker processes reach, each with one article and one model at a time.

    The speed is counted from the moment when a tenth was matched, so that starting up is left out.
    """
    os.environ["MONITOR_WORKERS"] = "1"
    with bootstrap.monitor(load()) as context:
        empty = number(context.database, DATABASE_SIZE)
        collect.collect(context, everything=True)
        pages.fetch_pages(context)
        command = [sys.executable, "-m", "monitor"]
        arguments = [["scheduler"], *[["worker", "--queues", "process", "--concurrency", "1"]] * count]
        running = [subprocess.Popen([*command, *one]) for one in arguments]
        try:
            start, first = wait_for(context.database, 0.1), number(context.database, WORDS)
            end = wait_for(context.database, 1.0)
            words, articles = number(context.database, WORDS), number(context.database, ARTICLES)
            disk = (number(context.database, DATABASE_SIZE) - empty) / 1e3 / articles
            return Size((words - first) / (end - start), memory_of(running), disk, articles, words)
        finally:
            for one in running:
                one.terminate()
            for one in running:
                one.wait()


def wait_for(database: Database, part: float) -> float:
    """The moment at which so much of the articles is matched."""
    query = (
        "SELECT count(*) FILTER (WHERE state IN ('matched', 'quarantined')) >= %s * count(*) FROM articles"
    )
    while True:
        with database.session() as session:
            if session.connection().exec_driver_sql(query, (part,)).scalar_one():
                return time.perf_counter()
        time.sleep(0.1)


WORDS = "SELECT coalesce(sum(words), 0) FROM articles WHERE state = 'matched' AND copy_of IS NULL"
ARTICLES = "SELECT count(*) FROM articles WHERE state = 'matched' AND copy_of IS NULL"
DATABASE_SIZE = "SELECT pg_database_size(current_database())"


def number(database: Database, query: str) -> int:
    with database.session() as session:
        return int(session.connection().exec_driver_sql(query).scalar_one())


def memory_of(running: list[subprocess.Popen[bytes]]) -> float:
    """Megabytes that processes and their children have for themselves."""
    parents = [psutil.Process(one.pid) for one in running]
    everyone = [*parents, *(child for one in parents for child in one.children(recursive=True))]
    return sum(one.memory_full_info().uss for one in everyone) / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--workers", type=int, default=2, help="cores that whole and bare may use")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument(
        "--services", type=int, nargs="*", help="numbers of worker processes to measure instead"
    )
    options = parser.parse_args()
    logs.set_up("human", "error")
    if not options.services:
        compare(options)
        return
    first = 0.0
    for count in options.services:
        with prepared(options):
            size = services(options, count)
        first = first or size.speed
        print(f"{count} worker processes: {size}; {size.speed / first:.2f} times the first", flush=True)


if __name__ == "__main__":
    main()
