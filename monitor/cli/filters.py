"""What the filter verbs share: lines in, lines out, a broken line never stops the rest."""

import json
import sys
from collections.abc import Callable, Iterable
from typing import BinaryIO

from monitor.errors import InputError, MonitorError


def error_object(number: int, error: Exception) -> str:
    """The line that stands in place of an answer: which input line was broken (from 1), and why."""
    return json.dumps({"error": str(error), "line": number}, ensure_ascii=False)


def decoded(raw: bytes) -> str:
    """One input line as text, without its line end.

    :raises InputError: when it is not UTF-8.
    """
    try:
        return raw.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 at byte {error.start + 1}; convert the input first") from error


def json_object(line: str) -> dict[str, object]:
    """One JSON line as an object.

    :raises InputError: when it is not JSON or not an object.
    """
    try:
        value = json.loads(line)
    except ValueError as error:
        raise InputError(f"not JSON: {error}") from error
    if not isinstance(value, dict):
        raise InputError(f"a JSON object is needed, this is a {type(value).__name__}")
    return value


def filter_lines(work: Callable[[str], str], source: Iterable[bytes] | BinaryIO | None = None) -> int:
    """Write one line for each input line; broken ones become error objects.

    :param work: one decoded line → one line of output; raises MonitorError for a broken one.
    :returns: how many lines were broken; the caller exits with 1 when any was.
    """
    broken = 0
    for number, raw in enumerate(source if source is not None else sys.stdin.buffer, 1):
        try:
            answer = work(decoded(raw))
        except MonitorError as error:
            broken += 1
            answer = error_object(number, error)
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()
    return broken
