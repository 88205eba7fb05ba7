"""Triage: marks are kept, the newest counts, and they measure topics and terms."""

from datetime import timedelta

import pytest

from monitor.errors import InputError
from monitor.model import TriageStatus
from monitor.pipeline.report import find_alerts
from monitor.pipeline.stories import find_stories, find_story, group_stories
from monitor.pipeline.triage import Judgement, history, mark_alerts, mark_story, precision
from monitor.storage.session import Database
from tests.fakes import NOW
from tests.pipeline.conftest import MakeContext
from tests.pipeline.stories import CALLAO, SANTOS_ES, SANTOS_PT, tell, tell_all

ANA = Judgement(TriageStatus.RELEVANT, "ana", "the port again")


def test_marks_are_kept_with_who_when_and_why_and_the_newest_counts(database: Database) -> None:
    tell_all(database, SANTOS_ES, CALLAO)
    first, second = (alert.id for alert in find_alerts(database, outlet="infobae"))
    assert mark_alerts(database, lambda: NOW, [first, second, first], ANA) == 2
    later = NOW + timedelta(hours=1)
    mark_alerts(database, lambda: later, [first], Judgement(TriageStatus.CLOSED, "eva"))
    told = [(mark.status, mark.who, mark.at, mark.note, mark.story_id) for mark in history(database, first)]
    assert told == [
        (TriageStatus.RELEVANT, "ana", NOW, "the port again", 0),
        (TriageStatus.CLOSED, "eva", later, "", 0),
    ]
    assert [alert.id for alert in find_alerts(database, status="closed")] == [first]
    assert [alert.id for alert in find_alerts(database, status="relevant")] == [second]
    assert find_alerts(database, status="new") == []


def test_nothing_is_marked_where_one_number_is_wrong(database: Database) -> None:
    tell_all(database, SANTOS_ES)
    [alert] = find_alerts(database)
    with pytest.raises(InputError, match="there is no alert 99"):
        mark_alerts(database, lambda: NOW, [alert.id, 99], ANA)
    with pytest.raises(InputError, match="there is no story 99"):
        mark_story(database, lambda: NOW, 99, ANA)
    assert history(database, alert.id) == []


def test_a_story_is_marked_with_the_alerts_it_has_and_later_ones_are_new(make_context: MakeContext) -> None:
    context = make_context()
    tell_all(context.database, SANTOS_ES)
    group_stories(context)
    [story] = find_stories(context.database)
    assert mark_story(context.database, lambda: NOW, story.id, ANA) == 1
    with context.database.session() as session:
        tell(session, SANTOS_PT)
    group_stories(context)
    found = find_story(context.database, story.id)
    assert found is not None
    assert (found.status, len(found.alerts)) == ("relevant", 2)
    assert [alert.status for alert in find_alerts(context.database, outlet="folha")] == ["new"]
    assert history(context.database, found.alerts[0])[0].story_id == story.id
    assert find_story(context.database, 99) is None


def test_precision_counts_judged_alerts_by_topic_version_and_term(database: Database) -> None:
    tell_all(database, SANTOS_ES, SANTOS_PT, CALLAO, SANTOS_ES)
    first, second, third, fourth = sorted(alert.id for alert in find_alerts(database))

    def say(alert: int, status: TriageStatus) -> None:
        mark_alerts(database, lambda: NOW, [alert], Judgement(status, "ana"))

    assert precision(database) == []
    say(first, TriageStatus.ESCALATED)
    say(first, TriageStatus.CLOSED)
    say(second, TriageStatus.NOT_RELEVANT)
    say(third, TriageStatus.RELEVANT)
    say(third, TriageStatus.NEW)
    say(fourth, TriageStatus.NOT_RELEVANT)
    found = [(one.topic, one.version, one.term, one.judged, one.relevant) for one in precision(database)]
    assert found == [
        ("iran", 0, "", 3, 1),
        ("iran", 1, "", 3, 1),
        ("iran", 0, "apreende", 1, 0),
        ("iran", 0, "1.200", 2, 1),
    ]
    assert precision(database)[-1].share == 0.5
