"""Questions about a query that need no article: is it sound, which lists and terms does it use."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from monitor.errors import QueryError
from monitor.steps.match.build import Builder
from monitor.steps.match.parse import PROPERTIES, parse_query
from monitor.steps.match.syntax import AnyOf, Listed, Near, Not, Scoped, Syntax, Words, children


@dataclass(frozen=True, slots=True)
class TermUse:
    """A term where a query or list writes it."""

    text: str
    exact: bool
    #: character in the query, from 0
    at: int
    #: under NOT: it keeps articles out
    negated: bool = False


class QueryChecker:
    """Checks many queries over one set of lists."""

    def __init__(self, lists: Mapping[str, str]) -> None:
        self._builder = Builder(lists)
        self._settled = 0

    def check(self, query: str, needs_term: bool = True) -> None:
        """Say nothing when the query is sound.

        :param needs_term: refuse a query that holds without any term, for its alerts could show no reason.
        :raises QueryError: at the place where it is not.
        """
        root = self._builder.query(query)
        self._settle()
        if needs_term and root.triggers is None:
            raise QueryError("this query holds without any term found; add one that must be there", 0)

    def _settle(self) -> None:
        """Work out the triggers of what this query added; lists are shared with the queries before."""
        nodes, cost = self._builder.nodes, [0] * len(self._builder.patterns)
        for node in nodes[self._settled :]:
            node.settle(cost)
        self._settled = len(nodes)


def lists_used(query: str, lists: Mapping[str, str]) -> tuple[str, ...]:
    """Names of all lists that a query uses, and those that they use, sorted.

    :raises QueryError: when the query or a list cannot be read.
    """
    found: set[str] = set()
    waiting = [query]
    while waiting:
        names = {part.name for part in walk(parse_query(waiting.pop())) if isinstance(part, Listed)}
        waiting += [lists[name] for name in names - found if name in lists]
        found |= names
    return tuple(sorted(found))


def terms_used(query: str) -> tuple[TermUse, ...]:
    """The terms a query itself writes, without those of its lists, in its order.

    :raises QueryError: when it cannot be read.
    """
    return tuple(_terms(parse_query(query), False))


def alternatives(query: str) -> tuple[tuple[TermUse, ...], ...]:
    """The terms that stand beside each other in one OR, for each OR of a query.

    :raises QueryError: when it cannot be read.
    """
    groups = (part.items for part in walk(parse_query(query)) if isinstance(part, AnyOf))
    return tuple(
        tuple(TermUse(item.text, item.exact, item.at) for item in items if isinstance(item, Words))
        for items in groups
    )


def properties_used(query: str) -> tuple[tuple[str, str, int], ...]:
    """What a query asks of the article itself: ``("kind", "state-run", 5)``, with the character of the value.

    :raises QueryError: when it cannot be read.
    """
    scoped = (part for part in walk(parse_query(query)) if isinstance(part, Scoped))
    return tuple(
        (part.name, value.text, value.at)
        for part in scoped
        if part.name in PROPERTIES
        for value in walk(part.item)
        if isinstance(value, Words)
    )


def walk(syntax: Syntax) -> Iterator[Syntax]:
    """A query's parts, itself first."""
    yield syntax
    for item in _children(syntax):
        yield from walk(item)


def _terms(syntax: Syntax, negated: bool) -> Iterator[TermUse]:
    if isinstance(syntax, Words):
        yield TermUse(syntax.text, syntax.exact, syntax.at, negated)
    elif isinstance(syntax, Near) and syntax.apart:
        yield from _terms(syntax.left, negated)
        yield from _terms(syntax.right, not negated)
    else:
        turned = negated != isinstance(syntax, Not)
        for item in _children(syntax):
            yield from _terms(item, turned)


def _children(syntax: Syntax) -> tuple[Syntax, ...]:
    """The parts inside that are looked for in texts."""
    return () if isinstance(syntax, Scoped) and syntax.name in PROPERTIES else children(syntax)
