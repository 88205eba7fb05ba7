"""What grouping needs of an article and of a story."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from monitor.text.sentences import split_sentences

#: numbers in a vector of the encoder
DIMENSIONS = 512
#: characters of the body that count as its lead: names of an event stand in its first paragraphs
LEAD = 1200
#: characters of headline and lead that are embedded as one text
EMBEDDED = 900
#: sentences of the lead that are embedded each for itself, and the shortest that says something
SENTENCES, SHORTEST = 3, 20
Vectors = NDArray[np.float32]


def vectors(rows: Sequence[Sequence[float]] | NDArray[np.float16] = ()) -> Vectors:
    """Unit vectors as the rows of a matrix; none: an empty one."""
    return np.asarray(rows, dtype=np.float32).reshape(-1, DIMENSIONS)


def pack(meaning: Vectors) -> bytes:
    """The matrix for the store: half precision, row by row, a kilobyte each."""
    return meaning.astype("<f2").tobytes()


def unpack(stored: bytes) -> Vectors:
    """What ``pack`` made."""
    return vectors(np.frombuffer(stored, dtype="<f2"))


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
    #: id of the outlet, and the ISO code of its country, "" where it has none
    outlet: str = ""
    home: str = ""
    #: unit vectors of ``texts_to_embed``, row by row; no rows where none were computed
    meaning: Vectors = field(default_factory=vectors, compare=False)
    #: the same of ``english_to_embed``
    meaning_en: Vectors = field(default_factory=vectors, compare=False)


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


def texts_to_embed(title: str, lead: str) -> list[str]:
    """What the encoder reads of an article: headline and lead as one, the headline, the first sentences."""
    sentences = (one for part in lead.split("\n") for one in split_sentences(part) if len(one) > SHORTEST)
    return [f"{title}. {lead[:EMBEDDED]}", title, *islice(sentences, SENTENCES)]


def english_to_embed(item: StoryItem) -> list[str]:
    """The same of the English; nothing where there is none."""
    return texts_to_embed(item.title_en, item.lead_en) if item.title_en else []
