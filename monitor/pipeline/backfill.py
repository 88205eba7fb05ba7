"""backfill: articles of the past, from an outlet's monthly sitemaps or from an archive's copies of its feeds

for each address of the time asked for that was not read before:
    fetch it, follow the sitemaps it names, keep the entries of that time as new articles, in one commit
then process, as with any other article
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

import structlog

from monitor.errors import InputError
from monitor.model import Entry, FeedKind, FeedSource, FetchFailure, FetchRequest, Outlet, ParseFailure
from monitor.pipeline.collect import entries_for_store
from monitor.pipeline.context import Context
from monitor.pipeline.hosts import counter
from monitor.steps.parse import parse
from monitor.storage.backfills import addresses_done, mark_done
from monitor.storage.entries import store_articles
from monitor.storage.outlets import sync_outlets

log = structlog.get_logger(__name__)

#: most sitemaps followed from one address
MOST_CHILDREN = 500
_PLACES = ("{YYYY}", "{MM}", "{YYYYMM}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which articles are wanted."""

    outlet_id: str
    #: both included
    start: date
    end: date
    #: the outlet's feeds as an archive kept them, day by day, in place of its sitemaps
    archive: bool = False


@dataclass(slots=True)
class Filled:
    """What a back-fill found."""

    articles: int = 0
    #: addresses that were read before
    skipped: int = 0
    #: (address, why it could not be read)
    failures: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Place:
    """One address to read."""

    source: FeedSource
    #: the days it stands for
    first: date
    last: date
    as_of: datetime | None = None
    #: every entry is of these days, also one without a date
    dated: bool = False

    @property
    def name(self) -> str:
        """What tells it from others in the list of those that were read."""
        archived = f" as of {self.as_of:%Y-%m-%d}" if self.as_of else ""
        return f"{self.source.url} {self.first}..{self.last}{archived}"


def backfill(context: Context, wanted: Wanted) -> Filled:
    """Find the articles of a time and keep those not known; what was read by an earlier run is skipped.

    :raises InputError: when the outlet is unknown, or has no way back.
    """
    outlet = _outlet(context, wanted)
    places = list(_archived(outlet, wanted) if wanted.archive else _monthly(outlet, wanted))
    with context.database.session() as session:
        sync_outlets(session, context.outlets.values())
        done = addresses_done(session, outlet.id)
        session.commit()
    filled, count = Filled(), counter(context.progress, "backfill", len(places))
    for place in places:
        if place.name in done:
            filled.skipped += 1
        else:
            _fill(context, outlet, place, filled)
        count()
    return filled


def _outlet(context: Context, wanted: Wanted) -> Outlet:
    outlet = context.outlet(wanted.outlet_id)
    if wanted.end < wanted.start:
        raise InputError(f"{wanted.end} lies before {wanted.start}; give the earlier day first")
    if not wanted.archive and not outlet.archives:
        raise InputError(
            f"{outlet.id} has no sitemaps of the past; add “archives:” to its entry, or use --archive"
        )
    return outlet


def _monthly(outlet: Outlet, wanted: Wanted) -> Iterator[_Place]:
    for source in outlet.archives:
        if not any(place in source.url for place in _PLACES):
            yield _Place(source, wanted.start, wanted.end)
            continue
        for month in _months(wanted.start, wanted.end):
            url = source.url.replace("{YYYYMM}", f"{month:%Y%m}")
            url = url.replace("{YYYY}", f"{month:%Y}").replace("{MM}", f"{month:%m}")
            last = min(wanted.end, (month + timedelta(days=31)).replace(day=1) - timedelta(days=1))
            monthly = "MM" in source.url
            yield _Place(replace(source, url=url), max(wanted.start, month), last, dated=monthly)


def _months(start: date, end: date) -> Iterator[date]:
    month = start.replace(day=1)
    while month <= end:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)


def _archived(outlet: Outlet, wanted: Wanted) -> Iterator[_Place]:
    for ago in range((wanted.end - wanted.start).days + 1):
        day = wanted.start + timedelta(days=ago)
        noon = datetime.combine(day, time(12), UTC)
        for source in outlet.feeds:
            yield _Place(source, wanted.start, wanted.end, as_of=noon)


def _fill(context: Context, outlet: Outlet, place: _Place, filled: Filled) -> None:
    entries, failures = _listed(context, outlet, place)
    filled.failures += failures
    now = context.clock()
    chosen = list(entries_for_store(_of_time(entries, place), outlet))
    with context.database.session() as session:
        found = store_articles(session, outlet.id, chosen, now, place.as_of)[1]
        # A month that is not over, and an address that failed, are read again by the next run.
        if not failures and place.last < now.date():
            mark_done(session, outlet.id, place.name, found, now)
        session.commit()
    filled.articles += found
    log.info(
        "backfill", status="failed" if failures else "ok", outlet=outlet.id, url=place.source.url, new=found
    )


def _listed(context: Context, outlet: Outlet, place: _Place) -> tuple[list[Entry], list[tuple[str, str]]]:
    """Everything that an address and the sitemaps it names list, and what could not be read."""
    entries: list[Entry] = []
    failures: list[tuple[str, str]] = []
    waiting, seen = [place.source.url], {place.source.url}
    while waiting:
        url = waiting.pop(0)
        page = context.fetcher.fetch(FetchRequest(url, as_of=place.as_of))
        if isinstance(page, FetchFailure):
            failures.append((url, page.reason))
            continue
        kind, now = place.source.kind, context.clock()
        parsed = parse(kind, page.body, page.final_url, now, page.content_type, outlet.timezone)
        if isinstance(parsed, ParseFailure):
            failures.append((url, parsed.reason))
            continue
        entries += parsed.entries
        children = [child for child in parsed.children if child not in seen and kind is FeedKind.SITEMAP]
        room = MOST_CHILDREN - len(seen)
        if len(children) > room:
            failures.append((url, f"names more than {MOST_CHILDREN} sitemaps; the others are left out"))
        waiting += children[:room]
        seen.update(waiting)
    return entries, failures


def _of_time(entries: Iterable[Entry], place: _Place) -> Iterator[Entry]:
    for entry in entries:
        moment = entry.published_at or entry.updated_at
        if place.first <= moment.date() <= place.last if moment else place.dated:
            yield entry
