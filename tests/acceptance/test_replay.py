"""Real captured pages and feeds through the command line."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from monitor.text.urls import canonical_url
from tests.acceptance.test_demo import ROOT, run

REAL = ROOT.parent / "shared" / "real"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the captured pages are not part of the repository")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return run(tmp_path_factory.mktemp("replay") / "data", "--replay", str(REAL / "replay.json"))


def pages() -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted((REAL / "pages").glob("*.json"))]


def test_all_real_pages_are_stored_with_a_body_and_their_language(report: dict[str, Any]) -> None:
    stored = {article["url"]: article for article in report["articles"]}
    assert len(pages()) == 25
    for page in pages():
        article = stored[canonical_url(page["url"])]
        assert article["state"] == "matched", page["url"]
        assert article["text_chars"] > 200, page["url"]
        assert article["language"] == page["language"], page["url"]


def test_the_date_is_right_wherever_the_page_gives_one(report: dict[str, Any]) -> None:
    stored = {article["url"]: article for article in report["articles"]}
    for page in pages():
        if not page.get("publishing_date"):
            continue
        expected = datetime.fromisoformat(page["publishing_date"])
        found = datetime.fromisoformat(stored[canonical_url(page["url"])]["published_at"])
        if expected.tzinfo:
            assert found == expected, page["url"]
        else:  # only the day is known, in the outlet's own zone
            assert expected.date() in {(found - timedelta(hours=west)).date() for west in (-2, 3, 6)}, page[
                "url"
            ]


def test_the_captured_feeds_are_read(report: dict[str, Any]) -> None:
    outlets = {outlet["id"]: outlet for outlet in report["outlets"]}
    assert len(outlets) == 32
    newsml = outlets.pop("lavanguardia-2021-01-02")
    assert (newsml["status"], newsml["error"]) == ("broken", "not RSS or Atom")
    assert {outlet["status"] for outlet in outlets.values()} == {"ok"}


def test_items_whose_page_is_missing_take_the_text_of_their_feed_and_say_so(report: dict[str, Any]) -> None:
    with_pages = {page["url"] for page in pages()}
    from_feeds = [a for a in report["articles"] if a["url"] not in with_pages and a["content"] != "page"]
    assert from_feeds
    assert all(article["reason"].startswith("no page: ") for article in from_feeds)
