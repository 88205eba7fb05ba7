"""The analysts' names and terms with their English form."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """One term. Small letters: a common noun, found in any case and in the plural; else a name."""

    term: str
    #: English form, "" to leave the term as it is
    english: str = ""
    #: ISO 639-1 codes it holds for, empty for every language
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Glossary:
    """All entries in force; the longest term at a place wins."""

    entries: tuple[GlossaryEntry, ...] = ()
