from collections.abc import Sequence

import pytest

from monitor.errors import EngineFailed, EngineMissing
from monitor.model import Provenance, UnsafeMark
from monitor.steps.translate import translate_article, translate_title
from monitor.steps.translate.marks import marks
from monitor.steps.translate.money import with_money
from monitor.steps.translate.numbers import as_in_europe, changed, english_figure


class Shouting:
    """Gives capitals, and fails on sentences that hold one of some words."""

    def __init__(self, *bad: str, error: type[Exception] = EngineFailed) -> None:
        self.bad, self.error, self.calls = bad, error, 0

    def translate(self, sentences: Sequence[str], language: str) -> list[str]:
        self.calls += 1
        if any(word in sentence for word in self.bad for sentence in sentences):
            raise self.error("broke")
        return [sentence.upper() for sentence in sentences]

    def provenance(self, language: str) -> Provenance:
        return Provenance("fake", "fake", "1")

    def close(self) -> None: ...


TEXT = "Uno. Dos tres.\n\n  Cuatro.\n"


def test_pairs_cover_the_text_in_order() -> None:
    article = translate_article("Título", TEXT, "es", Shouting())
    assert article.title.target == "TÍTULO"
    assert [[pair.source for pair in paragraph] for paragraph in article.paragraphs] == [
        ["Uno.", "Dos tres."],
        ["Cuatro."],
    ]
    assert article.text_en == "UNO. DOS TRES.\nCUATRO."
    assert article.provenance.engine == "fake"


def test_english_stands_beside_itself() -> None:
    article = translate_article("Title", "One. Two.", "en", Shouting("One"))
    assert [(pair.source, pair.target) for pair in article.pairs()] == [("One.", "One."), ("Two.", "Two.")]
    assert article.provenance.engine == "none"
    assert translate_title("Title", "en", Shouting()).target == "Title"


def test_a_headline_can_go_first() -> None:
    assert translate_title("Hola 5", "es", Shouting()).target == "HOLA 5"


def test_one_sentence_that_fails_stands_marked_in_the_original() -> None:
    article = translate_article("Título", TEXT, "es", Shouting("Dos"))
    assert [(pair.target, pair.marks) for pair in article.pairs()] == [
        ("UNO.", ()),
        ("Dos tres.", (UnsafeMark.FAILED,)),
        ("CUATRO.", ()),
    ]


def test_an_engine_that_translates_nothing_is_an_error() -> None:
    with pytest.raises(EngineFailed):
        translate_article("Título", TEXT, "es", Shouting("o"))


def test_a_missing_engine_is_told_at_once() -> None:
    with pytest.raises(EngineMissing):
        translate_article("Título", TEXT, "es", Shouting("o", error=EngineMissing))


def test_an_engine_that_goes_missing_in_the_middle_is_told() -> None:
    class Vanishing(Shouting):
        def translate(self, sentences: Sequence[str], language: str) -> list[str]:
            self.calls += 1
            raise EngineFailed("broke") if self.calls == 1 else EngineMissing("gone")

    with pytest.raises(EngineMissing):
        translate_article("Título", TEXT, "es", Vanishing())


@pytest.mark.parametrize(
    ("source", "target", "mark"),
    [
        ("murieron 5 soldados", "6 soldiers died", UnsafeMark.NUMBERS),
        ("fue a La Plata", "he went to Q30", UnsafeMark.TOKEN),
        ("una frase bastante larga con muchas palabras", "a phrase", UnsafeMark.LENGTH),
        ("los rescatistas llegaron corriendo ayer", "the rescatistas llegaron corriendo", UnsafeMark.COPIED),
        ("dijo que no", "he said no, no, no, no, no, no", UnsafeMark.LOOP),
    ],
)
def test_what_looks_unsafe_is_marked(source: str, target: str, mark: UnsafeMark) -> None:
    assert mark in marks(source, target, "es")


def test_the_end_of_an_endless_sentence_is_marked_as_copied() -> None:
    endless = "una palabra " * 1000
    assert UnsafeMark.COPIED in marks(endless, "a word " * 1000, "es")


@pytest.mark.parametrize(
    ("source", "target", "language"),
    [
        ("às 14h30 de ontem", "at 2:30 p.m. yesterday", "pt"),
        ("às 14h de ontem", "at 2:00 p.m. yesterday", "pt"),
        ("a las 17:45 horas", "at 5:45 p.m.", "es"),
        ("a las 12 horas", "at 12 o'clock", "es"),
        ("a las 14h30", "at 14:30", "es"),
    ],
)
def test_an_hour_may_be_counted_to_twelve(source: str, target: str, language: str) -> None:
    assert not changed(source, target, language)
    assert changed(source, "at 3:35 p.m.", language)


def test_a_good_sentence_bears_no_mark() -> None:
    assert marks("El general habló en 2024 con Q30.", "The general spoke in 2024 with Q30.", "es") == ()


SAME = [
    ("3,5 millones de dólares", "3.5 million dollars", "es"),
    ("1.234,56 reais", "1,234.56 reais", "pt"),
    ("20.000 millones", "20 billion", "es"),
    ("2 bilhões", "2 billion", "pt"),
    ("12 mil 791 muertos", "12,791 dead", "es"),
    ("unos 12,791 pesos", "about 12,791 pesos", "es"),
    ("5 mil soldados", "5,000 soldiers", "es"),
    ("15 días", "fifteen days", "es"),
    ("quince días", "15 days", "es"),
    ("treinta y cinco", "35", "es"),
    ("3.5 %", "3.5%", "es"),
    ("0.125 gramos", "0.125 grams", "es"),
    ("2024", "2024", "pt"),
    ("no século XIX", "in the 19th century", "pt"),
]


@pytest.mark.parametrize(("source", "target", "language"), SAME)
def test_a_number_in_another_dress_is_the_same(source: str, target: str, language: str) -> None:
    assert not changed(source, target, language)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("3.500 kilos", "3.5 kilos"),
        ("12 muertos", "dead"),
        ("muertos", "12 dead"),
        ("1.2.3.4", "1.2.3.5"),
        ("5", "50"),
    ],
)
def test_a_changed_number_is_seen(source: str, target: str) -> None:
    assert changed(source, target, "es")


def test_figures_are_written_as_english_does() -> None:
    assert [english_figure(one) for one in ("1.234,5", "3,5", "12.791", "2024", "3.5")] == [
        "1,234.5",
        "3.5",
        "12,791",
        "2024",
        "3.5",
    ]
    assert as_in_europe("12 mil 791 y 3,500 y 1,5 y 1,234.5") == "12.791 y 3.500 y 1,5 y 1.234,5"


@pytest.mark.parametrize(
    ("source", "english", "language"),
    [
        ("subió a mil millones", "rose to billions", "es"),
        ("treinta y dos años", "thirty years", "es"),
        ("unos 65 millones", "some 65 thousand", "es"),
        ("cuesta 65 millones", "costs 65", "es"),
        ("pagó €65", "paid $65", "es"),
        ("pagó 65 dólares", "paid 65", "es"),
        ("a las 9:30", "at 9:30 p.m.", "es"),
    ],
)
def test_scales_spelt_numbers_money_and_half_of_the_day_count(
    source: str, english: str, language: str
) -> None:
    assert changed(source, english, language)


@pytest.mark.parametrize(
    ("source", "english", "language"),
    [
        ("mil quinientos millones de pesos", "1.5 billion pesos", "es"),
        ("dos mil quinientos soldados", "two thousand five hundred soldiers", "es"),
        ("un millón y medio", "one and a half million", "es"),
        ("medio millón, un veinte por ciento", "half a million, 20 per cent", "es"),
        ("el veinte por ciento, miles de millones", "20 per cent, billions", "es"),
        ("de dos a tres millones", "two to three million", "es"),
        ("los años noventa", "the 1990s", "es"),
        ("entre 300 y 350 millones", "between 300 million and 350 million", "es"),
        ("a las 9:30 de la noche", "at 9:30 p.m.", "es"),
        ("das 14h30 às 16h", "from 2:30 p.m. to 4 p.m.", "pt"),
        ("a 30 m de altura", "at 30 metres", "es"),
        ("R$ 34 bi, € 5", "R$ 34 billion, EUR 5", "pt"),
        ("un 9,875 %", "9.875%", "es"),
    ],
)
def test_the_same_number_written_in_another_way_is_no_change(
    source: str, english: str, language: str
) -> None:
    assert not changed(source, english, language)


@pytest.mark.parametrize(
    ("source", "english", "mended"),
    [
        ("de 43.186 a 39.752 millones de dólares", "43,186 to 39,752 million", "43,186 to $39,752 million"),
        ("8,5 milhões de euros em 2025", "8.5 million in 2025", "€8.5 million in 2025"),
        ("350 dólares por 1.350 kilos", "1,350 kilos for 350", "1,350 kilos for $350"),
        ("3 millones de dólares", "three million", "three million"),
        ("5 dólares y 7 euros", "5 dollars and 7", "5 dollars and €7"),
        ("5 kilos", "5 kilos", "5 kilos"),
    ],
)
def test_money_that_was_dropped_comes_back_before_its_figure(source: str, english: str, mended: str) -> None:
    assert with_money(source, english) == mended
