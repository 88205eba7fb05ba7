"""Bytes to characters, believing the bytes more than what is said of them."""

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Two bytes for each character, told by the bracket that markup begins with (XML 1.0, appendix F)
_WIDE = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]+)", re.I)
_META = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?([A-Za-z0-9._:-]+)""", re.I)
# Python has other codecs too ("idna", "unicode_escape"), which are no character sets of texts
_CHARACTER_SETS = re.compile(r"utf-(?:8|16|32)|iso8859|cp\d|ascii|koi8|gb|big5|shift_jis|euc_|mac")
_LATIN = frozenset({"iso8859-1", "cp1252", "iso8859-15", "ascii"})


def text_of(body: bytes, content_type: str = "") -> tuple[str, str]:
    """The characters of a document, and what was wrong with its declaration ("" for nothing).

    Order of trust: byte order mark; a bracket of two bytes at the beginning; valid UTF-8 with characters
    beyond ASCII; the XML declaration; the header's charset; UTF-8. Bytes that do not fit are read as
    Windows-1252, one by one; nothing else is lost.
    """
    for mark, name in (*_BOMS, *_WIDE):
        if body.startswith(mark):
            return body.decode(name, "replace").lstrip("\ufeff"), ""
    declared = _declared(body, content_type)
    if declared == "utf-8" or declared in _LATIN or declared.startswith("utf-"):
        return _western(body, declared)
    return body.decode(declared, "replace"), ""


def _western(body: bytes, declared: str) -> tuple[str, str]:
    if declared.startswith(("utf-16", "utf-32")) and b"\x00" in body[:8]:
        return body.decode(declared, "replace"), ""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        if declared in _LATIN - {"ascii"}:
            return body.decode(declared if declared == "iso8859-15" else "cp1252", "cp1252-byte"), ""
        return _mended(body), "declared as UTF-8 but some of it is Windows-1252"
    wrong = declared in _LATIN - {"ascii"} and not text.isascii()
    return text, f"declared as {declared} but it is UTF-8" if wrong else ""


def _mended(body: bytes) -> str:
    return body.decode("utf-8", "cp1252-byte")


def _byte_by_byte(error: UnicodeError) -> tuple[str, int]:
    """Codec error handler: the bytes at fault as Windows-1252, those that it has not as Latin-1."""
    assert isinstance(error, UnicodeDecodeError)
    bad = error.object[error.start : error.end]
    return "".join(_one(bytes([byte])) for byte in bad), error.end


def _one(byte: bytes) -> str:
    try:
        return byte.decode("cp1252")
    except UnicodeDecodeError:
        return byte.decode("latin-1")


codecs.register_error("cp1252-byte", _byte_by_byte)


def _declared(body: bytes, content_type: str) -> str:
    """Python's name of the declared character set, "utf-8" where none or an unknown one is."""
    in_xml = _DECLARED.search(body[:1000]) or _META.search(body[:2000])
    in_header = _CHARSET.search(content_type)
    name = in_xml.group(1).decode("ascii") if in_xml else in_header.group(1) if in_header else "utf-8"
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return "utf-8"
    return codec if _CHARACTER_SETS.match(codec) else "utf-8"
