"""A digest in its three faces: subject, HTML and plain text."""

import textwrap
from bisect import bisect_right
from functools import cache
from typing import Any

from css_inline import CSSInliner
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from monitor.model import DigestContent, RenderedDigest
from monitor.steps.digest.clean import isolated, printable, turns, web_link
from monitor.steps.digest.frame import Frame
from monitor.steps.digest.marking import Piece
from monitor.steps.digest.selection import Room, alerts_of, told_once
from monitor.steps.digest.views import SEEN, outlet_groups, topic_views

#: width of the plain text, in characters
WIDTH = 76
#: errors in files that are quoted; the rest is counted
ERRORS = 10
#: bytes of HTML that a report takes in any case
LEAST = 200


def render_digest(content: DigestContent) -> RenderedDigest:
    """One digest for people: HTML that needs nothing from outside, and a plain text that says the same.

    At most ``content.limit`` alerts are shown, and no more than ``content.size`` bytes of HTML hold; beyond,
    they are told in one line each, and what has no room even so is counted where it belongs and at the top.
    Text from outlets is escaped, isolated in its direction and shortened visibly; only http(s) addresses are
    links.
    """
    frame = Frame(content.frame, content.timezone)
    count = min(alerts_of(content.topics), content.limit)
    said = _said(content, Room(count, count), frame)
    html = _html(said)
    if len(html.encode()) > content.size and count:
        said = _said(content, _room(content, count, frame), frame)
        html = _html(said)
    text = _environment(html=False).get_template("digest.txt.j2").render(said)
    return RenderedDigest(said["subject"], html, text)


def _html(said: dict[str, Any]) -> str:
    return _inliner().inline(_environment(html=True).get_template("digest.html.j2").render(said))


def _room(content: DigestContent, count: int, frame: Frame) -> Room:
    """The most that keeps the HTML within its size, by trying: first all in one line, then more in full."""
    rooms = [Room(0, number) for number in range(1, count + 1)] + [
        Room(full, count) for full in range(1, count + 1)
    ]

    def size(room: Room) -> int:
        return len(_html(_said(content, room, frame)).encode())

    # nothing is as short as LEAST, so nothing much larger than what fits is ever made
    most = max(1, content.size // LEAST)
    fitting = [room for room in rooms if room.shown <= most and room.full <= most]
    # however much there is to say of outlets and errors, reports keep half of the mail
    budget = max(content.size, size(fitting[0]) + content.size // 2)
    return fitting[max(0, bisect_right(fitting, budget, key=size) - 1)]


def _said(content: DigestContent, room: Room, frame: Frame) -> dict[str, Any]:
    """Everything the templates show."""
    reports = alerts_of(content.topics)
    what = _what(content, frame)
    coverage = content.coverage
    topics = topic_views(content, room, frame)
    return {
        "content": content,
        "frame": frame,
        "topics": topics,
        "told": [topic for topic in topics if topic.stories],
        "quiet": [topic for topic in topics if not topic.shown.topic.stories],
        "groups": outlet_groups(coverage),
        "seen": sum(outlet.status in SEEN for outlet in coverage.outlets),
        "unseen": [outlet for outlet in coverage.outlets if outlet.status not in SEEN],
        "unusual": [outlet for outlet in coverage.outlets if outlet.alarm],
        "reports": reports,
        "left_out": sum(topic.left_out for topic in content.topics),
        "errors": coverage.config_errors[:ERRORS],
        "hidden": reports - room.shown,
        "shown": room.shown,
        "shortened": room.shown - room.full,
        "what": what,
        "subject": _subject(content, what, frame),
    }


def _what(content: DigestContent, frame: Frame) -> str:
    stories, reports = told_once(content.topics)
    if not reports:
        return frame.say("subject_none")
    return f"{frame.count('stories', stories)}, {frame.count('reports', reports)}"


def _subject(content: DigestContent, what: str, frame: Frame) -> str:
    title = frame.short(content.title, 80)
    return frame.say("subject", title=title, what=what, date=frame.date(content.period_end))


@cache
def _inliner() -> CSSInliner:
    """Inlines our own style sheet; it never loads anything."""
    return CSSInliner(keep_at_rules=True, minify_css=True, load_remote_stylesheets=False)


@cache
def _environment(*, html: bool) -> Environment:
    environment = Environment(
        loader=PackageLoader("monitor.steps.digest", "."),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_final,
    )
    environment.filters.update(
        wrap=_wrap, plain=_plain, isolated=isolated, link=web_link, fenced=_fenced, turning=_turning
    )
    return environment


def _final(value: object) -> object:
    """The last gate: nothing that no document may hold gets past it."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _wrap(text: str, first: str = "", rest: str = "") -> str:
    """Text in lines; addresses and long words stay whole."""
    return textwrap.fill(
        " ".join(text.split()),
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _fenced(text: str) -> str:
    """For HTML: what runs from right to left is fenced in."""
    return Markup("<bdi>{}</bdi>").format(text) if turns(text) else text


def _turning(parts: tuple[Piece, ...]) -> bool:
    return any(turns(piece.text) for piece in parts)


def _plain(parts: tuple[Piece, ...]) -> str:
    """Marked pieces as plain text: *so*."""
    return isolated("".join(f"*{piece.text}*" if piece.marked else piece.text for piece in parts))
