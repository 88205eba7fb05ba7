"""The text that JSON-LD states, against the text that was read."""

import html as entities
import json

import pytest

from monitor.steps.extract import extract_page, html_to_text
from tests.unit.extract.pages import LEAD, PARAGRAPHS, TITLE, article, page

WHOLE = "\n".join(PARAGRAPHS)


def stating(body: str) -> str:
    news = {"@type": "NewsArticle", "headline": TITLE, "articleBody": body}
    return f'<script type="application/ld+json">{json.dumps(news)}</script>'


def test_what_the_stated_text_does_not_know_goes_from_both_ends() -> None:
    after = "<p>" + "Un párrafo ajeno que esta página pone al final de todas sus notas del día. " * 2 + "</p>"
    assert extract_page(article(after=after, head=stating(" ".join(PARAGRAPHS)))).text == WHOLE


def test_a_stated_text_that_was_cut_does_not_cut_what_was_read() -> None:
    stated = PARAGRAPHS[0] + PARAGRAPHS[1] + PARAGRAPHS[2]
    assert extract_page(article(head=stating(stated * 2))).text.startswith(PARAGRAPHS[0])
    assert extract_page(article(head=stating((PARAGRAPHS[0] + PARAGRAPHS[1]) * 2))).text == WHOLE


@pytest.mark.parametrize(
    "stated",
    [
        "".join(PARAGRAPHS),
        "\n".join(PARAGRAPHS),
        "".join(f"<p>{text}</p>" for text in PARAGRAPHS),
        entities.escape(entities.escape("".join(f"<p>{text}</p>" for text in PARAGRAPHS))),
    ],
)
def test_a_page_whose_layout_hides_its_text_gives_the_stated_one(stated: str) -> None:
    html = page(f"<h1>{TITLE}</h1><div id='app'></div>", stating(stated))
    assert extract_page(html).text == WHOLE


def test_a_lead_that_the_text_already_says_is_not_said_twice() -> None:
    head = f'<meta name="description" content="{PARAGRAPHS[0]}">'
    assert extract_page(article(head=head)).text == WHOLE


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p>", f"{PARAGRAPHS[0]}\n{PARAGRAPHS[1]}"),
        (f"{PARAGRAPHS[0]}<br><br>{PARAGRAPHS[1]}", f"{PARAGRAPHS[0]}\n{PARAGRAPHS[1]}"),
        (
            (
                f"<p>{LEAD}.</p><p>The post <a href='/x'>{TITLE}</a> appeared first on <a "
                f"href='/'>El Faro</a>.</p>"
            ),
            f"{LEAD}.",
        ),
        (f"<p>{LEAD}.</p><p>La entrada {TITLE} se publicó primero en El Faro.</p>", f"{LEAD}."),
        (f"<p>{LEAD}.</p><p>O post {TITLE} apareceu primeiro em O Farol.</p>", f"{LEAD}."),
        (f"<p>{LEAD}. <a href='/x'>Seguir leyendo</a></p>", f"{LEAD}."),
        (f"<p>{LEAD}. [&#8230;]</p>", f"{LEAD}."),
        (f"<p>{LEAD}.</p><p><a href='/y'>Lea también: otra nota que trata de otra cosa</a></p>", f"{LEAD}."),
        (
            f"<p>{LEAD}.</p><figure><figcaption>El puerto</figcaption></figure><script>x()</script>",
            f"{LEAD}.",
        ),
        ("Una línea\n\n  otra   línea ", "Una línea\notra línea"),
        ("5 &lt; 7 &amp; punto", "5 < 7 & punto"),
        ("", ""),
        ("<!-- nada -->", ""),
        ("<p></p>", ""),
    ],
)
def test_a_feeds_own_html_becomes_paragraphs(html: str, text: str) -> None:
    assert html_to_text(html) == text
