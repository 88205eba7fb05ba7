import gzip
import hashlib
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
from monitor.steps.translate.build import best_model
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
    elif name == "bad-stream":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("metadata.json", metadata * 50)
        content = path.read_bytes()
        path.write_bytes(content[:50] + b"\xff" * 8 + content[58:])
    elif name == "bad-gzip":
        zip_of(path, {"metadata.json": metadata, "model/model.bin.gz": b"no gzip"})
    elif name == "outside":
        zip_of(path, {"../../evil.txt": b"x"})
    elif name == "no-metadata":
        zip_of(path, {"model/model.bin": b"x", "sentencepiece.model": b"x"})
    elif name == "junk-model":
        zip_of(path, {"a/metadata.json": metadata, "a/model/model.bin": b"x", "a/sentencepiece.model": b"x"})
    else:
        tiny.zipped(tiny.argos_folder(folder / "pt_en", "pt"), path)
    return path


BROKEN = """missing not-zip bad-crc bad-stream bad-gzip outside no-metadata junk-model
other-language"""


@pytest.mark.parametrize("name", BROKEN.split())
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


def test_a_package_of_gzipped_files_is_unpacked_but_not_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tiny.firefox_folder(tmp_path / "f")
    for file in list(folder.iterdir()):
        file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes(), 1))
        file.unlink()
    assert install(folder, "pt", "firefox", tmp_path / "models").folder.name == "pten"
    assert all(file.suffix == ".gz" for file in folder.iterdir())
    monkeypatch.setattr(packages, "MOST_BYTES", 1000)
    with pytest.raises(EngineFailed, match="more than 1000 bytes"):
        install(folder, "pt", "firefox", tmp_path / "models")


def test_of_two_versions_the_newer_one_serves(tmp_path: Path) -> None:
    for version in ("1.9", "1.10", "1.0"):
        install(tiny.argos_folder(tmp_path / version, version=version), "es", "argos", tmp_path / "models")
    best = best_model("auto", tmp_path / "models", "es")
    assert best is not None
    assert best.version == "1.10"


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


def say(status: int, body: bytes, *headers: tuple[str, str]) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in (("Content-Length", str(len(body))), *headers):
            handler.send_header(name, value)
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
        assert not list(tmp_path.glob(".*.part"))


def part_of(url: str, folder: Path, content: bytes) -> Path:
    """A part as an interrupted download leaves it."""
    part = folder / f".x.argosmodel-{hashlib.sha256(url.encode()).hexdigest()[:8]}.part"
    part.write_bytes(content)
    return part


def test_a_part_that_is_the_whole_is_taken(tmp_path: Path) -> None:
    with served(say(416, b"", ("Content-Range", "bytes */5"))) as url:
        part_of(url, tmp_path, b"hello")
        assert download(url, tmp_path).read_bytes() == b"hello"


def test_a_part_of_another_file_is_not_gone_on_with(tmp_path: Path) -> None:
    asked: list[str | None] = []

    def changed(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.headers.get("If-Range"))
        say(200, b"new")(handler)

    with served(say(416, b"", ("Content-Range", "bytes */3"))) as url:
        part = part_of(url, tmp_path, b"older")
        with pytest.raises(EngineFailed, match="of another file"):
            download(url, tmp_path)
        assert not part.exists()
    with served(changed) as url:
        part_of(url, tmp_path, b"older").with_suffix(".mark").write_text('"v1"')
        assert download(url, tmp_path).read_bytes() == b"new"
    assert asked == ['"v1"']
    assert [path.name for path in tmp_path.iterdir()] == ["x.argosmodel"]


def test_a_server_that_refuses_or_never_stops_is_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(say(404, b"")) as url, pytest.raises(EngineFailed, match="404"):
        download(url, tmp_path)
    monkeypatch.setattr(packages, "MOST_BYTES", 3)
    with served(say(200, b"hello")) as url, pytest.raises(EngineFailed, match="more than 3 bytes"):
        download(url, tmp_path)
