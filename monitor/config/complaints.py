"""What is wrong with an analysts' file, in words for analysts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend
from ruamel.yaml.error import MarkedYAMLError

_KINDS = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list (one item a line, each after “- ”)",
    "object": "keys with values (“key: value”)",
    "null": "nothing",
}

#: part of ruamel's message → ours
_YAML_WORDS = {
    "mapping values are not allowed": "a second “: ” in one value; put the value in quotes",
    "cannot start any token": "a value cannot start with this character; put the value in quotes",
    "could not find expected ':'": "a key without “: ” before this line; write “key: value”",
    "expected <block end>": "the indentation does not fit the lines above; align it with its neighbours",
    "unindent does not match": "the indentation does not fit any line above; align it with its neighbours",
    "sequence entries are not allowed": "a list item cannot stand here; put it on a line of its own",
    "unexpected end of stream": "a quote is opened and never closed",
    "found unexpected ':'": "a “:” inside brackets; put the value in quotes",
    "expected a single document": "a second document starts here; delete the line “---”",
    "found undefined alias": "an alias (*name) to nothing; put a value that starts with * in quotes",
    "expected ',' or": "a list or mapping in brackets is not closed, or lacks a comma",
    "expected alphabetic or numeric": "a value cannot start with * or &; put it in quotes",
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong."""

    message: str
    #: the way to it from the top
    keys: tuple[str | int, ...]
    #: the key itself is wrong, not its value
    about_key: bool = False


def complaints(data: Any, schema: Mapping[str, Any]) -> list[Complaint]:
    """Everything in which plain data departs from a schema."""
    return [found for error in _Validator(schema).iter_errors(data) for found in _complaints_of(error)]


def yaml_complaint(error: MarkedYAMLError) -> str:
    """What keeps a file from being YAML."""
    if type(error).__name__ == "DuplicateKeyError":
        return f"{_duplicate_key(error)} stands twice in one mapping; keep one of them"
    said = f"{error.problem or ''} {error.context or ''}"
    for part, words in _YAML_WORDS.items():
        if part in said:
            return words
    return f"this is not YAML: {said.strip()}"


def nearest(word: str, known: Sequence[str]) -> str:
    """“; did you mean …?” where a known word is near, else the list of known words."""
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else f"; known here: {', '.join(sorted(known))}"


def _duplicate_key(error: MarkedYAMLError) -> str:
    parts = str(error.problem or "").split('"')
    return f"the key {parts[1]!r}" if len(parts) > 1 else "a key"


def _unique_by(_: Any, key: str, items: Any, __: Any) -> Iterator[ValidationError]:
    first: dict[Any, int] = {}
    for number, item in enumerate(items if isinstance(items, list) else ()):
        value = item.get(key) if isinstance(item, dict) else None
        if not isinstance(value, str | int):
            continue
        if value in first:
            message = f"the {key} {value!r} is taken by item {first[value] + 1}; every {key} must be its own"
            yield ValidationError(message, path=(number, key))
        first.setdefault(value, number)


_Validator: Any = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"uniqueBy": _unique_by}
)


def _complaints_of(error: Any) -> Iterator[Complaint]:
    keys = tuple(error.absolute_path)
    schema = error.schema
    if error.validator == "additionalProperties" and isinstance(error.validator_value, bool):
        known = list(schema.get("properties", {}))
        for key in sorted(set(error.instance) - set(known)):
            yield Complaint(f"unknown key {key!r}{nearest(key, known)}", (*keys, key), about_key=True)
        return
    if "propertyNames" in error.absolute_schema_path:
        yield Complaint(_words(error, schema), (*keys, str(error.instance)), about_key=True)
        return
    yield Complaint(_words(error, schema), keys)


def _words(error: Any, schema: Mapping[str, Any]) -> str:
    maker = _WORDS.get(str(error.validator))
    said = maker(error) if maker else error.message
    instead = schema.get("description", "")
    return f"{said}; write {instead}" if maker in _WITH_ADVICE and instead else said


def _type(error: Any) -> str:
    wanted = error.validator_value
    kinds = [wanted] if isinstance(wanted, str) else list(wanted)
    needed = " or ".join(_KINDS.get(kind, kind) for kind in kinds)
    return f"{_name(error)} must be {needed}, not {_seen(error.instance)}"


def _required(error: Any) -> str:
    missing = [key for key in error.validator_value if key not in error.instance]
    described = error.schema.get("properties", {})
    key = next((key for key in missing if f"'{key}'" in error.message), missing[0])
    advice = described.get(key, {}).get("description", "")
    return f"{key!r} is missing here" + (f"; add “{key}:” with {advice}" if advice else f"; add “{key}: …”")


def _enum(error: Any) -> str:
    known = [str(value) for value in error.validator_value]
    return f"{_name(error)} cannot be {_seen(error.instance)}{nearest(str(error.instance), known)}"


def _shape(error: Any) -> str:
    return f"{_name(error)} cannot be {_seen(error.instance)}"


def _empty(error: Any) -> str:
    few = "is empty" if not error.instance else f"is too short (at least {error.validator_value})"
    return f"{_name(error)} {few}"


def _long(error: Any) -> str:
    return f"{_name(error)} is too long (at most {error.validator_value})"


def _small(error: Any) -> str:
    return f"{_name(error)} must be at least {error.validator_value}, not {_seen(error.instance)}"


def _large(error: Any) -> str:
    return f"{_name(error)} must be at most {error.validator_value}, not {_seen(error.instance)}"


def _above(error: Any) -> str:
    return f"{_name(error)} must be more than {error.validator_value}, not {_seen(error.instance)}"


def _twice(error: Any) -> str:
    return f"{_name(error)} holds the same item twice"


def _name(error: Any) -> str:
    named = [str(key) for key in error.absolute_path if isinstance(key, str)]
    return repr(named[-1]) if named else "the file"


def _seen(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict | list):
        return _KINDS["object" if isinstance(value, dict) else "array"]
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


_WORDS = {
    "type": _type,
    "required": _required,
    "enum": _enum,
    "const": _shape,
    "pattern": _shape,
    "format": _shape,
    "anyOf": _shape,
    "oneOf": _shape,
    "not": _shape,
    "propertyNames": _shape,
    "minLength": _empty,
    "minItems": _empty,
    "minProperties": _empty,
    "maxLength": _long,
    "maxItems": _long,
    "minimum": _small,
    "maximum": _large,
    "exclusiveMinimum": _above,
    "uniqueItems": _twice,
}
_WITH_ADVICE = {_type, _shape, _empty, _long, _small, _large, _above}
