"""The mail as people see it: pictures in tests/output, no sideways scrolling, nothing fetched."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, sync_playwright

from monitor.model import DigestStory, DigestTopic
from monitor.steps.digest import render_digest
from tests.unit.digest.samples import CONTENT, HOSTILE, NOTHING, many

CHROMIUM = shutil.which("chromium")
OUTPUT = Path(__file__).parents[2] / "output"
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LONG = replace(
    HOSTILE,
    title="W" * 2000,
    title_en="palabra" * 300,
    outlet_name="O" * 200,
    url="https://e.org/" + "x" * 900,
)
PAGES = {
    "day": CONTENT,
    "short": replace(
        CONTENT, topics=(DigestTopic("t", "Ports", 1, many(40, 2)), CONTENT.topics[1]), size=40_000
    ),
    "nothing": replace(NOTHING, frame="es"),
    "long": replace(
        CONTENT, frame="pt", topics=(DigestTopic("t", "T" * 300, 1, (DigestStory((LONG, LONG)),)),)
    ),
}
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="chromium is not installed (apt-get install chromium)"
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    with sync_playwright() as play:
        profile = tmp_path_factory.mktemp("chromium")
        context = play.chromium.launch_persistent_context(
            profile, executable_path=CHROMIUM, args=QUIET, offline=True
        )
        yield context
        context.close()


@pytest.mark.parametrize("name", PAGES)
def test_the_mail_fits_telephone_and_desk_by_day_and_night(name: str, browser: BrowserContext) -> None:
    html = render_digest(PAGES[name]).html
    OUTPUT.mkdir(exist_ok=True)
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(html)
    backgrounds = set()
    for width in (360, 1200):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
            backgrounds.add((scheme, page.evaluate("getComputedStyle(document.body).backgroundColor")))
            page.screenshot(path=OUTPUT / f"digest-{name}-{width}-{scheme}.png", full_page=True)
    page.close()
    assert len(backgrounds) == len(dict(backgrounds)) == 2
    assert asked == []
