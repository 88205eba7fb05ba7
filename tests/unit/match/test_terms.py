import unicodedata

import pytest

from monitor.model import ArticleForMatch, Field, SentencePair
from monitor.steps.match import TopicQuery, compile_watchlist


def matches(query: str, text: str = "", title: str = "", language: str = "es", **more: str) -> bool:
    matcher = compile_watchlist([TopicQuery("t", query)], {})
    return bool(matcher.match(ArticleForMatch("1", language, title, text, **more)))


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("fentanilo", "FENTANILO en la frontera"),
        ("cartel", "El Cártel mexicano"),
        ("cártel", "un cartel"),
        ("Maduro", "El presidente Maduro viajó."),
        ("Maduro", "EL PRESIDENTE MADURO VIAJÓ"),
        ("Maduro", "Maduro viajó a Moscú."),
        ("Maduro", "Maduro: «No me voy»."),
        ("Maduro", "Maduro y Lula hablaron."),
        ("Maduro", "Maduro Moros habló."),
        ("Maduro", "Maduro"),
        ("Maduro", "No quiso. Maduro el jefe, dijo. Nicolás Maduro calló."),
        ("Maduro", "la marcha anti-Maduro"),
        ("Maduro", "Maduro’s army"),
        ("Petro", "Petro en Washington"),
        ("Lula", "Lula diz que vai"),
        ("Irán", "Irán firma un acuerdo."),
        ("Irán", "IRAN FIRMA"),
        ("Irán", "Iran y Nicaragua firman"),
        ("Irão", "o IRÃO e a China"),
        ("Los Lobos", "la banda Los Lobos"),
        ("Los Lobos", "contra los Lobos y otros"),
        ("Los Lobos", "LOS LOBOS ATACAN"),
        ("El Mayo", "cayó el Mayo Zambada"),
        ("El Mayo", "la captura del Mayo"),
        ("El Chapo", "condenan al Chapo"),
        ("O Globo", "segundo apuração do Globo"),
        ("Pará", "no estado do Pará"),
        ("EE.UU.", "en EE. UU. hay"),
        ("EE.UU.", "en EE UU hay"),
        ("EE.UU.", "en EEUU hay"),
        ("EE. UU.", "en EE.UU. hay"),
        ("MS-13", "la MS13"),
        ("MS-13", "la MS 13"),
        ("MS13", "la MS-13"),
        ("F35", "los F-35 llegan"),
        ("5G", "la red 5-G"),
        ("EEUU", "en EE. UU. hay"),
        ("militares de EEUU", "los militares de EE.UU. llegan"),
        ("EUA", "E.U.A. mandam tropas"),
        ("US", "the U. S. Navy"),
        ("narco-estado", "un narcoestado"),
        ("5G", "la red 5G"),
        ("OTAN", "a Otan decidiu"),
        ("ministro de Defesa", "o ministro da Defesa"),
        ("cartel del golfo", "Cartel\ndel  Golfo"),
        ("cartel los soles", "cartel «Los Soles»"),
        ("pandiller*", "Los Pandilleros."),
        ("pandiller* deten*", "pandilleros detenidos"),
        ("sgto. García", "el sgto. García"),
        ("J. Bolsonaro", "de J. Bolsonaro"),
        ("don't know", "I don’t know"),
        ('="Maduro"', "Maduro el plátano"),
        ('="EE.UU."', "de EE.UU. vino"),
        ('="Madur*"', "los Madurista"),
        ("gob.mx sitio", "gob.mx sitio"),
        ("strasse", "Straße"),
        ("Ábrego", "el “Ábrego”"),
    ],
)
def test_a_term_finds_what_an_analyst_means(term: str, text: str) -> None:
    assert matches(term, text)
    assert matches(term, unicodedata.normalize("NFD", text))
    assert matches(unicodedata.normalize("NFD", term), text)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("droga", "drogas"),
        ("Maduro", "el plátano maduro"),
        ("Maduro", "Maduro el plátano, se fríe."),
        ("Maduro", "Maduro va bien con queso. El plátano maduro es dulce."),
        ("Lula", "Lula grelhada com limão"),
        ("Irán", "Irán a las urnas."),
        ("Irán", "¿Irán a votar? Petro: «Irán todos»."),
        ("Irán", "Irán Maduro y Petro a la cumbre"),
        ("Irán", "IRÁN A LAS URNAS"),
        ("Irán", "Irán"),
        ("Irán", "Irán y vendrán"),
        ("Irão", "Irão votar no domingo"),
        ("Irán", "Ellos irán mañana"),
        ("Irã", "A ira popular, a Ira"),
        ("Pará", "Para o governo"),
        ("Los Lobos", "Los lobos atacan"),
        ("Los Lobos", "los lobos atacan"),
        ("El Mayo", "El mayo francés"),
        ("El Mayo", "del mayo francés"),
        ("el Mayo", "la captura del Mayo"),
        ("5G", "15G"),
        ("5G", "pesa 5g"),
        ("EE.UU.", "eeuu"),
        ("U.S.", "Us"),
        ("US", "u.s. troops"),
        ("ONU", "O N U"),
        ("ONU*", "la O.N.U."),
        ('="EUA"', "E.U.A. mandam tropas"),
        ("cuba rusia", "Viajó a Cuba. Rusia calló."),
        ("cuba rusia", "¿Cuba? Rusia."),
        ("cuba rusia", "Cuba\n\nRusia"),
        ("pandiller* deten*", "pandilleros libres"),
        ("pandiller* detenido", "pandilleros detenidos"),
        ('="maduro"', "Maduro"),
        ('="cartel"', "cártel"),
        ('="Madur*"', "los madurista"),
        ('="narco-estado"', "narcoestado"),
        ("Mas", "Mas nada"),
        ("Mas", "Mas Que Nada Você Dança"),
    ],
)
def test_a_term_stays_silent_on_other_words(term: str, text: str) -> None:
    assert not matches(term, text)
    assert not matches(term, unicodedata.normalize("NFD", text))


def test_capitals_of_a_title_case_headline_prove_nothing_against_the_text() -> None:
    assert matches("Rosa Flores", title="Comunidad Despide Rosa Flores Hoy")
    text = "Una rosa flores abre."
    assert not matches("Rosa Flores", title="Fiesta Lleva Rosa Flores Para Todos", text=text)
    assert matches("Rosa Flores", title="La fiesta de Rosa Flores", text=text)


def test_ordinary_words_of_spanish_are_names_in_english() -> None:
    assert matches("Maduro", "Maduro in court", language="en")
    assert matches("Turkey", "Turkey says no", language="en")
    assert not matches("Turkey", "Turkey with gravy", language="en")


def test_a_name_proved_in_the_translation_counts_in_the_original() -> None:
    assert matches("Irán", title="Irán en la mira", title_en="What Iran wants")


def test_spans_are_characters_of_the_text_as_given() -> None:
    text = "Lo de I\u0301ran e Ira\u0301n, 😀 y EE. UU. ﬁn"
    matcher = compile_watchlist([TopicQuery("t", "Irán OR EE.UU. OR fin")], {})
    (found,) = matcher.match(ArticleForMatch("1", "es", "", text))
    assert {text[e.start : e.end] for e in found.evidence} == {"Ira\u0301n", "EE. UU.", "ﬁn"} or {
        text[e.start : e.end] for e in found.evidence
    } == {"I\u0301ran", "EE. UU.", "ﬁn"}


def test_evidence_names_side_sentence_and_aligned_sentence() -> None:
    pairs = (
        SentencePair("Llegó el fentanilo.", "Fentanyl came."),
        SentencePair("Nadie habló.", "Nobody spoke."),
    )
    article = ArticleForMatch(
        "1",
        "es",
        "Cayó Zambada",
        "Llegó el fentanilo.\nNadie habló.",
        "Zambada fell",
        "Fentanyl came.\nNobody spoke.",
        pairs=pairs,
    )
    (found,) = compile_watchlist([TopicQuery("t", "fentanilo AND Zambada AND spoke")], {}).match(article)
    told = {e.term: e for e in found.evidence}
    assert (told["fentanilo"].field, told["fentanilo"].sentence) == (Field.TEXT, "Llegó el fentanilo.")
    assert told["fentanilo"].sentence_en == "Fentanyl came."
    assert (told["Zambada"].sentence, told["Zambada"].sentence_en) == ("Cayó Zambada", "Zambada fell")
    assert (told["spoke"].field, told["spoke"].sentence, told["spoke"].sentence_en) == (
        Field.TEXT_EN,
        "Nobody spoke.",
        "",
    )


def test_without_pairs_sentences_are_aligned_where_both_sides_have_as_many() -> None:
    matcher = compile_watchlist([TopicQuery("t", "original:fentanilo")], {})
    (found,) = matcher.match(
        ArticleForMatch("1", "es", "", "Hola. Hay fentanilo.", "", "Hello. There is fentanyl.")
    )
    assert found.evidence[0].sentence_en == "There is fentanyl."
    (found,) = matcher.match(ArticleForMatch("1", "es", "", "Hola. Hay fentanilo.", "", "There is fentanyl."))
    assert found.evidence[0].sentence_en == ""


def test_a_sentence_without_end_is_shown_around_the_term() -> None:
    text = "palabra " * 500 + "fentanilo " + "palabra " * 500
    (found,) = compile_watchlist([TopicQuery("t", "fentanilo")], {}).match(
        ArticleForMatch("1", "es", "", text)
    )
    assert "fentanilo" in found.evidence[0].sentence
    assert len(found.evidence[0].sentence) <= 800
