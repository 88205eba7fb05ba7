"""Ways in, tried now: what an address that lists articles answers. Nothing is stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from monitor.model import (
    FeedSource,
    FetchFailure,
    FetchRequest,
    Outlet,
    OutletStatus,
    ParsedFeed,
    ParseFailure,
)
from monitor.pipeline import decide
from monitor.pipeline.answers import followed
from monitor.pipeline.context import Context
from monitor.pipeline.hosts import by_host, counter, run_groups
from monitor.ports import Fetcher
from monitor.steps.parse import parse


@dataclass(frozen=True, slots=True)
class Trial:
    """What one address answered."""

    source: FeedSource
    status: OutletStatus
    #: why it is of no use, "" for nothing
    reason: str = ""
    #: "rss20", "sitemap", "section" …
    format: str = ""
    entries: int = 0
    #: date of the newest entry
    newest: datetime | None = None
    problems: tuple[str, ...] = ()
    #: where it has moved for good
    moved_to: str = ""
    #: addresses of its entries
    links: frozenset[str] = frozenset()
    #: languages of its entries
    languages: tuple[str, ...] = ()
    #: further addresses (sitemap indexes)
    children: tuple[str, ...] = ()


def try_source(
    fetcher: Fetcher, source: FeedSource, now: datetime, timezone: str = "UTC", *, whole: bool = False
) -> Trial:
    """Fetch and read one address.

    :param whole: of an index read its sitemaps, too, as collecting does.
    """
    page = fetcher.fetch(FetchRequest(source.url))
    if isinstance(page, FetchFailure):
        refused = page.kind in decide.REFUSALS
        return Trial(source, OutletStatus.BLOCKED if refused else OutletStatus.BROKEN, page.reason)
    parsed = parse(source.kind, page.body, page.final_url, now, page.content_type, timezone)
    if isinstance(parsed, ParseFailure):
        return Trial(source, OutletStatus.BROKEN, parsed.reason, moved_to=decide.moved_to(page))
    if whole and parsed.children and not parsed.entries:
        parsed = followed(fetcher, page, parsed, timezone, now).parsed
    return _trial(source, parsed, decide.moved_to(page))


def _trial(source: FeedSource, parsed: ParsedFeed, moved_to: str) -> Trial:
    dates = [entry.published_at for entry in parsed.entries if entry.published_at]
    return Trial(
        source,
        OutletStatus.OK if parsed.entries else OutletStatus.EMPTY,
        "" if parsed.entries else "well, but lists nothing",
        format=parsed.format,
        entries=len(parsed.entries),
        newest=max(dates, default=None),
        problems=parsed.problems,
        moved_to=moved_to,
        links=frozenset(entry.url for entry in parsed.entries),
        languages=tuple(entry.language for entry in parsed.entries if entry.language),
        children=parsed.children,
    )


def check(context: Context, outlet_id: str = "") -> list[tuple[Outlet, list[Trial]]]:
    """Try the ways in of one outlet, also of a disabled one, or of all that are enabled.

    :raises InputError: when there is no such outlet.
    """
    chosen = [context.outlet(outlet_id)] if outlet_id else [o for o in context.outlets.values() if o.enabled]
    sources = [(outlet, source) for outlet in chosen for source in outlet.feeds]
    found: dict[str, Trial] = {}

    def work(item: tuple[Outlet, FeedSource]) -> bool:
        outlet, source = item
        found[source.url] = try_source(context.fetcher, source, context.clock(), outlet.timezone, whole=True)
        return True

    count = counter(context.progress, "check", len(sources))
    run_groups(by_host(sources, lambda item: item[1].url), work, context.connections, count)
    return [(outlet, [found[source.url] for source in outlet.feeds]) for outlet in chosen]


def useful(trials: Iterable[Trial]) -> list[Trial]:
    """Those that list something that no earlier one lists, in their order."""
    kept: list[Trial] = []
    for trial in trials:
        seen = {link for other in kept for link in other.links}
        if trial.links - seen:
            kept.append(trial)
    return kept
