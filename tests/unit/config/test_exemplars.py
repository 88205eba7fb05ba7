"""The table of known reports."""

from collections import Counter
from pathlib import Path

import pytest

from monitor.config.exemplars import keep_vectors, load_exemplars, vectors_file
from monitor.config.watchlist import load_watchlist
from monitor.errors import ConfigError
from monitor.model import Exemplar
from monitor.steps.match.likeness import WITNESSES
from tests.fakes import FakeEmbedder

CONFIG = Path(__file__).parents[3] / "config"
HEAD = "# a note\ntopics\ttitle\ttext\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "exemplars.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_line_is_a_report_with_its_topics_or_none(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + "ports, prisons\tGrúas\tEn el puerto.\r\n\n# more\n\tGrúas de juguete\n")
    assert load_exemplars(path) == (
        Exemplar(frozenset({"ports", "prisons"}), "Grúas", "En el puerto."),
        Exemplar(frozenset(), "Grúas de juguete"),
    )


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "first line must name the columns"),
        ("# a note\nports\tGrúas\t\n", 2, "first line must name the columns"),
        (HEAD + "ports Grúas\n", 3, "with tabs between"),
        (HEAD + "ports\tGrúas\ta\tb\n", 3, "with tabs between"),
        (HEAD + "ports\tGrúas\nports\t \n", 4, "headline is missing"),
    ],
)
def test_a_bad_line_is_told_with_its_number(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as told:
        load_exemplars(written(tmp_path, text))
    assert told.value.line == line


def test_every_bad_line_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as told:
        load_exemplars(written(tmp_path, HEAD + "a\n" * 3))
    assert [error.line for error in told.value.errors] == [3, 4, 5]


def test_kept_vectors_belong_to_the_words_they_were_made_of(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + "ports\tGrúas\t\nports\tMuelles\t\n")
    encoder = FakeEmbedder({"Grúas": 1, "Muelles": 2})
    assert keep_vectors(path, encoder) == 2
    written(tmp_path, HEAD + "prisons\tGrúas\t\nports\tMuelles y barcos\t\n")
    first, second = load_exemplars(path)
    assert (first.topics, len(first.vector), second.vector) == (frozenset({"prisons"}), 512, b"")
    assert keep_vectors(path, encoder) == 2
    assert encoder.texts == ["Grúas", "Muelles", "Muelles y barcos"]
    assert all(one.vector for one in load_exemplars(path))


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 broken", b"\x93NUMPY"])
def test_damaged_vectors_are_made_anew(tmp_path: Path, damage: bytes) -> None:
    path = written(tmp_path, HEAD + "ports\tGrúas\t\n")
    vectors_file(path).write_bytes(damage)
    assert [one.vector for one in load_exemplars(path)] == [b""]


def test_the_shipped_reports_name_shipped_topics_and_their_vectors_are_kept() -> None:
    exemplars = load_exemplars(CONFIG / "exemplars.tsv")
    counts = Counter(topic for one in exemplars for topic in one.topics)
    assert set(counts) == {topic.id for topic in load_watchlist(CONFIG / "watchlist.yaml").topics}
    assert min(counts.values()) >= 50 * WITNESSES
    assert all(len(one.vector) == 512 for one in exemplars)
