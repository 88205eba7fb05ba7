"""Stories and digests from a real store: how fast articles find their story, and a digest of many alerts.

    python -m benchmarks.store [--alerts 1000]

Invented articles of events that each three outlets tell; the vectors are random, for the encoder's time is
measured apart.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from monitor import logs
from monitor.config.digests import Schedule, Subscription
from monitor.config.watchlist import Topic, Watchlist
from monitor.model import Evidence, Field, Outlet, TopicMatch
from monitor.pipeline.compose import DigestWanted, compose
from monitor.pipeline.context import Context
from monitor.pipeline.stories import group_stories
from monitor.steps.cluster import UseEmbedder
from monitor.steps.digest import render_digest
from monitor.steps.match import compile_watchlist
from monitor.storage.alerts import store_alerts
from monitor.storage.embedded import EmbeddedPostgres
from monitor.storage.outlets import sync_outlets
from monitor.storage.session import Database, open_database

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOPICS = tuple(Topic(f"topic{number}", f"Topic {number}", "incaut*") for number in range(10))
INSERT = """
INSERT INTO articles (outlet_id, url, url_key, source_url, state, title, title_en, text, language, content,
  published_at, found_at)
VALUES (:outlet, :url, :url, :url, 'matched', :title, :title_en, :text, 'es', 'page', :at, :at)
RETURNING id
"""


class RandomVectors:
    """A unit vector for each text, near to that of other texts with the same first number."""

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Implements ``ports.Embedder``."""
        return [self._vector(next(word for word in one.split() if word.isdigit())) for one in texts]

    def _vector(self, seed: str) -> list[float]:
        chance = random.Random(seed)
        raw = [chance.gauss(0, 1) for _ in range(512)]
        length = sum(number * number for number in raw) ** 0.5
        return [number / length for number in raw]


def fill(database: Database, alerts: int) -> None:
    with database.session() as session:
        sync_outlets(session, [Outlet(f"o{number}", f"Outlet {number}", "es") for number in range(3)])
        for number in range(alerts):
            one_alert(session, number)
        session.commit()


def one_alert(session: Session, number: int) -> None:
    event, outlet = divmod(number, 3)
    place, chief = f"Villa{event:05}a", f"Quiroga{event:05}z"
    title = f"Incautan {1000 + event} kilos de cocaína en {place}"
    said = f"La policía detuvo en {place} a {chief} con {1000 + event} kilos, según el diario {outlet}."
    values = {
        "outlet": f"o{outlet}",
        "url": f"https://example.org/{number}",
        "title": title,
        "title_en": f"{1000 + event} kilos of cocaine seized in {place}",
        "text": said,
        "at": NOW - timedelta(seconds=number),
    }
    article = session.execute(text(INSERT), values).scalar_one()
    evidence = tuple(Evidence("incaut*", Field.TITLE, 0, 8, title) for _ in range(3))
    topic = TOPICS[event % len(TOPICS)].id
    store_alerts(session, article, [TopicMatch(topic, 0.5, evidence)], {topic: 1}, NOW)


def context_on(database: Database) -> Context:
    return Context(
        database=database,
        fetcher=None,  # type: ignore[arg-type]
        translator=None,  # type: ignore[arg-type]
        matcher=compile_watchlist(TOPICS),
        watchlist=Watchlist(TOPICS, {}),
        versions={topic.id: 1 for topic in TOPICS},
        outlets={},
        clock=lambda: NOW,
        data=Path("data"),
        embedder=RandomVectors(),
    )


def measure(database: Database, alerts: int) -> None:
    fill(database, alerts)
    context = context_on(database)
    start = time.perf_counter()
    articles = group_stories(context)
    seconds = time.perf_counter() - start
    print(f"{articles} articles placed, {articles / seconds:.0f} a second (encoder not counted)")
    wanted = DigestWanted(
        Subscription("all", Schedule(()), limit=alerts), NOW - timedelta(days=1), NOW + timedelta(seconds=1)
    )
    for name in ("first", "second"):
        start = time.perf_counter()
        content = compose(context, wanted)
        gathered = time.perf_counter()
        render_digest(content)
        stories = sum(len(topic.stories) for topic in content.topics)
        print(
            f"digest of {alerts} alerts in {stories} stories, {name} time: "
            f"gathered {gathered - start:.2f} s, rendered {time.perf_counter() - gathered:.2f} s"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alerts", type=int, default=1000)
    alerts = parser.parse_args().alerts
    logs.set_up("human", "error")
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder) / "data") as server:
        database = open_database(server.url)
        database.migrate()
        measure(database, alerts)
        database.close()
    encoder = UseEmbedder()
    encoder.embed(["Hola"])
    texts = [f"Incautan {number} kilos de cocaína en el puerto. " * 7 for number in range(40)]
    start = time.perf_counter()
    encoder.embed(texts)
    print(f"encoder: {len(texts) / (time.perf_counter() - start):.0f} texts of 350 characters a second")


if __name__ == "__main__":
    main()
