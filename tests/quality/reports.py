"""The labelled reports and the shipped watchlist, as several floors want them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from monitor.config.watchlist import Watchlist, load_watchlist
from monitor.model import ArticleForMatch
from monitor.steps.match import Matcher, compile_watchlist

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data"
NEWS = ROOT.parent / "shared" / "real" / "articles"


@dataclass(frozen=True)
class Item:
    """A headline, perhaps with its first paragraph, and what it must and may raise."""

    must: frozenset[str]
    may: frozenset[str]
    article: ArticleForMatch


@cache
def watchlist() -> Watchlist:
    return load_watchlist(ROOT / "config" / "watchlist.yaml")


@cache
def matcher() -> Matcher:
    return compile_watchlist(watchlist().topics, watchlist().lists)


def table_rows(path: Path) -> list[list[str]]:
    """The cells of a table's lines, without its notes."""
    lines = path.read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def items_of(path: Path) -> Iterator[Item]:
    for number, (language, must, may, title, text) in enumerate(table_rows(path)[1:]):
        article = ArticleForMatch(f"{path.stem}-{number}", language, title, text)
        yield Item(frozenset(filter(None, must.split(","))), frozenset(filter(None, may.split(","))), article)


def ordinary_news() -> Iterator[ArticleForMatch]:
    for path in sorted(NEWS.glob("*.jsonl")):
        for line in path.read_text("utf-8").split("\n"):
            if line.strip():
                data = json.loads(line)
                yield ArticleForMatch(data["id"], data["lang"], data["title"] or "", data["text"] or "")
