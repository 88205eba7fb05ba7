import json
import subprocess
import sys
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli import cli
from tests.unit.translate import tiny


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ARGOS_PACKAGES_DIR", str(tmp_path / "none"))


def run(*arguments: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "monitor", *arguments], input=data, capture_output=True, check=False
    )


def test_each_line_gives_one_line_and_a_broken_one_an_error_in_its_place() -> None:
    text = (
        "El Cartel de los Soles llegó a La Plata.\n\n".encode() + b"\xff\xfe\n" + b"Murieron 12 soldados.\n"
    )
    done = run("translate", "--from", "es", data=text)
    lines = done.stdout.decode().splitlines()
    assert lines[0] == "The Cartel of the Suns reached La Plata."
    assert lines[1] == ""
    assert json.loads(lines[2])["line"] == 3
    assert "12 soldiers" in lines[3]
    assert len(lines) == 4
    assert done.returncode == 1


def test_progress_never_goes_to_standard_output() -> None:
    done = run("translate", "--from", "pt", "--progress", data=b"Bom dia.\n")
    assert done.stdout == b"Good morning.\n"
    assert b"1 lines" in done.stderr
    assert done.returncode == 0


def test_an_answer_does_not_wait_for_the_next_line() -> None:
    command = [sys.executable, "-m", "monitor", "translate", "--from", "pt"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"Bom dia.\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"Good morning.\n"
        process.stdin.close()
        assert process.wait() == 0


def test_a_missing_model_is_one_sentence() -> None:
    done = run("translate", "--from", "es", "--engine", "argos", data=b"Hola\n")
    assert done.returncode == 1
    assert b"monitor models install es --engine argos" in done.stderr
    assert done.stdout == b""


def test_models_are_installed_listed_tried_and_removed(tmp_path: Path) -> None:
    package = tiny.zipped(tiny.argos_folder(tmp_path / "src" / "es_en"), tmp_path / "es.argosmodel")
    invoke = partial(CliRunner().invoke, cli)
    assert "installed argos for es" in invoke(["models", "install", "es", "--from", str(package)]).output
    rows = json.loads(invoke(["models", "list", "--json"]).output)["models"]
    assert [row["engine"] for row in rows if row["auto"]] == ["argos", "embedded"]
    assert "used by auto" in invoke(["models", "list"]).output
    assert "argos (esen-1_0 1.0)" in invoke(["models", "test", "es"]).output
    assert "removed" in invoke(["models", "remove", "es"]).output
    assert "embedded (pten-tiny" in invoke(["models", "test", "pt"]).output


class Ranges(BaseHTTPRequestHandler):
    """Serves one file, cuts the first answer short, then honours ranges."""

    def __init__(self, *arguments: object, state: dict[str, object]) -> None:
        self.state = state
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        content: bytes = self.state["content"]  # type: ignore[assignment]
        start = int((self.headers.get("Range") or "bytes=0-")[6:-1])
        self.state.setdefault("starts", []).append(start)  # type: ignore[attr-defined]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        self.wfile.write(content[start : len(content) // 2] if not start else content[start:])

    def log_message(self, *_: object) -> None: ...


def test_an_interrupted_download_goes_on_where_it_stopped(tmp_path: Path) -> None:
    package = tiny.zipped(tiny.argos_folder(tmp_path / "src" / "es_en"), tmp_path / "es.argosmodel")
    state: dict[str, object] = {"content": package.read_bytes()}
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Ranges, state=state)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/es.argosmodel"
        command = ["models", "install", "es", "--from", url]
        broken = CliRunner().invoke(cli, command)
        assert "try again to go on" in str(broken.exception)
        whole = CliRunner().invoke(cli, command)
        server.shutdown()
    assert "installed argos for es" in whole.output
    assert state["starts"] == [0, len(package.read_bytes()) // 2]


def test_the_shipped_glossary_has_no_error_and_a_bad_one_names_the_place(tmp_path: Path) -> None:
    assert "no error" in CliRunner().invoke(cli, ["glossary", "check"]).output
    bad = tmp_path / "glossary.yaml"
    bad.write_text("terms:\n  - term: La Plata\n  - trm: x\n  - term: La Plata\n")
    done = CliRunner().invoke(cli, ["glossary", "check", str(bad)])
    assert done.exit_code == 1
    assert f"{bad}:3" in done.output
    assert json.loads(CliRunner().invoke(cli, ["glossary", "schema"]).output)["title"]


def test_names_translated_in_two_ways_are_suggested() -> None:
    pairs = [
        {"source": "Llegó a Punta Gorda ayer.", "target": "He came to Punta Gorda yesterday."},
        {"source": "Fue a Punta Gorda hoy.", "target": "He went to Fat Point today."},
        {"source": 5, "target": ""},
    ]
    lines = "\n".join(json.dumps(pair) for pair in pairs)
    done = CliRunner().invoke(cli, ["glossary", "suggest"], input=lines)
    assert "Punta Gorda: 1 times left as it is, 1 times changed" in done.output
    assert done.exit_code == 1
    as_json = CliRunner().invoke(cli, ["glossary", "suggest", "--json"], input=lines.rsplit("\n", 1)[0])
    assert json.loads(as_json.output)["term"] == "Punta Gorda"
