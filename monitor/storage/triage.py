"""Marks of the analysts on alerts: kept with who and when; the newest counts."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from monitor.model import Mark, TriageStatus
from monitor.storage.tables import AlertRow, MarkRow, StoryArticleRow


def store_marks(session: Session, marks: Iterable[Mark]) -> None:
    """Keep marks, in their order."""
    for mark in marks:
        session.add(
            MarkRow(
                alert_id=mark.alert_id,
                story_id=mark.story_id or None,
                status=mark.status.value,
                who=mark.who,
                at=mark.at,
                note=mark.note,
            )
        )
        session.flush()


def marks_of(session: Session, alert_id: int) -> list[Mark]:
    """Every mark on one alert, oldest first."""
    rows = session.scalars(select(MarkRow).where(MarkRow.alert_id == alert_id).order_by(MarkRow.id))
    return [
        Mark(row.alert_id, TriageStatus(row.status), row.who, row.at, row.note, row.story_id or 0)
        for row in rows
    ]


def alerts_there(session: Session, alert_ids: Sequence[int]) -> set[int]:
    """Those of the numbers that are alerts."""
    return set(session.scalars(select(AlertRow.id).where(AlertRow.id.in_(alert_ids))))


def alerts_of_story(session: Session, story_id: int) -> list[int]:
    """The alerts that a story has now."""
    query = select(AlertRow.id).join(StoryArticleRow, StoryArticleRow.article_id == AlertRow.article_id)
    return list(session.scalars(query.where(StoryArticleRow.story_id == story_id).order_by(AlertRow.id)))


def newest_marks() -> Select[int, str]:
    """(alert, status) of the newest mark on each alert, for joining."""
    return (
        select(MarkRow.alert_id, MarkRow.status)
        .ext(distinct_on(MarkRow.alert_id))
        .order_by(MarkRow.alert_id, MarkRow.id.desc())
    )


def judged_alerts(session: Session) -> list[tuple[str, int, tuple[str, ...], bool]]:
    """(topic, version, terms, relevant) of each alert that was judged.

    The newest mark that judges counts: closing an alert leaves the judgement, making it new takes it back.
    """
    newest = (
        select(MarkRow.alert_id, MarkRow.status)
        .where(MarkRow.status != TriageStatus.CLOSED.value)
        .ext(distinct_on(MarkRow.alert_id))
        .order_by(MarkRow.alert_id, MarkRow.id.desc())
        .subquery()
    )
    rows = session.execute(
        select(AlertRow.topic, AlertRow.topic_version, AlertRow.evidence, newest.c.status)
        .join(newest, newest.c.alert_id == AlertRow.id)
        .where(newest.c.status != TriageStatus.NEW.value)
        .order_by(AlertRow.topic, AlertRow.id)
    )
    return [
        (
            topic,
            version,
            tuple(dict.fromkeys(one["term"] for one in evidence)),
            status != TriageStatus.NOT_RELEVANT.value,
        )
        for topic, version, evidence, status in rows
    ]
