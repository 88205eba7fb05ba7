"""Likeness to known reports on reports that it does not know, and on ordinary news.

Each blind round is asked against all reports but its own. The queries are left out: they were mended from
these rounds, so only what likeness finds by itself says something of news that nobody has seen. How much it
adds to the queries at first contact with a round: docs/decisions/0067-likeness.md.
"""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.config.exemplars import load_exemplars
from monitor.config.watchlist import Watchlist, load_watchlist
from monitor.model import ArticleForMatch, Exemplar
from monitor.ports import Embedder
from monitor.steps.cluster import UseEmbedder
from monitor.steps.match import KnownReports, Likeness, compile_watchlist
from monitor.steps.match.likeness import spoken, vectors_of

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data"
NEWS = ROOT.parent / "shared" / "real" / "articles"
#: written by strangers: mostly indirect, as a desk writes, a third indirect; see test_topics
ROUNDS = (13, 14, 15)


class Kept(Embedder):
    """The vectors that were kept with the exemplars; nothing is worked out."""

    def __init__(self, exemplars: Sequence[Exemplar]) -> None:
        self._vectors = {spoken(one.title, one.text): one.vector for one in exemplars}

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return [np.frombuffer(self._vectors[text], np.int8).tolist() for text in texts]


@cache
def exemplars() -> tuple[Exemplar, ...]:
    return load_exemplars(ROOT / "config" / "exemplars.tsv")


@cache
def watchlist() -> Watchlist:
    return load_watchlist(ROOT / "config" / "watchlist.yaml")


def likeness(known: Sequence[Exemplar], encoder: Embedder) -> Likeness:
    return Likeness(KnownReports(known, encoder), watchlist().topics, watchlist().lists)


@cache
def asked() -> Likeness:
    """What is shipped, with the real encoder."""
    return likeness(exemplars(), UseEmbedder())


def round_of(number: int) -> list[tuple[set[str], set[str], ArticleForMatch]]:
    """What each item must and may raise, and the item."""
    lines = (DATA / f"blind_{number}.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [
        (set(must.split(",")) - {""}, set(may.split(",")) - {""}, ArticleForMatch("", language, title, text))
        for language, must, may, title, text in rows[1:]
    ]


def test_of_unknown_reports_likeness_alone_finds_many_and_hardly_a_wrong_one() -> None:
    found = missed = wrong = alarms = traps = 0
    for number in ROUNDS:
        items = round_of(number)
        own = {(article.title, article.text) for _, _, article in items}
        others = [one for one in exemplars() if (one.title, one.text) not in own]
        blind = likeness(others, Kept(exemplars()))
        for must, may, article in items:
            got = {match.topic for match in blind.beyond(article, ())}
            found, missed, wrong = (
                found + len(must & got),
                missed + len(must - got),
                wrong + len(got - must - may),
            )
            traps, alarms = traps + (not must), alarms + (not must and bool(got - may))
    assert found / (found + missed) >= 0.85, (found, missed)
    assert found / (found + wrong) >= 0.98, (found, wrong)
    assert alarms <= 0.01 * traps


def test_the_shipped_vectors_are_those_of_the_shipped_words() -> None:
    some = exemplars()[::150]
    kept = vectors_of(some, Kept(some))
    made = vectors_of([Exemplar(one.topics, one.title, one.text) for one in some], UseEmbedder())
    assert float((kept * made).sum(axis=1).min()) > 0.99


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=600))
def test_any_text_can_be_compared(title: str, text: str) -> None:
    asked().beyond(ArticleForMatch("", "es", f"Venezuela {title}", text), ())


@pytest.mark.skipif(not NEWS.exists(), reason="the real articles are not beside the checkout")
def test_ordinary_news_is_hardly_ever_told_by_likeness_alone() -> None:
    by_query = compile_watchlist(watchlist().topics, watchlist().lists)
    lines = [line for path in sorted(NEWS.glob("*.jsonl")) for line in path.read_bytes().split(b"\n") if line]
    articles = [_article(line) for line in lines]
    new = []
    for article in articles:
        found = by_query.match(article)
        for match in asked().beyond(article, found)[len(found) :]:
            new.append((article.title, match.topic, [one.term for one in match.evidence]))
    assert len(new) <= 0.005 * len(articles), new


def _article(line: bytes) -> ArticleForMatch:
    data = json.loads(line)
    return ArticleForMatch(data["id"], data["lang"], data["title"] or "", data["text"] or "")
