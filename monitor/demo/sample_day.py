"""The sample day that ships with the program: invented news, laid out as real sites lay out theirs.

``write_sample_day`` renders it into a folder as a replay manifest, so that the demonstration goes the way of
a replay of captured pages. Outlets and addresses are real; news and pages are written by us.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.demo.sample_news import SampleArticle, SampleOutlet, sample_articles, sample_outlets
from monitor.demo.sample_page import Renderer

#: What a manifest says of an outlet.
_DECLARED = ("id", "name", "language", "country", "kind", "timezone", "homepage", "feeds")


@dataclass(frozen=True, slots=True)
class _Answer:
    """One response of the gateway."""

    url: str
    file: str
    body: bytes
    content_type: str
    status: int = 200

    def row(self) -> dict[str, Any]:
        status = {} if self.status == 200 else {"status": self.status}
        return {"file": self.file, "content_type": self.content_type, **status}


def write_sample_day(folder: Path, now: datetime) -> Path:
    """Write the manifest of the sample day and every file it names.

    :param folder: made where it is missing; what an older sample day left there is not named any more.
    :param now: aware; the same day gives the same bytes.
    :returns: path of ``manifest.json``.
    """
    outlets, articles = sample_outlets(), sample_articles(now)
    answers = list(_answers(outlets, articles))
    for answer in answers:
        path = folder / answer.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(answer.body)
    manifest = {
        "about": "Sample day: invented news for the demonstration, served by the local gateway only.",
        "outlets": [{key: getattr(outlet, key) for key in _DECLARED} for outlet in outlets],
        "responses": {answer.url: answer.row() for answer in answers},
    }
    path = folder / "manifest.json"
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def _answers(outlets: tuple[SampleOutlet, ...], articles: tuple[SampleArticle, ...]) -> Iterator[_Answer]:
    renderer = Renderer(articles)
    for outlet in outlets:
        own = [article for article in articles if article.outlet == outlet.id]
        yield _feed(renderer, outlet, own)
        yield from (_page(renderer, outlet, article) for article in own)


def _feed(renderer: Renderer, outlet: SampleOutlet, own: list[SampleArticle]) -> _Answer:
    if outlet.feed == "front":
        return _Answer(
            outlet.feed_url, f"feeds/{outlet.id}.html", renderer.front(outlet), "text/html; charset=utf-8"
        )
    if outlet.feed == "refusal":
        return _Answer(outlet.feed_url, f"feeds/{outlet.id}.html", renderer.refusal(403), "text/html", 403)
    kind = "application/rss+xml" if outlet.feed == "rss" else "application/xml"
    newest_first = sorted(own, key=lambda article: article.published_at, reverse=True)
    return _Answer(outlet.feed_url, f"feeds/{outlet.id}.xml", renderer.feed(outlet, newest_first), kind)


def _page(renderer: Renderer, outlet: SampleOutlet, article: SampleArticle) -> _Answer:
    file = f"pages/{outlet.id}-{article.number}.html"
    if article.status != 200:
        return _Answer(article.url, file, renderer.refusal(article.status), "text/html", article.status)
    charset = article.declared_charset
    return _Answer(article.url, file, renderer.page(outlet, article), f"text/html; charset={charset}")
