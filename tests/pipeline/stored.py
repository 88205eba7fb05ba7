"""Articles put straight into the store, as if they had been read and matched."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from monitor.model import BilingualText, Outlet, Provenance, SentencePair
from monitor.storage.outlets import sync_outlets
from monitor.storage.session import Database
from monitor.storage.tables import ArticleRow
from monitor.storage.translations import store_translation
from tests.fakes import NOW
from tests.pipeline.conftest import INFOBAE


@dataclass(frozen=True)
class Piece:
    """One article; sentences of the body as (original, English)."""

    title: str
    pairs: tuple[tuple[str, str], ...] = ()
    title_en: str = ""
    days_ago: float = 0
    state: str = "matched"
    dated: bool = True


def store_pieces(database: Database, *pieces: Piece, outlet: Outlet = INFOBAE) -> list[int]:
    """Store them.

    :returns: their ids.
    """
    with database.session() as session:
        sync_outlets(session, [outlet])
        ids = []
        for number, piece in enumerate(pieces):
            row = ArticleRow(**_columns(number, piece, outlet))
            session.add(row)
            session.flush()
            store_translation(session, row.id, _translation(piece), NOW)
            ids.append(row.id)
        session.commit()
    return ids


def _columns(number: int, piece: Piece, outlet: Outlet) -> dict[str, Any]:
    moment = NOW - timedelta(days=piece.days_ago)
    url = f"https://www.infobae.com/{number}-{abs(hash(piece))}"
    return {
        "outlet_id": outlet.id,
        "url": url,
        "url_key": url,
        "source_url": url,
        "found_at": moment,
        "published_at": moment if piece.dated else None,
        "state": piece.state,
        "title": piece.title,
        "title_en": piece.title_en,
        "text": " ".join(source for source, _ in piece.pairs),
        "language": outlet.language,
    }


def _translation(piece: Piece) -> BilingualText:
    pairs = tuple(SentencePair(*pair) for pair in piece.pairs)
    title = SentencePair(piece.title, piece.title_en)
    return BilingualText("es", title, (pairs,) if pairs else (), Provenance("fake", "es-en", "1"))
