from collections.abc import Sequence

from monitor.model import Provenance, UnsafeMark
from monitor.pipeline.polyglot import Polyglot
from monitor.steps.translate import translate_article

ENGLISH = "We will open the port in the month of March. Nothing will be later than that."
PORTUGUESE = "O porto abre em março. Nada vai demorar mais."


class Shouting:
    """Gives capitals, and tells what it was asked in which language."""

    def __init__(self) -> None:
        self.asked: dict[str, list[str]] = {}

    def translate(self, sentences: Sequence[str], language: str) -> list[str]:
        self.asked.setdefault(language, []).extend(sentences)
        return [sentence.upper() for sentence in sentences]

    def provenance(self, language: str) -> Provenance:
        return Provenance("fake", language, "1")

    def close(self) -> None: ...


def test_each_paragraph_goes_to_the_engine_of_its_language_and_what_none_reads_is_marked() -> None:
    engine = Shouting()
    polyglot = Polyglot(engine, {ENGLISH: "en", PORTUGUESE: "pt"})
    text = f"Uno. Dos.\n{ENGLISH}\n{PORTUGUESE}\nUno."
    article = translate_article("Puerto", text, "es", polyglot)
    assert engine.asked == {
        "es": ["Puerto", "Uno.", "Dos."],
        "pt": ["O porto abre em março.", "Nada vai demorar mais."],
    }
    assert article.text_en == f"UNO. DOS.\n{ENGLISH}\n{PORTUGUESE.upper()}\nUNO."
    assert all(UnsafeMark.COPIED in pair.marks for pair in article.paragraphs[1])
    assert article.provenance.model == "es"


def test_an_article_of_nothing_else_asks_no_engine() -> None:
    engine = Shouting()
    polyglot, last = Polyglot(engine, {ENGLISH: "en"}), "Nothing will be later than that."
    assert polyglot.translate([last], "es") == [last]
    polyglot.close()
    assert engine.asked == {}
