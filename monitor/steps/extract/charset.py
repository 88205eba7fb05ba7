"""Which characters the bytes of a page stand for.

The bytes themselves are believed before any declaration: text that decodes as UTF-8 and holds accented
letters is UTF-8, whatever its header says (El Mundo: UTF-8 under an ISO-8859-15 declaration). Declarations
decide only between the one-byte encodings.
"""

import codecs
import re

_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
_IN_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
#: browsers read these labels as Windows-1252, and so do the outlets
_WESTERN = {"iso8859-1", "ascii", "cp1252"}
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def decode(raw: bytes, content_type: str = "") -> str:
    """The text of a page, without control characters; undecodable bytes never stop it."""
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return without_controls(raw.decode(name, errors="replace"))
    try:
        return without_controls(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return without_controls(_not_quite_utf8(raw, _declared(raw, content_type)))


def without_controls(text: str) -> str:
    """The text without control characters other than tab and line ends."""
    return _CONTROLS.sub("", text)


def _declared(raw: bytes, content_type: str) -> str:
    """The first usable declaration: HTTP header, then the page's head; "" where there is none."""
    found = _IN_HEADER.findall(content_type)
    found += [label.decode("ascii", "replace") for label in _DECLARED.findall(raw[:4096])]
    names = [name for name in map(_known, found) if name]
    return names[0] if names else ""


def _known(label: str) -> str:
    try:
        info = codecs.lookup(label)
    except (LookupError, ValueError):
        return ""
    if not info._is_text_encoding or info.name in {
        "idna",
        "punycode",
        "unicode_escape",
        "raw_unicode_escape",
    }:
        return ""
    return "cp1252" if info.name in _WESTERN else info.name


def _not_quite_utf8(raw: bytes, declared: str) -> str:
    """Mostly UTF-8 with some broken bytes (a cut page, a pasted quote), or another encoding altogether."""
    lenient = raw.decode("utf-8", errors="surrogateescape")
    broken = sum("\udc80" <= char <= "\udcff" for char in lenient)
    good = sum("\x80" <= char < "\ud800" or char > "\udfff" for char in lenient)
    if good > broken:
        return "".join(_one_byte(char) if "\udc80" <= char <= "\udcff" else char for char in lenient)
    name = (
        "cp1252" if declared.startswith("utf") and not declared.startswith(("utf-16", "utf-32")) else declared
    )
    return raw.decode(name or "cp1252", errors="replace")


def _one_byte(char: str) -> str:
    return bytes([ord(char) - 0xDC00]).decode("cp1252", errors="replace")
