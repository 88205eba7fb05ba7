"""Articles against topics."""

from dataclasses import dataclass, field
from enum import StrEnum

from monitor.model.translation import SentencePair


class Field(StrEnum):
    """The four places in which a term can stand."""

    TITLE = "title"
    TEXT = "text"
    TITLE_EN = "title_en"
    TEXT_EN = "text_en"


@dataclass(frozen=True, slots=True)
class ArticleForMatch:
    """Everything a query can ask about."""

    id: str
    #: ISO 639-1
    language: str
    title: str
    text: str
    title_en: str = ""
    text_en: str = ""
    #: id of the outlet
    outlet: str = ""
    #: ISO 3166-1 alpha-2 of the outlet
    country: str = ""
    #: value of ``OutletKind``
    kind: str = ""
    #: sentence pairs of the body where it was translated, for the aligned sentence of an evidence
    pairs: tuple[SentencePair, ...] = ()


#: an evidence whose term begins so names a known report that the article is like
LIKE = "≈ "


@dataclass(frozen=True, slots=True)
class Evidence:
    """One term where it stands; or a known report, and the whole headline as what is like it."""

    #: the term as the query writes it; ≈ “headline of the report” and how near it is
    term: str
    field: Field
    #: character span in the field's text as given, end exclusive
    start: int
    end: int
    #: the sentence around it
    sentence: str
    #: the aligned English sentence where the field is an original one and a translation is known
    sentence_en: str = ""
    #: the aligned original sentence where the field is an English one and it is known
    sentence_original: str = ""

    @property
    def by_likeness(self) -> bool:
        """Whether it is a report that the article is like, not a term."""
        return self.term.startswith(LIKE)


def source_of(term: str) -> str:
    """What an evidence names, the same for all articles: a term, or a known report without its nearness."""
    return term.rpartition("” ")[0] + "”" if term.startswith(LIKE) else term


@dataclass(frozen=True, slots=True)
class TopicMatch:
    """One topic that an article meets."""

    topic: str
    score: float
    #: at most a few, the most telling first
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Exemplar:
    """A report that is known to belong to some topics, or to none although it may look so."""

    topics: frozenset[str]
    title: str
    #: its opening, "" where only the headline is known
    text: str = ""
    #: what it means, as ``steps.match.likeness`` packs it; b"" where it was not kept
    vector: bytes = field(default=b"", compare=False, repr=False)
