"""Digests: composed from what was not told yet, stored before they are sent, each once."""

import json
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

import feedparser
import pytest
from sqlalchemy import text

from monitor.config.digests import Schedule, Subscription
from monitor.errors import DatabaseUnavailable, DeliveryError, InputError
from monitor.model import DigestTopic, OutletRecovered, TriageStatus
from monitor.pipeline import deliver as delivering
from monitor.pipeline import outbox
from monitor.pipeline.collect import collect
from monitor.pipeline.compose import DigestWanted, compose
from monitor.pipeline.context import Context
from monitor.pipeline.deliver import (
    RUN,
    compose_due,
    deliver,
    deliver_now,
    preview_wanted,
    wanted_now,
    write_preview,
)
from monitor.pipeline.outbox import again, due, listed, next_attempt, send_due
from monitor.pipeline.process import process
from monitor.pipeline.report import find_alerts, status
from monitor.pipeline.stories import find_stories, group_stories
from monitor.pipeline.subscriptions import digests_file
from monitor.pipeline.triage import Judgement, mark_alerts, mark_story
from monitor.pipeline.trial import eml, preview, stored_eml, trial
from monitor.steps.digest import render_digest
from monitor.steps.mail import MailError
from monitor.storage.alerts import list_alerts
from tests.fakes import NOW
from tests.pipeline.conftest import MakeContext
from tests.pipeline.stories import CALLAO, SANTOS_CU, SANTOS_ES, SANTOS_PT, tell, tell_all

HOURLY = Schedule(tuple(time(hour) for hour in range(24)))
MORNING = Subscription("morning", HOURLY, title="Morning", recipients=("ana@example.org",))
HOUR = timedelta(hours=1)
SENDER = "Monitor <monitor@example.org>"


class FakeMailer:
    """Keeps what it sends; raises what it is told to raise first."""

    def __init__(self, *errors: Exception) -> None:
        self.errors, self.sent = list(errors), list[EmailMessage]()

    def send(self, message: EmailMessage) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.sent.append(message)


class FakePoster:
    """Keeps what it posts."""

    def __init__(self) -> None:
        self.posted: list[tuple[bytes, str, int]] = []

    def post(self, body: bytes, name: str, timestamp: int) -> None:
        self.posted.append((body, name, timestamp))


def subscribed(make: MakeContext, *subscriptions: Subscription, **more: Any) -> Context:
    parts = {"subscriptions": subscriptions or (MORNING,), "mailer": FakeMailer(), "sender": SENDER}
    return make(**(parts | more))


def at(context: Context, moment: datetime) -> Context:
    return replace(context, clock=lambda: moment)


def headlines(topics: tuple[DigestTopic, ...]) -> list[str]:
    return [alert.title for topic in topics for story in topic.stories for alert in story.alerts]


def told(context: Context, subscription: Subscription = MORNING) -> list[str]:
    return headlines(compose(context, preview_wanted(context, subscription)).topics)


def states(context: Context) -> dict[str, list[str]]:
    """Channel → states of its deliveries, oldest digest first."""
    found: dict[str, list[str]] = {}
    for digest in reversed(listed(context.database)):
        for way in digest.deliveries:
            found.setdefault(way.channel, []).append(way.state)
    return found


def test_a_digest_says_what_was_found_and_what_was_seen(make_context: MakeContext) -> None:
    context = make_context(config_errors=("watchlist.yaml:3: …",), clock=lambda: datetime.now(UTC))
    collect(context)
    process(context)
    content = compose(context, preview_wanted(context, MORNING))
    iran, cuba = content.topics
    assert (iran.id, iran.title, iran.version) == ("iran", "Iran in Latin America", 1)
    assert (cuba.stories, cuba.version) == ((), 1)
    alert = iran.stories[0].alerts[0]
    assert (alert.outlet_name, alert.title_en) == ("Infobae", "EN:Irán entrega drones a Bolivia")
    assert alert.lead_en.startswith("EN:El Gobierno de Irán")
    assert [(outlet.id, outlet.status) for outlet in content.coverage.outlets] == [("infobae", "ok")]
    assert content.coverage.config_errors == ("watchlist.yaml:3: …",)


def test_coverage_counts_the_period_and_names_why_articles_are_unread(make_context: MakeContext) -> None:
    context = subscribed(make_context)
    tell_all(context.database, SANTOS_ES, CALLAO, every=timedelta(days=2))
    with context.database.session() as session:
        session.execute(
            text(
                "UPDATE articles SET state = 'quarantined', reason = 'page too large', state_since = :at "
                "WHERE id = 1"
            ),
            {"at": NOW + 2 * HOUR},
        )
        session.commit()
    coverage = compose(context, DigestWanted(MORNING, NOW + HOUR, NOW + timedelta(days=9))).coverage
    assert {outlet.id: outlet.articles for outlet in coverage.outlets}["infobae"] == 1
    assert (coverage.articles, coverage.unread, coverage.unread_reasons) == (1, 1, (("page too large", 1),))


def test_what_is_marked_not_relevant_is_left_out_and_counted_once(make_context: MakeContext) -> None:
    context = subscribed(make_context)
    tell_all(context.database, SANTOS_ES, CALLAO)
    first, _ = sorted(alert.id for alert in find_alerts(context.database))
    say = partial(mark_alerts, context.database, lambda: NOW, [first])
    say(Judgement(TriageStatus.NOT_RELEVANT, "ana"))
    wanted = DigestWanted(MORNING, NOW, NOW + HOUR)
    content = compose(context, wanted)
    assert headlines(content.topics) == [CALLAO[2]]
    assert {topic.id: topic.left_out for topic in content.topics} == {"iran": 1, "cuba": 0}
    rendered = render_digest(content)
    assert rendered.text.count("1 report marked not relevant, left out") == 2
    assert rendered.html.count("1 report marked not relevant, left out") == 2
    deliver(at(context, NOW + HOUR))
    later = DigestWanted(MORNING, NOW + HOUR, NOW + 2 * HOUR)
    assert sum(topic.left_out for topic in compose(context, later).topics) == 0
    assert sum(topic.left_out for topic in compose(context, replace(later, everything=True)).topics) == 1
    # a mark that is taken back brings it into the next digest
    say(Judgement(TriageStatus.NEW, "ana"))
    assert told(at(context, NOW + 2 * HOUR)) == [SANTOS_ES[2]]


def test_a_digest_of_nothing_but_left_out_reports_does_not_say_that_nothing_met_the_topics(
    make_context: MakeContext,
) -> None:
    context = subscribed(make_context)
    tell_all(context.database, SANTOS_ES)
    [alert] = find_alerts(context.database)
    mark_alerts(context.database, lambda: NOW, [alert.id], Judgement(TriageStatus.NOT_RELEVANT, "ana"))
    rendered = render_digest(compose(context, DigestWanted(MORNING, NOW, NOW + HOUR)))
    assert "No article met" not in rendered.text + rendered.html
    assert "1 report marked not relevant, left out" in rendered.text


def test_what_joins_a_story_marked_not_relevant_stands_last_and_says_so(make_context: MakeContext) -> None:
    context = subscribed(make_context)
    tell_all(context.database, SANTOS_ES)
    group_stories(context)
    [story] = find_stories(context.database)
    mark_story(context.database, lambda: NOW, story.id, Judgement(TriageStatus.NOT_RELEVANT, "ana"))
    tell_all(context.database, SANTOS_PT, CALLAO)
    group_stories(context)
    content = compose(context, DigestWanted(MORNING, NOW, NOW + HOUR))
    assert headlines(content.topics) == [CALLAO[2], SANTOS_PT[2]]
    rendered = render_digest(content)
    assert "story marked: not relevant" in rendered.text
    assert "story marked: not relevant" in rendered.html


def test_coverage_names_what_is_unusual_and_what_is_well_again(make_context: MakeContext) -> None:
    context = subscribed(make_context)
    tell_all(context.database, SANTOS_ES)
    changes = [
        ("infobae", 3, "blocked", "ok"),  # was told, is well again
        ("infobae", 2, "ok", "broken"),
        ("infobae", 1, "broken", "empty"),
        ("granma", 2, "ok", "broken"),  # for an hour only
        ("granma", 1, "broken", "ok"),
        ("folha", 2, "broken", "ok"),  # is not well now
    ]
    with context.database.session() as session:
        for outlet, hours, before, after in changes:
            session.execute(
                text(
                    "INSERT INTO status_changes (outlet_id, at, before, after, reason) "
                    "VALUES (:o, :at, :b, :a, '')"
                ),
                {"o": outlet, "at": NOW - hours * HOUR, "b": before, "a": after},
            )
        session.execute(text("UPDATE outlets SET status = 'ok', alarm = 'unusually few: 1'"))
        session.execute(text("UPDATE outlets SET status = 'silent' WHERE id = 'folha'"))
        session.commit()
    coverage = compose(context, DigestWanted(MORNING, NOW - 4 * HOUR, NOW)).coverage
    assert coverage.recovered == (OutletRecovered("Infobae", "blocked", NOW - HOUR),)
    assert {outlet.alarm for outlet in coverage.outlets} == {"unusually few: 1"}
    rendered = render_digest(compose(context, DigestWanted(MORNING, NOW - 4 * HOUR, NOW)))
    assert "Well again: Infobae" in rendered.text


def test_a_subscription_to_some_outlets_hears_of_those_only(make_context: MakeContext) -> None:
    context = subscribed(make_context)
    tell_all(context.database, SANTOS_ES, SANTOS_PT)
    with context.database.session() as session:
        session.execute(
            text("UPDATE articles SET state = 'quarantined', reason = 'too large', state_since = :at"),
            {"at": NOW},
        )
        session.commit()
    folha = replace(MORNING, outlets=("folha",))
    coverage = compose(context, DigestWanted(folha, NOW - HOUR, NOW + HOUR)).coverage
    assert [outlet.id for outlet in coverage.outlets] == ["folha"]
    assert (coverage.articles, coverage.unread, coverage.unread_reasons) == (1, 1, (("too large", 1),))
    later = compose(context, DigestWanted(folha, NOW + HOUR, NOW + 2 * HOUR)).coverage
    assert (later.unread, later.unread_reasons) == (0, ())


def test_alerts_of_one_event_stand_together_and_the_rest_of_a_story_is_a_follow_up(
    make_context: MakeContext,
) -> None:
    context = subscribed(make_context)
    tell_all(context.database, SANTOS_ES, SANTOS_PT)
    deliver(at(context, NOW + HOUR))
    with context.database.session() as session:
        tell(session, SANTOS_CU, NOW + 2 * HOUR)
        tell(session, CALLAO, NOW + 2 * HOUR, score=0.1)
    later = at(context, NOW + 3 * HOUR)
    group_stories(later)
    iran = compose(later, preview_wanted(later, MORNING)).topics[0]
    callao, santos = iran.stories
    assert [alert.title for alert in santos.alerts] == [SANTOS_CU[2]]
    assert (santos.follow_up, santos.first_outlet) == (True, "Infobae")
    assert santos.first_seen == NOW
    assert (callao.follow_up, santos.story_id != callao.story_id) == (False, True)
    everything = compose(later, preview_wanted(later, MORNING, everything=True)).topics[0]
    assert [len(story.alerts) for story in everything.stories] == [3, 1]
    assert not any(story.follow_up for story in everything.stories)


def test_an_alert_that_has_no_story_yet_stands_alone(make_context: MakeContext) -> None:
    context = subscribed(make_context)
    tell_all(context.database, SANTOS_ES, SANTOS_PT)
    stories = compose(context, preview_wanted(context, MORNING)).topics[0].stories
    assert [(story.story_id, len(story.alerts)) for story in stories] == [(0, 1), (0, 1)]


def test_a_topic_that_left_the_watchlist_is_told_under_its_name(make_context: MakeContext) -> None:
    context = subscribed(make_context)
    tell_all(context.database, SANTOS_ES)
    emptied = replace(context, watchlist=replace(context.watchlist, topics=()), versions={})
    content = compose(emptied, preview_wanted(emptied, MORNING))
    assert [(topic.id, topic.title, topic.version) for topic in content.topics] == [("iran", "iran", 1)]


def test_a_topic_with_too_many_wrong_alerts_is_named_noisy(make_context: MakeContext) -> None:
    context = subscribed(make_context)
    tell_all(context.database, *[SANTOS_ES] * 10)
    with context.database.session() as session:
        ids = [alert.id for alert in list_alerts(session)]
    mark_alerts(context.database, context.clock, ids[:4], Judgement(TriageStatus.NOT_RELEVANT, "ana"))
    assert compose(context, preview_wanted(context, MORNING)).topics[0].precision is None
    mark_alerts(context.database, context.clock, ids[4:5], Judgement(TriageStatus.NOT_RELEVANT, "ana"))
    assert compose(context, preview_wanted(context, MORNING)).topics[0].precision == 0
    mark_alerts(context.database, context.clock, ids[5:], Judgement(TriageStatus.ESCALATED, "ana"))
    content = compose(context, preview_wanted(context, MORNING))
    assert [topic.precision for topic in content.topics] == [0.5, None]
    [first, *_] = content.topics[0].stories
    assert first.alerts[0].status in {"not-relevant", "escalated"}
    assert "50 %" in preview(context, MORNING).text
    edited = replace(context, versions={"iran": 2})
    assert compose(edited, preview_wanted(edited, MORNING)).topics[0].precision is None


def test_what_changed_or_vanished_of_what_was_told_is_told(make_context: MakeContext) -> None:
    context = subscribed(make_context)
    tell_all(context.database, SANTOS_ES, CALLAO, SANTOS_PT)
    deliver(at(context, NOW + HOUR))
    with context.database.session() as session:
        change = "UPDATE articles SET change = 'Its headline changed.', changed_at = :at WHERE id = 1"
        session.execute(text(change), {"at": NOW + 2 * HOUR})
        session.execute(text("UPDATE articles SET vanished_at = :at WHERE id = 2"), {"at": NOW + 2 * HOUR})
        session.commit()
    later = at(context, NOW + 3 * HOUR)
    changes = compose(later, preview_wanted(later, MORNING)).changes
    assert [(change.title, change.vanished, change.what) for change in changes] == [
        (CALLAO[2], True, ""),
        (SANTOS_ES[2], False, "Its headline changed."),
    ]
    assert compose(later, preview_wanted(later, RUN)).changes == ()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, [SANTOS_ES[2], SANTOS_PT[2], CALLAO[2]]),
        ({"topics": ("cuba",)}, [CALLAO[2]]),
        ({"priorities": ("high",)}, [SANTOS_ES[2], SANTOS_PT[2]]),
        ({"outlets": ("folha",)}, [SANTOS_PT[2]]),
        ({"query": "country:BR"}, [SANTOS_PT[2]]),
        ({"query": "marihuana"}, [CALLAO[2]]),
        ({"query": "@gone"}, [SANTOS_ES[2], SANTOS_PT[2], CALLAO[2]]),
    ],
)
def test_a_subscription_is_told_what_it_asks_for(
    make_context: MakeContext, changes: dict[str, Any], expected: list[str]
) -> None:
    wanted = replace(MORNING, **changes)
    context = subscribed(make_context, wanted)
    iran, cuba = context.watchlist.topics
    high = replace(context.watchlist, topics=(replace(iran, priority="high"), cuba))
    context = replace(context, watchlist=high)
    with context.database.session() as session:
        tell(session, SANTOS_ES, score=0.9)
        tell(session, SANTOS_PT, score=0.8)
        tell(session, CALLAO, topics=("cuba",))
    assert told(at(context, NOW + HOUR), wanted) == expected


def test_every_subscription_is_told_each_alert_once_on_all_its_ways(make_context: MakeContext) -> None:
    poster, mailer = FakePoster(), FakeMailer()
    urgent = Subscription("urgent", HOURLY, language="es")
    context = subscribed(
        make_context, MORNING, urgent, poster=poster, mailer=mailer, base_url="https://m.org/"
    )
    tell_all(context.database, SANTOS_ES, SANTOS_PT)
    later = at(context, NOW + HOUR)
    assert deliver(later) == 2
    assert deliver(later) == 0
    assert states(context) == {
        "file": ["sent", "sent"],
        "atom": ["sent", "sent"],
        "mail": ["sent"],
        "webhook": ["sent", "sent"],
    }
    [mail] = mailer.sent
    assert (mail["To"], mail["From"]) == ("ana@example.org", "Monitor <monitor@example.org>")
    body = json.loads(poster.posted[0][0])
    assert body["delivery"] == poster.posted[0][1] == mail["Message-ID"]
    story = body["digest"]["topics"][0]["stories"][0]
    assert [alert["title"] for alert in story["alerts"]] == [SANTOS_ES[2], SANTOS_PT[2]]
    folder = context.data / "digests"
    assert SANTOS_ES[4] in (folder / "urgent-2026-11-22-1300.html").read_text(encoding="utf-8")
    assert (folder / "urgent-2026-11-22-1300.txt").exists()
    feed = feedparser.parse((folder / "morning.atom").read_bytes())
    assert {entry.title for entry in feed.entries} == {SANTOS_ES[4], SANTOS_PT[4]}
    assert feed.feed.id == "https://m.org/morning.atom"
    assert told(later) == []
    [digest] = listed(context.database, "morning")
    assert (digest.items, digest.recipients) == (2, ("ana@example.org",))
    assert digest.message_id == mail["Message-ID"]


def test_nothing_is_said_or_skipped_as_the_subscription_wants_and_time_goes_on(
    make_context: MakeContext,
) -> None:
    quiet = Subscription("quiet", HOURLY, recipients=("eva@example.org",), empty="skip")
    mailer = FakeMailer()
    context = subscribed(make_context, MORNING, quiet, mailer=mailer)
    deliver(context)
    assert [mail["To"] for mail in mailer.sent] == ["ana@example.org"]
    [skipped] = listed(context.database, "quiet")
    assert (skipped.deliveries, skipped.period_end) == ((), NOW)
    assert wanted_now(context, quiet) == []


def test_missed_digests_are_caught_up_in_one(make_context: MakeContext) -> None:
    context = subscribed(make_context)
    deliver(context)
    tell_all(context.database, SANTOS_ES, SANTOS_PT, CALLAO, every=timedelta(days=1))
    later = at(context, NOW + timedelta(days=3))
    [wanted] = wanted_now(later, MORNING)
    assert (wanted.period_start, wanted.period_end) == (NOW, NOW + timedelta(days=3))
    assert deliver(later) == 1


def test_a_new_subscription_begins_with_its_first_period(make_context: MakeContext) -> None:
    context = subscribed(make_context)
    tell_all(context.database, SANTOS_ES, SANTOS_PT, CALLAO, every=timedelta(days=3))
    later = at(context, NOW + timedelta(days=6, minutes=30))
    [wanted] = wanted_now(later, MORNING)
    assert headlines(compose(later, wanted).topics) == []
    assert told(later) == [CALLAO[2]]
    deliver(later)
    later = at(context, NOW + timedelta(days=6, minutes=70))
    [wanted] = wanted_now(later, MORNING)
    assert headlines(compose(later, wanted).topics) == [CALLAO[2]]


def test_an_alert_that_came_late_is_told_in_the_next_digest(make_context: MakeContext) -> None:
    context = subscribed(make_context)
    deliver(context)
    deliver(at(context, NOW + HOUR))
    with context.database.session() as session:
        tell(session, SANTOS_ES, NOW + HOUR - timedelta(seconds=1))
        tell(session, CALLAO, NOW - 2 * HOUR)
    assert told(at(context, NOW + 2 * HOUR)) == [SANTOS_ES[2]]


def test_no_digest_is_due_for_a_time_before_the_watch_began(make_context: MakeContext) -> None:
    context = subscribed(make_context)
    with context.database.session() as session:
        session.execute(
            text(
                "INSERT INTO watchlist_versions (applied_at, who, hash, source, changes) "
                "VALUES (:at, 'ana', 'h', '', '{}')"
            ),
            {"at": NOW + timedelta(minutes=10)},
        )
        session.commit()
    assert wanted_now(at(context, NOW + timedelta(minutes=20)), MORNING) == []
    assert len(wanted_now(at(context, NOW + HOUR), MORNING)) == 1
    assert wanted_now(at(context, NOW + HOUR), replace(MORNING, enabled=False)) == []


def test_one_digest_that_breaks_does_not_silence_the_others(
    make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Subscription("broken", HOURLY)
    context = subscribed(make_context, broken, MORNING)

    def breaks(context: Context, wanted: DigestWanted) -> object:
        if wanted.subscription == broken:
            raise ValueError("a bug")
        return compose(context, wanted)

    monkeypatch.setattr(delivering, "compose", breaks)
    assert compose_due(context) == 1
    assert [digest.subscription for digest in listed(context.database)] == ["morning"]

    def lost(context: Context, wanted: DigestWanted) -> object:
        raise DatabaseUnavailable("gone")

    monkeypatch.setattr(delivering, "compose", lost)
    with pytest.raises(DatabaseUnavailable):
        compose_due(context)


def test_a_refused_mail_is_tried_again_later_each_time_under_the_same_name(make_context: MakeContext) -> None:
    mailer = FakeMailer(MailError("busy"), MailError("silent", unknown=True))
    context = subscribed(make_context, mailer=mailer)
    tell_all(context.database, SANTOS_ES)
    deliver(at(context, NOW + HOUR))
    [digest] = listed(context.database)
    mail = digest.deliveries[-1]
    assert (mail.state, mail.reason, mail.attempts) == ("composed", "busy", 1)
    assert mail.next_attempt_at == NOW + HOUR + timedelta(minutes=1)
    assert send_due(at(context, NOW + HOUR)).sent == 0
    assert due(at(context, NOW + HOUR)) == 0
    assert send_due(at(context, NOW + HOUR + timedelta(minutes=1))).failed == 1
    assert send_due(at(context, NOW + 2 * HOUR)).sent == 1
    assert [one["Message-ID"] for one in mailer.sent] == [digest.message_id]
    [after] = listed(context.database)
    assert (after.deliveries[-1].state, after.deliveries[-1].sent_at) == ("sent", NOW + 2 * HOUR)


def test_attempts_grow_rarer_and_end() -> None:
    waits = [next_attempt(number, NOW, permanent=False) for number in (1, 2, 3, 15)]
    assert waits == [NOW + timedelta(minutes=minutes) for minutes in (1, 2, 4, 360)]
    assert next_attempt(outbox.MOST, NOW, permanent=False) is None
    assert next_attempt(1, NOW, permanent=True) == NOW + outbox.LONGEST
    assert next_attempt(outbox.MOST_REFUSED, NOW, permanent=True) is None


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (MailError("no spam", permanent=True), "no spam"),
        (DeliveryError("no address"), "no address"),
        (OSError("disk full"), "disk full"),
        (ValueError("a bug"), "ValueError: a bug"),
    ],
)
def test_what_is_given_up_is_kept_with_its_reason_until_somebody_sends_it_again(
    make_context: MakeContext, error: Exception, reason: str
) -> None:
    mailer = FakeMailer(*[error] * outbox.MOST)
    context = subscribed(make_context, mailer=mailer)
    deliver(context)
    for number in range(1, outbox.MOST):
        send_due(at(context, NOW + number * timedelta(days=1)))
    [digest] = listed(context.database)
    mail = digest.deliveries[-1]
    assert (mail.state, mail.reason, mail.next_attempt_at) == ("failed", reason, None)
    mailer.errors.clear()
    assert again(context.database, [], only_failed=True) == 1
    assert send_due(context).sent == 1
    assert again(context.database, [digest.id]) == 3
    send_due(context)
    assert [one["Message-ID"] for one in mailer.sent] == [digest.message_id] * 2


def test_a_mail_taken_for_some_recipients_only_is_sent_and_says_so(make_context: MakeContext) -> None:
    mailer = FakeMailer(MailError("took it but refused eva", permanent=True, delivered=True))
    context = subscribed(make_context, mailer=mailer)
    deliver(context)
    [digest] = listed(context.database)
    assert (digest.deliveries[-1].state, digest.deliveries[-1].reason) == ("sent", "took it but refused eva")


def test_a_delivery_cut_off_by_a_lost_database_is_sent_again(
    make_context: MakeContext,
) -> None:
    mailer = FakeMailer(DatabaseUnavailable("gone"))
    context = subscribed(make_context, mailer=mailer)
    compose_due(context)
    with pytest.raises(DatabaseUnavailable):
        send_due(context)
    assert states(context)["mail"] == ["sending"]
    assert send_due(context).sent == 1
    assert len(mailer.sent) == 1


def test_mail_waits_until_a_server_is_set(make_context: MakeContext) -> None:
    context = subscribed(make_context, mailer=None, sender="")
    deliver(context)
    assert states(context) == {"file": ["sent"], "atom": ["sent"], "mail": ["composed"]}
    mailer = FakeMailer()
    assert send_due(replace(context, mailer=mailer, sender=SENDER)).sent == 1
    assert "monitor.invalid" in mailer.sent[0]["Message-ID"]


def test_who_sets_up_a_mail_server_gets_no_month_of_mails(make_context: MakeContext) -> None:
    context = subscribed(make_context, mailer=None)
    for days in range(6):
        deliver(at(context, NOW + timedelta(days=days)))
    mailer, now = FakeMailer(), NOW + timedelta(days=5)
    send_due(at(replace(context, mailer=mailer), now))
    assert len(mailer.sent) == 4
    assert states(context)["mail"] == ["failed"] * 2 + ["sent"] * 4
    told = status(context.database, now)["undelivered"]
    assert [(one["channel"], one["state"], one["reason"]) for one in told] == [
        ("mail", "failed", "this way is not set up")
    ] * 2
    assert status(context.database, now + timedelta(days=30))["undelivered"] == []


def test_the_status_names_a_digest_that_has_not_left(make_context: MakeContext) -> None:
    context = subscribed(make_context, mailer=FakeMailer(MailError("busy")))
    deliver(context)
    assert status(context.database, NOW)["undelivered"] == []
    [late] = status(context.database, NOW + 2 * HOUR)["undelivered"]
    assert (late["subscription"], late["channel"], late["reason"]) == ("morning", "mail", "busy")
    assert late["composed_at"] == NOW.isoformat()


def test_one_process_sends_at_a_time(make_context: MakeContext) -> None:
    context = subscribed(make_context)
    compose_due(context)
    with context.database.advisory_lock("send"):
        assert not send_due(context).alone
    assert send_due(context).alone


@pytest.mark.parametrize("by_hand", [False, True])
def test_two_processes_that_compose_take_turns(make_context: MakeContext, by_hand: bool) -> None:
    context = subscribed(make_context)
    tell_all(context.database, SANTOS_ES)
    later = at(context, NOW + HOUR)
    worker = Thread(target=deliver_now if by_hand else compose_due, args=(later,))
    with context.database.advisory_lock("compose"):
        worker.start()
        while not waiting_for_a_lock(context):  # the worker has come to the lock of whoever composes
            assert worker.is_alive()
        assert listed(context.database) == []
    worker.join()
    assert len(listed(context.database)) == 1


def waiting_for_a_lock(context: Context) -> bool:
    with context.database.session() as session:
        return bool(
            session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'"))
        )


def test_what_a_run_found_is_told_once_and_lies_in_a_file(make_context: MakeContext) -> None:
    context = subscribed(make_context)
    tell_all(context.database, SANTOS_ES, CALLAO, every=timedelta(days=-400))
    path = deliver_now(context)
    assert path.name == "run-2026-11-22-1200.html"
    assert SANTOS_ES[4] in path.read_text(encoding="utf-8")
    second = deliver_now(at(context, NOW + HOUR))
    assert SANTOS_ES[4] not in second.read_text(encoding="utf-8")
    assert states(context) == {"file": ["sent", "sent"]}
    everything = write_preview(at(context, NOW + 2 * HOUR), replace(MORNING, limit=500))
    assert SANTOS_ES[4] in everything.with_suffix(".txt").read_text(encoding="utf-8")


def test_a_trial_marks_nothing_and_has_a_name_of_its_own(make_context: MakeContext) -> None:
    mailer = FakeMailer()
    context = subscribed(make_context, mailer=mailer)
    tell_all(context.database, SANTOS_ES)
    later = at(context, NOW + timedelta(minutes=5))
    trial(later, MORNING, ("me@example.org",))
    assert [mail["To"] for mail in mailer.sent] == ["me@example.org"]
    assert told(later) == [SANTOS_ES[2]]
    deliver(at(context, NOW + HOUR))
    assert mailer.sent[1]["Message-ID"] != mailer.sent[0]["Message-ID"]
    with pytest.raises(DeliveryError, match="no mail server is set"):
        trial(replace(context, mailer=None), MORNING, ("me@example.org",))


def test_mails_can_be_had_as_files(make_context: MakeContext) -> None:
    context = subscribed(make_context, replace(MORNING, recipients=()), sender="", mailer=None)
    tell_all(context.database, SANTOS_ES)
    mail = eml(context, context.subscriptions[0])
    assert (mail["From"], mail["To"]) == ("Monitor <monitor@monitor.invalid>",) * 2
    deliver(at(context, NOW + HOUR))
    [digest] = listed(context.database)
    assert stored_eml(context, digest.id)["Message-ID"] == digest.message_id
    with pytest.raises(InputError, match="there is no digest 99"):
        stored_eml(context, 99)


DIGESTS = "digests:\n  - name: morning\n    schedule: {at: '07:00'}\n    topics: [TOPIC]\n"


def test_subscriptions_come_from_a_file_whose_faults_silence_nothing(
    make_context: MakeContext, tmp_path: Path
) -> None:
    path = tmp_path / "digests.yaml"
    file = digests_file(lambda: path)
    path.write_text("digests: 3", encoding="utf-8")
    context, error = file.read(make_context(), path)
    assert (context.subscriptions, "digests.yaml" in error) == ((), True)
    path.write_text(DIGESTS.replace("TOPIC", "iran"), encoding="utf-8")
    context, error = file.read(context, path)
    assert ([one.name for one in context.subscriptions], error) == (["morning"], "")
    path.write_text(DIGESTS.replace("TOPIC", "irak"), encoding="utf-8")
    context, error = file.read(context, path)
    assert context.subscriptions[0].topics == ("irak",)
    assert "there is no topic 'irak'" in error
    path.write_text("digests: [", encoding="utf-8")
    context, error = file.read(context, path)
    assert ([one.name for one in context.subscriptions], bool(error)) == (["morning"], True)
