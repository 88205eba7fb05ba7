"""One article from what was got to what is kept: page beside feed, the better text wins. Pure."""

import hashlib
import re
import unicodedata
from dataclasses import replace

from monitor.errors import InputError
from monitor.model import ArticleForReading, ArticleRead, ExtractedPage, Outlet, PageHints
from monitor.pipeline import decide
from monitor.pipeline.foreign import is_foreign, is_no_page, leads_away
from monitor.pipeline.identity import true_address
from monitor.steps.detect import detect_article
from monitor.steps.extract import extract_page, html_to_text
from monitor.text.sound import sound

_SPACE = re.compile(r"\s+")


def read(got: ArticleForReading, outlet: Outlet | None) -> ArticleRead:
    """Headline, text, authors, dates and language of one article.

    :param outlet: as declared in the catalogue; None where it has left the catalogue since.
    """
    page = _page(got, outlet)
    text, content = decide.choose_text(page, html_to_text(got.feed_html), got.feed_summary)
    title = (page.title if page else "") or got.feed_title
    guess = detect_article(title, text, declared=outlet.language if outlet else "")
    return ArticleRead(
        title=title,
        text=text,
        authors=(page.authors if page else ()) or got.feed_authors,
        section=page.section if page else "",
        published_at=decide.published(
            page.published_at if page else None,
            got.feed_published_at,
            outlet.timezone if outlet else "UTC",
        ),
        modified_at=page.modified_at if page else None,
        language=guess.language,
        content=content,
        paywalled=bool(page and page.paywalled),
        words=len(text.split()),
        text_hash=text_hash(text),
        true_url=_true_url(got, page, outlet) if page else "",
    )


def _true_url(got: ArticleForReading, page: ExtractedPage, outlet: Outlet | None) -> str:
    return true_address(got.url, page.canonical_url, got.final_url, outlet.host_rewrites if outlet else {})


def _page(got: ArticleForReading, outlet: Outlet | None) -> ExtractedPage | None:
    """What the article's page says; None where none came, or what came is empty or something else."""
    if got.page is None or is_no_page(got.page, got.content_type) or leads_away(got.url, got.final_url):
        return None
    try:
        page = extract_page(
            got.page,
            got.final_url,
            timezone=outlet.timezone if outlet else "UTC",
            hints=PageHints(outlet.keep, outlet.drop, outlet.date_format) if outlet else PageHints(),
            content_type=got.content_type,
        )
    except InputError:
        return None
    return None if is_foreign(got.feed_title, page.title, page.text) else _sound(page)


def _sound(page: ExtractedPage) -> ExtractedPage:
    """What pages say in JSON may hold what no database takes."""
    return replace(
        page,
        title=sound(page.title),
        text=sound(page.text),
        authors=tuple(map(sound, page.authors)),
        section=sound(page.section),
        canonical_url=sound(page.canonical_url),
    )


def text_hash(text: str) -> str:
    """SHA-256 of a text without regard to white space and case, "" for an empty one."""
    normal = _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip().casefold()
    return hashlib.sha256(normal.encode()).hexdigest() if normal else ""
