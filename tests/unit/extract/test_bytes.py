"""Encodings, hostile pages and selectors."""

import logging
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import InputError
from monitor.model import ExtractedPage, PageHints
from monitor.steps.extract import extract_page, html_to_text
from monitor.steps.extract import tree as trees
from monitor.steps.extract.charset import decode
from tests.unit.extract.pages import PARAGRAPHS, TITLE, article

WORDS = "Peña añadió: “la canción del país”, não é ficção"


@pytest.mark.parametrize(
    ("raw", "content_type"),
    [
        (WORDS.encode(), "text/html; charset=ISO-8859-15"),
        (b'<meta charset="iso-8859-1">' + WORDS.encode(), ""),
        (WORDS.encode("cp1252"), "text/html; charset=utf-8"),
        (b'<meta charset="utf-8">' + WORDS.encode("cp1252"), ""),
        (WORDS.encode("cp1252"), "text/html; charset=iso-8859-1"),
        (WORDS.encode("cp1252"), "text/html; charset=nonsense"),
        (WORDS.encode("cp1252"), "text/html; charset=base64"),
        (WORDS.encode("cp1252"), ""),
        (WORDS.encode("mac-roman"), "text/html; charset=macintosh"),
        (b"\xef\xbb\xbf" + WORDS.encode(), "text/html; charset=latin-1"),
        (WORDS.encode("utf-16"), ""),
        (
            b'<meta http-equiv="Content-Type" content="text/html; charset=macintosh">'
            + WORDS.encode("mac-roman"),
            "",
        ),
    ],
)
def test_the_bytes_are_believed_before_what_is_declared(raw: bytes, content_type: str) -> None:
    assert decode(raw, content_type).endswith(WORDS)


def test_a_broken_byte_among_utf8_is_read_as_the_western_letter_it_was() -> None:
    assert decode("año canción ".encode() + b"ni\xf1o") == "año canción niño"


def test_control_characters_go() -> None:
    assert decode(b"a\x00b\x1bc\td\xc2\x85") == "abc\td"


@pytest.mark.parametrize("raw", [b"", b"   ", b"\x00" * 50, b"%PDF-1.7 ...", b"\x89PNG...", b"\x1f\x8b\x08"])
def test_what_is_no_page_is_an_input_error(raw: bytes) -> None:
    with pytest.raises(InputError):
        extract_page(raw)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(
        st.binary(max_size=400),
        st.text(alphabet="<>/apdiv scrtul=\"'&;ñ\n!-[]{}:@", max_size=400).map(str.encode),
    )
)
def test_any_bytes_give_a_page_or_an_input_error(raw: bytes) -> None:
    for html in (raw, b"<p>" + PARAGRAPHS[0].encode() + raw):
        with suppress(InputError):
            assert isinstance(extract_page(html, "http://x.com/"), ExtractedPage)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gives_a_text(text: str) -> None:
    assert "\n\n" not in html_to_text(text)
    html_to_text(f"<p>{text}</p>")


@pytest.mark.parametrize(
    "raw",
    [
        b"<div>" * 20_000,
        b"<p>" + b"<span>x " * 20_000,
        b"texto<br>" * 6_000,
        b"<script>" * 5_000,
        b'<script type="application/ld+json">' + b"[" * 100_000 + b"</script><p>x",
        b"<a " + b'x="y" ' * 50_000 + b">hola</a>",
        b"<table><tr><td>" * 5_000,
        b"<ul><li>" * 20_000,
        b"<title>" + b"abc | " * 100_000,  # hours, when its marks were compared with its whole rest
    ],
)
def test_hostile_pages_come_back(raw: bytes) -> None:
    assert isinstance(extract_page(raw), ExtractedPage)


def test_a_tag_with_too_many_attributes_loses_them_and_a_long_one_does_not() -> None:
    many = b"<p " + b" ".join(b"a%d" % number for number in range(20_000)) + b">hola</p>"
    long = b"<p data-x='" + b'{"a": "b"} ' * 1000 + b"'>hola</p>"
    first, second = trees.parse(b"<html><body>" + many + long).iter("p")
    assert (first.text, len(first.attrib)) == ("hola", 0)
    assert (second.text, len(second.attrib)) == ("hola", 1)


def test_a_page_is_cut_at_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "MAX_ELEMENTS", 40)
    long = article(
        after="".join(f"<p>Párrafo número {number} de una lista sin fin.</p>" for number in range(200))
    )
    assert "número 100" not in extract_page(long).text
    monkeypatch.setattr(trees, "MAX_BYTES", 10)
    assert extract_page(b"<p>uno</p>" + article()).text in {"", "uno"}


def test_a_page_that_stops_the_libraries_still_gives_its_paragraphs(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setattr("trafilatura.bare_extraction", fail)
    monkeypatch.setattr("htmldate.find_date", fail)
    found = extract_page(article())
    assert found.text == "\n".join(PARAGRAPHS)
    assert found.published_at is None


def test_nothing_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "monitor"):
        extract_page(b"<p>x")
    assert not [record for record in caplog.records if record.name.startswith(("trafilatura", "htmldate"))]


@pytest.mark.parametrize(
    "selector",
    [
        "div.uno",
        "#dos",
        "[data-x]",
        '[data-x="y"]',
        "[data-x^=y]",
        "[data-x$=y]",
        "[data-x*=y]",
        "article > div.uno",
        "article .uno, #no",
    ],
)
def test_selectors_name_elements(selector: str) -> None:
    box = f'<div class="uno" id="dos" data-x="y"><p>{"Dato aparte que se repite siempre. " * 3}</p></div>'
    assert "Dato aparte" in extract_page(article(box)).text
    assert "Dato aparte" not in extract_page(article(box), hints=PageHints(drop=(selector,))).text


@pytest.mark.parametrize("selector", ["", "div:hover", "div:hover.x", ">", "div >", "a[", "::x", ","])
def test_a_selector_that_cannot_be_read_says_so(selector: str) -> None:
    with pytest.raises(InputError, match="selector"):
        extract_page(article(), hints=PageHints(drop=(selector,)))


def test_the_headline_is_not_repeated_in_the_text() -> None:
    assert not extract_page(article(f"<p>{TITLE}.</p>")).text.count(TITLE)


def test_a_whole_page_cannot_be_dropped() -> None:
    assert extract_page(article(), hints=PageHints(drop=("html",))).text == "\n".join(PARAGRAPHS)


def test_the_text_after_what_is_dropped_stays_where_it_was() -> None:
    tree = trees.parse(b"<p><b>uno</b> dos <i>tres</i> cuatro</p>")
    for element in list(tree.iter("b", "i")):
        trees.drop(element)
    trees.drop(tree)
    assert trees.text_of(tree) == "dos cuatro"


def test_a_fragment_that_cannot_be_read_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError

    monkeypatch.setattr("lxml.html.document_fromstring", fail)
    assert html_to_text("<p>uno</p>") == ""


@pytest.mark.parametrize("control", ["&#1;", "&#11;", "&#12;", "&#30;", "\x0b"])
def test_a_control_character_costs_no_page(control: str) -> None:
    body = f"<p>El Gobierno anunció{control}un plan de obras en la frontera norte del país.</p>" * 5
    html = f"<meta charset='utf-8'><body><article><h1>Un plan</h1>{body}</article></body>"
    page = extract_page(html.encode(), "https://diario.example/nota")
    assert page.text.startswith("El Gobierno anunció")
    assert "un plan de obras" in page.text
