"""The publishers' indexes, played by a server on this machine."""

import hashlib
import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner

from monitor.cli import cli
from monitor.errors import EngineFailed, EngineMissing
from monitor.steps.translate.catalogue import published
from tests.unit.translate import tiny

Serve = Callable[[dict[str, bytes]], str]
RECORDS = "/v1/buckets/main/collections/translations-models/records"


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves these bodies under these paths; gives the address."""
    bodies: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = bodies.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()

        def start(served: dict[str, bytes]) -> str:
            bodies.update(served)
            return f"http://127.0.0.1:{server.server_port}"

        yield start
        server.shutdown()


def package(version: str, *links: str, to: str = "en") -> dict[str, object]:
    return {"from_code": "es", "to_code": to, "package_version": version, "links": list(links)}


def test_the_newest_argos_package_into_english_is_found(serve: Serve) -> None:
    index = [
        package("1.9", "https://x.example/old.argosmodel"),
        package("1.10", "ipfs://x", "https://x.example/new.argosmodel"),
        package("2.0", "https://x.example/other.argosmodel", to="pt"),
    ]
    url = serve({"/index.json": json.dumps(index).encode()}) + "/index.json"
    assert [file.url for file in published("es", "argos", url)] == ["https://x.example/new.argosmodel"]
    with pytest.raises(EngineMissing, match="none from 'pt'"):
        published("pt", "argos", url)


@pytest.mark.parametrize("body", [b"<html>", b"[1]", b'[{"from_code": "es", "to_code": "en"}]'])
def test_an_index_that_cannot_be_read_says_what_to_do(serve: Serve, body: bytes) -> None:
    address = serve({"/index.json": body})
    with pytest.raises(EngineFailed, match="give it with --from"):
        published("es", "argos", f"{address}/index.json")
    with pytest.raises(EngineFailed, match="404"):
        published("es", "firefox", address)


def record(name: str, content: bytes, version: str = "1.0", kind: str = "model") -> dict[str, object]:
    attachment = {"location": f"files/{name}", "hash": hashlib.sha256(content).hexdigest()}
    pair = {"fromLang": "pt", "toLang": "en"}
    return {**pair, "name": name, "fileType": kind, "version": version, "attachment": attachment}


def test_a_firefox_model_is_fetched_file_by_file_checked_and_installed(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ARGOS_PACKAGES_DIR", str(tmp_path / "none"))
    files = {file.name: file.read_bytes() for file in tiny.firefox_folder(tmp_path / "f").iterdir()}
    records = [record(name, content, kind=name.split(".")[0]) for name, content in files.items()]
    records += [record("model.pten.bin", b"x", "2.0a1"), record("quality.bin", b"x", kind="qualityModel")]
    records += [record("model.pten.bin", b"x", "0.9")]
    address = serve({f"/files/{name}": content for name, content in files.items()})
    root = {"capabilities": {"attachments": {"base_url": f"{address}/"}}}
    serve({"/v1/": json.dumps(root).encode(), RECORDS: json.dumps({"data": records}).encode()})
    command = ["models", "install", "pt", "--engine", "firefox", "--index", f"{address}/v1"]
    last = list(files)[-1]
    serve({f"/files/{last}": b"spoilt"})
    assert "SHA-256" in str(CliRunner().invoke(cli, command).exception)
    serve({f"/files/{last}": files[last]})
    assert "installed firefox for pt" in CliRunner().invoke(cli, command).output
    assert not list((tmp_path / "data/models/downloads").iterdir())
    with pytest.raises(EngineMissing):
        published("es", "firefox", f"{address}/v1")
