"""Records made ready for the templates: marked, shortened, with links that may be followed."""

from dataclasses import dataclass

from monitor.model import Coverage, DigestAlert, DigestContent, Field, OutletCoverage
from monitor.steps.digest.clean import clean, web_link
from monitor.steps.digest.frame import LONGEST, Frame
from monitor.steps.digest.marking import Piece, Quote, around, headline, quotes
from monitor.steps.digest.selection import ShownStory, ShownTopic

#: longest sentence shown around its term
LONGEST_SENTENCE = 420
#: sentences shown of one report
MOST_QUOTES = 3
#: what counts as seen; everything else is named with its reason
SEEN = ("ok", "empty")
Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One alert as it is shown."""

    alert: DigestAlert
    title: Pieces
    #: empty where there is no translation
    title_en: Pieces
    quotes: tuple[Quote, ...]
    #: each matched term once, and whether it stands in the headline
    terms: tuple[tuple[str, bool], ...]
    #: "" where the address may not be followed
    link: str
    #: page of this alert in the web pages, "" where there are none
    page: str


@dataclass(frozen=True, slots=True)
class StoryView:
    """One story as it is shown: its first report leads, the others follow."""

    shown: ShownStory
    headline: Pieces
    #: the headline is the story's own, so that the first report shows its own English one too
    own_headline: bool
    reports: tuple[Report, ...]
    #: first sentence of the first report, "" where a quote below says the same
    lead: str
    page: str


@dataclass(frozen=True, slots=True)
class TopicView:
    """One topic as it is shown."""

    shown: ShownTopic
    stories: tuple[StoryView, ...]


@dataclass(frozen=True, slots=True)
class OutletGroup:
    """The outlets of one status."""

    status: str
    outlets: tuple[OutletCoverage, ...]


def topic_view(shown: ShownTopic, content: DigestContent, frame: Frame) -> TopicView:
    """One topic made ready."""
    return TopicView(shown, tuple(_story(story, content, frame) for story in shown.stories))


def _story(shown: ShownStory, content: DigestContent, frame: Frame) -> StoryView:
    told: set[Quote] = set()
    reports = tuple(_report(alert, told, content, frame) for alert in shown.alerts)
    first, own = reports[0], clean(shown.story.headline_en)
    differs = bool(own) and own != clean(first.alert.title_en)
    head = short_pieces((Piece(own),), LONGEST, frame) if differs else first.title_en or first.title
    story = shown.story.story_id
    page = _page(content, "stories", story) if story else ""
    return StoryView(shown, head, differs, reports, _lead(first, frame), page)


def _lead(report: Report, frame: Frame) -> str:
    lead = frame.short(report.alert.lead_en, LONGEST_SENTENCE)
    quoted = ("".join(piece.text for piece in quote.english) for quote in report.quotes)
    return "" if lead in quoted else lead


def _report(alert: DigestAlert, told: set[Quote], content: DigestContent, frame: Frame) -> Report:
    """A sentence that an earlier report of the story already shows is not shown again."""
    new = [quote for quote in quotes(alert) if quote not in told][:MOST_QUOTES]
    told.update(new)
    return Report(
        alert,
        short_pieces(headline(alert, english=False), LONGEST, frame),
        short_pieces(headline(alert, english=True), LONGEST, frame),
        tuple(_short_quote(quote, frame) for quote in new),
        _terms(alert),
        web_link(alert.url),
        _page(content, "alerts", alert.alert_id),
    )


def _page(content: DigestContent, kind: str, number: int) -> str:
    base = web_link(content.base_url)
    return f"{base.rstrip('/')}/{kind}/{number}" if base else ""


def _short_quote(quote: Quote, frame: Frame) -> Quote:
    sides = (short_pieces(side, LONGEST_SENTENCE, frame) for side in (quote.original, quote.english))
    return Quote(*sides)


def short_pieces(parts: Pieces, most: int, frame: Frame) -> Pieces:
    """Marked text of at most ``most`` characters; what is too long says so."""
    kept, rest = around(parts, most)
    return (*kept, Piece(f" {frame.count('cut', rest)}")) if rest else kept


def _terms(alert: DigestAlert) -> tuple[tuple[str, bool], ...]:
    terms: dict[str, bool] = {}
    for evidence in alert.evidence:
        term = clean(evidence.term).removeprefix("=")
        terms[term] = terms.get(term, False) or evidence.field in (Field.TITLE, Field.TITLE_EN)
    return tuple(terms.items())


def outlet_groups(coverage: Coverage) -> tuple[OutletGroup, ...]:
    """Outlets by status: what was not seen first, then what gave nothing, then what was read."""
    by_status: dict[str, list[OutletCoverage]] = {}
    for outlet in coverage.outlets:
        by_status.setdefault(outlet.status, []).append(outlet)
    order = sorted(by_status, key=lambda status: SEEN[::-1].index(status) if status in SEEN else -1)
    return tuple(OutletGroup(status, tuple(by_status[status])) for status in order)
