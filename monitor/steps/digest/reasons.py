"""Why an alert is here, in few words: the terms that matched and the sentences that tell most."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.model import LIKE, Evidence, Field, StoredAlert
from monitor.steps.digest.clean import clean
from monitor.steps.digest.marking import Quote, folded

#: letters by which two terms are taken for one (financi*, financiaci*; chino, chinese)
ALIKE = 4
#: words of a sentence that says something; "Tegucigalpa." says nothing
SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms that matched, as the query writes them, each once."""

    headline: tuple[str, ...]
    text: tuple[str, ...]
    #: where no query found the report: the known one that it is most like
    like: str = ""


def terms(alert: StoredAlert) -> Terms:
    """Those of the headline apart; of terms in one place, and of terms that begin alike, the first is named.

    ``monitor alerts show`` names all.
    """
    named: dict[str, tuple[str, bool]] = {}
    in_headline = (Field.TITLE, Field.TITLE_EN)
    by_query = [one for one in alert.evidence if not one.by_likeness]
    for evidence in sorted(by_query, key=lambda one: one.field not in in_headline):
        if not any(_covers(other, evidence) for other in alert.evidence):
            term = clean(evidence.term).removeprefix("=")
            named.setdefault(folded(term)[:ALIKE], (term, evidence.field in in_headline))
    return Terms(
        tuple(term for term, first in named.values() if first),
        tuple(term for term, first in named.values() if not first),
        next((clean(one.term.removeprefix(LIKE)) for one in alert.evidence if one.by_likeness), ""),
    )


def _covers(longer: Evidence, one: Evidence) -> bool:
    """The other term stands around this one: *norte de Chile* around *Chile*."""
    inside = longer.start <= one.start and one.end <= longer.end
    return longer.field is one.field and inside and longer.end - longer.start > one.end - one.start


def telling(quotes: Sequence[Quote], most: int) -> list[Quote]:
    """At most so many quotes, those with the most terms first, none that adds no term; in the order given."""
    ranked = sorted(quotes, key=lambda quote: (_words(quote) < SHORTEST, -len(_marks(quote))))
    chosen: list[Quote] = []
    shown = set[str]()
    for quote in ranked[: None if most else 0]:
        if len(chosen) < most and (not chosen or _marks(quote) - shown):
            chosen.append(quote)
            shown |= _marks(quote)
    return [quote for quote in quotes if quote in chosen]


def _marks(quote: Quote) -> set[str]:
    return {folded(piece.text) for piece in (*quote.original, *quote.english) if piece.marked}


def _words(quote: Quote) -> int:
    return len("".join(piece.text for piece in quote.original or quote.english).split())
