from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.model import Glossary, GlossaryEntry
from monitor.steps.translate import build_translator
from monitor.steps.translate.translator import SentenceTranslator

GLOSSARY = Glossary(
    (
        GlossaryEntry("La Plata"),
        GlossaryEntry("Cartel de los Soles", "Cartel of the Suns", ("es",)),
        GlossaryEntry("régimen de excepción", "state of exception", ("es",)),
    )
)


@pytest.fixture(scope="package")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SentenceTranslator]:
    translator = build_translator("embedded", tmp_path_factory.mktemp("models"), 2, GLOSSARY)
    yield translator
    translator.close()


@pytest.fixture(autouse=True)
def _no_argos_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ARGOS_PACKAGES_DIR", str(tmp_path / "none"))
