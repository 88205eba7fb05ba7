"""Reading all stored articles, here or in other processes."""

import os
import signal
from collections.abc import Sequence
from typing import Any

import pytest

from monitor.errors import MonitorError
from monitor.model import ArticleForMatch, ArticleState
from monitor.pipeline import scan as room
from monitor.pipeline.context import silent
from monitor.pipeline.scan import scan
from monitor.storage.corpus import article_heads, corpus_ids, read_articles
from monitor.storage.session import Database
from tests.fakes import NOW
from tests.pipeline.stored import Piece, store_pieces

PIECES = [Piece(f"Titular {number}", days_ago=number) for number in range(5)]


def titles(articles: Sequence[ArticleForMatch]) -> list[str]:
    return [article.title for article in articles]


class Bomb:
    """Ends the process in which it is unpacked."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (1,)

    def __call__(self, articles: Sequence[ArticleForMatch]) -> None:
        """Never called."""


def test_articles_come_newest_first_with_both_sides(database: Database) -> None:
    store_pieces(
        database,
        Piece("Viejo", (("Cae.", "Falls."), ("Sube.", "Rises.")), "Old", days_ago=3),
        Piece("Sin fecha", days_ago=1, dated=False),
        Piece("Nuevo"),
        Piece("Por leer", state="new"),
        Piece("Por traducir", days_ago=2, state="extracted"),
    )
    with database.session() as session:
        articles = read_articles(session, corpus_ids(session))
        assert titles(articles) == ["Nuevo", "Sin fecha", "Por traducir", "Viejo"]
        old = articles[-1]
        assert (old.text, old.text_en, old.title_en) == ("Cae. Sube.", "Falls. Rises.", "Old")
        assert (old.outlet, old.country, old.kind) == ("infobae", "AR", "independent")
        since = corpus_ids(session, NOW.replace(hour=0), [ArticleState.MATCHED])
        assert titles(read_articles(session, since)) == ["Nuevo"]
        assert article_heads(session, since)[since[0]].title == "Nuevo"
        assert read_articles(session, [10_000]) == []


def test_every_batch_is_answered_in_order_and_counted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "BATCH", 2)
    ids = store_pieces(database, *PIECES)
    told: list[tuple[int, int]] = []
    answers = list(scan(database, ids, titles, 2, lambda _, done, total: told.append((done, total))))
    assert answers == [["Titular 0", "Titular 1"], ["Titular 2", "Titular 3"], ["Titular 4"]]
    assert told == [(0, 5), (2, 5), (4, 5), (5, 5)]


def test_a_process_that_is_killed_is_an_error_of_one_sentence(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "FEW", 1)
    ids = store_pieces(database, *PIECES)
    with pytest.raises(MonitorError, match="MONITOR_WORKERS=1"):
        list(scan(database, ids, Bomb(), 2, silent))


def test_what_a_process_does(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = store_pieces(database, *PIECES)
    ignored: list[Any] = []
    monkeypatch.setattr(signal, "signal", lambda *given: ignored.append(given))
    room._begin(database.url, titles)
    assert room._work(ids[:2]) == ["Titular 0", "Titular 1"]
    assert ignored == [(signal.SIGINT, signal.SIG_IGN)]
    room._own[0].close()
    room._own.clear()
