"""What an edit of the watchlist changes, in words for those who wrote it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from monitor.config.watchlist import Topic, Watchlist
from monitor.model import ArticleForMatch
from monitor.steps.match.inspect import lists_used, terms_used, walk
from monitor.steps.match.parse import parse_query
from monitor.steps.match.syntax import Listed

Kind = Literal["added", "removed", "changed", "described"]


@dataclass(frozen=True, slots=True)
class QueryChange:
    """What is new in a query or list."""

    #: terms and lists as a query writes them; "NOT …" keeps articles out
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    #: where the terms stay and are put together otherwise: "NEAR/5 → NEAR/10"
    wording: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.wording)


@dataclass(frozen=True, slots=True)
class TopicChange:
    """What an edit does to one topic."""

    id: str
    title: str
    #: "changed": it looks for something else; "described": only words for people are others
    kind: Kind
    query: QueryChange = QueryChange()
    #: lists it uses that were changed
    lists: tuple[str, ...] = ()
    #: (what, before, now) of everything else
    fields: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ListChange:
    """What an edit does to one named list."""

    name: str
    kind: Kind
    query: QueryChange
    #: topics that use it now
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WatchlistDifference:
    """Everything, topics and lists in the order of the newer file, removed ones last."""

    topics: tuple[TopicChange, ...]
    lists: tuple[ListChange, ...]

    def __bool__(self) -> bool:
        return bool(self.topics or self.lists)


def difference(old: Watchlist, new: Watchlist) -> WatchlistDifference:
    """What lies between two sound watchlists."""
    lists = _list_changes(old, new)
    changed = {change.name for change in lists}
    before = {topic.id: topic for topic in old.topics}
    topics = [_topic_change(before.get(topic.id), topic, new, changed) for topic in new.topics]
    gone = [topic for topic in old.topics if new.topic(topic.id) is None]
    removed = [TopicChange(topic.id, topic.title, "removed") for topic in gone]
    return WatchlistDifference((*filter(None, topics), *removed), tuple(lists))


def query_change(old: str, new: str) -> QueryChange:
    """What lies between two queries."""
    before, after = said(old), said(new)
    added = tuple(term for term in after if term not in before)
    removed = tuple(term for term in before if term not in after)
    return QueryChange(added, removed, () if added or removed else _wording(old, new))


def said(query: str) -> tuple[str, ...]:
    """The terms and lists of a query, each once, as the query writes them.

    :raises QueryError: when it cannot be read.
    """
    listed = (f"@{part.name}" for part in walk(parse_query(query)) if isinstance(part, Listed))
    return tuple(
        dict.fromkeys([*(written(use.text, use.exact, use.negated) for use in terms_used(query)), *listed])
    )


def written(text: str, exact: bool, negated: bool) -> str:
    """A term as a query writes it."""
    return f"{'NOT ' if negated else ''}{'=' if exact else ''}{text}"


def _wording(old: str, new: str) -> tuple[str, ...]:
    before, after = old.split(), new.split()
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return tuple(
        f"{' '.join(before[a:b]) or '(nothing)'} → {' '.join(after[c:d]) or '(nothing)'}"
        for step, a, b, c, d in steps
        if step != "equal"
    )


def _list_changes(old: Watchlist, new: Watchlist) -> list[ListChange]:
    users = _users(new)
    found = []
    for name in dict.fromkeys([*new.lists, *old.lists]):
        change = _list_change(name, old.lists.get(name), new.lists.get(name), users.get(name, ()))
        if change:
            found.append(change)
    return found


def _list_change(name: str, old: str | None, new: str | None, users: tuple[str, ...]) -> ListChange | None:
    if old is None:
        return ListChange(name, "added", QueryChange(added=said(new or "")), users)
    if new is None:
        return ListChange(name, "removed", QueryChange(removed=said(old)), users)
    change = query_change(old, new)
    return ListChange(name, "changed", change, users) if change else None


def _users(watchlist: Watchlist) -> dict[str, tuple[str, ...]]:
    """List → topics that use it, themselves or through another list."""
    used: dict[str, tuple[str, ...]] = {}
    for topic in watchlist.topics:
        for name in lists_used(topic.query, watchlist.lists):
            used[name] = (*used.get(name, ()), topic.id)
    return used


def _topic_change(
    old: Topic | None, new: Topic, watchlist: Watchlist, changed: Iterable[str]
) -> TopicChange | None:
    if old is None:
        return TopicChange(new.id, new.title, "added", QueryChange(added=said(new.query)))
    if old == new:
        return None
    kind: Kind = "described" if old.hash == new.hash else "changed"
    used = lists_used(new.query, watchlist.lists)
    return TopicChange(
        new.id,
        new.title,
        kind,
        query_change(old.query, new.query),
        tuple(name for name in used if name in changed) if kind == "changed" else (),
        tuple(_fields(old, new)),
    )


def _fields(old: Topic, new: Topic) -> Iterator[tuple[str, str, str]]:
    for name in ("title", "covers", "priority", "threshold"):
        before, now = getattr(old, name), getattr(new, name)
        if before != now:
            yield name, _plain(before), _plain(now)
    for name in ("examples", "traps"):
        yield from _lines(name, map(_headline, getattr(old, name)), map(_headline, getattr(new, name)))
    for name in ("documents", "citations"):
        yield from _lines(name, getattr(old.sources, name), getattr(new.sources, name))


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _lines(name: str, old: Iterable[str], new: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """What was taken out and what was put in, where anything was."""
    before, now = list(old), list(new)
    out = [line for line in before if line not in now]
    put = [line for line in now if line not in before]
    if out or put:
        yield name, "; ".join(out), "; ".join(put)


def _headline(article: ArticleForMatch) -> str:
    return article.title or article.text or article.title_en or article.text_en
