"""A brief: a story, or a topic's articles of some time, ready to be drafted with citations."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.errors import InputError
from monitor.model import (
    ArticleForMatch,
    BriefContent,
    BriefSource,
    Outlet,
    Provenance,
    StoredAlert,
    TriageStatus,
)
from monitor.pipeline.context import Context
from monitor.steps.cluster import opening
from monitor.storage.alerts import AlertFilter, list_alerts, load_many_for_match
from monitor.storage.session import Database
from monitor.storage.stories import standing
from monitor.storage.story_list import StoryFilter, list_stories
from monitor.storage.translations import provenances

#: characters of an excerpt, and sentences before and after the one that matched
LONGEST, AROUND = 900, 1
#: what a sentence ends with
_ENDS = (".", "!", "?", "…", ":", ";", ",", '"', "”", "»", ")")


@dataclass(frozen=True, slots=True)
class BriefWanted:
    """What a brief is about: a topic or a story."""

    topic: str = ""
    story: int = 0
    since: datetime | None = None
    timezone: str = "UTC"


def draft(context: Context, wanted: BriefWanted) -> BriefContent:
    """Gather a brief: each article once, with the passage that matched.

    :raises InputError: when nothing is there, or nothing but what is marked as not relevant.
    """
    database = context.database
    found = _found(database, wanted)
    kept = [alert for alert in found if alert.status != TriageStatus.NOT_RELEVANT]
    if not kept:
        raise InputError(_nothing(wanted, marked=len(found)))
    alerts = _best(kept)
    with database.session() as session:
        articles = load_many_for_match(session, list(alerts))
        engines = provenances(session, list(alerts))
    sources = tuple(
        _source(alert, articles[number], engines.get(number), context.outlets)
        for number, alert in alerts.items()
    )
    left_out = len({alert.article_id for alert in found} - set(alerts))
    heading, summary = _heading(context, wanted, list(alerts.values()), left_out)
    return BriefContent(heading, summary, sources, wanted.timezone, context.clock())


def _found(database: Database, wanted: BriefWanted) -> list[StoredAlert]:
    with database.session() as session:
        story = standing(session, wanted.story) if wanted.story else 0
        if wanted.story and not story:
            return []
        return list_alerts(session, AlertFilter(topic=wanted.topic, story_id=story, since=wanted.since))


def _best(alerts: Iterable[StoredAlert]) -> dict[int, StoredAlert]:
    """Article → its best alert, in the order of their placing."""
    best: dict[int, StoredAlert] = {}
    for alert in sorted(alerts, key=lambda alert: -alert.score):
        best.setdefault(alert.article_id, alert)
    return best


def _nothing(wanted: BriefWanted, marked: int) -> str:
    about = f"story {wanted.story}" if wanted.story else f"topic {wanted.topic!r}"
    since = f" since {wanted.since:%Y-%m-%d}" if wanted.since else ""
    if marked:
        return f"every alert for {about}{since} is marked not relevant; see: monitor alerts list"
    return f"there are no alerts for {about}{since}; see: monitor stories list"


def _heading(
    context: Context, wanted: BriefWanted, alerts: Sequence[StoredAlert], left_out: int
) -> tuple[str, str]:
    outlets = len({alert.outlet for alert in alerts})
    count = f"{len(alerts)} report{'s' * (len(alerts) != 1)} by {outlets} outlet{'s' * (outlets != 1)}"
    count += f" ({left_out} marked not relevant, left out)" if left_out else ""
    if not wanted.story:
        topic = context.watchlist.topic(wanted.topic)
        covers = f" {topic.covers}" if topic and topic.covers else ""
        return topic.title if topic else wanted.topic, f"{count}.{covers}"
    with context.database.session() as session:
        [story] = list_stories(session, StoryFilter(ids=(standing(session, wanted.story),)))
    seen = story.first_seen.astimezone(ZoneInfo(wanted.timezone))
    first = f"first seen on {seen.day} {seen:%B %Y} in {story.first_outlet}"
    return story.headline_en or story.headline, f"{count}, {first}."


def _source(
    alert: StoredAlert, article: ArticleForMatch, engine: Provenance | None, outlets: Mapping[str, Outlet]
) -> BriefSource:
    original, english = excerpt(alert, article)
    outlet = outlets.get(alert.outlet)
    return BriefSource(
        url=alert.url,
        title=alert.title,
        title_en=alert.title_en,
        language=alert.language,
        outlet_name=alert.outlet_name,
        description=outlet.owner_note if outlet else "",
        published_at=alert.published_at,
        excerpt=original,
        excerpt_en=english,
        engine=f"{engine.engine}: {engine.model}" if engine else "",
        country=alert.country,
        kind=alert.kind,
    )


def excerpt(alert: StoredAlert, article: ArticleForMatch) -> tuple[str, str]:
    """The sentence that matched with its neighbours, in the original and in English.

    Where no sentence of the body did, the opening; "" in English where nothing is translated.
    """
    if not article.pairs:
        return opening(article.text, LONGEST), ""
    matched = {text for one in alert.evidence for text in (one.sentence, one.sentence_en) if text}
    sides = [{pair.source.strip(), pair.target.strip()} for pair in article.pairs]
    # an article that matched by its headline alone is quoted from its beginning
    place = next((number for number, side in enumerate(sides) if side & matched), AROUND)
    chosen = article.pairs[max(0, place - AROUND) : place + AROUND + 1]
    return _joined(pair.source.strip() for pair in chosen), _joined(pair.target.strip() for pair in chosen)


def _joined(sentences: Iterable[str]) -> str:
    """Sentences in a row; what ends like none, a subtitle say, stands on a line of its own."""
    return "".join(one + (" " if one.endswith(_ENDS) else "\n") for one in sentences).strip()
