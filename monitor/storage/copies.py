"""The same text at several addresses: candidates by hash and MinHash bands, and what was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ARRAY, BigInteger, cast, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from monitor.storage.tables import ArticleRow, FingerprintRow

#: how long a text is remembered; wire stories are taken over within days
REMEMBERED = timedelta(days=30)
#: candidates looked at, the newest first
MOST_CANDIDATES = 50
_LOCK = 0x636F7069


@dataclass(frozen=True, slots=True)
class TextSeen:
    """A text that was read before."""

    #: article that it is a copy of, or its own
    original: int
    text: str


def similar_texts(
    session: Session, article_id: int, text_hash: str, bands: Sequence[int], now: datetime
) -> list[TextSeen]:
    """Texts that may be the same, those with the same hash first.

    Until the session ends no other one gets an answer, so that of two copies read at once one is first.
    """
    session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    others = select(ArticleRow).where(ArticleRow.id != article_id)
    equal = others.where(ArticleRow.text_hash == text_hash, ArticleRow.text_hash != "")
    alike = (
        others.join(FingerprintRow, FingerprintRow.article_id == ArticleRow.id)
        .where(FingerprintRow.bands.op("&&")(cast(list(bands), ARRAY(BigInteger))))
        .where(FingerprintRow.at >= now - REMEMBERED)
        .order_by(FingerprintRow.at.desc())
    )
    rows = [
        *session.scalars(equal.order_by(ArticleRow.id).limit(1)),
        *session.scalars(alike.limit(MOST_CANDIDATES)),
    ]
    return [TextSeen(row.copy_of or row.id, row.text) for row in rows if row.copy_of != article_id]


def store_copy(
    session: Session, article_id: int, original: int | None, bands: Sequence[int], now: datetime
) -> None:
    """Keep what an article is a copy of (None: of nothing), and its bands for those that come after it."""
    other = (ArticleRow.id == article_id) & ArticleRow.copy_of.is_distinct_from(original)
    session.execute(update(ArticleRow).where(other).values(copy_of=original))
    values = {"at": now, "bands": list(bands)}
    statement = insert(FingerprintRow).values(article_id=article_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["article_id"], set_=values))


def is_known_copy(session: Session, article_id: int) -> bool:
    """Whether an article was found to be a copy of another one; False where it is no longer there."""
    return session.scalar(select(ArticleRow.copy_of).where(ArticleRow.id == article_id)) is not None


def forget_old_texts(session: Session, now: datetime) -> None:
    """Drop the bands of texts of which no copies are expected any more."""
    session.execute(delete(FingerprintRow).where(FingerprintRow.at < now - REMEMBERED))
