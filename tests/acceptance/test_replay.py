"""Real captured pages and feeds, from gateway to report."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor import bootstrap
from monitor.cli.cycle import run_cycle
from monitor.cli.demo import SAMPLE
from monitor.demo.gateway import Gateway
from monitor.settings import load
from tests.fakes import FakeTranslator

ROOT = Path(__file__).resolve().parents[2]

REAL = ROOT.parent / "shared" / "real"
#: the page states 3 May 2022 as the day of publication; its record has the day of the last change
RECORD_DIFFERS = {
    "https://www.eltiempo.com/colombia/medellin/elecciones-2022-candidatos-presidenciales-en-la-universidad-eafit-669594"
}
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the captured pages are not part of the repository")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One cycle over the real material; only the translation is faked, as it would take two minutes."""
    settings = load(data=tmp_path_factory.mktemp("replay") / "data", config=ROOT / "config")
    with (
        Gateway(REAL / "replay.json") as gateway,
        bootstrap.monitor(
            settings.model_copy(update={"gateway": gateway.template}),
            outlets=gateway.outlets,
            engine=FakeTranslator(),
        ) as context,
    ):
        return run_cycle(context, preview=SAMPLE).report


def pages() -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted((REAL / "pages").glob("*.json"))]


def test_all_real_pages_are_stored_with_a_body_and_their_language(report: dict[str, Any]) -> None:
    stored = {article["url"]: article for article in report["articles"]}
    assert len(pages()) == 25
    for page in pages():
        article = stored[page["url"]]
        assert article["state"] == "matched", page["url"]
        assert article["text_chars"] > 200, page["url"]
        assert article["language"] == page["language"], page["url"]


def test_the_date_is_right_wherever_the_page_gives_one(report: dict[str, Any]) -> None:
    stored = {article["url"]: article for article in report["articles"]}
    for page in pages():
        if not page.get("publishing_date") or page["url"] in RECORD_DIFFERS:
            continue
        expected = datetime.fromisoformat(page["publishing_date"])
        found = datetime.fromisoformat(stored[page["url"]]["published_at"])
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
