import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Evidence, Field
from monitor.steps.digest.clean import clean, cut, isolated, web_link
from monitor.steps.digest.marking import Piece, Quote, around, folded, headline, pieces, quotes, spans_of
from monitor.steps.digest.reasons import Terms, telling, terms
from tests.unit.digest.samples import HOSTILE, SANTOS, SEIZED, SEIZED_EN


def marked(term: str, sentence: str, length: int = 0) -> list[str]:
    return [sentence[start:end] for start, end in spans_of(term, sentence, length)]


@pytest.mark.parametrize(
    ("term", "sentence", "length", "found"),
    [
        ("cocaína", "Más Cocaina y cocaína.", 7, ["cocaína"]),
        ("Irán", "Ellos irán a Irán.", 4, ["Irán"]),
        ("incaut*", "Se incautó y se incautaron.", 7, ["incautó"]),
        ('"tren de aragua"', "El Tren de  Aragua cayó.", 15, ["Tren de  Aragua"]),
        ("Tren de Aragua", "El Tren de Aragua cayó.", 0, ["Tren de Aragua"]),
        ("incautación", "Hubo incautaciones ayer.", 13, ["incautaciones"]),
        ("Maduro", "Maduro habló; Maduro calló.", 6, ["Maduro", "Maduro"]),
        ("x", "Nada de eso.", 3, []),
        ("/inc.*/", "Nada.", 0, []),
        ("'", "Nada.", 2, []),
        ("Huawei", "Con Huawei.", 99, ["Huawei"]),
    ],
)
def test_a_term_is_found_in_its_sentence(term: str, sentence: str, length: int, found: list[str]) -> None:
    assert marked(term, sentence, length) == found


@given(st.text(max_size=80), st.text(max_size=20), st.integers(0, 30))
def test_marks_lie_inside_and_the_pieces_are_the_text(sentence: str, term: str, length: int) -> None:
    spans = spans_of(term, sentence, length)
    assert len(folded(sentence)) == len(sentence)
    assert "".join(piece.text for piece in pieces(sentence, spans)) == sentence


def test_overlapping_marks_become_one() -> None:
    assert pieces("abcdef", [(1, 3), (2, 4)]) == (Piece("a"), Piece("bcd", True), Piece("ef"))


def test_a_quote_joins_both_languages_and_marks_both() -> None:
    (quote,) = quotes(SANTOS)
    assert "".join(piece.text for piece in quote.original) == SEIZED
    assert "".join(piece.text for piece in quote.english) == SEIZED_EN
    assert [piece.text for piece in quote.original if piece.marked] == ["incautó"]
    assert [piece.text for piece in quote.english if piece.marked] == ["cocaine"]


def test_a_sentence_known_in_one_language_is_shown_in_that_one() -> None:
    english = replace(SANTOS, evidence=(Evidence("cocaine", Field.TEXT_EN, 0, 7, "The cocaine."),))
    assert quotes(english)[0].original == ()
    aligned = Evidence("=Huawei", Field.TEXT_EN, 0, 6, "Huawei came.", sentence_original="Vino Huawei.")
    (both,) = quotes(replace(SANTOS, evidence=(aligned,)))
    assert both.original == (Piece("Vino "), Piece("Huawei", True), Piece("."))
    original = replace(SANTOS, evidence=(Evidence("droga", Field.TEXT, 0, 5, "La droga."),))
    assert quotes(original)[0].english == ()


def test_two_sentences_are_two_quotes() -> None:
    evidence = (
        Evidence("droga", Field.TEXT, 0, 5, "La droga."),
        Evidence("puerto", Field.TEXT, 20, 26, "El puerto."),
        Evidence("puerto", Field.TEXT, 20, 26, "El puerto.", "The port."),
    )
    one, two = quotes(replace(SANTOS, evidence=evidence))
    assert one.original == (Piece("La "), Piece("droga", True), Piece("."))
    assert two.english == (Piece("The port."),)


def test_a_headline_is_marked_by_position_or_found_again_after_cleaning() -> None:
    assert [piece.text for piece in headline(SANTOS, english=False) if piece.marked] == [
        "Primeiro Comando da Capital"
    ]
    spaced = replace(SANTOS, title="  Cae  la droga ", evidence=(Evidence("droga", Field.TITLE, 10, 15, ""),))
    assert headline(spaced, english=False) == (Piece("Cae la "), Piece("droga", True))
    outside = replace(SANTOS, title="La droga", evidence=(Evidence("droga", Field.TITLE, 50, 55, ""),))
    assert Piece("droga", True) in headline(outside, english=False)
    assert headline(HOSTILE, english=True) == ()


def test_a_long_sentence_is_cut_around_its_mark() -> None:
    parts = (Piece("a" * 500), Piece("term", True), Piece("b" * 500))
    kept, rest = around(parts, 100)
    assert rest == 904
    assert kept[0] == Piece("…")
    assert Piece("term", True) in kept
    assert sum(len(piece.text) for piece in kept[1:]) == 100
    assert around((Piece("a" * 300),), 100)[0] == (Piece("a" * 100),)
    assert around((*parts, Piece("far", True)), 100)[0] == kept
    assert around(parts[:2], 1000) == (parts[:2], 0)


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.org/a?b=c#d", True),
        ("HTTP://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https://", False),
        ("https://[bad", False),
        ("https://example.org/a b", False),
        ("https://example.org/\u202egro", False),
        ("", False),
    ],
)
def test_only_web_addresses_become_links(url: str, safe: bool) -> None:
    assert web_link(url) == (url if safe else "")


def test_text_is_cleaned_cut_at_words_and_isolated() -> None:
    assert clean(" a\x00\n\u202eb\ufffe \u2067c ") == "a b c"
    assert cut("uno dos tres", 8) == ("uno dos", 5)
    assert cut("x" * 10, 4) == ("xxxx", 6)
    assert cut("corto", 8) == ("corto", 0)
    assert isolated("llano") == "llano"
    assert isolated("\u0645") == "\u2068\u0645\u2069"


def named(*evidence: Evidence) -> Terms:
    return terms(replace(SANTOS, evidence=evidence))


def test_terms_are_named_once_those_of_the_headline_apart() -> None:
    assert terms(SANTOS) == Terms(("primeiro comando da capital",), ("incaut*", "cocaine"))
    again = named(Evidence("=Petro", Field.TEXT, 5, 10, ""), Evidence("=Petro", Field.TITLE, 0, 5, ""))
    assert again == Terms(("Petro",), ())


def test_a_known_report_is_named_apart_and_nothing_is_marked_for_it() -> None:
    title = SANTOS.title
    likes = [Evidence(f"≈ “{name}” 57 %", Field.TITLE, 0, len(title), title) for name in ("Um", "Outro")]
    assert named(*likes) == Terms((), (), "“Um” 57 %")
    alert = replace(SANTOS, evidence=(*likes, Evidence("≈ “Um” 57 %", Field.TEXT, 0, 4, "Nada de novo.")))
    assert not any(piece.marked for piece in headline(alert, english=False))
    [quote] = quotes(alert)
    assert not any(piece.marked for piece in quote.original)


def test_a_term_inside_another_or_spelt_alike_is_not_named() -> None:
    chile = Evidence("Chile", Field.TEXT, 10, 15, "")
    assert named(chile, Evidence("norte de Chile", Field.TEXT, 1, 15, "")).text == ("norte de Chile",)
    assert named(chile, Evidence("Chile", Field.TEXT, 10, 15, "")).text == ("Chile",)
    assert named(chile, Evidence("x", Field.TITLE, 1, 15, "")) == Terms(("x",), ("Chile",))
    alike = named(Evidence("Rusia", Field.TEXT, 0, 5, ""), Evidence("Rússia", Field.TEXT_EN, 0, 6, ""))
    assert alike.text == ("Rusia", "Rússia")
    assert named(
        Evidence("financi*", Field.TEXT, 0, 9, ""), Evidence("financiaci*", Field.TEXT, 0, 9, "")
    ).text == ("financi*",)


def quote(text: str) -> Quote:
    """The words in brackets are marked."""
    parts = re.split(r"(\[.*?\])", text)
    return Quote(tuple(Piece(part.strip("[]"), part[0] == "[") for part in parts if part), ())


def test_the_sentences_with_most_terms_are_shown_in_their_order() -> None:
    one, two = quote("La mitad subía a [Caracas] ayer."), quote("El [militar] venezolano habló en [Caracas].")
    assert telling([one, two], 1) == [two]
    assert telling([one, two], 2) == [two]
    three = quote("En [Apure] no hubo más vuelos.")
    assert telling([three, one, two], 2) == [three, two]
    assert telling([one, two], 0) == []
    assert telling([quote("[Tegucigalpa] [Honduras]."), one], 1) == [one]
