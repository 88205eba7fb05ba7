"""Articles that are much like known ones: what no query foresaw.

An article belongs to a topic as well when, of all known reports, the one nearest in meaning belongs to it,
and it is on average near enough to the two nearest of that topic. What tells against is nearness to a report
of another topic or of none. How near is enough depends on the topic's ideas (who, where, what): those that
stand in headline or lead speak for it, and without any nothing is told. Figures, and what else was tried:
docs/decisions/0067-likeness.md.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from monitor.model import LIKE, ArticleForMatch, Evidence, Exemplar, Field, TopicMatch
from monitor.ports import Embedder
from monitor.steps.match.matcher import TopicQuery, compile_watchlist

#: mean cosine to the two nearest reports of a topic from which an article belongs to it: where all ideas of
#: the topic stand in headline or lead, and where only some do (or it names none)
LEAST, LEAST_PARTLY = 0.5, 0.6
#: reports of a topic that have to speak for it: one alone is too often a chance
WITNESSES = 2
#: characters of headline and opening that are compared; more of a long article blurs what it is about
READ = 400
#: reports embedded at a time
BATCH = 64

Vectors = NDArray[np.float32]


class Compared(Protocol):
    """What likeness needs to know of a topic."""

    @property
    def id(self) -> str:
        """Short name."""
        ...

    @property
    def ideas(self) -> tuple[str, ...]:
        """Queries; what the topic is a meeting of."""
        ...


class KnownReports:
    """Reports by meaning. Safe for many threads; vectors that were not kept are made when first needed."""

    def __init__(self, exemplars: Sequence[Exemplar], embedder: Embedder) -> None:
        self.exemplars, self._embedder = exemplars, embedder
        self._lock = Lock()

    @cached_property
    def rows(self) -> dict[str, NDArray[np.intp]]:
        """Topic → numbers of its reports."""
        topics = frozenset[str]().union(*(one.topics for one in self.exemplars))
        return {
            topic: np.array([n for n, one in enumerate(self.exemplars) if topic in one.topics])
            for topic in topics
        }

    def nearness(self, text: str) -> Vectors:
        """The cosine of the text to each report."""
        with self._lock:
            matrix = self._matrix
        near: Vectors = matrix @ _units(self._embedder.embed([text]))[0]
        return near

    @cached_property
    def _matrix(self) -> Vectors:
        return vectors_of(self.exemplars, self._embedder)


class Likeness:
    """The topics of a watchlist beside known reports."""

    def __init__(self, known: KnownReports, topics: Sequence[Compared], lists: Mapping[str, str]) -> None:
        """:raises QueryError: an idea cannot be read."""
        self.known = known
        self._ideas = {topic.id: len(topic.ideas) for topic in topics if topic.id in known.rows}
        self._matcher = compile_watchlist(
            [
                TopicQuery(f"{topic.id} {number}", f"lead:({idea})")
                for topic in topics
                for number, idea in enumerate(topic.ideas)
            ],
            lists,
        )

    def beyond(self, article: ArticleForMatch, found: Collection[TopicMatch]) -> tuple[TopicMatch, ...]:
        """What the queries found, and after it the topics to which the article belongs by likeness alone."""
        least = self._least(article, {match.topic for match in found})
        text = spoken(article.title, article.text)
        if not text or not least:
            return tuple(found)
        near = self.known.nearness(text)
        nearest = self.known.exemplars[int(near.argmax())]
        new = (
            self._told(article, near, topic, least[topic])
            for topic in sorted(nearest.topics)
            if topic in least
        )
        return (*found, *(match for match in new if match))

    def _least(self, article: ArticleForMatch, known: Collection[str]) -> dict[str, float]:
        """How near the article has to be, for each topic that it may belong to."""
        met = Counter(name.split()[0] for name in self._matcher.met(article))
        return {
            topic: LEAST if 0 < number == met[topic] else LEAST_PARTLY
            for topic, number in self._ideas.items()
            if topic not in known and (met[topic] or not number)
        }

    def _told(self, article: ArticleForMatch, near: Vectors, topic: str, least: float) -> TopicMatch | None:
        rows = self.known.rows[topic]
        best = rows[np.argsort(-near[rows])[:WITNESSES]]
        likeness = float(near[best].mean())
        if len(best) < WITNESSES or likeness < least:
            return None
        evidence = tuple(_evidence(article, self.known.exemplars[row], float(near[row])) for row in best)
        # a likeness says less than a query that is met: its score is never above one half
        return TopicMatch(topic, round(likeness / 2, 3), evidence)


def vectors_of(exemplars: Sequence[Exemplar], embedder: Embedder) -> Vectors:
    """Unit vectors, row by row: those that were kept, and the others made now (a millisecond or two each)."""
    made = {exemplar: b"" for exemplar in exemplars if not exemplar.vector}
    lacking = list(made)
    for start in range(0, len(lacking), BATCH):
        batch = lacking[start : start + BATCH]
        vectors = embedder.embed([spoken(one.title, one.text) for one in batch])
        made.update(zip(batch, map(pack, _units(vectors)), strict=True))
    return _units([np.frombuffer(one.vector or made[one], np.int8) for one in exemplars])


def pack(vector: Vectors) -> bytes:
    """A vector for keeping: a byte for each number, the greatest being 127; half a kilobyte."""
    scale = 127 / max(float(np.abs(vector).max()), 1e-9)
    return bytes(np.rint(vector * scale).astype(np.int8).tobytes())


def spoken(title: str, text: str) -> str:
    """What is compared of an article: its headline and its opening, without what cannot be encoded."""
    opening = " ".join(text[: 4 * READ].split())
    both = ". ".join(filter(None, (" ".join(title.split()), opening)))
    return both.encode("utf-8", "ignore").decode()[:READ]


def _units(vectors: Sequence[Sequence[float]] | Sequence[NDArray[np.int8]] | Vectors) -> Vectors:
    matrix: Vectors = np.asarray(vectors, dtype=np.float32)
    lengths: Vectors = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.divide(matrix, np.maximum(lengths, 1e-9), dtype=np.float32)


def _evidence(article: ArticleForMatch, exemplar: Exemplar, likeness: float) -> Evidence:
    """The headline as a whole (the body's opening where there is none), and the report it is like."""
    title = bool(article.title.strip())
    field, sentence = (Field.TITLE, article.title) if title else (Field.TEXT, article.text[:READ])
    english = article.title_en if title else ""
    return Evidence(term_of(exemplar, likeness), field, 0, len(sentence), sentence, english)


def term_of(exemplar: Exemplar, likeness: float) -> str:
    """How an evidence names a report: ≈ “its headline” 61 %."""
    name = exemplar.title or exemplar.text[:80]
    return f"{LIKE}“{name}” {round(100 * likeness)} %"
