"""The language of a text, with and without a declaration."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.steps.detect import detect_article, detect_language, other_languages

SPANISH = "El gobierno anunció que los precios de la energía subirán después de las elecciones."
PORTUGUESE = "O governo anunciou que os preços da energia vão subir depois das eleições."
ENGLISH = "The government said that energy prices will go up after the elections."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (SPANISH, "es"),
        (PORTUGUESE, "pt"),
        (ENGLISH, "en"),
        ("Policía incauta 300 kg de cocaína en Rosario", "es"),
        ("Polícia apreende 300 kg de cocaína em Santos", "pt"),
        ("POLICÍA INCAUTA 300 KG DE COCAÍNA EN ROSARIO", "es"),
        ("Petrobras eleva preço da gasolina nas refinarias", "pt"),
        ("Lula e Petro discutem Amazônia em Bogotá", "pt"),
        ("Boric viaja a China con una delegación de empresarios", "es"),
        (
            (
                "O presidente da Xunta anunciou onte que o goberno galego non subirá as taxas do "
                "lixo aos veciños"
            ),
            "gl",
        ),
        (
            "El president de la Generalitat va anunciar ahir que el govern no apujarà els impostos als veïns",
            "ca",
        ),
        ("Il presidente del Consiglio ha annunciato che il governo non alzerà le tasse ai cittadini", "it"),
        ("Le président de la République a annoncé que le gouvernement n'augmentera pas les impôts", "fr"),
        ("Die Bundesregierung hat gestern angekündigt, dass die Preise nach den Wahlen steigen werden", "de"),
        ("Президент России заявил о новых мерах", "ru"),
        ("中国外交部发言人举行例行记者会", "zh"),
        ("https://elfaro.com/x #madera @fiscalia La causa sigue abierta", "es"),
    ],
)
def test_languages_are_told_apart(text: str, language: str) -> None:
    assert detect_language(text).language == language


@pytest.mark.parametrize("text", ["", "   ", "123 456", "😀🎉", "@x #y", "ab"])
def test_a_text_that_says_nothing_is_what_is_declared(text: str) -> None:
    assert detect_language(text).language == "und"
    assert detect_language(text).confidence == 0.0
    guess = detect_language(text, "pt-BR")
    assert (guess.language, guess.confidence < 0.2) == ("pt", True)


def test_a_declaration_decides_where_a_text_says_little_and_never_against_a_clear_one() -> None:
    assert detect_language("Nicolás Maduro", "pt").language == "pt"
    assert detect_language("Nicolás Maduro", "es").language == "es"
    assert detect_language(ENGLISH, "es").language == "en"
    assert detect_language(SPANISH, "pt_BR").language == "es"
    galician = "A Xunta de Galicia non quere que a xente vaia á praia"
    assert detect_language(galician, "gl").language == "gl"
    assert detect_language(SPANISH, "xx").language == "es"


def test_confidence_grows_with_the_text_and_stays_below_one() -> None:
    short, long = detect_language("Maduro").confidence, detect_language(SPANISH).confidence
    assert 0.0 < short < long <= 1.0


def test_an_article_is_in_the_language_of_most_of_it() -> None:
    mixed = "\n".join([SPANISH] * 4 + [ENGLISH])
    assert detect_article("Suben los precios", mixed).language == "es"
    assert detect_article("", f"{ENGLISH}\n{ENGLISH}\n{SPANISH}", "es").language == "en"
    assert detect_article("", mixed).confidence < detect_article("", SPANISH).confidence


SPANISH = (
    "El Gobierno confirmó este jueves que la empresa entregará el puerto en marzo, después de nueve meses."
)


@pytest.mark.parametrize(
    ("part", "language"),
    [
        ("The government confirmed on Thursday that the company will hand over the port in March.", "en"),
        (
            "A Xunta confirmou este xoves que a empresa entregará o porto en marzo, despois de nove meses de"
            " obras na ría de Vigo, e que non haberá máis atrasos.",
            "gl",
        ),
        ("El Govern va confirmar aquest dijous que l'empresa lliurarà el port al març, després.", "ca"),
        ("Il governo ha confermato giovedì che l'azienda consegnerà il porto a marzo, dopo mesi.", "it"),
        ("Le gouvernement a confirmé jeudi que l'entreprise livrera le port en mars, après neuf mois.", "fr"),
        ("Die Regierung bestätigte am Donnerstag, dass die Firma den Hafen im März übergeben wird.", "de"),
        ("O governo confirmou na quinta-feira que a empresa entregará o porto em março.", "pt"),
        ("Trump says he will speak with Maduro soon", "en"),
        ("El Govern aprova els pressupostos", "ca"),
        ("Polícia apreende cocaína em Santos", "pt"),
    ],
)
def test_a_part_in_another_language_is_told_from_those_around_it(part: str, language: str) -> None:
    parts = [SPANISH, part, "Short line.", "Milei viaja a Davos", "Petro se reúne con Lula en Brasilia"]
    assert other_languages(parts, "es") == {part: language}


def test_a_spanish_part_is_told_from_portuguese_ones_and_nothing_of_other_articles() -> None:
    portuguese = "O governo confirmou na quinta-feira que a empresa entregará o porto em março."
    assert other_languages([portuguese, SPANISH], "pt") == {SPANISH: "es"}
    assert other_languages([portuguese, SPANISH], "en") == {}


def test_an_article_without_letters_is_what_is_declared() -> None:
    assert detect_article("", "1\n2\n", "es").language == "es"
    assert detect_article("", "").language == "und"


def test_answers_are_the_same_every_time_and_in_every_thread() -> None:
    texts = [SPANISH, PORTUGUESE, ENGLISH, "Lula e Petro discutem Amazônia"] * 10
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(detect_language, texts)) == [detect_language(text) for text in texts]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["", "es", "pt", "??"]))
def test_any_text_gets_an_answer(text: str, declared: str) -> None:
    guess = detect_language(text, declared)
    assert guess.language
    assert 0.0 <= guess.confidence <= 1.0
