"""Markup to plain text, for headlines and summaries."""

import html
import re

_TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]*|/?\?[^<>]*)>|<!--.*?(?:-->|\Z)|<!\[CDATA\[|\]\]>", re.S)
_UNREAD = re.compile(r"<(script|style)\b[^<>]*>.*?(?:</\1\s*>|\Z)", re.I | re.S)
_BLOCK = re.compile(
    r"<(?:/?(?:p|div|li|ul|ol|h\d|tr|td|table|blockquote|figure|figcaption)\b|br\b|img\b)[^<>]*>", re.I
)
_NAMES = (
    r"p|br|div|a|img|strong|em|b|i|u|s|span|ul|ol|li|h\d|figure|figcaption|table|tr|td|script|style|blockquote"
    r"|small|sup|sub|font"
)
_HTML_TAG = re.compile(rf"</?(?:{_NAMES})\b[^<>]*>", re.I)
_ESCAPED_TAG = re.compile(rf"&(?:amp;)*lt;/?(?:{_NAMES})\b", re.I)
_REAL_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
#: text escaped more often than this is left as it is
_ROUNDS = 3
#: a headline or summary is not longer than this, in characters
_LONGEST = 100_000


def plain(markup: str) -> str:
    """The text of a piece of HTML on one line, escapes resolved, also where a feed escaped it twice."""
    markup = markup[:_LONGEST]
    text = html.unescape(_without_tags(markup, _TAG)) if "<" in markup or "&" in markup else markup
    for _ in range(_ROUNDS - 1):
        # What only now became a tag is one if HTML has it; other words in brackets are the author's
        text = html.unescape(_without_tags(text, _HTML_TAG))
    return " ".join(text.split())


def unescaped(markup: str) -> str:
    """HTML that a feed escaped once too often, as HTML."""
    for _ in range(_ROUNDS):
        if _REAL_TAG.search(markup) or not _ESCAPED_TAG.search(markup):
            break
        markup = html.unescape(markup)
    return markup


def _without_tags(text: str, tag: re.Pattern[str]) -> str:
    if "<" not in text:
        return text
    return tag.sub("", _BLOCK.sub(" ", _UNREAD.sub(" ", text)))
