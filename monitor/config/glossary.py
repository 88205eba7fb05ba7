"""``config/glossary.yaml``: names and terms with their English form."""

from pathlib import Path
from typing import Any

from monitor.config.documents import Document, load_document, raise_errors
from monitor.errors import ConfigError
from monitor.model import Glossary, GlossaryEntry

LANGUAGES = ("es", "pt")

_TERM = {
    "type": "string",
    "minLength": 2,
    "maxLength": 120,
    "pattern": r"^\S(.*\S)?$",
    "description": "the term as newspapers write it, without blanks at its ends",
}
#: JSON Schema of the file, for checking and for editors
SCHEMA: dict[str, Any] = {
    "title": "Glossary of monitor",
    "type": "object",
    "additionalProperties": False,
    "required": ["terms"],
    "properties": {
        "terms": {
            "type": "array",
            "description": "a list of terms",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["term"],
                "description": "an entry with term, and english where it is not left as it is",
                "properties": {
                    "term": _TERM,
                    "also": {
                        "type": "array",
                        "items": _TERM,
                        "description": "other spellings of the term: a list",
                    },
                    "english": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": 120,
                        "description": "the English form; leave the key out to keep the term as it is",
                    },
                    "languages": {
                        "type": "array",
                        "minItems": 1,
                        "uniqueItems": True,
                        "items": {"enum": list(LANGUAGES), "description": "es or pt"},
                        "description": "a list of es and pt; leave the key out for both",
                    },
                    "note": {"type": "string", "description": "a remark for colleagues"},
                },
            },
        }
    },
}


def load_glossary(path: Path) -> Glossary:
    """The glossary in a file.

    :raises ConfigError: naming line and column; ``errors`` of the exception lists everything that is wrong.
    """
    document = load_document(path, SCHEMA)
    raise_errors(_doubles(document))
    return Glossary(tuple(entry for term in document.data["terms"] for entry in _entries(term)))


def _entries(term: dict[str, Any]) -> list[GlossaryEntry]:
    """One entry for each spelling; a term left as it is gives its main spelling for all of them."""
    english, languages = term.get("english", ""), tuple(term.get("languages", ()))
    also = [GlossaryEntry(spelling, english or term["term"], languages) for spelling in term.get("also", ())]
    return [GlossaryEntry(term["term"], english, languages), *also]


def _doubles(document: Document) -> list[ConfigError]:
    """Two entries for one spelling in one language: nobody could say which holds."""
    first: dict[tuple[str, str], int] = {}
    errors = []
    for index, term in enumerate(document.data["terms"]):
        for spelling in [term["term"], *term.get("also", ())]:
            for language in term.get("languages", LANGUAGES):
                line = document.place("terms", first.setdefault((spelling, language), index))[0]
                if first[spelling, language] != index:
                    message = f"{spelling!r} is already given in line {line}; keep one of the two"
                    errors.append(document.error(message, "terms", index))
                    break
    return errors
