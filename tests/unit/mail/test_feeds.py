from datetime import UTC, datetime

import feedparser

from monitor.model import Evidence, Field, StoredAlert
from monitor.steps.mail import FeedItem, render_atom, signature, verify, webhook_body

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def alert(**changes: object) -> StoredAlert:
    values: dict[str, object] = {
        "id": 7,
        "topic": "drugs",
        "topic_version": 1,
        "created_at": NOW,
        "article_id": 7,
        "content": "page",
        "url": "https://example.org/a?x=1&y=2",
        "title": "Incautan <b>droga</b> en Santos\x00",
        "title_en": "Drugs seized in Santos",
        "language": "es",
        "outlet": "x",
        "outlet_name": "El Diario",
        "country": "AR",
        "kind": "independent",
        "published_at": NOW,
        "score": 1.0,
        "evidence": (Evidence("droga", Field.TEXT, 0, 5, "La droga iba a Santos.", "The drug went."),),
    }
    return StoredAlert(**(values | changes))  # type: ignore[arg-type]


def test_the_feed_reads_back_with_its_reasons() -> None:
    items = [
        FeedItem(alert(), "Drugs & crime", NOW),
        FeedItem(alert(url="javascript:x", title_en="", published_at=None), "t", NOW),
    ]
    feed = feedparser.parse(render_atom("Alerts <1>", "https://example.org/alerts.atom", items, NOW))
    assert not feed.bozo
    assert (feed.version, feed.feed.title) == ("atom10", "Alerts <1>")
    first, second = feed.entries
    assert (first.title, first.link, first.author) == (
        "Drugs seized in Santos",
        "https://example.org/a?x=1&y=2",
        "El Diario",
    )
    assert first.tags[0].term == "Drugs & crime"
    assert "droga: La droga iba a Santos. The drug went." in first.summary
    assert second.link.endswith("alerts.atom#alert-7")
    assert "published" not in second
    assert first.updated == "2026-11-22T12:00:00Z"


def test_an_empty_feed_is_a_feed() -> None:
    assert feedparser.parse(render_atom("Alerts", "urn:monitor:alerts", [], NOW)).version == "atom10"


def test_a_signature_holds_for_its_body_secret_and_moment_only() -> None:
    body = webhook_body({"title": "Ñandú", "alerts": [1]})
    assert (
        body == webhook_body({"alerts": [1], "title": "Ñandú"}) == '{"alerts":[1],"title":"Ñandú"}'.encode()
    )
    header = signature(body, "secret", 1000)
    assert verify(body, "secret", header, now=1100)
    assert not verify(body + b" ", "secret", header, now=1100)
    assert not verify(body, "other", header, now=1100)
    assert not verify(body, "secret", header, now=2000)
    assert not verify(body, "secret", header.replace("t=1000", "t=1001"), now=1100)
    assert not verify(body, "secret", "nonsense ñ", now=1100)
