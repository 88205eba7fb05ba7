import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import cli

WATCHLIST = """\
topics:
  - {id: iran, title: Iran, query: Irán AND (Venezuela OR drones),
     examples: [Irán y Venezuela], traps: [Irán a votar]}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "watchlist.yaml"
    file.write_text(WATCHLIST, encoding="utf-8")
    return file


def run(*arguments: object, text: str | bytes = "") -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], input=text)


def test_match_answers_line_by_line_and_a_broken_line_stops_nothing(path: Path) -> None:
    good = {"id": 7, "language": "es", "title": "Irán vende", "text": "Nada.", "text_en": "Drones came."}
    lines = [
        json.dumps(good).encode(),
        b"nonsense",
        b"\xff",
        b'{"language": "es", "title": "", "text": ""}',
        b'{"id": "x", "title": "", "text": ""}',
        b'{"id": "x", "language": "es", "title": 3, "text": ""}',
        b'{"id": "y", "language": "es", "title": "\\ud800", "text": "Hola", "title_en": null}',
    ]
    done = run("match", "--watchlist", path, text=b"\n".join(lines) + b"\n")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 1
    assert [answer.get("line") for answer in answers] == [None, 2, 3, 4, 5, 6, None]
    (match,) = answers[0]["matches"]
    assert (answers[0]["id"], match["topic"], 0 < match["score"] < 1) == (7, "iran", True)
    assert match["evidence"][0] == {
        "term": "Irán",
        "field": "title",
        "start": 0,
        "end": 4,
        "sentence": "Irán vende",
    }
    assert match["evidence"][1]["field"] == "text_en"
    assert answers[6] == {"id": "y", "matches": []}


def test_what_is_like_known_reports_is_told_with_them(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_CONFIG", str(tmp_path))
    reports = ("Teerã envia navio de guerra ao Caribe", "Un buque persa atraca en La Guaira")
    table = "".join(f"iran\t{title}\t\n" for title in reports)
    (tmp_path / "exemplars.tsv").write_text(
        f"topics\ttitle\ttext\n{table}\tBuque escuela\t\n", encoding="utf-8"
    )
    title = "Buque de guerra de Teherán llega al Caribe y atraca en La Guaira"
    lines = [
        json.dumps({"id": text, "language": "es", "title": text, "text": ""}) for text in (title, "Hola")
    ]
    first, second = run("match", "--watchlist", path, text="\n".join(lines)).stdout.splitlines()
    [match] = json.loads(first)["matches"]
    assert match["topic"] == "iran"
    assert {one["term"][:12] for one in match["evidence"]} == {f"≈ “{title}"[:12] for title in reports}
    assert match["evidence"][0]["sentence"] == title
    assert json.loads(second)["matches"] == []


def test_known_reports_are_counted_and_their_vectors_kept(tmp_path: Path) -> None:
    table = tmp_path / "reports.tsv"
    table.write_text("topics\ttitle\ttext\niran\tUn barco\t\n\tOtro barco\t\n", encoding="utf-8")
    done = run("watchlist", "exemplars", table, "--json")
    assert json.loads(done.stdout)["topics"] == {"(none)": 1, "iran": 1}
    assert table.with_suffix(".npz").exists()
    assert run("watchlist", "exemplars", table).stdout.split()[:4] == ["1", "(none)", "1", "iran"]


def test_match_ends_well_on_good_lines_and_uses_the_shipped_watchlist(path: Path) -> None:
    line = json.dumps({"id": "1", "language": "es", "title": "Hola", "text": ""})
    assert run("match", "--watchlist", path, text=line).exit_code == 0
    assert json.loads(run("match", text=line).stdout) == {"id": "1", "matches": []}


def test_match_names_the_place_of_a_bad_watchlist(path: Path) -> None:
    path.write_text(WATCHLIST.replace("drones)", "drones"), encoding="utf-8")
    done = run("match", "--watchlist", path)
    assert done.exit_code == 1
    assert f"{path}:2:" in str(done.exception)


def test_check_is_silent_about_a_sound_file_and_counts(path: Path) -> None:
    done = run("watchlist", "check", path)
    assert done.exit_code == 0
    assert "1 topics, 0 errors" in done.stdout


def test_check_fails_on_a_trap_that_matches_and_on_a_bad_file(path: Path) -> None:
    path.write_text(WATCHLIST.replace("[Irán a votar]", "[drones de Irán]"), encoding="utf-8")
    done = run("watchlist", "check", path, "--json")
    shown = json.loads(done.stdout)
    assert (done.exit_code, shown["topics"], shown["findings"][0]["level"]) == (1, 1, "error")
    path.write_text("topics:\n  - {id: a}\n", encoding="utf-8")
    done = run("watchlist", "check", path)
    assert done.exit_code == 1
    assert f"{path}:2:5: error: 'title' is missing here" in done.stdout


def test_check_counts_terms_over_a_corpus(path: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text('{"title": "Irán y Venezuela"}\n\n{"text": "drones"}\n', encoding="utf-8")
    done = run("watchlist", "check", path, "--corpus", corpus)
    assert (done.exit_code, "none of" in done.stdout) == (0, False)
    corpus.write_text('{"title": "Irán"}\n{"title": 3}\n', encoding="utf-8")
    done = run("watchlist", "check", path, "--corpus", corpus)
    assert f"{corpus}:2:" in str(done.exception)
    assert "cannot be read" in str(run("watchlist", "check", path, "--corpus", tmp_path / "none").exception)


def test_schema_is_a_json_schema() -> None:
    schema = json.loads(run("watchlist", "schema").stdout)
    assert schema["$schema"].startswith("https://json-schema.org")
    assert "topics" in schema["properties"]
