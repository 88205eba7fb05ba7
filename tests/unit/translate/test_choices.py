import pytest

from monitor.steps.translate.choices import Acronyms, Choices
from monitor.steps.translate.conjugation import conjugated
from monitor.steps.translate.letters import folded, restored
from monitor.steps.translate.phrases import rows
from monitor.steps.translate.translator import SentenceTranslator


@pytest.mark.parametrize(
    ("spanish", "portuguese", "form", "answer"),
    [
        ("dimitir", "renunciar", "dimitió", "renunciou"),
        ("chocar", "colidir", "choquen", "colidam"),
        ("atrapar", "capturar", "atraparon", "capturaram"),
        ("zanjar", "resolver", "zanjaba", "resolvia"),
        ("enlazar", "ligar", "enlace", "ligue"),
        ("dirigir", "reger", "dirija", "reja"),
        ("vencer", "vencer", "venza", "vença"),
    ],
)
def test_a_form_of_a_verb_becomes_the_same_form_of_the_other(
    spanish: str, portuguese: str, form: str, answer: str
) -> None:
    assert conjugated(spanish, portuguese)[form] == answer


def test_every_verb_of_the_table_can_be_conjugated() -> None:
    for spanish, portuguese in rows("verbs.tsv"):
        forms = conjugated(spanish, portuguese)
        assert forms[spanish] == portuguese
        assert all(form.startswith(spanish[:-3]) for form in forms)


@pytest.mark.parametrize(
    ("spanish", "english", "mended"),
    [
        (
            "La presunta novia.",
            "The supposed bride.",
            "The alleged girlfriend.",
        ),
        ("Presunto asesino.", "Supposed murder.", "Alleged murderer."),
        ("Una casa.", "The supposed bride.", "The supposed bride."),
        ("Ganan en EEUU.", "They win in the U.S.", "They win in the US."),
        ("Los precios de EE.UU. suben.", "The prices of the U.S. rise.", "The prices of the US rise."),
    ],
)
def test_the_sense_of_the_source_decides_between_english_words(
    spanish: str, english: str, mended: str
) -> None:
    assert Choices().mended(spanish, english) == mended


def test_acronyms_that_were_left_become_english_ones_and_others_stay() -> None:
    assert Acronyms().mended("The OTAN and the ONGs of the FARC") == "The NATO and the NGOs of the FARC"


def test_letters_outside_the_models_alphabet_are_folded_and_come_back() -> None:
    plain, changed = folded("Müller e Böröcz são vários")
    assert plain == "Muller e Borocz são vários"
    assert restored("Muller and Borocz are several", changed) == "Müller and Böröcz are several"


@pytest.mark.parametrize(
    ("spanish", "english"),
    [
        ("El nuevo himno lo grabó la orquesta nacional.", "The new anthem was recorded by"),
        ("La decisión la tomaron los ministros.", "The decision was taken by"),
        ("El ministro dimitió ayer.", "The minister resigned"),
        ("El año pasado y este ano.", "this year"),
        ("Lo dijo O'Donovan.", "O'Donovan"),
        ("No sé si vendrá mañana.", "tomorrow"),
    ],
)
def test_what_the_pivot_got_wrong_reads_right(engine: SentenceTranslator, spanish: str, english: str) -> None:
    assert english in engine.translate([spanish], "es")[0]
