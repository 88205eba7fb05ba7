"""``monitor extract`` and ``monitor detect``: what one page says, and in which language."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from monitor.cli.filters import filter_lines, json_object
from monitor.errors import InputError
from monitor.model import ExtractedPage


@click.command()
@click.option(
    "--url", default="", help="Where the page was fetched; helps with relative addresses and dates."
)
@click.option(
    "--timezone", default="", help="IANA zone for dates that state none (default: by the address's country)."
)
@click.option("--batch", is_flag=True, help='Read JSON lines {"id", "url", "html_path"} instead of HTML.')
def extract(url: str, timezone: str, batch: bool) -> None:
    """Turn the HTML of an article into headline, text, authors, date and language.

    \b
    Reads HTML from standard input and writes one JSON object:
      curl -s ADDRESS | monitor extract --url ADDRESS
    With --batch: one JSON line {"id", "url", "html_path"} for each page, one JSON line out for each, in
    order. A broken line gives {"error", "line"} in its place and exit status 1 at the end.
    """
    if batch:
        sys.exit(1 if filter_lines(lambda line: _from_line(line, timezone)) else 0)
    click.echo(json.dumps(_as_object(sys.stdin.buffer.read(), url, timezone), ensure_ascii=False))


@click.command()
@click.option(
    "--declared", default="", help="What the outlet declares, e.g. es; decides where a text says little."
)
def detect(declared: str) -> None:
    """Name the language of each line of standard input.

    Writes {"language", "confidence"} a line: ISO 639-1, or "und" where nothing can be said.
    """
    from monitor.steps.detect import detect_language

    def guess(line: str) -> str:
        found = detect_language(line, declared)
        return json.dumps({"language": found.language, "confidence": round(found.confidence, 4)})

    sys.exit(1 if filter_lines(guess) else 0)


def _from_line(line: str, timezone: str) -> str:
    wanted = json_object(line)
    path, url = wanted.get("html_path"), wanted.get("url") or ""
    if not isinstance(path, str) or not isinstance(url, str):
        raise InputError('"html_path" (and "url", where given) must be text')
    try:
        html = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
    return json.dumps({"id": wanted.get("id"), **_as_object(html, url, timezone)}, ensure_ascii=False)


def _as_object(html: bytes, url: str, timezone: str) -> dict[str, Any]:
    from monitor.steps.extract import extract_page, zone_of

    page = extract_page(html, url, timezone=timezone or zone_of(url))
    published = page.published_local
    return {
        "title": page.title,
        "text": page.text,
        "authors": list(page.authors),
        "published_at": published.isoformat() if published else None,
        "language": _language(page),
        "site": page.site,
        "canonical_url": page.canonical_url,
        "paywalled": page.paywalled,
    }


def _language(page: ExtractedPage) -> str:
    """The language that the text is in; what the page declares where the text says nothing."""
    from monitor.steps.detect import detect_article

    found = detect_article(page.title, page.text, page.language)
    return page.language if found.language == "und" and page.language else found.language
