"""Reads the invented news of the sample day: its outlets, and its articles with their addresses and dates."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from babel.dates import format_date
from pydantic import TypeAdapter
from ruamel.yaml import YAML

#: Outlets, articles and templates, shipped with the package.
SAMPLE = Path(__file__).parent / "sample"

#: The sample's day turns at this hour of UTC, night in the Americas, so that two runs of an evening there see
#: the same news. All articles are older, so that none is dated after the run.
TURN = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class SampleOutlet:
    """One outlet of the sample day and how it behaves; the fields are those of ``sample/outlets.yaml``."""

    id: str
    name: str
    language: str
    country: str
    timezone: str
    homepage: str
    #: addresses, or ``{"url", "kind"}`` for what is not a feed
    feeds: tuple[str | dict[str, str], ...]
    #: template of its pages, in ``layouts/``
    layout: str
    #: pattern of an article's address
    article_url: str
    kind: str = "independent"
    #: whose Spanish or Portuguese it writes, where that is not its country's ("419": Latin America)
    region: str = ""
    #: "rss", "rdf", "sitemap", or what answers in a feed's place: "front", "refusal"
    feed: str = "rss"
    #: what an item carries besides its headline
    feed_body: str = "summary"
    feed_charset: str = "UTF-8"
    #: its feed has a bare ampersand and a mismatched tag
    ill_formed: bool = False
    #: its JSON-LD is one ``@graph``
    graph: bool = False

    @property
    def locale(self) -> str:
        """For ``og:locale``: ``es_CL``."""
        return f"{self.language}_{self.region or self.country}"

    @property
    def feed_url(self) -> str:
        """Its one way in."""
        first = self.feeds[0]
        return first if isinstance(first, str) else first["url"]


@dataclass(frozen=True, slots=True)
class SampleArticle:
    """One invented article, at its address, on the sample's day."""

    outlet: str
    url: str
    headline: str
    summary: str
    section: str
    paragraphs: tuple[str, ...]
    #: aware, in the outlet's zone
    published_at: datetime
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    #: ids of the watched topics that it is about
    topics: tuple[str, ...] = ()
    #: what it only seems to be about, in words; "" where it is no trap
    trap: str = ""
    #: name shared by the articles of one event
    event: str = ""
    caption: str = ""
    #: HTTP status of its page
    status: int = 200
    #: paragraphs that the page shows; the rest is for subscribers
    free: int = 0
    #: the encoding that the page states, whatever it is
    declared_charset: str = "utf-8"
    #: a number as content systems give one
    number: int = 0

    @property
    def paywalled(self) -> bool:
        """Only the beginning is on the page."""
        return 0 < self.free < len(self.paragraphs)

    @property
    def shown(self) -> tuple[str, ...]:
        """The paragraphs that the page shows."""
        return self.paragraphs[: self.free or None]


@cache
def sample_outlets() -> tuple[SampleOutlet, ...]:
    """The outlets of ``sample/outlets.yaml``, in its order."""
    rows = YAML(typ="safe").load(SAMPLE / "outlets.yaml")
    return TypeAdapter(tuple[SampleOutlet, ...]).validate_python(rows)


def sample_articles(now: datetime) -> tuple[SampleArticle, ...]:
    """The articles of ``sample/articles/``, dated in the 24 hours before the sample's day turned.

    :param now: aware; the same day gives the same articles.
    """
    turn = datetime.combine((now.astimezone(UTC) - TURN).date(), time(), UTC) + TURN
    rows = [_dated(outlet, row, turn) for outlet in sample_outlets() for row in _rows(outlet.id)]
    return TypeAdapter(tuple[SampleArticle, ...]).validate_python(rows)


def slug(text: str) -> str:
    """The text as part of an address: ``Petróleo y paz`` → ``petroleo-y-paz``."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


@cache
def _rows(outlet: str) -> list[dict[str, Any]]:
    path = SAMPLE / "articles" / f"{outlet}.yaml"
    return YAML(typ="safe").load(path) if path.exists() else []


def _dated(outlet: SampleOutlet, row: dict[str, Any], turn: datetime) -> dict[str, Any]:
    """The written article with its day filled in, and with an address and a number."""
    moment = _moment(row["at"], outlet, turn)
    words = _days(moment, outlet.language)
    number = 10_000_000 + crc32(f"{outlet.id} {row['headline']}".encode()) % 80_000_000
    body = row["body"].format(**words)
    made = {
        "outlet": outlet.id,
        "url": _address(outlet, row, moment, number),
        "summary": row["summary"].format(**words),
        "paragraphs": tuple(line.strip() for line in body.splitlines() if line.strip()),
        "published_at": moment,
        "number": number,
    }
    return {key: value for key, value in row.items() if key not in {"at", "body"}} | made


def _moment(at: str, outlet: SampleOutlet, turn: datetime) -> datetime:
    """The last time before the turn at which the outlet's clock showed ``at``."""
    zone = ZoneInfo(outlet.timezone)
    last = turn.astimezone(zone)
    moment = datetime.combine(last.date(), time.fromisoformat(at), zone)
    return moment if moment <= last else moment - timedelta(days=1)


def _days(moment: datetime, language: str) -> dict[str, str]:
    """What an article may call its days: ``{today} {yesterday} {tomorrow}``, weekdays.

    In Portuguese also ``{on_today} {of_today}``: its weekdays differ in gender (nesta sexta, neste sábado).
    """
    shifts = {"yesterday": -1, "today": 0, "tomorrow": 1}
    days = {
        name: str(format_date(moment + timedelta(days=shift), "EEEE", locale=language))
        for name, shift in shifts.items()
    }
    this = "este" if moment.weekday() >= 5 else "esta"
    return {**days, "on_today": f"n{this} {days['today']}", "of_today": f"d{this} {days['today']}"}


def _address(outlet: SampleOutlet, row: dict[str, Any], moment: datetime, number: int) -> str:
    return outlet.article_url.format(
        section=slug(row["section"]),
        slug=slug(row["headline"]),
        year=f"{moment:%Y}",
        month=f"{moment:%m}",
        day=f"{moment:%d}",
        number=number,
        code=f"{number:x}",
    )
