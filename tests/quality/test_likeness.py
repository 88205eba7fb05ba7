"""Likeness to known reports on reports that it does not know, and on ordinary news.

Each blind round is asked against all reports but its own. The queries are left out: they were mended from
these rounds, so only what likeness finds by itself says something of news that nobody has seen. How much it
adds to the queries at first contact with a round: docs/decisions/0067-likeness.md.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.config.exemplars import load_exemplars
from monitor.model import ArticleForMatch, Exemplar
from monitor.ports import Embedder
from monitor.steps.cluster import UseEmbedder
from monitor.steps.match import KnownReports, Likeness
from monitor.steps.match.likeness import spoken, vectors_of
from tests.quality.reports import DATA, NEWS, ROOT, items_of, matcher, ordinary_news, watchlist

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


def likeness(known: Sequence[Exemplar], encoder: Embedder) -> Likeness:
    return Likeness(KnownReports(known, encoder), watchlist().topics, watchlist().lists)


@cache
def asked() -> Likeness:
    """What is shipped, with the real encoder."""
    return likeness(exemplars(), UseEmbedder())


def test_of_unknown_reports_likeness_alone_finds_many_and_hardly_a_wrong_one() -> None:
    found = missed = wrong = alarms = traps = 0
    for number in ROUNDS:
        items = list(items_of(DATA / f"blind_{number}.tsv"))
        own = {(item.article.title, item.article.text) for item in items}
        others = [one for one in exemplars() if (one.title, one.text) not in own]
        blind = likeness(others, Kept(exemplars()))
        for item in items:
            must, may = item.must, item.may
            got = {match.topic for match in blind.beyond(item.article, ())}
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
    articles = list(ordinary_news())
    new = []
    for article in articles:
        found = matcher().match(article)
        for match in asked().beyond(article, found)[len(found) :]:
            new.append((article.title, match.topic, [one.term for one in match.evidence]))
    assert len(new) <= 0.005 * len(articles), new
