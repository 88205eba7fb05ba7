"""Stories, after articles were matched:

find the articles that raised alerts and have no story yet, in order of time
    give vectors to some of those that were described without
    embed headline and lead of each, some at a time, and keep that
    one after the other, while nobody else does the same:
        find the stories it may join: near in meaning, or sharing rare names, within some days
        join the closest that is close enough, or begin a new one
        join stories that it shows to be one
        draw articles from other stories that are closer to its own now

What was stored before a crash is not done again, so the stories do not depend on it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

import structlog

from monitor.model import ArticleForStory, StoredStory, StoryBond
from monitor.pipeline.context import Context
from monitor.steps.cluster import (
    Placement,
    Story,
    StoryItem,
    assign,
    english_to_embed,
    likeness,
    opening,
    pack,
    reasons,
    texts_to_embed,
    unpack,
    vectors,
)
from monitor.steps.cluster.traits import traits
from monitor.storage import stories
from monitor.storage.session import Database
from monitor.storage.stories import Signs
from monitor.storage.story_list import StoryFilter, list_stories

log = structlog.get_logger(__name__)

#: articles embedded between two commits: a few seconds of work
BATCH = 16
#: articles that get vectors afterwards in one round
COMPLETED = 64
#: articles kept at hand while others are placed: 20 kB each
AT_HAND = 2000
#: weight from which a name or number tells of one event, and how many of an article are kept
RARE, MOST_NAMES = 0.35, 24


def group_stories(context: Context) -> int:
    """Give a story to every article that raised alerts; two workers take turns.

    :returns: how many articles joined or began one.
    """
    with context.database.session() as session:
        if not stories.waiting_articles(session):
            return 0
    with context.database.advisory_lock("stories"):
        with context.database.session() as session:
            waiting = stories.waiting_articles(session)
        complete(context)
        shelf = Shelf(context.database)
        for number, article_id in enumerate(waiting):
            if number % BATCH == 0:
                describe(context, waiting[number : number + BATCH])
                shelf.take(waiting[number : number + BATCH])
            place(context, shelf, article_id)
            context.progress("stories", number + 1, len(waiting))
    return len(waiting)


def complete(context: Context) -> None:
    """Give vectors to articles that were described without: while the encoder was broken, or long ago.

    So many a round that a round stays short; those of stories that rested too long to grow never need any.
    """
    with context.database.session() as session:
        lacking = stories.incomplete_signs(session, COMPLETED) if context.embedder else []
        articles = stories.load_articles(session, lacking)
    if not articles:
        return
    signs = [signs_of(item) for item in _with_meaning(context, list(map(item_of, articles)))]
    with context.database.session() as session:
        stories.store_signs(session, signs)
        session.commit()


def describe(context: Context, article_ids: Sequence[int]) -> None:
    """Keep what these articles are found by: names and meaning."""
    with context.database.session() as session:
        known = stories.known_signs(session, article_ids)
        articles = stories.load_articles(session, [one for one in article_ids if one not in known])
    items = [item_of(article) for article in articles]
    signs = [signs_of(item) for item in _with_meaning(context, items)]
    with context.database.session() as session:
        stories.store_signs(session, signs)
        session.commit()


def signs_of(item: StoryItem) -> Signs:
    """What an article is found by."""
    whole = tuple(map(float, item.meaning[0])) if len(item.meaning) else ()
    return Signs(item.article_id, rare_names(item), whole, pack(item.meaning), pack(item.meaning_en))


def _with_meaning(context: Context, items: Sequence[StoryItem]) -> list[StoryItem]:
    """The articles with their vectors; none where the encoder breaks: words and names decide alone then."""
    if context.embedder is None:
        return list(items)
    texts = [(texts_to_embed(item.title, item.lead), english_to_embed(item)) for item in items]
    try:
        found = iter(context.embedder.embed([text for sides in texts for side in sides for text in side]))
    except Exception as error:  # a library that breaks must not stop the mail
        log.error("stories", status="not-embedded", articles=len(items), exc_info=error)
        return list(items)
    # each takes as many of the vectors as it gave texts
    return [
        replace(
            item,
            meaning=vectors(list(islice(found, len(original)))),
            meaning_en=vectors(list(islice(found, len(english)))),
        )
        for item, (original, english) in zip(items, texts, strict=True)
    ]


class Shelf:
    """Articles as grouping sees them, at hand while one worker places many: most meet the same few again."""

    def __init__(self, database: Database, most: int = AT_HAND) -> None:
        self._database = database
        self._most = most
        self._items: dict[int, StoryItem] = {}

    def take(self, article_ids: Iterable[int]) -> list[StoryItem]:
        """The articles in the order given, loaded where they are not at hand, without those that are gone."""
        wanted = list(article_ids)
        if len(self._items) > self._most:
            self._items.clear()
        lacking = [one for one in wanted if one not in self._items]
        if lacking:
            with self._database.session() as session:
                self._items |= {one.id: item_of(one) for one in stories.load_articles(session, lacking)}
        return [self._items[one] for one in wanted if one in self._items]


def place(context: Context, shelf: Shelf, article_id: int) -> None:
    """Put one described article into its story, in one commit; call it while holding the lock."""
    with context.database.session() as session:
        near = stories.candidates(session, article_id)
        found = [Story(number, tuple(shelf.take(members))) for number, members in near.items()]
        here = shelf.take([article_id])
        placement = assign(here[0], found) if here else Placement(None)
        story = stories.join_story(session, article_id, placement.story, context.clock())
        if not story:  # deleted, or joined to another one, in the meantime
            return
        if placement.merged:
            stories.merge_stories(session, story, placement.merged)
        if placement.drawn:
            stories.draw_articles(session, story, placement.drawn)
        session.commit()
    log.info(
        "stories",
        status="joined" if placement.story else "began",
        article=article_id,
        story=story,
        merged=placement.merged,
        drawn=placement.drawn,
    )


def item_of(article: ArticleForStory) -> StoryItem:
    """An article as grouping sees it."""
    return StoryItem(
        article_id=article.id,
        language=article.language,
        title=article.title,
        lead=opening(article.text),
        title_en=article.title_en,
        lead_en=opening(article.text_en),
        published_at=article.at,
        outlet=article.outlet,
        home=article.country,
        meaning=unpack(article.meaning),
        meaning_en=unpack(article.meaning_en),
    )


def rare_names(item: StoryItem) -> tuple[str, ...]:
    """The names and numbers that few events share, the rarest first."""
    found = traits(item).names
    telling = sorted((name for name in found if found[name] >= RARE), key=lambda name: (-found[name], name))
    return tuple(telling[:MOST_NAMES])


def find_stories(database: Database, *, topic: str = "", since: datetime | None = None) -> list[StoredStory]:
    """The stories that meet every condition given, the one with the newest article first."""
    with database.session() as session:
        return list_stories(session, StoryFilter(topic=topic, since=since))


def find_story(database: Database, number: int) -> StoredStory | None:
    """A story by its number, or the one it became part of; None where there is none."""
    with database.session() as session:
        found = list_stories(session, StoryFilter(ids=(stories.standing(session, number),)))
    return found[0] if found else None


def story_bonds(database: Database, story: StoredStory) -> list[StoryBond]:
    """For each article of a story what holds it there, in order of time; none for a story of one article."""
    with database.session() as session:
        held = stories.load_articles(session, [article.id for article in story.articles])
    items = list(map(item_of, held))
    return [_bond(item, [other for other in items if other is not item]) for item in items if len(items) > 1]


def _bond(item: StoryItem, others: Sequence[StoryItem]) -> StoryBond:
    nearest = max(others, key=lambda other: likeness(item, other))
    said = reasons(item, nearest)._asdict().items()
    theirs = set(rare_names(nearest))
    return StoryBond(
        article=item.article_id,
        nearest=nearest.article_id,
        likeness=likeness(item, nearest),
        reasons=tuple(sorted((one for one in said if one[1]), key=lambda one: -abs(one[1]))),
        shared=tuple(name for name in rare_names(item) if name in theirs),
    )
