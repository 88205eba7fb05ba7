"""Outlets and their ways in, as the analysts' file declares them."""

from dataclasses import dataclass, field
from enum import StrEnum

from monitor.model.feeds import FeedKind


class OutletKind(StrEnum):
    """Who stands behind an outlet; shown beside every item, queried as ``kind:state-run``."""

    INDEPENDENT = "independent"
    PUBLIC = "public"
    STATE_RUN = "state-run"
    PARTY = "party"
    WIRE = "wire"


class OutletStatus(StrEnum):
    """How an outlet's last collection went."""

    OK = "ok"
    EMPTY = "empty"
    BROKEN = "broken"
    BLOCKED = "blocked"
    SILENT = "silent"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class FeedSource:
    """One address at which an outlet lists its articles."""

    #: absolute http(s) address
    url: str
    #: what lies there
    kind: FeedKind = FeedKind.FEED
    #: section of the outlet, for people
    section: str = ""
    #: what is known of the address, for people ("checked 2026", "404 in March 2026")
    known: str = ""


@dataclass(frozen=True, slots=True)
class Outlet:
    """One publication as declared in ``config/outlets.yaml``."""

    #: stable short name, used in queries (``outlet:infobae``)
    id: str
    #: name for people
    name: str
    #: declared language, ISO 639-1: "es" or "pt"
    language: str
    #: country of publication, ISO 3166-1 alpha-2, or "" where unknown
    country: str = ""
    #: address of the front page
    homepage: str = ""
    #: who stands behind it
    kind: OutletKind = OutletKind.INDEPENDENT
    #: one line on owner and standing, used in citations
    owner_note: str = ""
    #: IANA zone for dates that state none
    timezone: str = "UTC"
    #: ways in, in order of preference
    feeds: tuple[FeedSource, ...] = ()
    #: False: kept in the catalogue, never fetched
    enabled: bool = True
    #: why it is disabled, or what to know
    note: str = ""
    #: {host in links: host to fetch}
    host_rewrites: dict[str, str] = field(default_factory=dict)
    #: CSS selectors whose text is kept where the generic rules lose it
    keep: tuple[str, ...] = ()
    #: CSS selectors removed before extraction
    drop: tuple[str, ...] = ()
    #: how its pages write dates, as ``strptime`` has it, where the generic rules read them wrongly
    date_format: str = ""
    #: address of the page that shows why keep, drop or date_format is needed, for people
    proof: str = ""
    #: what is known of paywalls, robots.txt and terms
    rights: str = ""
    #: sitemaps for back-fill; ``{YYYY}``, ``{MM}`` and ``{YYYYMM}`` stand for the month asked for
    archives: tuple[FeedSource, ...] = ()
    #: addresses known not to serve, kept so that nobody adds them again
    unused: tuple[FeedSource, ...] = ()
