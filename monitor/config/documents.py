"""Every analysts' file: YAML read with its comments and places, checked, and written back without loss.

A schema is JSON Schema with one keyword of ours: ``"uniqueBy": "id"`` on an array says that no two items
share that key. The ``description`` of a schema says what to write instead, so it is part of the message.
"""

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import TaggedScalar
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from monitor.config.complaints import complaints, yaml_complaint
from monitor.config.places import key_place, value_place, within_scalar
from monitor.errors import ConfigError

#: values in one file after aliases are resolved; more is a bomb, not a file of an analyst
MOST_VALUES = 500_000

Key = str | int


@dataclass(slots=True)
class Document:
    """One file as read."""

    path: Path
    #: plain Python values as JSON knows them (dates as ISO text), empty mapping for nothing
    data: Any
    #: the same with comments and style; change it, then ``save``
    tree: Any
    #: the file's characters as read
    source: str

    def place(self, *keys: Key) -> tuple[int, int]:
        """Line and column (from 1) of the value under these keys, or of its nearest parent."""
        return value_place(self.tree, keys)

    def place_in(self, position: int, *keys: Key) -> tuple[int, int]:
        """Line and column of a character inside the text under these keys.

        :param position: the character's index in ``data``'s value, from 0.
        """
        value = self.data
        for key in keys:
            value = value[key]
        before = sum(not character.isspace() for character in str(value)[:position])
        at_end = bool(before) and not str(value)[position:].strip()
        line, column = within_scalar(self.source, self.place(*keys), before - at_end)
        return line, column + at_end

    def error(self, message: str, *keys: Key) -> ConfigError:
        """An error at the value under these keys, to be raised or collected."""
        return ConfigError(message, self.path, *self.place(*keys))

    def dump(self) -> str:
        """The file's new characters."""
        out = StringIO()
        _yaml(self.source).dump(self.tree, out)
        return out.getvalue()

    def save(self, path: Path | None = None) -> None:
        """Write ``tree`` in one step: readers see the old file or the new one, never half of it.

        :raises ConfigError: when it cannot be written; the old file is untouched.
        """
        write_atomically(path or self.path, self.dump())


def load_document(path: Path, schema: Mapping[str, Any]) -> Document:
    """Read and check one file.

    :raises ConfigError: for everything that is wrong with it; ``errors`` of the exception lists all of it.
    """
    source = read_text(path)
    tree = _parse(source, path)
    document = Document(path, _plain_tree(tree, path), tree, source)
    raise_errors(_schema_errors(document, schema))
    return document


def raise_errors(errors: Iterable[ConfigError]) -> None:
    """Raise the first by place with all attached; nothing where there is none."""
    ordered = sorted(errors, key=lambda error: (error.line, error.column))
    if ordered:
        ordered[0].errors = tuple(ordered)
        raise ordered[0]


def schema_json(schema: Mapping[str, Any]) -> str:
    """A schema as a file for editors."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(head | dict(schema), ensure_ascii=False, indent=2) + "\n"


def read_text(path: Path) -> str:
    """The characters of an analysts' file.

    :raises ConfigError: when it is missing, cannot be read or is not UTF-8.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise ConfigError("there is no such file; create it or give another path", path) from error
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror or error}", path) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        raise ConfigError("not UTF-8; save the file with the encoding UTF-8", path, line, column) from error


def write_atomically(path: Path, text: str) -> None:
    """Put text in place of a file in one step, keeping its permissions.

    :raises ConfigError: when it cannot be written; the old file is untouched.
    """
    scratch = ""
    try:
        handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            os.fchmod(handle, path.stat().st_mode & 0o777 if path.exists() else 0o644)
            file.write(text)
            file.flush()
            os.fsync(handle)
        os.replace(scratch, path)
    except OSError as error:
        if scratch:
            Path(scratch).unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise ConfigError(f"cannot be written: {reason}; the old file is unchanged", path) from error


def _yaml(source: str = "") -> YAML:
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 1_000_000  # nobody's lines are broken anew
    yaml.allow_unicode = True
    dash = next((line for line in source.splitlines() if line.lstrip(" ").startswith("- ")), "  - ")
    offset = len(dash) - len(dash.lstrip(" "))
    yaml.indent(mapping=2, sequence=offset + 2, offset=offset)
    return yaml


def _parse(source: str, path: Path) -> Any:
    try:
        tree = _yaml().load(source)
    except MarkedYAMLError as error:
        raise _syntax_error(error, source, path) from error
    except ReaderError as error:
        before = source[: error.position]
        place = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise ConfigError("a character that no text file holds; delete it", path, *place) from error
    except (YAMLError, ValueError) as error:
        raise ConfigError(f"this is not YAML: {error}", path) from error
    except RecursionError as error:
        raise ConfigError("nested too deeply; an analysts' file needs a few levels only", path) from error
    if tree is None:
        raise ConfigError("the file is empty; write at least its first key, or restore it", path)
    return tree


def _syntax_error(error: MarkedYAMLError, source: str, path: Path) -> ConfigError:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    lines = source.splitlines()
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    if "\t" in text[: len(text) - len(text.lstrip())]:
        return ConfigError("a tab stands here; indent with blanks", path, line, text.index("\t") + 1)
    return ConfigError(yaml_complaint(error), path, line, column)


def _plain_tree(tree: Any, path: Path) -> Any:
    try:
        return _plain(tree, iter(range(MOST_VALUES)))
    except (StopIteration, RecursionError) as error:
        raise ConfigError("aliases (*name) make this file endless; write the values out", path) from error


def _plain(value: Any, budget: Iterator[int]) -> Any:
    next(budget)
    if isinstance(value, Mapping):
        return {str(key): _plain(item, budget) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_plain(item, budget) for item in value]
    return _plain_scalar(value)


def _plain_scalar(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    for kind in (int, float, str):
        if isinstance(value, kind):
            return kind(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value.value) if isinstance(value, TaggedScalar) else str(value)


def _schema_errors(document: Document, schema: Mapping[str, Any]) -> list[ConfigError]:
    found = []
    for complaint in complaints(document.data, schema):
        finder = key_place if complaint.about_key else value_place
        found.append(ConfigError(complaint.message, document.path, *finder(document.tree, complaint.keys)))
    return found
