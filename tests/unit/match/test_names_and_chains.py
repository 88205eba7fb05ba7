"""A third term between two near ones, names at the head of a headline, and the other side's sentence."""

import pytest

from monitor.model import ArticleForMatch, Field, SentencePair
from monitor.steps.match import TopicQuery, compile_watchlist


def meets(query: str, title: str, language: str = "es") -> bool:
    matcher = compile_watchlist([TopicQuery("t", query)])
    return bool(matcher.match(ArticleForMatch("a", language, title, "")))


@pytest.mark.parametrize("title", ["uno tres x dos", "dos x tres x uno", "uno dos x tres", "tres uno x dos"])
def test_the_third_of_a_chain_may_stand_before_between_or_after(title: str) -> None:
    assert meets("uno NEAR/4 dos NEAR/2 tres", title)
    assert meets("tres NEAR/2 (uno NEAR/4 dos)", title)


def test_a_third_that_overlaps_a_part_or_stands_far_is_not_near() -> None:
    assert not meets('uno NEAR/4 dos NEAR/2 "tres dos"', "uno x tres dos")
    assert not meets("uno NEAR/4 dos NEAR/2 tres", "uno x dos x x x tres")
    assert not meets("uno ONEAR/4 dos ONEAR/2 tres", "uno tres dos")


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Maduro é acusado de narcotráfico", "pt"),
        ("Maduro es acusado en Nueva York", "es"),
        ("Maduro recibe a los enviados", "es"),
        ("Maduro al desnudo", "es"),
        ("Maduro no asistirá a la cumbre", "es"),
        ("Maduro en Moscú", "es"),
        ("Maduro dijo adiós", "es"),
        ("Maduro ya no gobierna", "es"),
        ("Maduro também não vai", "pt"),
    ],
)
def test_what_follows_tells_the_name_at_the_head_of_a_headline(title: str, language: str) -> None:
    assert meets("Maduro", title, language)


@pytest.mark.parametrize(
    "title",
    ["Maduro al horno con queso", "Maduro no horno", "Maduro ya", "Maduro asado con miel", "Maduro frito"],
)
def test_a_dish_is_no_name(title: str) -> None:
    assert not meets("Maduro", title)


def test_a_verb_before_a_time_is_no_country() -> None:
    assert not meets("Irán", "Irán mañana los alumnos a clases")
    assert not meets("Irán", "Irán")


def test_english_evidence_shows_the_original_sentence() -> None:
    pairs = (SentencePair("Uno llegó.", "One came."), SentencePair("Dos salió.", "Two left."))
    article = ArticleForMatch(
        "a", "es", "Título", "Uno llegó. Dos salió.", "Two title", "One came. Two left.", pairs=pairs
    )
    [match] = compile_watchlist([TopicQuery("t", "two")]).match(article)
    assert match.evidence[0].field is Field.TITLE_EN
    assert match.evidence[0].sentence_original == "Título"
    [match] = compile_watchlist([TopicQuery("t", "text:left")]).match(article)
    assert match.evidence[0].sentence_original == "Dos salió."
    assert match.evidence[0].sentence_en == ""


def test_without_pairs_sentences_are_set_beside_each_other_where_both_have_as_many() -> None:
    article = ArticleForMatch("a", "es", "", "Uno llegó. Dos salió.", "", "One came. Two left.")
    [match] = compile_watchlist([TopicQuery("t", "left")]).match(article)
    assert match.evidence[0].sentence_original == "Dos salió."
