from collections.abc import Sequence

from monitor.model import Provenance, UnsafeMark
from monitor.pipeline.sparing import Sparing
from monitor.steps.translate import translate_article

ENGLISH = "We will open the port in the month of March. Nothing will be later than that."


class Shouting:
    """Gives capitals, and tells what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def translate(self, sentences: Sequence[str], language: str) -> list[str]:
        self.asked += sentences
        return [sentence.upper() for sentence in sentences]

    def provenance(self, language: str) -> Provenance:
        return Provenance("fake", "fake", "1")

    def close(self) -> None: ...


def test_paragraphs_that_no_engine_reads_stand_in_the_original_and_are_marked() -> None:
    engine = Shouting()
    article = translate_article("Puerto", f"Uno. Dos.\n{ENGLISH}\nTres.", "es", Sparing(engine, [ENGLISH]))
    assert engine.asked == ["Puerto", "Uno.", "Dos.", "Tres."]
    assert article.text_en == f"UNO. DOS.\n{ENGLISH}\nTRES."
    assert all(UnsafeMark.COPIED in pair.marks for pair in article.paragraphs[1])
    assert article.provenance.engine == "fake"


def test_an_article_of_nothing_else_asks_no_engine() -> None:
    engine = Shouting()
    spared, last = Sparing(engine, [ENGLISH]), "Nothing will be later than that."
    assert spared.translate([last], "es") == [last]
    spared.close()
    assert engine.asked == []
