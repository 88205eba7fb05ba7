"""A context on a real store with a fake network and a fake translator."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from monitor.config.watchlist import load_watchlist
from monitor.model import FeedSource, FetchedPage, FetchFailure, Outlet, OutletKind
from monitor.pipeline.context import Context
from monitor.steps.match import compile_watchlist
from monitor.storage.session import Database
from tests.fakes import NOW, FakeFetcher, FakeTranslator, page

WATCHLIST = """\
topics:
  - id: iran
    title: Iran in Latin America
    query: Irán AND drones
  - id: cuba
    title: Cuba
    query: Cuba
"""
INFOBAE = Outlet(
    id="infobae",
    name="Infobae",
    language="es",
    country="AR",
    kind=OutletKind.INDEPENDENT,
    timezone="America/Argentina/Buenos_Aires",
    feeds=(FeedSource("https://www.infobae.com/rss"),),
)
ARTICLE = "https://www.infobae.com/iran-drones"
BODY = (
    "El Gobierno de Irán entregó seis drones a Bolivia en una ceremonia militar celebrada en La Paz.",
    "La oposición pidió conocer el contrato completo y anunció que citará al ministro de Defensa.",
    "El convenio prevé además la formación de cuarenta oficiales y la compra de repuestos por dos años.",
)


def rss(*items: str) -> bytes:
    head = '<?xml version="1.0"?><rss version="2.0"><channel><title>Infobae</title>'
    return (head + "".join(items) + "</channel></rss>").encode()


def item(url: str = ARTICLE, title: str = "Irán entrega drones a Bolivia", summary: str = "") -> str:
    described = f"<description>{summary}</description>" if summary else ""
    return (
        f"<item><title>{title}</title><link>{url}</link><guid>{url}</guid>{described}"
        "<pubDate>Sun, 22 Nov 2026 10:00:00 GMT</pubDate></item>"
    )


def html(*paragraphs: str, title: str = "Irán entrega drones a Bolivia") -> bytes:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs or BODY)
    head = f"<title>{title}</title><meta property='og:title' content='{title}'>"
    article = f"<article><h1>{title}</h1>{body}</article>"
    return f"<html lang='es'><head>{head}</head><body>{article}</body></html>".encode()


def answers(*items: str) -> dict[str, FetchedPage | FetchFailure]:
    return {
        "https://www.infobae.com/rss": page("https://www.infobae.com/rss", rss(*items or (item(),))),
        ARTICLE: page(ARTICLE, html(), content_type="text/html; charset=utf-8"),
    }


MakeContext = Callable[..., Context]


@pytest.fixture
def make_context(database: Database, tmp_path: Path) -> MakeContext:
    """Builds a context; its parts can be given."""
    watchlist_file = tmp_path / "watchlist.yaml"
    watchlist_file.write_text(WATCHLIST, encoding="utf-8")
    watchlist = load_watchlist(watchlist_file)

    def make(network: Mapping[str, FetchedPage | FetchFailure] | None = None, **more: Any) -> Context:
        parts: dict[str, Any] = {
            "database": database,
            "fetcher": FakeFetcher(network if network is not None else answers()),
            "translator": FakeTranslator(),
            "matcher": compile_watchlist(watchlist.topics, watchlist.lists),
            "watchlist": watchlist,
            "versions": {"iran": 1, "cuba": 1},
            "outlets": {INFOBAE.id: INFOBAE},
            "clock": lambda: NOW,
            "data": tmp_path / "data",
        }
        return Context(**(parts | more))

    return make
