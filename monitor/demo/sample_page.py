"""Renders the sample day's pages and feeds from the templates of their layout families."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from babel.dates import format_datetime as shown_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from ruamel.yaml import YAML

from monitor.demo.sample_news import SAMPLE, SampleArticle, SampleOutlet, slug


class Renderer:
    """Turns outlets and articles into the bytes their sites would send."""

    def __init__(self, articles: tuple[SampleArticle, ...]) -> None:
        self._articles = articles
        self._words = YAML(typ="safe").load(SAMPLE / "words.yaml")
        self._templates = Environment(
            loader=FileSystemLoader(SAMPLE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._templates.filters.update(_FILTERS)

    def page(self, outlet: SampleOutlet, article: SampleArticle) -> bytes:
        """The article's page, in UTF-8 whatever it declares, with links to other articles around the text."""
        return self._render(
            f"layouts/{outlet.layout}.j2",
            outlet,
            article=article,
            paragraphs=article.shown,
            related=self._related(article),
            elsewhere=self._elsewhere(article),
        ).encode()

    def feed(self, outlet: SampleOutlet, articles: list[SampleArticle]) -> bytes:
        """The outlet's feed or sitemap, in its own encoding."""
        text = self._render(f"feeds/{outlet.feed}.j2", outlet, articles=articles)
        return text.encode(outlet.feed_charset, errors="xmlcharrefreplace")

    def front(self, outlet: SampleOutlet) -> bytes:
        """The outlet's front page, without any article."""
        return self._render("layouts/front.j2", outlet).encode()

    def refusal(self, status: int) -> bytes:
        """What a firewall (403) or a missing page (404) shows."""
        return self._templates.get_template("layouts/refusal.j2").render(status=status).encode()

    def _render(self, template: str, outlet: SampleOutlet, **values: Any) -> str:
        words = self._words[outlet.language]
        return self._templates.get_template(template).render(outlet=outlet, w=words, **values)

    def _related(self, article: SampleArticle) -> list[SampleArticle]:
        """Up to two other articles of the same outlet."""
        return [one for one in self._articles if one.outlet == article.outlet and one != article][:2]

    def _elsewhere(self, article: SampleArticle) -> list[SampleArticle]:
        """The "most read" list: the outlet's other articles in another order."""
        return self._related(article)[::-1]


def _iso(moment: datetime) -> str:
    return moment.isoformat()


def _iso_utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _date(moment: datetime) -> str:
    return moment.date().isoformat()


def _rfc822(moment: datetime, outlet: SampleOutlet) -> str:
    """RSS dates as sites write them: with an offset, GMT at the BBC, without a weekday at Folha."""
    if outlet.layout == "bbc":
        return format_datetime(moment.astimezone(UTC), usegmt=True)
    text = format_datetime(moment)
    return text.split(", ")[1] if outlet.feed_charset != "UTF-8" else text


def _shown(moment: datetime, outlet: SampleOutlet) -> str:
    """The date as a reader sees it: ``21 de noviembre de 2026, 22:40``."""
    return str(
        shown_datetime(moment, "d 'de' MMMM 'de' yyyy, HH:mm", tzinfo=moment.tzinfo, locale=outlet.language)
    )


def _jsonld(article: SampleArticle, outlet: SampleOutlet) -> Markup:
    """schema.org data: one NewsArticle, or an ``@graph`` of page and article, as the family has it."""
    news = _news_article(article, outlet)
    if not (outlet.graph or outlet.layout in {"wordpress", "bbc"}):
        return _script({"@context": "https://schema.org", **news})
    page = {
        "@type": "WebPage",
        "@id": article.url,
        "url": article.url,
        "name": f"{article.headline} - {outlet.name}",
    }
    return _script({"@context": "https://schema.org", "@graph": [page, news]})


def _news_article(article: SampleArticle, outlet: SampleOutlet) -> dict[str, Any]:
    wall = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": "#ctn_freemium_article"}
    return {
        "@type": "ReportageNewsArticle" if outlet.layout == "bbc" else "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": article.url},
        "headline": article.headline,
        "description": article.summary,
        "datePublished": _iso(article.published_at),
        "dateModified": _iso(article.published_at),
        "inLanguage": outlet.language,
        "author": [{"@type": "Person", "name": name} for name in article.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.name, "url": outlet.homepage},
        "articleSection": article.section,
        "keywords": list(article.tags),
        "isAccessibleForFree": not article.paywalled,
        **({"hasPart": wall} if article.paywalled else {}),
    }


def _breadcrumbs(article: SampleArticle, outlet: SampleOutlet) -> Markup:
    places = [
        (outlet.name, outlet.homepage),
        (article.section, f"{outlet.homepage}/{slug(article.section)}/"),
    ]
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": url}
        for place, (name, url) in enumerate(places, start=1)
    ]
    return _script({"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items})


def _script(data: dict[str, Any]) -> Markup:
    """JSON that may stand in a script element."""
    return Markup(json.dumps(data, ensure_ascii=False).replace("</", "<\\/"))


_FILTERS: dict[str, Callable[..., str]] = {
    "iso": _iso,
    "iso_utc": _iso_utc,
    "date": _date,
    "rfc822": _rfc822,
    "shown": _shown,
    "slug": slug,
    "jsonld": _jsonld,
    "breadcrumbs": _breadcrumbs,
}
