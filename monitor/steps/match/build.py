"""Queries as read → nodes: lists put in, fields and sides pushed down to the terms, equal parts shared."""

from collections.abc import Callable, Iterable, Mapping
from itertools import product
from typing import Any

from monitor.errors import QueryError
from monitor.steps.match.parse import DEEPEST, SIDES, nearest_list, parse_query
from monitor.steps.match.plan import (
    AtLeast,
    Both,
    Different,
    Either,
    Leaf,
    Neighbours,
    Node,
    Property,
    Term,
    Weight,
    Without,
)
from monitor.steps.match.syntax import (
    AllOf,
    AnyOf,
    Boost,
    Count,
    Listed,
    Near,
    Not,
    Scoped,
    Syntax,
    Words,
    children,
)
from monitor.steps.match.terms import TermKey, forms

#: nodes that one query may have once its lists are put in
MOST_NODES = 50_000
#: levels of operators within each other, lists included
MOST_LEVELS = 100

#: what a field or side keeps of (title, text, title_en, text_en), and whether of the body beyond its lead
_MASKS = {
    "title": (True, False, True, False, True),
    "lead": (True, True, True, True, False),
    "text": (False, True, False, True, True),
    "original": (True, True, False, False, True),
    "english": (False, False, True, True, True),
}
_ALL = (True, True, True, True, True)
#: ISO 639-1 and -2 and names people write
_LANGUAGES = {"spa": "es", "por": "pt", "eng": "en", "spanish": "es", "portuguese": "pt", "english": "en"}

Scope = tuple[bool, ...]


class Builder:
    """Builds the nodes of many queries over one set of lists."""

    def __init__(self, lists: Mapping[str, str]) -> None:
        self._lists = lists
        self._read: dict[str, Syntax] = {}
        self._listed: dict[tuple[str, Scope], Node] = {}
        self._open: list[str] = []
        self._nodes: dict[tuple[object, ...], Node] = {}
        self._patterns: dict[str, int] = {}
        self._terms: dict[TermKey, Term] = {}
        self._budget, self._depth = MOST_NODES, 0

    @property
    def patterns(self) -> list[str]:
        """What the automaton must look for, by number."""
        return list(self._patterns)

    @property
    def terms(self) -> list[Term]:
        """Every distinct term, by number."""
        return list(self._terms.values())

    @property
    def nodes(self) -> list[Node]:
        """Every distinct node, children before their parents."""
        return list(self._nodes.values())

    def query(self, text: str) -> Node:
        """Build one query.

        :raises QueryError: when it cannot be read, uses no known list or goes in a circle.
        """
        self._budget, self._depth, self._open = MOST_NODES, 0, []
        return self._node(parse_query(text), _ALL)

    def _node(self, syntax: Syntax, scope: Scope) -> Node:
        self._budget -= 1
        if self._budget < 0:
            raise QueryError(f"the query has more than {MOST_NODES} parts; make its NEAR groups smaller", 0)
        if self._depth >= MOST_LEVELS:
            raise QueryError(f"the query and its lists are nested more than {MOST_LEVELS} deep", 0)
        self._depth += 1
        try:
            return _MAKERS[type(syntax)](self, syntax, scope)
        finally:
            self._depth -= 1

    def _shared(self, key: tuple[object, ...], make: Callable[[int], Node]) -> Node:
        if key not in self._nodes:
            self._nodes[key] = make(len(self._nodes))
        return self._nodes[key]

    def _words(self, syntax: Words, scope: Scope) -> Node:
        key = TermKey(syntax.text, syntax.exact)
        if key not in self._terms:
            numbered = tuple(
                (self._patterns.setdefault(f.pattern, len(self._patterns)), f) for f in forms(key)
            )
            self._terms[key] = Term(len(self._terms), key, numbered)
        term = self._terms[key]
        return self._shared((Leaf, term.number, scope), lambda number: Leaf(number, term, scope))

    def _list(self, syntax: Listed, scope: Scope) -> Node:
        name = syntax.name
        if name not in self._lists:
            raise QueryError(f"there is no list @{name}{nearest_list(name, self._lists)}", syntax.at)
        if name in self._open:
            circle = " → ".join(f"@{other}" for other in (*self._open[self._open.index(name) :], name))
            raise QueryError(f"lists go in a circle: {circle}; take one of them out", syntax.at)
        if len(self._open) >= DEEPEST:
            raise QueryError(f"lists use each other more than {DEEPEST} deep", syntax.at)
        if (name, scope) not in self._listed:
            self._open.append(name)
            try:
                self._listed[name, scope] = self._list_node(name, scope, syntax.at)
            finally:
                self._open.pop()
        return self._listed[name, scope]

    def list_syntax(self, name: str, at: int = 0) -> Syntax:
        """What a list says.

        :raises QueryError: at the place that names it, when the list itself cannot be read.
        """
        if name not in self._read:
            try:
                self._read[name] = parse_query(self._lists[name])
            except QueryError as error:
                raise QueryError(f"in the list @{name}: {error.message}", at) from error
        return self._read[name]

    def _list_node(self, name: str, scope: Scope, at: int) -> Node:
        try:
            return self._node(self.list_syntax(name, at), scope)
        except QueryError as error:
            own = error.message.startswith(("in the list", "lists "))
            raise QueryError(error.message if own else f"in the list @{name}: {error.message}", at) from error

    def _any(self, syntax: AnyOf, scope: Scope) -> Node:
        children = [self._node(item, scope) for item in syntax.items]
        return self._shared((Either, *_numbers(children)), lambda number: Either(number, children))

    def _all(self, syntax: AllOf, scope: Scope) -> Node:
        children = [self._node(item, scope) for item in syntax.items]
        return self._both(children)

    def _both(self, children: list[Node]) -> Node:
        return self._shared((Both, *_numbers(children)), lambda number: Both(number, children))

    def _not(self, syntax: Not, scope: Scope) -> Node:
        child = self._node(syntax.item, scope)
        return self._shared((Without, child.number), lambda number: Without(number, (child,)))

    def _near(self, syntax: Near, scope: Scope) -> Node:
        if syntax.apart:
            self._refuse_placeless(syntax.left, syntax.at, [])
            self._refuse_placeless(syntax.right, syntax.at, [])
            return self._pair(syntax, syntax.left, syntax.right, scope)
        lefts, rights = self._operands(syntax.left, syntax.at), self._operands(syntax.right, syntax.at)
        pairs = [self._pair(syntax, left, right, scope) for left, right in product(lefts, rights)]
        return pairs[0] if len(pairs) == 1 else self._both(pairs)

    def _pair(self, syntax: Near, left: Syntax, right: Syntax, scope: Scope) -> Node:
        pair = self._node(left, scope), self._node(right, scope)
        options = (syntax.distance, syntax.ordered, syntax.apart)
        return self._shared(
            (Neighbours, *_numbers(pair), *options), lambda number: Neighbours(number, pair, *options)
        )

    def _operands(self, syntax: Syntax, at: int) -> list[Syntax]:
        """The parts of an AND, each of which must be near; anything without a place is refused.

        :raises QueryError: for NOT, counts and properties, which stand nowhere in a text.
        """
        if isinstance(syntax, AllOf):
            return [part for item in syntax.items for part in self._operands(item, at)]
        self._refuse_placeless(syntax, at, [])
        return [syntax]

    def _refuse_placeless(self, syntax: Syntax, at: int, seen: list[str]) -> None:
        words = _placeless(syntax)
        if words:
            message = (
                f"{words} has no place in a text and cannot stand beside NEAR or in ATLEAST; move it out"
            )
            raise QueryError(message, at)
        if isinstance(syntax, Listed) and syntax.name in self._lists and syntax.name not in seen:
            seen.append(syntax.name)
            self._refuse_placeless(self.list_syntax(syntax.name, at), at, seen)
        for item in children(syntax):
            self._refuse_placeless(item, at, seen)

    def _count(self, syntax: Count, scope: Scope) -> Node:
        least = syntax.least
        if not syntax.distinct:
            self._refuse_placeless(syntax.item, syntax.at, [])
            child = self._node(syntax.item, scope)
            return self._shared((AtLeast, child.number, least), lambda number: AtLeast(number, child, least))
        children = [self._node(item, scope) for item in self._alternatives(syntax.item, syntax.at)]
        if least > len(children):
            raise QueryError(f"DISTINCT/{least} can never hold: only {len(children)} alternatives", syntax.at)
        key = (Different, least, *_numbers(children))
        return self._shared(key, lambda number: Different(number, children, least))

    def _alternatives(self, syntax: Syntax, at: int) -> list[Syntax]:
        """The alternatives of an OR, through lists of which it is made."""
        if isinstance(syntax, AnyOf):
            return [part for item in syntax.items for part in self._alternatives(item, at)]
        if isinstance(syntax, Listed) and syntax.name in self._lists and syntax.name not in self._open:
            found = self.list_syntax(syntax.name, at)
            return self._alternatives(found, at) if isinstance(found, AnyOf) else [syntax]
        return [syntax]

    def _scoped(self, syntax: Scoped, scope: Scope) -> Node:
        if syntax.name not in SIDES:
            return self._property(syntax)
        mask = _MASKS[syntax.name]
        both = tuple(old and new for old, new in zip(scope, mask, strict=True))
        if not any(both[:4]):
            raise QueryError(
                f"{syntax.name}: contradicts the field around it; nothing can be found", syntax.at
            )
        return self._node(syntax.item, both)

    def _property(self, syntax: Scoped) -> Node:
        nodes = [self._value(syntax.name, word) for word in self._values(syntax.item, syntax)]
        if len(nodes) == 1:
            return nodes[0]
        return self._shared((Either, *_numbers(nodes)), lambda number: Either(number, nodes))

    def _value(self, name: str, word: str) -> Node:
        value = word.casefold()
        value = _LANGUAGES.get(value, value) if name == "lang" else value
        return self._shared((Property, name, value), lambda number: Property(number, name, value))

    def _values(self, syntax: Syntax, around: Scoped) -> list[str]:
        if isinstance(syntax, Words):
            return [syntax.text]
        if isinstance(syntax, AnyOf):
            return [word for item in syntax.items for word in self._values(item, around)]
        example = "country:VE or country:(VE OR CO)"
        raise QueryError(f"{around.name}: takes one value or several with OR, as in {example}", around.at)

    def _boost(self, syntax: Boost, scope: Scope) -> Node:
        child, weight = self._node(syntax.item, scope), syntax.weight
        return self._shared((Weight, child.number, weight), lambda number: Weight(number, child, weight))


_MAKERS: dict[type, Callable[[Builder, Any, Scope], Node]] = {
    Words: Builder._words,
    Listed: Builder._list,
    AnyOf: Builder._any,
    AllOf: Builder._all,
    Not: Builder._not,
    Near: Builder._near,
    Count: Builder._count,
    Scoped: Builder._scoped,
    Boost: Builder._boost,
}


def _numbers(nodes: Iterable[Node]) -> tuple[int, ...]:
    return tuple(node.number for node in nodes)


def _placeless(syntax: Syntax) -> str:
    if isinstance(syntax, Not):
        return "NOT"
    if isinstance(syntax, Count) and syntax.distinct:
        return "DISTINCT"
    if isinstance(syntax, AllOf):
        return "AND"
    if isinstance(syntax, Scoped) and syntax.name not in SIDES:
        return f"{syntax.name}:"
    return ""
