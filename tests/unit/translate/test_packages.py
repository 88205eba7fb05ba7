import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from monitor.errors import EngineFailed, EngineMissing
from monitor.steps.translate import packages
from monitor.steps.translate.installed import installed_models
from monitor.steps.translate.packages import download, install, remove
from tests.unit.translate import tiny


def zip_of(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def broken(name: str, folder: Path) -> Path:
    path = folder / "x.argosmodel"
    metadata = json.dumps({"from_code": "es", "to_code": "en"}).encode()
    if name == "missing":
        return path
    if name == "not-zip":
        path.write_bytes(b"no zip")
    elif name == "bad-crc":
        content = zip_of(path, {"metadata.json": metadata}).read_bytes()
        path.write_bytes(content.replace(metadata, b"x" * len(metadata), 1))
    elif name == "outside":
        zip_of(path, {"../../evil.txt": b"x"})
    elif name == "no-metadata":
        zip_of(path, {"model/model.bin": b"x", "sentencepiece.model": b"x"})
    elif name == "junk-model":
        zip_of(path, {"a/metadata.json": metadata, "a/model/model.bin": b"x", "a/sentencepiece.model": b"x"})
    else:
        tiny.zipped(tiny.argos_folder(folder / "pt_en", "pt"), path)
    return path


@pytest.mark.parametrize(
    "name", ["missing", "not-zip", "bad-crc", "outside", "no-metadata", "junk-model", "other-language"]
)
def test_a_broken_package_changes_nothing(name: str, tmp_path: Path) -> None:
    models = tmp_path / "models"
    good = install(tiny.argos_folder(tmp_path / "good"), "es", "argos", models)
    with pytest.raises(EngineFailed, match="nothing was changed"):
        install(broken(name, tmp_path), "es", "argos", models)
    assert installed_models(models) == [good]
    assert [path.name for path in (models / "argos").iterdir()] == [good.folder.name]


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "MOST_BYTES", 10)
    with pytest.raises(EngineFailed, match="more than 10 bytes"):
        install(zip_of(tmp_path / "x.zip", {"a": b"x" * 11, "b": b""}), "es", "argos", tmp_path)


def test_a_new_version_takes_the_place_of_the_same_one(tmp_path: Path) -> None:
    for number in (1, 2):
        model = install(tiny.argos_folder(tmp_path / str(number)), "es", "argos", tmp_path / "models")
    assert installed_models(tmp_path / "models") == [model]
    firefox = install(tiny.firefox_folder(tmp_path / "f"), "pt", "firefox", tmp_path / "models")
    assert firefox.folder.name == "pten"
    assert remove("es", "argos", tmp_path / "models") == [model.folder]
    with pytest.raises(EngineMissing, match="no argos model"):
        remove("es", "argos", tmp_path / "models")


@contextmanager
def served(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/x.argosmodel"
        server.shutdown()


def say(status: int, body: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def test_a_download_is_told_about_and_checked(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    with served(say(200, b"hello")) as url:
        path = download(url, tmp_path, progress=lambda there, total: seen.append((there, total)))
        assert path.read_bytes() == b"hello"
        assert seen[-1] == (5, 5)
        with pytest.raises(EngineFailed, match="SHA-256"):
            download(url, tmp_path, sha256="AB")
        assert not (tmp_path / ".x.argosmodel.part").exists()


def test_a_part_that_is_the_whole_is_taken(tmp_path: Path) -> None:
    (tmp_path / ".x.argosmodel.part").write_bytes(b"hello")
    with served(say(416, b"")) as url:
        assert download(url, tmp_path).read_bytes() == b"hello"


def test_a_server_that_refuses_or_never_stops_is_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(say(404, b"")) as url, pytest.raises(EngineFailed, match="404"):
        download(url, tmp_path)
    monkeypatch.setattr(packages, "MOST_BYTES", 3)
    with served(say(200, b"hello")) as url, pytest.raises(EngineFailed, match="more than 3 bytes"):
        download(url, tmp_path)
