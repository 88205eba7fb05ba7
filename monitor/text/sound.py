"""Text that a database can hold."""

import re

_UNSOUND = re.compile("[\x00\ud800-\udfff]")


def sound(text: str) -> str:
    """Without what JSON can write but no text may hold: NUL, and halves of characters (lone surrogates)."""
    return _UNSOUND.sub("", text)
