"""What grouping needs of an article and of a story."""

from dataclasses import dataclass
from datetime import datetime

#: characters of the body that count as its lead: names of an event stand in its first paragraphs
LEAD = 1200
#: characters of headline and lead that are embedded: the encoder averages, more only dilutes
EMBEDDED = 400


@dataclass(frozen=True, slots=True)
class StoryItem:
    """One article as grouping sees it."""

    article_id: int
    #: ISO 639-1
    language: str
    title: str
    #: the opening of the body, see ``opening``
    lead: str
    #: "" where nothing is translated; names and meaning then decide alone
    title_en: str = ""
    lead_en: str = ""
    #: aware, UTC
    published_at: datetime | None = None
    #: id of the outlet
    outlet: str = ""
    #: unit vector of ``embedding_text``, empty where none was computed
    embedding: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """A story that an article may join, with those of its articles that are at hand."""

    id: int
    items: tuple[StoryItem, ...]


def opening(text: str, most: int = LEAD) -> str:
    """The first paragraphs of a body; a paragraph that repeats the one before counts once."""
    kept: list[str] = []
    for paragraph in text.split("\n"):
        if paragraph.strip() and paragraph not in kept:
            kept.append(paragraph.strip())
    return "\n".join(kept)[:most]


def embedding_text(title: str, lead: str) -> str:
    """The one text of an article that is embedded."""
    return f"{title}. {lead[:EMBEDDED]}"
