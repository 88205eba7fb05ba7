"""The boolean tree of a topic in the form in which it is asked of an article.

Equal parts of all topics are one node, so a named list used by a thousand topics is worked out once for an
article. Every node answers three questions: does it hold, where does it stand, and what speaks for it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.steps.match.article import Place, Reading
from monitor.steps.match.near import apart, distinct_places, near
from monitor.steps.match.terms import Form, TermKey

#: so many words of a body are its lead
LEAD_WORDS = 60
#: a place and the weight of the term that stands there
Weighted = tuple[Place, float]
Triggers = frozenset[int] | None


@dataclass(frozen=True, slots=True)
class Term:
    """One distinct term of all topics."""

    number: int
    key: TermKey
    #: each with the number of its pattern
    forms: tuple[tuple[int, Form], ...]

    def places(self, reading: Reading) -> tuple[Place, ...]:
        """Where it stands."""
        return reading.places(self.number, self.key, self.forms)


class Node:
    """A part of a query; ``number`` is its own among all nodes."""

    __slots__ = ("_needed", "children", "number", "triggers")

    def __init__(self, number: int, children: Sequence["Node"] = ()) -> None:
        self.number, self.children = number, tuple(children)
        #: patterns of which one must be found for this to hold; None: it may hold without any
        self.triggers: Triggers = None

    def settle(self, cost: Sequence[int]) -> None:
        """Work out the triggers once those of the children are known.

        :param cost: by number of a pattern, how many topics it would wake.
        """
        self.triggers = self._triggers(cost)
        self._needed = self.needs()

    def needs(self) -> tuple[frozenset[int], ...]:
        """Sets of patterns of each of which one must be found; a quick way to say no."""
        return () if self.triggers is None else (self.triggers,)

    def possible(self, reading: Reading) -> bool:
        """Whether something was found of everything it needs; asked before any place is looked at."""
        return not any(needed.isdisjoint(reading.present) for needed in self._needed)

    def _triggers(self, cost: Sequence[int]) -> Triggers:
        return self.children[0].triggers if self.children else None

    def holds(self, reading: Reading) -> bool:
        """Whether the article meets it."""
        known = reading.truth.get(self.number)
        if known is None:
            known = reading.truth[self.number] = self._holds(reading)
        return known

    def places(self, reading: Reading) -> tuple[Place, ...]:
        """Where it stands, in reading order; nothing for what has no place."""
        known = reading.spans.get(self.number)
        if known is None:
            known = reading.spans[self.number] = self._places(reading)
        return known

    def speaks(self, reading: Reading, weight: float) -> Iterator[Weighted]:
        """Everything that speaks for it, where it holds."""
        return ((part, weight) for place in self.places(reading) for part in (place.parts or (place,)))

    def _holds(self, reading: Reading) -> bool:
        return bool(self.places(reading))

    def _places(self, reading: Reading) -> tuple[Place, ...]:
        return ()


def _together(children: Sequence[Node]) -> Triggers:
    if any(child.triggers is None for child in children):
        return None
    return frozenset(term for child in children for term in child.triggers or ())


class Leaf(Node):
    """A term, in all fields or some."""

    __slots__ = ("_whole", "fields", "term")

    def __init__(self, number: int, term: Term, fields: tuple[bool, ...]) -> None:
        super().__init__(number)
        self.term, self.fields, self._whole = term, fields, fields[4]

    def _triggers(self, cost: Sequence[int]) -> Triggers:
        return frozenset(pattern for pattern, _ in self.term.forms)

    def _places(self, reading: Reading) -> tuple[Place, ...]:
        wanted = reading.wanted_fields(self.fields)
        places = self.term.places(reading)
        if all(wanted) and self._whole:
            return places
        return tuple(place for place in places if wanted[place.field] and self._reaches(place))

    def _reaches(self, place: Place) -> bool:
        return self._whole or place.field % 2 == 0 or place.last < LEAD_WORDS


class Either(Node):
    """At least one child holds."""

    __slots__ = ("_always", "_by_pattern")

    def _triggers(self, cost: Sequence[int]) -> Triggers:
        self._always = [n for n, child in enumerate(self.children) if child.triggers is None]
        self._by_pattern: dict[int, list[int]] = {}
        for number, child in enumerate(self.children):
            for pattern in child.triggers or ():
                self._by_pattern.setdefault(pattern, []).append(number)
        return None if self._always else frozenset(self._by_pattern)

    def _present(self, reading: Reading) -> list[Node]:
        """Children that can hold at all: most terms of a long list are not in the article."""
        known = reading.possible.get(self.number)
        if known is None:
            by_pattern = self._by_pattern
            found = {n for pattern in by_pattern.keys() & reading.present for n in by_pattern[pattern]}
            known = reading.possible[self.number] = tuple(sorted(found.union(self._always)))
        return [self.children[number] for number in known]

    def _holds(self, reading: Reading) -> bool:
        return any(child.holds(reading) for child in self._present(reading))

    def _places(self, reading: Reading) -> tuple[Place, ...]:
        return tuple(sorted({place for child in self._present(reading) for place in child.places(reading)}))

    def speaks(self, reading: Reading, weight: float) -> Iterator[Weighted]:
        """What speaks for each child that holds."""
        for child in self._present(reading):
            if child.holds(reading):
                yield from child.speaks(reading, weight)


class Both(Node):
    """Every child holds."""

    __slots__ = ()

    def _triggers(self, cost: Sequence[int]) -> Triggers:
        needed = [child.triggers for child in self.children if child.triggers is not None]
        return min(needed, key=lambda patterns: sum(cost[pattern] for pattern in patterns), default=None)

    def needs(self) -> tuple[frozenset[int], ...]:
        """What the children need."""
        return tuple(needed for child in self.children for needed in child.needs())

    def _holds(self, reading: Reading) -> bool:
        return self.possible(reading) and all(child.holds(reading) for child in self.children)

    def speaks(self, reading: Reading, weight: float) -> Iterator[Weighted]:
        """What speaks for the children."""
        for child in self.children:
            yield from child.speaks(reading, weight)


class Without(Node):
    """The child does not hold; nothing speaks for that."""

    __slots__ = ()

    def _triggers(self, cost: Sequence[int]) -> Triggers:
        return None

    def _holds(self, reading: Reading) -> bool:
        return not self.children[0].holds(reading)

    def speaks(self, reading: Reading, weight: float) -> Iterator[Weighted]:
        """Nothing: absence has no place."""
        return iter(())


class Neighbours(Node):
    """Two children within a distance, or (``apart``) the first where the second is not near."""

    __slots__ = ("apart", "distance", "ordered")

    def __init__(
        self, number: int, pair: tuple[Node, Node], distance: int, ordered: bool, apart: bool
    ) -> None:
        super().__init__(number, pair)
        self.distance, self.ordered, self.apart = distance, ordered, apart

    def needs(self) -> tuple[frozenset[int], ...]:
        """What both children need, or the first alone."""
        return tuple(needed for child in self.children[: 1 if self.apart else 2] for needed in child.needs())

    def _places(self, reading: Reading) -> tuple[Place, ...]:
        left = self.children[0].places(reading) if self.possible(reading) else ()
        if not left:
            return ()
        join = apart if self.apart else near
        return join(left, self.children[1].places(reading), self.distance, self.ordered)


class AtLeast(Node):
    """The child stands in at least so many places, counted on the side that has more."""

    __slots__ = ("least",)

    def __init__(self, number: int, child: Node, least: int) -> None:
        super().__init__(number, (child,))
        self.least = least

    def _places(self, reading: Reading) -> tuple[Place, ...]:
        found = self.children[0].places(reading)
        sides = (
            [place for place in found if place.field < 2],
            [place for place in found if place.field >= 2],
        )
        return found if max(map(distinct_places, sides)) >= self.least else ()


class Different(Node):
    """At least so many of the children hold."""

    __slots__ = ("least",)

    def __init__(self, number: int, children: Sequence[Node], least: int) -> None:
        super().__init__(number, children)
        self.least = least

    def _triggers(self, cost: Sequence[int]) -> Triggers:
        return _together(self.children)

    def _holds(self, reading: Reading) -> bool:
        return sum(child.holds(reading) for child in self.children) >= self.least

    def speaks(self, reading: Reading, weight: float) -> Iterator[Weighted]:
        """What speaks for each child that holds."""
        return (
            found
            for child in self.children
            if child.holds(reading)
            for found in child.speaks(reading, weight)
        )


class Property(Node):
    """The article's language, country, outlet or kind is one of these."""

    __slots__ = ("name", "value")

    def __init__(self, number: int, name: str, value: str) -> None:
        super().__init__(number)
        self.name, self.value = name, value

    def _holds(self, reading: Reading) -> bool:
        attribute = "language" if self.name == "lang" else self.name
        return str(getattr(reading.article, attribute)).casefold() == self.value

    def speaks(self, reading: Reading, weight: float) -> Iterator[Weighted]:
        """Nothing: a property has no place in the text."""
        return iter(())


class Weight(Node):
    """The child, counted so many times."""

    __slots__ = ("weight",)

    def __init__(self, number: int, child: Node, weight: float) -> None:
        super().__init__(number, (child,))
        self.weight = weight

    def _holds(self, reading: Reading) -> bool:
        return self.children[0].holds(reading)

    def _places(self, reading: Reading) -> tuple[Place, ...]:
        return self.children[0].places(reading)

    def speaks(self, reading: Reading, weight: float) -> Iterator[Weighted]:
        """What speaks for the child, heavier."""
        return self.children[0].speaks(reading, weight * self.weight)
