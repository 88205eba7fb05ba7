from monitor.model import Glossary, GlossaryEntry, Provenance
from monitor.steps.translate.route import Route
from monitor.steps.translate.translator import SentenceTranslator


class Echo(Route):
    """Gives back what it is asked, and counts."""

    def __init__(self) -> None:
        self.asked = 0

    def translate(self, sentence: str) -> str:
        self.asked += 1
        return sentence

    def provenance(self) -> Provenance:
        return Provenance("fake", "fake", "1")

    def close(self) -> None:
        """Nothing to end."""


def glossary(english: str) -> Glossary:
    return Glossary((GlossaryEntry("Clan del Golfo", english),))


def test_a_changed_glossary_holds_at_once_and_no_model_is_loaded_again() -> None:
    routes: list[Echo] = []

    def make(language: str) -> Route:
        routes.append(Echo())
        return routes[-1]

    translator = SentenceTranslator(make, 1, glossary("Gulf Clan"))
    assert translator.translate(["cae el Clan del Golfo"], "es") == ["cae el Gulf Clan"]
    translator.use(glossary("Golfo Clan"))
    assert translator.translate(["cae el Clan del Golfo"], "es") == ["cae el Golfo Clan"]
    assert len(routes) == 1


def test_the_same_glossary_again_forgets_nothing() -> None:
    route = Echo()
    translator = SentenceTranslator(lambda _: route, 1, glossary("Gulf Clan"))
    for _ in range(2):
        translator.translate(["cae el Clan del Golfo"], "es")
        translator.use(glossary("Gulf Clan"))
    assert route.asked == 1
