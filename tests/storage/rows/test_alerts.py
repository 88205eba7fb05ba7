"""Alerts with their evidence, the outbox, and what was told."""

from datetime import timedelta

from sqlalchemy.orm import Session

from monitor.model import Evidence, Field, TopicMatch
from monitor.storage import articles
from monitor.storage.alerts import AlertFilter, list_alerts, load_for_match, store_alerts
from monitor.storage.digests import DigestForStore, last_period_end, list_digests, store_digest
from monitor.storage.translations import store_translation
from tests.fakes import NOW
from tests.storage.rows.test_articles import TRANSLATION, to_extracted

EVIDENCE = Evidence("párrafo", Field.TEXT, 3, 10, "Un párrafo.", "A paragraph.")
MATCHES = [TopicMatch("iran", 0.9, (EVIDENCE,)), TopicMatch("cuba", 0.4, ())]
DIGEST = DigestForStore("daily", NOW - timedelta(days=1), NOW, "Two alerts", "<p>", "text", "<1@monitor>")


def alerted(session: Session, article: int) -> None:
    to_extracted(session, article)
    store_translation(session, article, TRANSLATION, NOW)
    articles.mark_translated(session, article, "Headline", "", NOW)
    assert store_alerts(session, article, MATCHES, {"iran": 3}, NOW) == 2


def test_an_article_is_matched_with_all_a_query_can_ask(stored: Session, article: int) -> None:
    to_extracted(stored, article)
    stored.expire_all()
    assert (load_for_match(stored, article).text_en, load_for_match(stored, article).pairs) == ("", ())
    store_translation(stored, article, TRANSLATION, NOW)
    found = load_for_match(stored, article)
    assert (found.outlet, found.country, found.kind, found.language) == ("infobae", "AR", "independent", "es")
    assert found.text_en == "A paragraph.\nAnother."
    assert [pair.source for pair in found.pairs] == ["Un párrafo.", "Otro."]


def test_an_alert_comes_back_equal_with_what_people_need(stored: Session, article: int) -> None:
    alerted(stored, article)
    cuba, iran = list_alerts(stored)
    assert (iran.topic, iran.topic_version, iran.score, iran.evidence) == ("iran", 3, 0.9, (EVIDENCE,))
    assert (iran.outlet_name, iran.title, iran.lead_en) == ("Infobae", "Titular", "A paragraph.")
    assert (cuba.topic, cuba.topic_version) == ("cuba", 0)


def test_an_alert_is_stored_once(stored: Session, article: int) -> None:
    alerted(stored, article)
    assert store_alerts(stored, article, MATCHES, {"iran": 4}, NOW) == 0
    assert store_alerts(stored, article, [], {}, NOW) == 0
    assert len(list_alerts(stored)) == 2


def test_alerts_are_narrowed_by_every_condition(stored: Session, article: int) -> None:
    alerted(stored, article)
    wanted = AlertFilter(topic="iran", outlet="infobae", since=NOW, limit=1)
    [iran] = list_alerts(stored, wanted)
    assert list_alerts(stored, AlertFilter(alert_id=iran.id)) == [iran]
    assert list_alerts(stored, AlertFilter(outlet="clarin")) == []
    assert list_alerts(stored, AlertFilter(since=NOW + timedelta(seconds=1))) == []


def test_an_alert_without_a_translation_has_no_lead(stored: Session, article: int) -> None:
    to_extracted(stored, article)
    store_alerts(stored, article, MATCHES, {}, NOW)
    assert {alert.lead_en for alert in list_alerts(stored)} == {""}


def test_an_alert_is_told_once_to_each_subscription(stored: Session, article: int) -> None:
    alerted(stored, article)
    told = [alert.id for alert in list_alerts(stored)]
    assert last_period_end(stored, "daily") is None
    number = store_digest(stored, DIGEST, told, NOW)
    assert list_alerts(stored, AlertFilter(untold_to="daily")) == []
    assert len(list_alerts(stored, AlertFilter(untold_to="weekly"))) == 2
    assert last_period_end(stored, "daily") == NOW
    [digest] = list_digests(stored)
    assert (digest.id, digest.items, digest.deliveries) == (number, 2, ())


def test_a_digest_of_the_same_period_is_stored_once(stored: Session, article: int) -> None:
    alerted(stored, article)
    first = store_digest(stored, DIGEST, [], NOW)
    assert store_digest(stored, DIGEST, [alert.id for alert in list_alerts(stored)], NOW) == first
    assert len(list_alerts(stored, AlertFilter(untold_to="daily"))) == 2
