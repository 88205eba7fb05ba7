"""Triage: marks on alerts and stories, and what they say of topics and terms."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.errors import InputError
from monitor.model import Mark, Precision, TriageStatus, source_of
from monitor.pipeline.context import Context
from monitor.ports import Clock
from monitor.storage import triage
from monitor.storage.session import Database
from monitor.storage.stories import standing

#: judged alerts below which a share says nothing
ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody says of alerts."""

    status: TriageStatus
    who: str
    note: str = ""


def mark_alerts(database: Database, clock: Clock, alert_ids: Sequence[int], said: Judgement) -> int:
    """Mark alerts, all or none.

    :returns: how many.
    :raises InputError: when one of them is not there.
    """
    with database.session() as session:
        missing = sorted(set(alert_ids) - triage.alerts_there(session, alert_ids))
        if missing:
            raise InputError(f"there is no alert {missing[0]}; see: monitor alerts list")
        triage.store_marks(session, _marks(clock, dict.fromkeys(alert_ids), said))
        session.commit()
    return len(set(alert_ids))


def mark_story(database: Database, clock: Clock, story_id: int, said: Judgement) -> int:
    """Mark a story with the alerts it has now; those that join later are new.

    :returns: how many alerts it has.
    :raises InputError: when there is no such story.
    """
    with database.session() as session:
        story = standing(session, story_id)
        alerts = triage.alerts_of_story(session, story)
        if not alerts:
            raise InputError(f"there is no story {story_id}; see: monitor stories list")
        triage.store_marks(session, _marks(clock, alerts, said, story))
        session.commit()
    return len(alerts)


def _marks(clock: Clock, alerts: Iterable[int], said: Judgement, story: int = 0) -> list[Mark]:
    now = clock()
    return [Mark(alert, said.status, said.who, now, said.note, story) for alert in alerts]


def history(database: Database, alert_id: int) -> list[Mark]:
    """Every mark on one alert, oldest first."""
    with database.session() as session:
        return triage.marks_of(session, alert_id)


def precision(database: Database) -> list[Precision]:
    """Each topic as a whole, each version of its query, and each term, worst first within a topic.

    An alert counts for each term that its evidence names: a term's share says how often alerts that it stands
    in were relevant.
    """
    counts: dict[tuple[str, int, str], list[bool]] = {}
    with database.session() as session:
        judged = triage.judged_alerts(session)
    for topic, version, terms, relevant in judged:
        for key in {(topic, 0, ""), (topic, version, ""), *((topic, 0, source_of(term)) for term in terms)}:
            counts.setdefault(key, []).append(relevant)
    found = [Precision(*key, len(said), sum(said)) for key, said in counts.items()]
    return sorted(
        found, key=lambda one: (one.topic, bool(one.term), one.version, one.share, -one.judged, one.term)
    )


def topic_precision(context: Context) -> dict[str, float]:
    """Topic → share of relevant alerts among those judged, for the version in force, where enough were.

    An edit begins anew: what earlier versions raised says nothing of the one in force.
    """
    return {
        one.topic: one.share
        for one in precision(context.database)
        if not one.term
        and one.version
        and one.version == context.versions.get(one.topic)
        and one.judged >= ENOUGH
    }
