"""Where in a YAML file something stands. Lines and columns count from 1."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

Key = str | int
Place = tuple[int, int]

#: escapes of a double-quoted text that are longer than two characters
_LONG_ESCAPES = {"x": 4, "u": 6, "U": 10}


def value_place(tree: Any, keys: Sequence[Key]) -> Place:
    """Place of the value under these keys, or of its nearest parent that exists."""
    return _descend(tree, keys)[0]


def key_place(tree: Any, keys: Sequence[Key]) -> Place:
    """Place of the last key itself, where it stands in a mapping."""
    place, parent, key = _descend(tree, keys)
    if isinstance(parent, CommentedMap) and key in parent.lc.data:
        line, column = parent.lc.key(key)
        return line + 1, column + 1
    return place


def _descend(tree: Any, keys: Sequence[Key]) -> tuple[Place, Any, Any]:
    node, parent, own_key = tree, None, None
    place = _start(tree)
    for wanted in keys:
        own_key = _find_key(node, wanted)
        if own_key is None:
            return place, None, None
        place = _item_place(node, own_key, place)
        node, parent = node[own_key], node
    return place, parent, own_key


def _start(tree: Any) -> Place:
    if isinstance(tree, CommentedMap | CommentedSeq) and tree.lc.line is not None:
        return tree.lc.line + 1, tree.lc.col + 1
    return 1, 1


def _find_key(node: Any, wanted: Key) -> Any:
    if isinstance(node, CommentedSeq):
        return wanted if isinstance(wanted, int) and 0 <= wanted < len(node) else None
    if not isinstance(node, CommentedMap):
        return None
    return next((key for key in node if key == wanted or str(key) == wanted), None)


def _item_place(node: Any, key: Any, otherwise: Place) -> Place:
    if key not in (node.lc.data or {}):  # merged in from an alias: only its parent has a place here
        return otherwise
    line, column = node.lc.value(key) if isinstance(node, CommentedMap) else node.lc.item(key)
    return line + 1, column + 1


def within_scalar(source: str, start: Place, position: int) -> Place:
    """Place of the character at ``position`` of a text value that starts at ``start``.

    YAML folds lines, so both sides are compared without white space: the n-th visible character of the
    value is the n-th visible one of the file from there on.

    :param position: counts the visible characters before the one meant.
    """
    return next(islice(_visible(source, start), position, None), start)


def _visible(source: str, start: Place) -> Iterator[Place]:
    lines = source.split("\n")
    line, column = start[0] - 1, start[1] - 1
    first = lines[line][column : column + 1] if line < len(lines) else ""
    if first in (">", "|"):
        line, column, first = line + 1, 0, ""
    elif first in ("'", '"'):
        column += 1
    for number in range(line, len(lines)):
        text = lines[number]
        while column < len(text):
            width = _width(text, column, first)
            if not text[column].isspace():
                yield number + 1, column + 1
            column += width
        column = 0


def _width(text: str, column: int, quote: str) -> int:
    if quote == "'" and text.startswith("''", column):
        return 2
    if quote == '"' and text[column] == "\\":
        return _LONG_ESCAPES.get(text[column + 1 : column + 2], 2)
    return 1
