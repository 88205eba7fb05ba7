"""Records made ready for the templates: marked, shortened, with links that may be followed."""

from collections import Counter
from dataclasses import dataclass, field

from monitor.model import Coverage, DigestContent, DigestStory, OutletCoverage, StoredAlert
from monitor.steps.digest.clean import clean, web_link
from monitor.steps.digest.frame import LONGEST, Frame
from monitor.steps.digest.marking import Piece, Quote, around, headline, quotes
from monitor.steps.digest.reasons import Terms, telling, terms
from monitor.steps.digest.selection import Room, ShownStory, ShownTopic, shown

#: longest sentence shown around its term
LONGEST_SENTENCE = 420
#: sentences shown of a story's first report and of a further one; one less where the headline matched
LEAD_QUOTES, FURTHER_QUOTES = 2, 1
#: what counts as seen; everything else is named with its reason
SEEN = ("ok", "empty")
Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One alert as it is shown."""

    alert: StoredAlert
    title: Pieces
    #: empty where there is no translation
    title_en: Pieces
    quotes: tuple[Quote, ...]
    terms: Terms
    #: "" where the address may not be followed
    link: str
    #: page of this alert in the web pages, "" where there are none
    page: str
    #: title of the topic above that told the same article in full, "" for none
    told_in: str = ""
    #: False: in one line, as the mail has no room for more
    full: bool = True


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
    #: who told it so far, of which kind, and who was first; "" where the first report says it all
    told_by: str
    page: str

    @property
    def marked(self) -> bool:
        """Somebody marked the story as a whole before this report joined it."""
        return self.shown.story.status not in ("new", self.reports[0].alert.status)

    @property
    def told_in(self) -> str:
        """Title of the topic above that told all of it, "" for none; what was not told above stands first."""
        return self.reports[0].told_in


@dataclass(frozen=True, slots=True)
class TopicView:
    """One topic as it is shown."""

    shown: ShownTopic
    stories: tuple[StoryView, ...]

    @property
    def full(self) -> list[StoryView]:
        """Stories whose first report is told in full."""
        return [story for story in self.stories if story.reports[0].full]

    @property
    def brief(self) -> list[StoryView]:
        """Those that have room for one line a report."""
        return [story for story in self.stories if not story.reports[0].full]


@dataclass(frozen=True, slots=True)
class OutletGroup:
    """The outlets of one status."""

    status: str
    outlets: tuple[OutletCoverage, ...]


def topic_views(content: DigestContent, room: Room, frame: Frame) -> tuple[TopicView, ...]:
    """Every topic made ready; an article on two topics is told under the first, named under the next."""
    maker = _Maker(content, frame)
    return tuple(maker.topic(topic) for topic in shown(content, room))


@dataclass(slots=True)
class _Maker:
    """Makes the views of one digest, in its order, and remembers what stands further up."""

    content: DigestContent
    frame: Frame
    #: address → title of the topic that told the article
    articles: dict[str, str] = field(default_factory=dict)

    def topic(self, topic: ShownTopic) -> TopicView:
        stories = tuple(self._story(story) for story in topic.stories)
        for report in (report for story in stories for report in story.reports):
            self.articles.setdefault(report.alert.url, topic.topic.title)
        return TopicView(topic, stories)

    def _story(self, story: ShownStory) -> StoryView:
        # what was told above stands last, or the headline would have nothing below it
        first, *further = sorted(story.alerts, key=lambda alert: alert.url in self.articles)
        told: set[Quote] = set()
        whole = story.full
        lead = self._report(first, told, LEAD_QUOTES, full=first.id in whole)
        reports = (
            lead,
            *(self._report(alert, told, FURTHER_QUOTES, full=alert.id in whole) for alert in further),
        )
        own = clean(story.story.headline_en)
        differs = bool(own) and own != clean(first.title_en)
        head = short_pieces((Piece(own),), LONGEST, self.frame) if differs else None
        return StoryView(
            story,
            head or reports[0].title_en or reports[0].title,
            differs,
            reports,
            _first_sentence(reports[0], self.frame),
            _told_by(story.story, self.frame),
            self._page("stories", story.story.story_id),
        )

    def _report(self, alert: StoredAlert, told: set[Quote], most: int, *, full: bool) -> Report:
        """A sentence that an earlier report of the story already shows is not shown again."""
        told_in = self.articles.get(alert.url, "")
        title, title_en = headline(alert, english=False), headline(alert, english=True)
        most -= any(piece.marked for piece in (*title, *title_en))
        most = 0 if told_in or not full else most
        chosen = telling([quote for quote in quotes(alert) if quote not in told], most)
        told.update(chosen)
        return Report(
            alert,
            short_pieces(title, LONGEST, self.frame),
            short_pieces(title_en, LONGEST, self.frame),
            tuple(_short_quote(quote, self.frame) for quote in chosen),
            terms(alert),
            web_link(alert.url),
            self._page("alerts", alert.id),
            told_in,
            full,
        )

    def _page(self, kind: str, number: int) -> str:
        base = web_link(self.content.base_url)
        return f"{base.rstrip('/')}/{kind}/{number}" if base and number else ""


def _told_by(story: DigestStory, frame: Frame) -> str:
    """State-run outlets beside independent ones; nothing where one outlet told it and stands below anyway."""
    if len(story.outlets) < 2 and not (story.follow_up and story.outlets):
        return ""
    kinds = Counter(frame.kind(outlet.kind) for outlet in story.outlets)
    countries = {outlet.country for outlet in story.outlets if outlet.country}
    said = {
        "outlets": frame.count("outlets", len(story.outlets)),
        "kinds": ", ".join(f"{number} {kind}" for kind, number in kinds.most_common()),
        "countries": frame.count("countries", len(countries)),
    }
    told = frame.say("told_by" if countries else "told_by_nowhere", **said)
    if not story.first_seen:
        return told
    outlet = frame.short(story.first_outlet, 80)
    return f"{told} · {frame.say('first_seen', date=frame.short_time(story.first_seen), outlet=outlet)}"


def _first_sentence(report: Report, frame: Frame) -> str:
    lead = frame.short(report.alert.lead_en, LONGEST_SENTENCE)
    quoted = ("".join(piece.text for piece in quote.english) for quote in report.quotes)
    return "" if lead in quoted or report.told_in or not report.full else lead


def _short_quote(quote: Quote, frame: Frame) -> Quote:
    sides = (short_pieces(side, LONGEST_SENTENCE, frame) for side in (quote.original, quote.english))
    return Quote(*sides)


def short_pieces(parts: Pieces, most: int, frame: Frame) -> Pieces:
    """Marked text of at most ``most`` characters; what is too long says so."""
    kept, rest = around(parts, most)
    return (*kept, Piece(f" {frame.count('cut', rest)}")) if rest else kept


def outlet_groups(coverage: Coverage) -> tuple[OutletGroup, ...]:
    """Outlets by status: what was not seen first, then what gave nothing, then what was read."""
    by_status: dict[str, list[OutletCoverage]] = {}
    for outlet in coverage.outlets:
        by_status.setdefault(outlet.status, []).append(outlet)
    order = sorted(by_status, key=lambda status: SEEN[::-1].index(status) if status in SEEN else -1)
    return tuple(OutletGroup(status, tuple(by_status[status])) for status in order)
