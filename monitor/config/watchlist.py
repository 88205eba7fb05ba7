"""config/watchlist.yaml → topics and lists, every query checked."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from monitor.config.documents import Document, load_document, raise_errors
from monitor.config.watchlist_schema import SCHEMA
from monitor.errors import ConfigError, QueryError
from monitor.model import ArticleForMatch
from monitor.steps.match.inspect import QueryChecker, lists_used

Priority = Literal["high", "normal", "low"]


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a topic comes from: names in ``seeds/documents.yaml`` and ``seeds/citations.yaml``."""

    documents: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """One watch subject."""

    id: str
    title: str
    #: compared by ``hash``, so that line breaks make no difference
    query: str = field(compare=False)
    #: what it covers, in a sentence
    covers: str = ""
    priority: Priority = "normal"
    #: points an article needs beside meeting the query
    threshold: float = 0.0
    #: queries: what it is a meeting of, for likeness to known reports
    ideas: tuple[str, ...] = field(default=(), compare=False)
    #: must match
    examples: tuple[ArticleForMatch, ...] = ()
    #: must not match
    traps: tuple[ArticleForMatch, ...] = ()
    sources: Sources = field(default_factory=Sources)
    #: version of what it looks for: its query with all lists it uses, its threshold and ideas
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Watchlist:
    """The whole file. Two are equal when they say the same."""

    topics: tuple[Topic, ...]
    #: name without "@" → query
    lists: Mapping[str, str]
    #: of the file's characters
    hash: str = field(compare=False, default="")
    #: the file's characters
    source: str = field(compare=False, repr=False, default="")

    def topic(self, topic_id: str) -> Topic | None:
        """The topic of this name."""
        return next((topic for topic in self.topics if topic.id == topic_id), None)


@dataclass(frozen=True, slots=True)
class WatchlistChanges:
    """Ids of topics, in the order of the newer file (removed ones of the older)."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    #: what they look for is another
    changed: tuple[str, ...] = ()
    #: only title, priority, examples or sources are others
    described: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.described)


def load_watchlist(path: Path) -> Watchlist:
    """Read the watchlist.

    :raises ConfigError: for anything wrong in it, with line and column; ``errors`` lists all.
    """
    return read_watchlist(path)[0]


def read_watchlist(path: Path) -> tuple[Watchlist, Document]:
    """The watchlist and the document it was read from, for places and rewriting.

    :raises ConfigError: as ``load_watchlist``.
    """
    document = load_document(path, SCHEMA)
    lists = {name: _joined(value) for name, value in (document.data.get("lists") or {}).items()}
    errors = list(_list_errors(document, lists))
    errors += _topic_errors(document, lists, {error.message for error in errors})
    raise_errors(errors)
    topics = tuple(_topic(data, lists) for data in document.data["topics"])
    return Watchlist(topics, lists, _digest(document.source), document.source), document


def diff(old: Watchlist, new: Watchlist) -> WatchlistChanges:
    """What an edit changes."""
    before = {topic.id: topic for topic in old.topics}
    after = {topic.id: topic for topic in new.topics}
    common = [topic for topic in new.topics if topic.id in before]
    return WatchlistChanges(
        added=tuple(topic.id for topic in new.topics if topic.id not in before),
        removed=tuple(topic.id for topic in old.topics if topic.id not in after),
        changed=tuple(topic.id for topic in common if topic.hash != before[topic.id].hash),
        described=tuple(t.id for t in common if t.hash == before[t.id].hash and t != before[t.id]),
    )


def list_items(document: Document) -> Iterator[tuple[str, str, tuple[str | int, ...]]]:
    """Each list's queries with the way to them: (name, query, keys)."""
    for name, value in (document.data.get("lists") or {}).items():
        if isinstance(value, str):
            yield name, value, ("lists", name)
            continue
        for number, item in enumerate(value):
            yield name, item, ("lists", name, number)


def _joined(value: str | list[str]) -> str:
    return value if isinstance(value, str) else " OR ".join(f"({item})" for item in value)


def _list_errors(document: Document, lists: Mapping[str, str]) -> Iterator[ConfigError]:
    checker = QueryChecker(lists)
    for _, query, keys in list_items(document):
        yield from _query_errors(document, checker, query, keys, False)


def _topic_errors(document: Document, lists: Mapping[str, str], known: set[str]) -> list[ConfigError]:
    checker = QueryChecker(lists)
    found: list[ConfigError] = []
    for number, topic in enumerate(document.data["topics"]):
        found += _query_errors(document, checker, topic["query"], ("topics", number, "query"), True)
        for place, idea in enumerate(topic.get("ideas", ())):
            found += _query_errors(document, checker, idea, ("topics", number, "ideas", place), True)
    # what is wrong in a list is told once, at the list
    return [error for error in found if not (known and error.message.startswith(("in the list", "lists ")))]


def _query_errors(
    document: Document, checker: QueryChecker, query: str, keys: tuple[str | int, ...], needs_term: bool
) -> Iterator[ConfigError]:
    try:
        checker.check(query, needs_term)
    except QueryError as error:
        yield ConfigError(error.message, document.path, *document.place_in(error.position, *keys))


def _topic(data: Mapping[str, Any], lists: Mapping[str, str]) -> Topic:
    sources = data.get("sources") or {}
    return Topic(
        id=data["id"],
        title=data["title"],
        query=data["query"],
        covers=data.get("covers", ""),
        priority=data.get("priority", "normal"),
        threshold=float(data.get("threshold", 0)),
        ideas=tuple(data.get("ideas", ())),
        examples=_articles(data, "examples"),
        traps=_articles(data, "traps"),
        sources=Sources(tuple(sources.get("documents", ())), tuple(sources.get("citations", ()))),
        hash=_version(data, lists),
    )


def _articles(data: Mapping[str, Any], kind: str) -> tuple[ArticleForMatch, ...]:
    return tuple(_article(f"{kind}[{number}]", item) for number, item in enumerate(data.get(kind) or ()))


def _article(name: str, item: str | Mapping[str, str]) -> ArticleForMatch:
    if isinstance(item, str):
        return ArticleForMatch(name, "es", item, "")
    given: dict[str, Any] = {"language": "es", "title": "", "text": ""} | dict(item)
    return ArticleForMatch(id=name, **given)


def _version(data: Mapping[str, Any], lists: Mapping[str, str]) -> str:
    queries = [data["query"], *data.get("ideas", ())]
    used = {name: _squeezed(lists[name]) for query in queries for name in lists_used(query, lists)}
    said = [_squeezed(data["query"]), float(data.get("threshold", 0)), used, *map(_squeezed, queries[1:])]
    return _digest(json.dumps(said, sort_keys=True))


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
