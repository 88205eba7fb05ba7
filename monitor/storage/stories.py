"""Stories: which articles wait for one, which stories they may join, and what a story is made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, Row, Select, case, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from monitor.model import ArticleForStory
from monitor.storage.tables import (
    AlertRow,
    ArticleRow,
    CleanText,
    MarkRow,
    SignsRow,
    StoryArticleRow,
    StoryRow,
    TranslationRow,
)

#: characters of a body that grouping may look at
BEGINNING = 4000
#: a story that rested longer is told anew
REST = timedelta(days=10)
#: an article is compared with the stories of so many articles nearest in meaning, and sharing most names
NEAREST = 24

_AT = func.coalesce(ArticleRow.published_at, ArticleRow.found_at)


@dataclass(frozen=True, slots=True)
class Signs:
    """What an article is found by."""

    article_id: int
    names: tuple[str, ...]
    #: unit vector of headline and lead, empty where none was computed
    vector: tuple[float, ...] = ()
    #: all its vectors, packed, and those of the English
    meaning: bytes = b""
    meaning_en: bytes = b""


def waiting_articles(session: Session) -> list[int]:
    """Ids of the articles that raised alerts and have no story yet, in order of time."""
    alerted = select(AlertRow.article_id).distinct()
    told = select(StoryArticleRow.article_id)
    query = select(ArticleRow.id).where(ArticleRow.id.in_(alerted), ArticleRow.id.not_in(told))
    return list(session.scalars(query.order_by(_AT, ArticleRow.url)))


def load_articles(session: Session, article_ids: Sequence[int]) -> list[ArticleForStory]:
    """What grouping needs of these articles, in the order given; one that is gone is left out."""
    rows = session.execute(_articles().where(ArticleRow.id.in_(article_ids)))
    found = {row.id: _article(row) for row in rows}
    return [found[article_id] for article_id in article_ids if article_id in found]


def load_stories(session: Session, story_ids: Iterable[int]) -> dict[int, list[ArticleForStory]]:
    """Story → its articles, in order of time."""
    query = _articles().join(StoryArticleRow, StoryArticleRow.article_id == ArticleRow.id)
    query = query.add_columns(StoryArticleRow.story_id).where(StoryArticleRow.story_id.in_(list(story_ids)))
    stories: dict[int, list[ArticleForStory]] = {}
    for row in session.execute(query.order_by(StoryArticleRow.story_id, _AT, ArticleRow.id)):
        stories.setdefault(row.story_id, []).append(_article(row))
    return stories


def _articles() -> Select[*tuple[Any, ...]]:
    return (
        select(
            ArticleRow.id,
            ArticleRow.language,
            ArticleRow.title,
            func.left(ArticleRow.text, BEGINNING).label("text"),
            ArticleRow.title_en,
            func.left(func.coalesce(TranslationRow.text_en, ""), BEGINNING).label("text_en"),
            _AT.label("at"),
            ArticleRow.outlet_id,
            SignsRow.meaning,
            SignsRow.meaning_en,
        )
        .outerjoin(TranslationRow, TranslationRow.article_id == ArticleRow.id)
        .outerjoin(SignsRow, SignsRow.article_id == ArticleRow.id)
    )


def _article(row: Row[*tuple[Any, ...]]) -> ArticleForStory:
    return ArticleForStory(
        id=row.id,
        language=row.language,
        title=row.title,
        text=row.text,
        title_en=row.title_en,
        text_en=row.text_en,
        at=row.at,
        outlet=row.outlet_id,
        meaning=row.meaning or b"",
        meaning_en=row.meaning_en or b"",
    )


def known_signs(session: Session, article_ids: Sequence[int]) -> set[int]:
    """Those of the articles whose signs are stored."""
    return set(session.scalars(select(SignsRow.article_id).where(SignsRow.article_id.in_(article_ids))))


def incomplete_signs(session: Session, limit: int) -> list[int]:
    """Articles in stories that may still grow, and whose vectors are missing; the newest first, so many."""
    newest = select(func.max(StoryRow.last_at)).scalar_subquery()
    query = (
        select(SignsRow.article_id)
        .join(StoryArticleRow, StoryArticleRow.article_id == SignsRow.article_id)
        .join(StoryRow, StoryRow.id == StoryArticleRow.story_id)
        .join(ArticleRow, ArticleRow.id == SignsRow.article_id)
        .where(
            (SignsRow.meaning == b"") | ((SignsRow.meaning_en == b"") & (ArticleRow.title_en != "")),
            StoryRow.last_at >= newest - REST,
        )
    )
    return list(session.scalars(query.order_by(StoryRow.last_at.desc(), SignsRow.article_id).limit(limit)))


def store_signs(session: Session, signs: Iterable[Signs]) -> None:
    """Keep what articles are found by."""
    for one in signs:
        values = {
            "names": list(one.names),
            "vector": list(one.vector) or None,
            "meaning": one.meaning,
            "meaning_en": one.meaning_en,
        }
        statement = insert(SignsRow).values(article_id=one.article_id, **values)
        session.execute(statement.on_conflict_do_update(index_elements=["article_id"], set_=values))


def candidates(session: Session, signs: Signs, at: datetime) -> list[int]:
    """The stories that an article of this moment may join, by meaning and by shared names."""
    found = dict.fromkeys(session.scalars(_by_names(signs, at)) if signs.names else ())
    if signs.vector:
        found |= dict.fromkeys(session.scalars(_by_meaning(signs, at)))
    return sorted(found)


def _by_meaning(signs: Signs, at: datetime) -> Select[int]:
    near = SignsRow.vector.cosine_distance(list(signs.vector))
    return (
        _members(StoryArticleRow.story_id, at)
        .where(SignsRow.vector.is_not(None))
        .order_by(near)
        .limit(NEAREST)
    )


def _by_names(signs: Signs, at: datetime) -> Select[int]:
    wanted = literal(list(signs.names), ARRAY(CleanText))
    shared = func.cardinality(
        func.array(
            select(func.unnest(SignsRow.names)).intersect(select(func.unnest(wanted))).scalar_subquery()
        )
    )
    query = _members(StoryArticleRow.story_id, at).where(SignsRow.names.op("&&")(wanted))
    return query.order_by(shared.desc(), SignsRow.article_id).limit(NEAREST)


def _members(column: Any, at: datetime) -> Select[int]:
    return (
        select(column)
        .join(StoryRow, StoryRow.id == StoryArticleRow.story_id)
        .join(SignsRow, SignsRow.article_id == StoryArticleRow.article_id)
        .where(StoryRow.last_at >= at - REST, StoryRow.first_at <= at + REST)
    )


def join_story(session: Session, article_id: int, story_id: int | None, at: datetime, now: datetime) -> int:
    """Put an article into a story, or into a new one; an article that has one already stays there.

    :param at: when the article was published.
    :returns: the story it is in.
    """
    held = session.get(StoryArticleRow, article_id)
    if held is not None:
        return held.story_id
    if story_id is None:
        row = StoryRow(first_at=at, last_at=at)
        session.add(row)
        session.flush()
        story_id = row.id
    session.add(StoryArticleRow(article_id=article_id, story_id=story_id, joined_at=now))
    grown = {"first_at": func.least(StoryRow.first_at, at), "last_at": func.greatest(StoryRow.last_at, at)}
    session.execute(update(StoryRow).where(StoryRow.id == story_id).values(**grown))
    session.flush()
    return story_id


def merge_stories(session: Session, home: int, others: Sequence[int]) -> None:
    """Make other stories part of one; their numbers lead to it from now on, their marks go with them."""
    merged = select(StoryRow).where(StoryRow.id.in_([home, *others])).subquery()
    first, last = session.execute(select(func.min(merged.c.first_at), func.max(merged.c.last_at))).one()
    session.execute(update(StoryRow).where(StoryRow.id == home).values(first_at=first, last_at=last))
    session.execute(
        update(StoryRow)
        .where(StoryRow.id.in_(others) | StoryRow.merged_into.in_(others))
        .values(merged_into=home)
    )
    for table in (StoryArticleRow, MarkRow):
        session.execute(update(table).where(table.story_id.in_(others)).values(story_id=home))


def standing(session: Session, story_id: int) -> int:
    """The story that a number stands for by now: itself, or the one it became part of."""
    into = case((StoryRow.merged_into.is_(None), StoryRow.id), else_=StoryRow.merged_into)
    return session.scalar(select(into).where(StoryRow.id == story_id)) or 0
