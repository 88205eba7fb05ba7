import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.errors import EngineFailed, EngineMissing
from monitor.model import Glossary, GlossaryEntry, Provenance
from monitor.steps.translate import build_translator
from monitor.steps.translate import translator as room
from monitor.steps.translate.build import best_model
from monitor.steps.translate.installed import installed_models
from monitor.steps.translate.limits import MOST_IN_SENTENCE, MOST_WORDS, pieces
from monitor.steps.translate.route import Route
from monitor.steps.translate.translator import SentenceTranslator
from tests.unit.translate import tiny


class FakeRoute(Route):
    """Answers by a function and counts."""

    def __init__(self, answer: Callable[[str], str] = str) -> None:
        self.answer, self.asked, self.closed = answer, [], False  # type: ignore[var-annotated]

    def translate(self, sentence: str) -> str:
        self.asked.append(sentence)
        return self.answer(sentence)

    def provenance(self) -> Provenance:
        return Provenance("fake", "fake", "1")

    def close(self) -> None:
        self.closed = True


def over(route: Route, *entries: GlossaryEntry) -> SentenceTranslator:
    return SentenceTranslator(lambda _: route, 2, Glossary(entries))


def test_the_embedded_engine_translates_both_languages(engine: SentenceTranslator) -> None:
    assert engine.translate(["El presidente viajó a la capital."], "es") == [
        "The president traveled to the capital."
    ]
    assert engine.translate(["O presidente viajou à capital.", ""], "pt") == [
        "The president traveled to the capital.",
        "",
    ]
    assert engine.provenance("es").model == "apertium es-pt + pten-tiny"
    assert engine.provenance("pt").engine == "embedded"


def test_glossary_terms_arrive_in_their_english_form(engine: SentenceTranslator) -> None:
    spanish = ["El Cartel de los Soles llegó a La Plata.", "Los regímenes de excepción siguen."]
    cartel, states = engine.translate(spanish, "es")
    assert "Cartel of the Suns" in cartel
    assert "La Plata" in cartel
    assert "states of exception" in states
    assert engine.terms(spanish[0], "es") == ["Cartel of the Suns", "La Plata"]


def test_known_misreadings_are_mended(engine: SentenceTranslator) -> None:
    (portuguese,) = engine.translate(["Homem é preso por espionar para a Rússia."], "pt")
    assert "spy for Russia" in portuguese
    spanish = ["Irán solos al puerto.", "El coronel retirado vio tres pistas clandestinas y dos drones."]
    leaving, airstrips = engine.translate(spanish, "es")
    assert "Iran" not in leaving
    assert all(words in airstrips for words in ("retired colonel", "airstrips", "drones"))


def test_letters_that_the_model_lacks_survive_in_names(engine: SentenceTranslator) -> None:
    (english,) = engine.translate(["O ministro Núñez falou com Łukasz Müller em Logroño."], "pt")
    assert all(name in english for name in ("Núñez", "Łukasz", "Müller", "Logroño"))


def test_what_is_no_language_comes_back_as_it_is(engine: SentenceTranslator) -> None:
    for line in ("🚀🚀", "مرحبا بالعالم", "https://x.com/a?b=c", "a" * 20_000, "\x01\x02"):
        assert engine.translate([line], "es") == [line.strip("\x1c\x1d\x1e\x1f")]


def test_identical_sentences_are_translated_once() -> None:
    route = FakeRoute(str.upper)
    translator = over(route)
    assert translator.translate(["Uno va. C d.", "C d."], "es") == ["UNO VA. C D.", "C D."]
    assert translator.translate(["C d."], "es") == ["C D."]
    assert sorted(route.asked) == ["C d.", "Uno va."]
    translator.close()
    assert route.closed


def test_the_cache_forgets_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "CACHED", 1)
    route = FakeRoute()
    translator = over(route)
    for text in ("uno", "dos", "uno"):
        translator.translate([text], "es")
    assert route.asked == ["uno", "dos", "uno"]


def test_a_garbled_token_is_tried_again_with_another_one_and_at_last_without() -> None:
    first = FakeRoute(lambda text: text.replace("Q30", "Q3 0"))
    assert over(first, GlossaryEntry("La Plata")).translate(["voy a La Plata"], "es") == ["voy a La Plata"]
    assert len(first.asked) == 2
    never = FakeRoute(lambda text: "the silver" if "La Plata" in text else "nothing")
    assert over(never, GlossaryEntry("La Plata")).translate(["voy a La Plata"], "es") == ["the silver"]


def test_a_changed_number_is_tried_again_with_the_number_carried() -> None:
    route = FakeRoute(lambda text: text.replace("12.791", "12,000"))
    assert over(route).translate(["murieron 12 mil 791 soldados"], "es") == ["murieron 12,791 soldados"]
    hopeless = FakeRoute(lambda text: "they died 5")
    assert over(hopeless).translate(["murieron 8"], "es") == ["they died 5"]


def test_an_engine_that_says_nothing_leaves_the_source() -> None:
    assert over(FakeRoute(lambda _: "")).translate(["hola"], "es") == ["hola"]


def test_an_error_of_the_engine_reaches_the_caller_and_the_next_call_works() -> None:
    def once(text: str) -> str:
        if len(route.asked) == 1:
            raise EngineFailed("broke")
        return text

    route = FakeRoute(once)
    translator = over(route)
    with pytest.raises(EngineFailed):
        translator.translate(["hola"], "es")
    assert translator.translate(["hola"], "es") == ["hola"]


def test_many_threads_may_ask_at_once() -> None:
    translator = over(FakeRoute(str.upper))
    got: list[str] = []
    threads = [
        threading.Thread(target=lambda n=n: got.extend(translator.translate([f"frase {n % 7}x"], "es")))
        for n in range(40)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == sorted(f"FRASE {n % 7}X" for n in range(40))


def test_endless_sentences_are_cut_and_nothing_is_lost() -> None:
    words = [f"palabra{n}{',' if n % 50 == 40 else ''}" for n in range(1000)]
    parts, rest = pieces(" ".join(words))
    assert " ".join([*parts, rest]).split() == words
    assert all(len(part.split()) <= MOST_WORDS for part in parts)
    assert sum(map(len, parts)) < MOST_IN_SENTENCE + 900
    assert parts[0].endswith(",")
    assert pieces("a" * 5000) == (["a" * 5000], "")
    assert pieces("") == ([], "")


def test_an_unknown_engine_or_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineMissing, match="use one of auto"):
        build_translator("google", tmp_path)
    with pytest.raises(EngineMissing, match="languages are es, pt"):
        build_translator("auto", tmp_path).translate(["x"], "fr")
    with pytest.raises(EngineMissing, match="monitor models install es --engine argos"):
        build_translator("argos", tmp_path).translate(["x"], "es")


def test_auto_takes_the_best_measured_model_that_is_installed(tmp_path: Path) -> None:
    tiny.argos_folder(tmp_path / "argos" / "a", "es")
    tiny.firefox_folder(tmp_path / "firefox" / "p", "pt")
    assert best_model("auto", tmp_path, "es").engine == "argos"  # type: ignore[union-attr]
    assert best_model("auto", tmp_path, "pt") is None  # the embedded one is better
    assert best_model("firefox", tmp_path, "pt").engine == "firefox"  # type: ignore[union-attr]
    assert best_model("embedded", tmp_path, "es") is None
    tiny.firefox_folder(tmp_path / "firefox" / "e", "es")
    assert best_model("auto", tmp_path, "es").engine == "firefox"  # type: ignore[union-attr]
    translator = build_translator("firefox", tmp_path, 1)
    assert translator.translate(["O presidente viajou."], "pt") == ["The president traveled."]
    assert translator.provenance("pt").model == "p"
    translator.close()


def test_broken_folders_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARGOS_PACKAGES_DIR", "")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    whole = tiny.argos_folder(tmp_path / "home" / "argos-translate" / "packages" / "whole", "pt")
    for name, text in {
        "none": "",
        "list": "[]",
        "other": '{"to_code": "fr"}',
        "empty": '{"to_code": "en"}',
    }.items():
        folder = tmp_path / "argos" / name
        folder.mkdir(parents=True)
        (folder / "metadata.json").write_text(text)
    for name in ("model.xxfr.bin", "model.long.name.bin", "readme"):
        folder = tmp_path / "firefox" / name
        folder.mkdir(parents=True)
        (folder / name).touch()
    (tmp_path / "firefox" / "a-file").touch()
    assert [model.folder for model in installed_models(tmp_path)] == [whole]
    assert installed_models(tmp_path)[0].bytes > 1000
