"""Raw items to entries: absolute addresses, plain headlines, real dates, one key each."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from monitor.model import Entry
from monitor.steps.parse.dates import when
from monitor.steps.parse.plain import plain, unescaped
from monitor.steps.parse.raw import RawItem

#: most entries of one document; of more, the newest are kept
MOST_ENTRIES = 20_000
#: a description of this many characters of text is a body, not a summary
_BODY_LENGTH = 600
_LONGEST_KEY = 500
# As nearly all are: nothing to join and nothing to mend
_WHOLE = re.compile(
    r"https?://[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*(?::\d{1,5})?/[A-Za-z0-9_~/?=&%+,;:@!*'()$-]*"
)
_NAME = re.compile(r"(?i)www\.[a-z0-9-]+\.[a-z]")


@dataclass(slots=True)
class Collected:
    """Entries in order, and what was wrong with the others."""

    entries: dict[str, Entry] = field(default_factory=dict)
    without_address: int = 0
    impossible_dates: int = 0
    repeated: int = 0
    shared: int = 0
    titles: dict[str, str] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        """Keep an entry whose key is new."""
        self.shared += self.titles.setdefault(entry.url, entry.title) != entry.title
        self.entries[entry.key] = entry

    def problems(self) -> list[str]:
        """One phrase for each kind of trouble."""
        counts = (
            (self.without_address, "items without an address left out"),
            (self.impossible_dates, "impossible or future dates ignored"),
            (self.repeated, "items given twice"),
            (self.shared, "items with another headline under the address of an earlier one"),
        )
        return [f"{count} {what}" for count, what in counts if count]


def collected(items: Iterable[RawItem], now: datetime, zone: str, language: str = "") -> Collected:
    """All items that have an address, at most one for each key.

    :param language: of the feed, for items that declare none.
    """
    found = Collected()
    for item in items:
        entry = _entry(item, now, zone, language, found)
        if entry is None:
            found.without_address += 1
        elif entry.key in found.entries:
            found.repeated += 1
        else:
            found.add(entry)
    return found


def newest(entries: Iterable[Entry], problems: list[str], now: datetime) -> tuple[Entry, ...]:
    """At most ``MOST_ENTRIES``, the newest ones, in their order; undated ones count as new."""
    kept = tuple(entries)
    if len(kept) <= MOST_ENTRIES:
        return kept
    problems.append(f"only the newest {MOST_ENTRIES:,} of {len(kept):,} items kept")
    order = sorted(
        range(len(kept)), key=lambda n: kept[n].published_at or kept[n].updated_at or now, reverse=True
    )
    return tuple(kept[number] for number in sorted(order[:MOST_ENTRIES]))


def _entry(item: RawItem, now: datetime, zone: str, language: str, found: Collected) -> Entry | None:
    url = address(item.link, item.base)
    if not url:
        return None
    published, updated = (_moment(text, now, zone, found) for text in (item.published, item.updated))
    html = unescaped(item.html)
    summary = plain(item.summary)
    if not html and len(summary) >= _BODY_LENGTH:
        html = unescaped(item.summary)
    return Entry(
        key=key(item.guid.strip(), url),
        url=url,
        title=plain(item.title),
        summary=summary,
        html=html,
        authors=tuple(dict.fromkeys(name for name in map(_author, item.authors) if name)),
        published_at=published or updated,
        updated_at=updated,
        categories=tuple(dict.fromkeys(one for one in map(plain, item.categories) if one)),
        language=base_language(item.language) or language,
    )


def key(guid: str, url: str) -> str:
    """Identity inside a feed: guid and address, so that a reused one of the two hides no item."""
    joined = f"{guid} {url}" if guid and guid != url else url
    return (
        joined
        if len(joined) <= _LONGEST_KEY
        else hashlib.sha256(joined.encode("utf-8", "replace")).hexdigest()
    )


def address(link: str, base: str) -> str:
    """An absolute http(s) address without white space, "" where there is none."""
    link = link.strip()
    if _WHOLE.fullmatch(link):
        return link
    try:
        link = re.sub(r"[\x00-\x1f\x7f]", "", link).replace(" ", "%20")
        # Some feeds leave the scheme out; joined as it stands, the name would become a folder
        url = urljoin(base, f"https://{link}" if _NAME.match(link) else link)
        parts = urlsplit(url)
        usable = bool(link.strip()) and parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return ""
    return url if usable else ""


def base_language(declared: str) -> str:
    """``pt-BR`` as ``pt``; "" for what is no code of two letters."""
    found = re.match(r"\s*([A-Za-z]{2})(?:[-_]|\s*$)", declared) if declared else None
    return found.group(1).lower() if found else ""


def _moment(text: str, now: datetime, zone: str, found: Collected) -> datetime | None:
    if not text.strip():
        return None
    moment = when(text, now, zone)
    found.impossible_dates += moment is None
    return moment


def _author(name: str) -> str:
    """``mail@example.org (Name)`` as ``Name``."""
    inner = re.fullmatch(r"\s*\S+@\S+\s*\(([^)]+)\)\s*", name)
    return plain(inner.group(1) if inner else name)
