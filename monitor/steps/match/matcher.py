"""All topics at once against one article."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ahocorasick_rs import AhoCorasick, Implementation

from monitor.errors import QueryError
from monitor.model import ArticleForMatch, TopicMatch
from monitor.steps.match.article import Reading
from monitor.steps.match.build import Builder
from monitor.steps.match.evidence import MOST_EVIDENCE, Witness, best_places, score_of
from monitor.steps.match.plan import Leaf, Node


@dataclass(frozen=True, slots=True)
class TopicQuery:
    """What the matcher needs to know of a topic."""

    id: str
    query: str
    #: points an article needs beside meeting the query; see docs/watchlist.md
    threshold: float = 0.0


class Watched(Protocol):
    """Anything that has what the matcher needs, such as a topic of the watchlist file."""

    @property
    def id(self) -> str:
        """Short name."""
        ...

    @property
    def query(self) -> str:
        """What it looks for."""
        ...

    @property
    def threshold(self) -> float:
        """Points needed beside it."""
        ...


def compile_watchlist(topics: Iterable[Watched], lists: Mapping[str, str] | None = None) -> "Matcher":
    """Make all topics ready.

    :param lists: the named lists, name without "@" → query.
    :raises QueryError: for the first query that cannot be used; the message names its topic.
    """
    queries = tuple(TopicQuery(topic.id, topic.query, topic.threshold) for topic in topics)
    return Matcher(queries, dict(lists or {}))


class Matcher:
    """Ready topics. Holds no state of an article, so threads can share it; pickled, it is built again."""

    def __init__(self, topics: tuple[TopicQuery, ...], lists: dict[str, str]) -> None:
        self.topics, self.lists = topics, lists
        builder = Builder(lists)
        self._roots = [_root(builder, topic) for topic in topics]
        self._terms = builder.terms
        self._automaton = _automaton(builder.patterns)
        _settle(builder.nodes, self._roots, len(builder.patterns))
        self._always = frozenset(n for n, root in enumerate(self._roots) if root.triggers is None)
        self._woken = _woken(self._roots, len(builder.patterns))
        self._needs = [root.needs() for root in self._roots]

    def __reduce__(self) -> tuple[Any, ...]:
        return Matcher, (self.topics, self.lists)

    def match(self, article: ArticleForMatch) -> tuple[TopicMatch, ...]:
        """The topics that the article meets, best first; never raises, whatever the text."""
        reading = self._read(article)
        witness = Witness(reading, self._terms)
        matches = [self._told(number, reading, witness) for number in self._candidates(reading.present)]
        found = [match for match in matches if match is not None]
        return tuple(sorted(found, key=lambda match: (-match.score, match.topic)))

    def met(self, article: ArticleForMatch, passed_over: Container[str] = frozenset()) -> list[str]:
        """Ids of the topics that the article meets, in no order: without evidence, for many articles.

        :param passed_over: ids of topics that are not asked.
        """
        reading = self._read(article)
        return [
            self.topics[number].id
            for number in self._candidates(reading.present)
            if self.topics[number].id not in passed_over and self._meets(number, reading)
        ]

    def _read(self, article: ArticleForMatch) -> Reading:
        reading = Reading(article)
        reading.take(self._automaton.find_matches_as_indexes(reading.stream, overlapping=True))
        return reading

    def _meets(self, number: int, reading: Reading) -> bool:
        root, threshold = self._roots[number], self.topics[number].threshold
        if threshold <= 0 or not root.holds(reading):
            return root.holds(reading)
        return sum(worth for worth, _ in best_places(root.speaks(reading, 1.0), self._terms)) >= threshold

    def _candidates(self, present: set[int]) -> list[int]:
        """Topics of which every needed part may be there."""
        woken = self._always.union(*map(self._woken.__getitem__, present))
        return [n for n in woken if not any(needed.isdisjoint(present) for needed in self._needs[n])]

    def _told(self, number: int, reading: Reading, witness: Witness) -> TopicMatch | None:
        root, topic = self._roots[number], self.topics[number]
        if not root.holds(reading):
            return None
        best = best_places(root.speaks(reading, 1.0), self._terms)
        points = sum(worth for worth, _ in best)
        if points < topic.threshold:
            return None
        evidence = tuple(witness.evidence(place) for _, place in best[:MOST_EVIDENCE])
        return TopicMatch(topic.id, score_of(points), evidence)


def _automaton(patterns: list[str]) -> AhoCorasick:
    # measured: the fastest of the three kinds once articles hit hundreds of patterns (benchmarks/matching.py)
    return AhoCorasick(patterns, implementation=Implementation.ContiguousNFA)


def _woken(roots: list[Node], patterns: int) -> list[tuple[int, ...]]:
    """For each pattern the topics it wakes."""
    woken: list[list[int]] = [[] for _ in range(patterns)]
    for number, root in enumerate(roots):
        for pattern in root.triggers or ():
            woken[pattern].append(number)
    return [tuple(numbers) for numbers in woken]


def _root(builder: Builder, topic: TopicQuery) -> Node:
    try:
        return builder.query(topic.query)
    except QueryError as error:
        raise QueryError(f"topic {topic.id!r}: {error.message}", error.position, error.expected) from error


def _settle(nodes: list[Node], roots: list[Node], patterns: int) -> None:
    """Choose what wakes a topic: of the parts it cannot do without, the one that wakes the fewest topics."""
    inside: dict[int, frozenset[int]] = {}
    for node in nodes:
        own = frozenset(p for p, _ in node.term.forms) if isinstance(node, Leaf) else frozenset[int]()
        inside[node.number] = own.union(*(inside[child.number] for child in node.children))
    cost = [0] * patterns
    for root in roots:
        for pattern in inside[root.number]:
            cost[pattern] += 1
    for node in nodes:
        node.settle(cost)
