"""ingest: single articles by their addresses, and pages out of a WARC file."""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed

from monitor.errors import InputError
from monitor.model import Entry, EntryForStore, FetchedPage, Outlet
from monitor.pipeline.collect import entries_for_store
from monitor.pipeline.context import Context
from monitor.steps.fetch import unpacked
from monitor.storage.articles import store_page
from monitor.storage.entries import store_articles
from monitor.storage.outlets import sync_outlets

log = structlog.get_logger(__name__)

#: a page of a WARC file is not longer than this, in bytes
MOST_BYTES = 10_000_000
#: bytes read at a time of what nobody needs; empty lines that may follow the last record
CHUNK, PADDING = 65_536, 64


def ingest_addresses(context: Context, urls: Iterable[str], outlet_id: str = "") -> int:
    """Keep articles by their addresses, to be processed like any other.

    :param outlet_id: whose they are; "": the outlet with that host.
    :returns: how many were new.
    :raises InputError: when an address is none, or no outlet has its host.
    """
    wanted = [(_outlet(context, url, outlet_id), _stored(context, url, outlet_id)) for url in urls]
    now = context.clock()
    with context.database.session() as session:
        sync_outlets(session, context.outlets.values())
        found = sum(store_articles(session, outlet.id, [entry], now)[1] for outlet, entry in wanted)
        session.commit()
    return found


def _stored(context: Context, url: str, outlet_id: str) -> EntryForStore:
    entries = list(entries_for_store([Entry(url, url, "")], _outlet(context, url, outlet_id)))
    if not entries:
        raise InputError(f"{url} is no address of an article; give http or https addresses")
    return entries[0]


def _outlet(context: Context, url: str, outlet_id: str) -> Outlet:
    found = context.outlet(outlet_id) if outlet_id else outlet_of(url, context.outlets)
    if found is None:
        raise InputError(f"no outlet has the host of {url}; add one, or name one with --outlet")
    return found


def outlet_of(url: str, outlets: Mapping[str, Outlet]) -> Outlet | None:
    """The outlet whose front page or feeds lie on an address's host or above it, None where there is none."""
    labels = _host(url).split(".")
    hosts = {_host(address): outlet for outlet in outlets.values() for address in _addresses(outlet)}
    names = (".".join(labels[start:]) for start in range(len(labels) - 1))
    return next((hosts[name] for name in names if name in hosts), None)


def _addresses(outlet: Outlet) -> Iterator[str]:
    yield from (source.url for source in outlet.feeds)
    if outlet.homepage:
        yield outlet.homepage


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def ingest_warc(context: Context, path: Path, outlet_id: str = "") -> tuple[int, int]:
    """Keep the HTML pages of a WARC file as fetched articles; those of unknown outlets are left out.

    :returns: how many articles were new, and how many pages were left out.
    :raises InputError: when there is no such outlet, or the file cannot be read, or is no WARC file.
    """
    named = context.outlet(outlet_id) if outlet_id else None
    with context.database.session() as session:
        sync_outlets(session, context.outlets.values())
        session.commit()
    found = left_out = 0
    for page in warc_pages(path, lambda done, size: context.progress("warc", done, size)):
        outlet = named or outlet_of(page.url, context.outlets)
        entries = list(entries_for_store([Entry(page.url, page.url, "")], outlet)) if outlet else []
        if outlet and entries:
            found += _keep(context, outlet, entries[0], page)
        else:
            left_out += 1
    return found, left_out


def _keep(context: Context, outlet: Outlet, entry: EntryForStore, page: FetchedPage) -> int:
    now = context.clock()
    with context.database.session() as session:
        articles, found = store_articles(session, outlet.id, [entry], now)
        store_page(session, articles[entry.url_key], page, now)
        session.commit()
    return found


def warc_pages(path: Path, told: Callable[[int, int], None] = lambda *_: None) -> Iterator[FetchedPage]:
    """The HTML pages that answered 200, in the file's order.

    :param told: is called after each record with the bytes read so far and the file's size.
    :raises InputError: as :func:`ingest_warc`.
    """
    try:
        with path.open("rb") as file:
            # Any status line does: newer crawlers write "HTTP/2 200"
            records = ArchiveIterator(file, verify_http=False)
            end, size = 0, path.stat().st_size
            for record in records:
                # The library takes any text for the older ARC form.
                if record.format != "warc":
                    raise InputError(f"{path} is no WARC file; give one that a crawler wrote")
                if record.rec_type == "response" and (page := _page(record)):
                    yield page
                whole = _read_to_its_end(record)
                end = records.get_record_offset() + records.get_record_length()
                told(end, size)
            # The library passes over a last record that is not all there
            if not end or not whole or size - end > PADDING:
                raise InputError(f"{path} is cut off or empty; what came before is kept")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    # What the library raises for damaged headers is not documented
    except (ArchiveLoadFailed, AttributeError, LookupError, ValueError, TypeError, zlib.error) as error:
        raise InputError(_damage(path, " ".join(str(error).split()))) from error


def _damage(path: Path, said: str) -> str:
    if "non-chunked gzip" in said:
        return f"{path} is packed as a whole instead of record by record; unpack it first: gunzip {path.name}"
    return f"{path} is no WARC file or is damaged: {said}; pages before the damage are kept"


def _read_to_its_end(record: Any) -> bool:
    """Whether the file holds as much of the record as it states."""
    while record.raw_stream.read(CHUNK):
        pass
    stated = record.rec_headers.get_header("Content-Length")
    return stated is not None and not getattr(record.raw_stream, "limit", 0)


def _page(record: Any) -> FetchedPage | None:
    headers = record.http_headers
    kind = (headers.get_header("Content-Type") or "") if headers else ""
    if headers is None or headers.get_statuscode() != "200" or "html" not in kind:
        return None
    url = record.rec_headers.get_header("WARC-Target-URI")
    return FetchedPage(url, url, 200, _body(record), kind) if url else None


def _body(record: Any) -> bytes:
    """A page's bytes, unpacked by our own decoder: the library's breaks off at brotli and knows no zstd."""
    headers, raw = record.http_headers, record.raw_stream
    if (headers.get_header("Transfer-Encoding") or "").strip().lower() == "chunked":
        raw = ChunkedDataReader(raw)
    return unpacked(
        iter(lambda: raw.read(CHUNK), b""), headers.get_header("Content-Encoding") or "", MOST_BYTES
    )
