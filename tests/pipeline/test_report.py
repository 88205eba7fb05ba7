"""What a run found, as plain values."""

from dataclasses import replace
from datetime import timedelta

from monitor.model import FetchFailureKind, StatusChange, StoredOutlet
from monitor.pipeline.collect import collect
from monitor.pipeline.health import recoveries
from monitor.pipeline.process import process
from monitor.pipeline.report import find_alerts, report, status
from monitor.storage.health import put_verdict
from monitor.storage.watchlist import AppliedWatchlist, apply_watchlist, record_config_error
from tests.fakes import NOW, failure, page
from tests.pipeline.conftest import ARTICLE, MakeContext, answers, rss


def test_a_report_tells_outlets_articles_and_alerts(make_context: MakeContext) -> None:
    context = make_context()
    collect(context)
    process(context)
    found = report(context.database, {"collect": 0.12345})
    assert found["outlets"] == [
        {"id": "infobae", "status": "ok", "since": NOW.isoformat(), "entries": 1, "articles": 1}
    ]
    [article] = found["articles"]
    assert (article["url"], article["state"], article["language"]) == (ARTICLE, "matched", "es")
    assert article["published_at"] == "2026-11-22T10:00:00+00:00"
    assert "reason" not in article
    [alert] = found["alerts"]
    assert (alert["topic"], alert["outlet"]) == ("iran", "infobae")
    assert set(alert["evidence"][0]) == {
        "term",
        "field",
        "start",
        "end",
        "sentence",
        "sentence_en",
        "sentence_original",
    }
    assert found["seconds"] == {"collect": 0.123}
    assert len(find_alerts(context.database, topic="iran")) == 1


def test_what_went_wrong_is_in_the_report(make_context: MakeContext) -> None:
    undated = "<item><title>Irán y drones</title><link>https://www.infobae.com/x</link></item>"
    network = answers(undated) | {
        "https://www.infobae.com/x": failure("https://www.infobae.com/x", FetchFailureKind.GONE)
    }
    context = make_context(network)
    collect(context)
    process(context)
    found = report(context.database, {})
    assert found["articles"][0]["reason"].startswith("no page: ")
    assert found["articles"][0]["published_at"] is None
    assert found["alerts"][0]["published_at"] is None


def test_defects_that_were_worked_around_are_named(make_context: MakeContext) -> None:
    feed = "https://www.infobae.com/rss"
    broken = rss("<item><title>A & B</title><link>https://www.infobae.com/ab</link></item>")
    context = make_context({feed: page(feed, broken)})
    collect(context)
    [outlet] = report(context.database, {})["outlets"]
    assert outlet["problems"]


def test_the_status_says_what_needs_attention(make_context: MakeContext) -> None:
    feed = "https://www.infobae.com/rss"
    context = make_context({feed: failure(feed, FetchFailureKind.DNS)})
    collect(context)
    before = status(context.database, NOW)
    assert before["watchlist"] == {"version": None, "applied_at": None}
    with context.database.session() as session:
        apply_watchlist(session, AppliedWatchlist(0, NOW, "ana", "h", "s", {}), [])
        record_config_error(session, "watchlist.yaml", "line 3: …", NOW)
        session.commit()
    found = status(context.database, NOW)
    assert found["outlets"][0]["error"] == f"dns at {feed}"
    assert found["watchlist"]["version"] == 1
    assert found["config_errors"] == {"watchlist.yaml": "line 3: …"}
    assert (found["outlets"][0]["since"], found["recovered"]) == (NOW.isoformat(), {})


def test_the_status_says_what_is_well_again_and_what_is_unusual(make_context: MakeContext) -> None:
    feed = "https://www.infobae.com/rss"
    collect(make_context({feed: failure(feed, FetchFailureKind.DNS)}))
    context = make_context()
    collect(context, everything=True)
    with context.database.session() as session:
        put_verdict(session, "infobae", "", "unusually few: 0 articles", NOW)
        session.commit()
    found = status(context.database, NOW)
    assert found["recovered"] == {"infobae": "ok again, was broken"}
    assert found["outlets"][0]["alarm"] == "unusually few: 0 articles"
    assert status(context.database, NOW + timedelta(days=3))["recovered"] == {}


def test_an_outlet_that_lists_something_again_after_nothing_was_well_all_along() -> None:
    outlet = StoredOutlet("infobae", "Infobae", "ok", NOW, "", 1, 1)
    silent, broken = (StatusChange("infobae", NOW, before, "ok", "") for before in ("empty", "broken"))
    assert list(recoveries([outlet], [silent])) == []
    assert [one.from_the_start for one in recoveries([outlet], [silent, broken])] == [True]
    assert [one.from_the_start for one in recoveries([outlet], [broken, silent])] == [False]
    assert list(recoveries([replace(outlet, status="blocked")], [broken])) == []
