"""The story in order of time, each source with its citation and an excerpt in English beside the original.

The citation is that of the founding documents: “Original headline (English headline),” Outlet (what it is),
7 November 2023. https://… What an outlet is: its country, its kind, and the description of the catalogue.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from jinja2 import Environment, PackageLoader, StrictUndefined

from monitor.model import BriefContent, BriefSource
from monitor.steps.digest.brief.word import word_document
from monitor.steps.digest.clean import clean, printable, web_link

Format = Literal["md", "html", "docx"]
_ENGLISH = Locale.parse("en")
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!])")
_LINE_START = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Cited:
    """One source ready to be written."""

    source: BriefSource
    citation: str
    #: "" where the address may not be followed
    link: str
    excerpt: str
    excerpt_en: str
    #: says that a machine translated, and which one; "" where nothing is translated
    mark: str


def render_brief(content: BriefContent, format: Format = "md") -> bytes:  # noqa: A002 - the word on the command line
    """A draft as the bytes of a file: UTF-8 Markdown, UTF-8 HTML or a Word document.

    Sources stand in order of time, those without a date last.
    """
    cited = [_cited(source, content.timezone) for source in _in_order(content)]
    drafted = _day(content.drafted_at, content.timezone)
    if format == "docx":
        return word_document(content, cited, drafted)
    said = {"content": content, "sources": cited, "drafted": drafted}
    return _environment(format).get_template(f"brief.{format}.j2").render(said).encode()


def citation(source: BriefSource, timezone: str = "UTC") -> str:
    """The citation without the address."""
    original, english = clean(source.title), clean(source.title_en)
    headline = f"{original} ({english})" if english and english != original else original
    outlet, what = clean(source.outlet_name), _what(source)
    named = f"{outlet} ({what})" if what else outlet
    return f"“{headline},” {named}, {_day(source.published_at, timezone) or 'no date'}."


def _what(source: BriefSource) -> str:
    """*Cuba, state-run; Cuban news agency, wire*: no brackets within brackets."""
    place = _ENGLISH.territories.get(source.country.upper(), clean(source.country))
    standing = ", ".join(filter(None, (place, clean(source.kind))))
    owner = clean(source.description).replace(" (", ", ").replace(")", "")
    return "; ".join(filter(None, (standing, owner)))


def _in_order(content: BriefContent) -> list[BriefSource]:
    latest = datetime.max.replace(tzinfo=UTC)
    return sorted(content.sources, key=lambda source: source.published_at or latest)


def _cited(source: BriefSource, timezone: str) -> Cited:
    engine = clean(source.engine)
    mark = f"Machine translation ({engine}); check against the original." if engine else ""
    excerpt, english = _paragraphs(source.excerpt), _paragraphs(source.excerpt_en)
    return Cited(source, citation(source, timezone), web_link(source.url), excerpt, english, mark)


def _paragraphs(text: str) -> str:
    return "\n".join(line for line in map(clean, text.split("\n")) if line)


def _day(moment: datetime | None, timezone: str) -> str:
    """7 November 2023, as the founding documents write it."""
    return format_date(moment.astimezone(ZoneInfo(timezone)), "d MMMM y", locale="en") if moment else ""


def _environment(format: Format) -> Environment:  # noqa: A002
    escapes: dict[str, Callable[[object], object]] = {"md": _markdown, "html": _plain}
    environment = Environment(
        loader=PackageLoader("monitor.steps.digest", "brief"),
        autoescape=format == "html",
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=escapes[format],
    )
    environment.filters["clean"] = clean
    return environment


def _plain(value: object) -> object:
    return printable(value) if isinstance(value, str) else value


def _markdown(value: object) -> object:
    """Outside text as Markdown that shows itself: no link, no heading, no HTML; addresses stay whole."""
    text = printable(str(value))
    if web_link(text):
        return "<" + text.replace("<", "%3C").replace(">", "%3E") + ">"
    # two blanks keep the lines of an excerpt apart: a subtitle is no beginning of the sentence after it
    return _LINE_START.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", text)).replace("\n", "  \n> ")
