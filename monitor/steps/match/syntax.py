"""A query as it was read, before lists are put in. ``at`` is the character in the query, from 0."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A word or a phrase."""

    text: str
    exact: bool
    at: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A named list."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of them holds."""

    items: tuple["Syntax", ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of them hold."""

    items: tuple["Syntax", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """It does not hold."""

    item: "Syntax"
    at: int


@dataclass(frozen=True, slots=True)
class Near:
    """Left and right stand within a distance of each other; ``apart``: left stands where no right is near."""

    left: "Syntax"
    right: "Syntax"
    distance: int
    ordered: bool
    apart: bool
    at: int


@dataclass(frozen=True, slots=True)
class Count:
    """At least so many places, or (``distinct``) so many different alternatives."""

    item: "Syntax"
    least: int
    distinct: bool
    at: int


@dataclass(frozen=True, slots=True)
class Scoped:
    """Only in a field, on a side, or for articles with a property; ``name`` is in small letters."""

    name: str
    item: "Syntax"
    at: int


@dataclass(frozen=True, slots=True)
class Boost:
    """Counts so many times as much."""

    item: "Syntax"
    weight: float


Syntax = Words | Listed | AnyOf | AllOf | Not | Near | Count | Scoped | Boost


def children(syntax: Syntax) -> tuple[Syntax, ...]:
    """The parts directly inside a part."""
    if isinstance(syntax, AnyOf | AllOf):
        return syntax.items
    if isinstance(syntax, Near):
        return syntax.left, syntax.right
    return (syntax.item,) if isinstance(syntax, Not | Count | Scoped | Boost) else ()
