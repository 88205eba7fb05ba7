"""``monitor extract`` and ``monitor detect`` as a person at a shell uses them."""

import json
import subprocess
import sys
from pathlib import Path

HEAD = '<html lang="es"><head><meta charset="utf-8"><meta property="og:site_name" content="El Faro">'
TEXT = (
    "La Fiscalía informó este martes que decomisó un cargamento de madera sin permisos en el "
    "puerto de la ciudad."
)
PAGE = f"{HEAD}</head><body><h1>Decomisan madera</h1><p>{TEXT}</p><p>{TEXT[::-1]}</p></body></html>"
FIELDS = ["title", "text", "authors", "published_at", "language", "site", "canonical_url", "paywalled"]


def monitor(*arguments: str, stdin: bytes) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "monitor", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, check=False, timeout=60)


def test_a_page_becomes_one_object_and_nothing_else() -> None:
    done = monitor("extract", "--url", "https://x.com.ar/2026/03/04/madera", stdin=PAGE.encode())
    found = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, b"")
    assert list(found) == FIELDS
    assert (found["title"], found["language"], found["site"]) == ("Decomisan madera", "es", "El Faro")
    assert found["published_at"] == "2026-03-04T00:00:00-03:00"


def test_what_is_no_page_is_one_sentence_and_status_one() -> None:
    done = monitor("extract", stdin=b"%PDF-1.7")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b"monitor: ")


def test_a_batch_keeps_its_order_and_goes_on_after_broken_lines(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(PAGE.encode())
    (tmp_path / "b.html").write_bytes(b"<html lang='pt'><p>123</p>")
    lines = [
        json.dumps({"id": 1, "url": "https://x.com/a", "html_path": str(tmp_path / "a.html")}),
        "{broken",
        json.dumps({"id": 2, "html_path": str(tmp_path / "missing.html")}),
        json.dumps({"id": 3, "html_path": 5}),
        json.dumps({"id": 4, "html_path": "a\0b"}),
        json.dumps({"id": "five", "url": None, "html_path": str(tmp_path / "b.html")}),
    ]
    done = monitor("extract", "--batch", stdin="\n".join(lines).encode())
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [line.get("line") for line in found] == [None, 2, 3, 4, 5, None]
    assert (found[0]["id"], found[0]["title"]) == (1, "Decomisan madera")
    assert list(found[0]) == ["id", *FIELDS]
    assert (found[5]["id"], found[5]["language"]) == ("five", "pt")


def test_each_line_gets_its_language() -> None:
    done = monitor(
        "detect", stdin="El juez citó a los dueños\nO juiz intimou os donos\n\n".encode() + b"\xff\n"
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line.get("language") for line in found] == ["es", "pt", "und", None]
    assert found[3]["line"] == 4
    assert (done.returncode, done.stderr) == (1, b"")


def test_what_the_outlet_declares_helps() -> None:
    done = monitor("detect", "--declared", "pt", stdin=b"Nicolas Maduro\n")
    assert json.loads(done.stdout)["language"] == "pt"
