"""Digests: composed from what was not told yet, and kept."""

from datetime import timedelta

from monitor.pipeline.collect import collect
from monitor.pipeline.context import Context
from monitor.pipeline.deliver import DigestWanted, compose, deliver
from monitor.pipeline.process import process
from monitor.storage.digests import list_digests
from tests.fakes import NOW
from tests.pipeline.conftest import MakeContext

WANTED = DigestWanted("daily", "Daily digest", NOW - timedelta(days=1), NOW)


def processed(make: MakeContext, **more: object) -> Context:
    context = make(**more)
    collect(context)
    process(context)
    return context


def test_a_digest_says_what_was_found_and_what_was_seen(make_context: MakeContext) -> None:
    context = processed(make_context, config_errors=("watchlist.yaml:3: …",))
    content = compose(context, WANTED)
    [topic] = content.topics
    assert (topic.id, topic.title, topic.version) == ("iran", "Iran in Latin America", 1)
    alert = topic.stories[0].alerts[0]
    assert (alert.outlet_name, alert.title_en) == ("Infobae", "EN:Irán entrega drones a Bolivia")
    assert alert.lead_en.startswith("EN:El Gobierno de Irán")
    assert [(outlet.id, outlet.status) for outlet in content.coverage.outlets] == [("infobae", "ok")]
    assert (content.coverage.articles, content.coverage.unread) == (1, 0)
    assert content.coverage.config_errors == ("watchlist.yaml:3: …",)


def test_a_delivered_alert_is_not_told_again(make_context: MakeContext) -> None:
    context = processed(make_context)
    path = deliver(context, "daily", "Daily digest")
    assert "Irán entrega drones" in path.read_text(encoding="utf-8")
    assert path.with_suffix(".txt").exists()
    assert compose(context, WANTED).topics == ()
    everything = DigestWanted("daily", "Daily", WANTED.period_start, NOW, everything=True)
    assert len(compose(context, everything).topics) == 1
    with context.database.session() as session:
        [digest] = list_digests(session)
    assert (digest.subscription, digest.items) == ("daily", 1)


def test_a_second_digest_goes_on_where_the_first_ended(make_context: MakeContext) -> None:
    deliver(processed(make_context), "daily", "Daily digest")
    later = make_context(clock=lambda: NOW + timedelta(hours=5))
    deliver(later, "daily", "Daily digest")
    with later.database.session() as session:
        newest, first = list_digests(session)
    assert (newest.period_start, newest.items) == (first.period_end, 0)


def test_a_topic_that_left_the_watchlist_is_told_under_its_name(make_context: MakeContext) -> None:
    context = processed(make_context)
    from dataclasses import replace

    emptied = replace(context, watchlist=replace(context.watchlist, topics=()))
    assert [(topic.id, topic.title) for topic in compose(emptied, WANTED).topics] == [("iran", "iran")]
