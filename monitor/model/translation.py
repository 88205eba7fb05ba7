"""Bilingual articles: sentence beside sentence."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class UnsafeMark(StrEnum):
    """Why a sentence pair should be read with care."""

    NUMBERS = "numbers"  # a number changed
    TOKEN = "token"  # an internal token leaked
    LENGTH = "length"  # far longer or shorter than its source
    COPIED = "copied"  # much of the source stands in the target
    LOOP = "loop"  # the target repeats itself
    FAILED = "failed"  # the engine gave nothing; the source stands in its place


@dataclass(frozen=True, slots=True)
class SentencePair:
    """One sentence in the original and in English."""

    source: str
    target: str
    marks: tuple[UnsafeMark, ...] = ()


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who translated, with what."""

    #: "embedded", "argos", "firefox"
    engine: str
    #: model and its route, e.g. "apertium es-pt 3.8 + pten-tiny"
    model: str
    version: str
    #: aware, UTC; None before it is stored
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BilingualText:
    """A headline and paragraphs of sentence pairs.

    The source sentences of a paragraph stand in the order of the text and together cover it; only white
    space between sentences may differ.
    """

    language: str
    title: SentencePair
    paragraphs: tuple[tuple[SentencePair, ...], ...]
    provenance: Provenance

    def pairs(self) -> Iterator[SentencePair]:
        """Every pair of the body in order, without the headline."""
        for paragraph in self.paragraphs:
            yield from paragraph

    @property
    def text_en(self) -> str:
        """The English body: sentences joined by a blank, paragraphs by a newline."""
        return "\n".join(" ".join(pair.target for pair in paragraph) for paragraph in self.paragraphs)
