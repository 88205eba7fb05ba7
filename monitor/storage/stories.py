"""Stories: which articles wait for one, which stories they may join, and what a story is made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Row, Select, bindparam, case, func, select, union, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from monitor.model import ArticleForStory
from monitor.storage.tables import (
    AlertRow,
    ArticleRow,
    MarkRow,
    OutletRow,
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
_ARTICLE = bindparam("looking", type_=BigInteger)


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
            OutletRow.country,
            SignsRow.meaning,
            SignsRow.meaning_en,
        )
        .join(OutletRow, OutletRow.id == ArticleRow.outlet_id)
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
        country=row.country,
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
    rows = [
        {
            "article_id": one.article_id,
            "names": list(one.names),
            "vector": list(one.vector) or None,
            "meaning": one.meaning,
            "meaning_en": one.meaning_en,
        }
        for one in signs
    ]
    if not rows:
        return
    statement = insert(SignsRow)
    new = {name: statement.excluded[name] for name in rows[0] if name != "article_id"}
    session.execute(statement.on_conflict_do_update(index_elements=["article_id"], set_=new), rows)


def candidates(session: Session, article_id: int) -> dict[int, list[int]]:
    """The stories that an article may join, by shared names and by meaning, with their articles.

    Its signs must be stored; they are compared where they lie, as a vector takes longer on the way than here.
    """
    found: dict[int, list[int]] = {}
    for row in session.execute(_candidates(), {_ARTICLE.key: article_id}):
        found.setdefault(row.story_id, []).append(row.article_id)
    return found


@cache
def _candidates() -> Select[int, int]:
    """Built once: that takes a third as long as asking."""
    told = union(select(_by_names().subquery()), select(_by_meaning().subquery()))
    query = select(StoryArticleRow.story_id, StoryArticleRow.article_id)
    query = query.where(StoryArticleRow.story_id.in_(told))
    return query.order_by(StoryArticleRow.story_id, StoryArticleRow.article_id)


def _by_meaning() -> Select[int]:
    own = select(SignsRow.vector).where(SignsRow.article_id == _ARTICLE).scalar_subquery()
    query = _recent_members().where(SignsRow.vector.is_not(None), own.is_not(None))
    return query.order_by(SignsRow.vector.cosine_distance(own)).limit(NEAREST)


def _by_names() -> Select[int]:
    mine = aliased(SignsRow)
    own = select(mine.names).where(mine.article_id == _ARTICLE).scalar_subquery()
    ours = select(func.unnest(mine.names)).where(mine.article_id == _ARTICLE)
    theirs = func.unnest(SignsRow.names).table_valued("name").render_derived()
    # correlated by hand: else the names of all articles are counted together, and the order means nothing
    shared = (
        select(func.count())
        .select_from(theirs)
        .where(theirs.c.name.in_(ours))
        .correlate(SignsRow)
        .scalar_subquery()
    )
    query = _recent_members().where(SignsRow.names.op("&&")(own))
    return query.order_by(shared.desc(), SignsRow.article_id).limit(NEAREST)


def _recent_members() -> Select[int]:
    """The story of each article of the stories that are near in time."""
    at = select(_AT).where(ArticleRow.id == _ARTICLE).scalar_subquery()
    return (
        select(StoryArticleRow.story_id)
        .join(StoryRow, StoryRow.id == StoryArticleRow.story_id)
        .join(SignsRow, SignsRow.article_id == StoryArticleRow.article_id)
        .where(StoryRow.last_at >= at - REST, StoryRow.first_at <= at + REST)
    )


def join_story(session: Session, article_id: int, story_id: int | None, now: datetime) -> int:
    """Put an article into a story, or into a new one; an article that has one already stays there.

    :returns: the story it is in, 0 where the article is gone.
    """
    query = (
        select(_AT.label("at"), StoryArticleRow.story_id).select_from(ArticleRow).outerjoin(StoryArticleRow)
    )
    query = query.where(ArticleRow.id == article_id).with_for_update(key_share=True, of=ArticleRow)
    here = session.execute(query).one_or_none()
    if here is None or here.story_id:
        return here.story_id if here else 0
    if story_id is None:
        begun = insert(StoryRow).values(first_at=here.at, last_at=here.at)
        story_id = session.scalars(begun.returning(StoryRow.id)).one()
    else:
        first, last = func.least(StoryRow.first_at, here.at), func.greatest(StoryRow.last_at, here.at)
        session.execute(update(StoryRow).where(StoryRow.id == story_id).values(first_at=first, last_at=last))
    session.execute(insert(StoryArticleRow).values(article_id=article_id, story_id=story_id, joined_at=now))
    return story_id


def draw_articles(session: Session, home: int, article_ids: Sequence[int]) -> None:
    """Move articles of other stories into one; a story that none is left of becomes part of it."""
    theirs = StoryArticleRow.article_id.in_(article_ids)
    left = set(session.scalars(select(StoryArticleRow.story_id).where(theirs)))
    session.execute(update(StoryArticleRow).where(theirs).values(story_id=home))
    kept = set(session.scalars(select(StoryArticleRow.story_id).where(StoryArticleRow.story_id.in_(left))))
    if left - kept:
        merge_stories(session, home, sorted(left - kept))
    for story_id in (home, *kept):
        span = select(func.min(_AT), func.max(_AT)).join(StoryArticleRow)
        first, last = session.execute(span.where(StoryArticleRow.story_id == story_id)).one()
        session.execute(update(StoryRow).where(StoryRow.id == story_id).values(first_at=first, last_at=last))


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
