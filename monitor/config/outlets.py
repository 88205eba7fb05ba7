"""``config/outlets.yaml``: whose news is read, and by which ways in."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from monitor.config.complaints import complaints, nearest
from monitor.config.documents import Document, load_document, raise_errors
from monitor.config.hints import unreadable_hints
from monitor.errors import ConfigError
from monitor.model import FeedKind, FeedSource, Outlet, OutletKind

LANGUAGES = ("es", "pt")

_ADDRESS = r"^https?://[^\s/?#@]+([/?#]\S*)?$"
_HOST = r"^[A-Za-z0-9.-]+(:\d+)?$"


def _text(description: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "description": description, **more}


_SOURCE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["url"],
    "additionalProperties": False,
    "properties": {
        "url": _text("an address that starts with http:// or https://", pattern=_ADDRESS),
        "kind": {"enum": [kind.value for kind in FeedKind], "description": "what lies there"},
        "section": _text("the outlet's section, for people"),
        "known": _text("what is known of the address, for people"),
    },
}
_SOURCES: dict[str, Any] = {"type": "array", "items": _SOURCE_SCHEMA, "description": "a list of “- url: …”"}

OUTLET_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["id", "name", "language"],
    "additionalProperties": False,
    "properties": {
        "id": _text(
            "a short name of small letters, digits and hyphens (la-prensa-hn)",
            pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$",
        ),
        "name": _text("the name people know"),
        "language": {"enum": list(LANGUAGES), "description": "es or pt"},
        "country": _text("two capital letters (MX, BR)", pattern=r"^[A-Z]{2}$"),
        "kind": {"enum": [kind.value for kind in OutletKind], "description": "who stands behind it"},
        "owner": _text("one line on owner and standing"),
        "homepage": _text("an address that starts with http:// or https://", pattern=_ADDRESS),
        "timezone": _text("a zone such as America/Bogota"),
        "enabled": {"type": "boolean", "description": "true or false"},
        "note": _text("what to know, or why it is disabled"),
        "rights": _text("what is known of paywalls, robots.txt and terms"),
        "feeds": _SOURCES,
        "archives": _SOURCES,
        "unused": _SOURCES,
        "host_rewrites": {
            "type": "object",
            "propertyNames": {"pattern": _HOST, "description": "a host name without http://"},
            "additionalProperties": _text("a host name without http://", pattern=_HOST),
            "description": "“host in links: host to fetch”, one a line",
        },
        "keep": {"type": "array", "items": _text("a CSS selector"), "description": "a list of CSS selectors"},
        "drop": {"type": "array", "items": _text("a CSS selector"), "description": "a list of CSS selectors"},
        "date_format": _text("how its dates are written, such as %m/%d/%Y"),
        "proof": _text("the address of the page that shows why", pattern=_ADDRESS),
    },
}

OUTLETS_SCHEMA: dict[str, Any] = {
    "title": "outlets.yaml: whose news is read, and by which ways in",
    "type": "object",
    "required": ["outlets"],
    "additionalProperties": False,
    "properties": {
        "outlets": {
            "type": "array",
            "items": OUTLET_SCHEMA,
            "uniqueBy": "id",
            "description": "a list of outlets, each with id, name, language and feeds",
        }
    },
}


def load_outlets(path: Path) -> tuple[Outlet, ...]:
    """Every outlet of the catalogue in the file's order, disabled ones included.

    :raises ConfigError: naming file, line and column and what to write instead; its ``errors`` lists all.
    """
    document = load_document(path, OUTLETS_SCHEMA)
    raise_errors(
        document.error(message, "outlets", *keys) for message, *keys in _faults(document.data["outlets"])
    )
    return tuple(_outlet(entry) for entry in document.data["outlets"])


def add_outlet(path: Path, outlet: Outlet) -> None:
    """Write one more entry at the end of the file; comments and order of the others stay.

    :raises ConfigError: when id or address is taken or the entry is not valid; nothing is written.
    """
    document = load_document(path, OUTLETS_SCHEMA)
    entry = outlet_entry(outlet)
    entries = [*document.data["outlets"], entry]
    wrong = [found.message for found in complaints({"outlets": entries}, OUTLETS_SCHEMA)]
    wrong += [str(message) for message, *_ in _faults(entries)]
    raise_errors(ConfigError(f"{outlet.id}: {message}", path) for message in wrong)
    document.tree["outlets"].append(_commented(entry))
    document.save()


def set_enabled(path: Path, outlet_id: str, enabled: bool, note: str = "") -> None:
    """Switch one outlet on or off in the file, with the reason, where one is given, before its note.

    :raises ConfigError: when there is no such outlet, or it cannot be switched on for want of a way in.
    """
    document = load_document(path, OUTLETS_SCHEMA)
    number = _number(document, outlet_id)
    entry = document.tree["outlets"][number]
    if enabled and not document.data["outlets"][number].get("feeds"):
        raise document.error(_NO_WAY_IN.format(outlet_id), "outlets", number)
    _put(entry, "enabled", enabled)
    if note:
        _put(entry, "note", " | ".join(filter(None, [note, entry.get("note")])))
    document.save()


def move_feed(path: Path, outlet_id: str, old: str, new: str) -> None:
    """Put the new address of a way in in place of the old one; comments stay.

    :raises ConfigError: when there is no such outlet or address, or the new one is taken; nothing is written.
    """
    document = load_document(path, OUTLETS_SCHEMA)
    number = _number(document, outlet_id)
    urls = [source["url"] for source in document.data["outlets"][number].get("feeds", ())]
    if old not in urls:
        raise document.error(f"{outlet_id!r} has no way in at {old}", "outlets", number)
    document.data["outlets"][number]["feeds"][urls.index(old)]["url"] = new
    wrong = [message for message, *_ in _faults(document.data["outlets"])]
    raise_errors(document.error(str(message), "outlets", number) for message in wrong)
    document.tree["outlets"][number]["feeds"][urls.index(old)]["url"] = new
    document.save()


def outlet_entry(outlet: Outlet) -> dict[str, Any]:
    """One outlet as the file writes it: what is at its default is left out."""
    entry: dict[str, Any] = {"id": outlet.id, "name": outlet.name, "language": outlet.language}
    entry |= {"country": outlet.country, "kind": outlet.kind.value, "owner": outlet.owner_note}
    entry |= {
        "homepage": outlet.homepage,
        "timezone": outlet.timezone,
        "note": outlet.note,
        "rights": outlet.rights,
    }
    entry |= {name: _source_entries(getattr(outlet, name)) for name in ("feeds", "archives", "unused")}
    entry |= {
        "host_rewrites": dict(outlet.host_rewrites),
        "keep": list(outlet.keep),
        "drop": list(outlet.drop),
        "date_format": outlet.date_format,
        "proof": outlet.proof,
    }
    switched = {} if outlet.enabled else {"enabled": False}
    return {key: value for key, value in entry.items() if value} | switched


_NO_WAY_IN = "{0!r} has no way in; add “feeds:”, or “enabled: false” with a note that says why"


def _faults(entries: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """What a schema cannot say: (message, outlet number, key, …) for each fault."""
    owner = dict[str, str]()
    for number, entry in enumerate(entries):
        zone = entry.get("timezone", "UTC")
        if fault := unknown_zone(zone):
            yield fault, number, "timezone"
        if entry.get("enabled", True) and not entry.get("feeds"):
            yield _NO_WAY_IN.format(entry["id"]), number
        if not entry.get("enabled", True) and not entry.get("note"):
            yield f"{entry['id']!r} is disabled without a reason; add “note: …”", number
        for message, *keys in unreadable_hints(entry):
            yield message, number, *keys
        yield from _shared_addresses(number, entry, owner)


def unknown_zone(zone: str) -> str:
    """What is wrong with the name of a time zone, "" for nothing."""
    zones = _zones()
    return "" if zone in zones else f"unknown zone {zone!r}{nearest(zone, _likely(zone, zones))}"


@cache
def _zones() -> set[str]:
    return available_timezones()


def _likely(zone: str, zones: set[str]) -> list[str]:
    """The nearest zone of the same continent, or examples, so that the message stays short."""
    same = sorted(name for name in zones if name.startswith(zone.partition("/")[0] + "/"))
    return get_close_matches(zone, same, n=1) or ["America/Bogota", "America/Sao_Paulo", "UTC"]


def _shared_addresses(number: int, entry: dict[str, Any], owner: dict[str, str]) -> Iterator[tuple[Any, ...]]:
    for place, source in enumerate(entry.get("feeds", ())):
        first = owner.setdefault(source["url"], entry["id"])
        if first != entry["id"] or _listed_before(entry["feeds"], place):
            message = f"the address {source['url']} is already a way in of {first!r}; keep one of them"
            yield message, number, "feeds", place, "url"


def _listed_before(sources: list[dict[str, Any]], place: int) -> bool:
    return any(source["url"] == sources[place]["url"] for source in sources[:place])


def _outlet(entry: Mapping[str, Any]) -> Outlet:
    values: dict[str, Any] = {key: entry[key] for key in _PLAIN if key in entry}
    values |= {key: tuple(entry[key]) for key in ("keep", "drop") if key in entry}
    values |= {key: tuple(map(_source, entry.get(key, ()))) for key in ("feeds", "archives", "unused")}
    kind = OutletKind(entry.get("kind", OutletKind.INDEPENDENT))
    return Outlet(**values, kind=kind, owner_note=entry.get("owner", ""))


_PLAIN = (
    "id",
    "name",
    "language",
    "country",
    "homepage",
    "timezone",
    "enabled",
    "note",
    "rights",
    "host_rewrites",
    "date_format",
    "proof",
)


def _source(entry: Mapping[str, Any]) -> FeedSource:
    kind = FeedKind(entry.get("kind", FeedKind.FEED))
    return FeedSource(entry["url"], kind, entry.get("section", ""), entry.get("known", ""))


def _source_entries(sources: tuple[FeedSource, ...]) -> list[dict[str, str]]:
    entries = []
    for source in sources:
        kind = "" if source.kind is FeedKind.FEED else source.kind.value
        entry = {"url": source.url, "kind": kind, "section": source.section, "known": source.known}
        entries.append({key: value for key, value in entry.items() if value})
    return entries


def _number(document: Document, outlet_id: str) -> int:
    known = [entry["id"] for entry in document.data["outlets"]]
    if outlet_id not in known:
        raise ConfigError(f"there is no outlet {outlet_id!r}{nearest(outlet_id, known)}", document.path)
    return known.index(outlet_id)


def _put(entry: CommentedMap, key: str, value: object) -> None:
    """Set a key; a new one goes before the lists, where people look for it."""
    if key in entry:
        entry[key] = value
    else:
        entry.insert(list(entry).index("language") + 1, key, value)


def _commented(value: Any) -> Any:
    if isinstance(value, dict):
        return CommentedMap((key, _commented(item)) for key, item in value.items())
    if isinstance(value, list):
        return CommentedSeq(_commented(item) for item in value)
    return value
