"""Text from outside made safe to show: what escaping alone does not do."""

import re
import unicodedata
from urllib.parse import urlsplit

#: control and non-characters: a parse error in HTML, forbidden in XML
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufeff\ufffe\uffff\ud800-\udfff]"
    "|["
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)
#: embeddings, overrides and isolates turn the text around them; plain marks (U+200E, U+200F) stay
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
#: Hebrew; no letter below it runs from right to left
FIRST_RIGHT_TO_LEFT = "\u0590"


def printable(text: str) -> str:
    """The text without the characters that no HTML or XML document may hold."""
    return text if text.isprintable() else _FORBIDDEN.sub("", text)


def clean(text: str) -> str:
    """One line of outside text: no control characters, no overrides of direction, single blanks."""
    plain = text if text.isprintable() else _TURNING.sub("", _FORBIDDEN.sub("", text))
    return " ".join(plain.split())


def isolated(text: str) -> str:
    """For plain text: right-to-left words are fenced in so that they turn nothing around them."""
    return f"\u2068{text}\u2069" if turns(text) else text


def turns(text: str) -> bool:
    """Whether something in it runs from right to left and would turn what stands around it."""
    return max(text, default="") >= FIRST_RIGHT_TO_LEFT and any(map(_is_right_to_left, text))


def _is_right_to_left(char: str) -> bool:
    return unicodedata.bidirectional(char) in {"R", "AL", "AN"}


def cut(text: str, most: int) -> tuple[str, int]:
    """At most ``most`` characters, ending with a word where one ends near, and how many were left out."""
    if len(text) <= most:
        return text, 0
    head = text[:most]
    blank = head.rfind(" ")
    head = head[:blank] if blank > most * 2 // 3 else head
    return head, len(text) - len(head)


def web_link(url: str) -> str:
    """The address when a person may follow it (http or https, a host, nothing hidden in it), else ""."""
    if not url or any(char.isspace() for char in url) or url != clean(url):
        return ""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return ""
    return url if parts.scheme.lower() in {"http", "https"} and host else ""
