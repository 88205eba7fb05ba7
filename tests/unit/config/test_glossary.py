from pathlib import Path

import pytest

from monitor.config.glossary import load_glossary
from monitor.errors import ConfigError
from monitor.model import GlossaryEntry


def test_terms_with_their_other_spellings(tmp_path: Path) -> None:
    path = tmp_path / "glossary.yaml"
    path.write_text(
        "terms:\n"
        "  - {term: La Plata}\n"
        "  - {term: Cartel de los Soles, also: [Cártel de los Soles],"
        " english: Cartel of the Suns, languages: [es]}\n"
        "  - {term: Cartel de los Soles, languages: [pt]}\n"
        "  - {term: Tren de Aragua, also: [Trem de Aragua]}\n"
    )
    assert load_glossary(path).entries == (
        GlossaryEntry("La Plata"),
        GlossaryEntry("Cartel de los Soles", "Cartel of the Suns", ("es",)),
        GlossaryEntry("Cártel de los Soles", "Cartel of the Suns", ("es",)),
        GlossaryEntry("Cartel de los Soles", "", ("pt",)),
        GlossaryEntry("Tren de Aragua"),
        GlossaryEntry("Trem de Aragua", "Tren de Aragua"),
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("terms:\n  - {term: x}\n", ":2:"),
        ("terms:\n  - {term: La Plata}\n  - {term: La Plata, languages: [es]}\n", ":3:"),
        ("terms:\n  - {term: La Plata, languages: [fr]}\n", ":2:"),
        ("terms:\n  - term: La Plata\n    englsh: x\n", ":3:"),
        ("names: []\n", ":1:"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text: str, place: str, tmp_path: Path) -> None:
    path = tmp_path / "glossary.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=f"glossary.yaml{place}"):
        load_glossary(path)
