"""Putting model packages in place: nothing is installed before it was shown to translate."""

import gzip
import hashlib
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path, PurePosixPath

import httpx

from monitor.errors import EngineError, EngineFailed, EngineMissing
from monitor.steps.translate.installed import InstalledModel, installed_models
from monitor.steps.translate.workers import Workers

#: (bytes there, bytes in all or 0 where unknown)
Progress = Callable[[int, int], None]
#: models of this kind are tens of megabytes; more is a mistake or a bomb
MOST_BYTES = 2_000_000_000
_SAMPLES = {"es": "El presidente viajó ayer a la capital.", "pt": "O presidente viajou ontem à capital."}


def install(source: Path, language: str, engine: str, models: Path) -> InstalledModel:
    """Install a package: an Argos ``.argosmodel`` (zip), or a folder or zip of a Firefox model.

    The package is unpacked beside the others under a hidden name, asked for a translation, and only then
    moved in place in one step, so that a broken one never disturbs what is installed.

    :param engine: "argos" or "firefox".
    :raises EngineFailed: when it is no such package or does not translate; nothing is changed then.
    """
    shelf = models / engine
    try:
        shelf.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=shelf, prefix=".new-", ignore_cleanup_errors=True) as scratch:
            _unpack(source, Path(scratch) / engine / "package")
            model = _proven(Path(scratch), language, engine)
            target = shelf / _name(model)
            _replace(model.folder, target)
    except (OSError, zipfile.BadZipFile, RuntimeError, zlib.error, EOFError, ValueError) as error:
        raise EngineFailed(f"{source} cannot be installed: {error}; nothing was changed") from error
    return InstalledModel(engine, language, target, model.version)


def remove(language: str, engine: str, models: Path) -> list[Path]:
    """Delete the installed models of a language from our folder.

    :raises EngineMissing: when there is none.
    """
    found = [
        model.folder
        for model in installed_models(models)
        if (model.language, model.engine) == (language, engine) and model.folder.is_relative_to(models)
    ]
    if not found:
        raise EngineMissing(f"no {engine} model for {language!r} is installed in {models}")
    for folder in found:
        shutil.rmtree(folder)
    return found


def download(
    url: str,
    folder: Path,
    sha256: str = "",
    progress: Progress = lambda there, all_: None,
    name: str = "",
) -> Path:
    """Fetch a package; an interrupted download goes on where it stopped.

    :param sha256: what the file's digest must be, "" for no check.
    :param name: of the file; "" for the last part of the address.
    :raises EngineFailed: when it cannot be fetched whole (a part stays for resuming) or its digest is wrong.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = PurePosixPath(name or httpx.URL(url).path).name or "package"
    # a part of another address's file of the same name must not be gone on with
    part = folder / f".{name}-{hashlib.sha256(url.encode()).hexdigest()[:8]}.part"
    if sha256 and (folder / name).is_file() and _digest(folder / name) == sha256.lower():
        return folder / name
    try:
        _fetch(url, part, progress)
    except (httpx.HTTPError, OSError) as error:
        raise EngineFailed(
            f"{url} could not be fetched: {str(error) or type(error).__name__}; try again to go on"
        ) from error
    digest = _digest(part)
    if sha256 and digest != sha256.lower():
        part.unlink()
        raise EngineFailed(
            f"{url} has the SHA-256 {digest}, not {sha256.lower()}; fetch it again or mend the sum"
        )
    part.with_suffix(".mark").unlink(missing_ok=True)
    return part.replace(folder / name)


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _fetch(url: str, part: Path, progress: Progress) -> None:
    """Go on with a part, unless the file behind the address has changed since (RFC 9110, ``If-Range``)."""
    there = part.stat().st_size if part.exists() else 0
    mark = part.with_suffix(".mark")
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={there}-"} if there else {})
    if there and mark.exists() and (known := mark.read_text()):
        headers["If-Range"] = known
    with httpx.stream("GET", url, headers=headers, follow_redirects=True, timeout=30) as answer:
        if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            _is_whole(part, answer.headers.get("Content-Range", ""))
            return
        answer.raise_for_status()
        resumed = answer.status_code == httpx.codes.PARTIAL_CONTENT
        there = there if resumed else 0
        mark.write_text(answer.headers.get("ETag") or answer.headers.get("Last-Modified") or "")
        total = there + int(answer.headers.get("Content-Length", 0))
        with part.open("ab" if resumed else "wb") as file:
            for piece in answer.iter_bytes():
                file.write(piece)
                there += len(piece)
                if there > MOST_BYTES:
                    raise OSError(f"more than {MOST_BYTES} bytes")
                progress(there, total)


def _is_whole(part: Path, stated: str) -> None:
    """Whether a part beyond which the server has nothing is all of the file (``bytes */1234``)."""
    if stated and stated.rpartition("/")[2] != str(part.stat().st_size):
        part.unlink()
        raise OSError("the part that was here is of another file and was deleted")


def _unpack(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        _unzip(source, target)
    for file in sorted(target.rglob("*.gz")):
        _gunzip(file)


def _gunzip(file: Path) -> None:
    """Firefox' models are published as single files packed with gzip."""
    with gzip.open(file) as packed, file.with_suffix("").open("wb") as plain:
        while piece := packed.read(1 << 20):
            plain.write(piece)
            if plain.tell() > MOST_BYTES:
                raise OSError(f"unpacked it would take more than {MOST_BYTES} bytes")
    file.unlink()


def _unzip(source: Path, target: Path) -> None:
    if not zipfile.is_zipfile(source):
        raise OSError("it is no zip archive and no folder")
    with zipfile.ZipFile(source) as archive:
        if sum(item.file_size for item in archive.infolist()) > MOST_BYTES:
            raise OSError(f"unpacked it would take more than {MOST_BYTES} bytes")
        outside = [
            name for name in archive.namelist() if ".." in PurePosixPath(name).parts or name.startswith("/")
        ]
        if outside:
            raise OSError(f"it holds a path outside of itself: {outside[0]}")
        archive.extractall(target)
    inner = list(target.iterdir())
    if len(inner) == 1 and inner[0].is_dir():
        inner[0].rename(target.with_name("inner"))
        target.rmdir()
        target.with_name("inner").rename(target)


def _proven(scratch: Path, language: str, engine: str) -> InstalledModel:
    """The unpacked model, after it translated a sentence."""
    found = [model for model in installed_models(scratch) if model.folder.is_relative_to(scratch)]
    fitting = [model for model in found if model.language == language]
    if not fitting:
        is_what = f"translates {found[0].language!r}" if found else f"is no {engine} model into English"
        raise OSError(f"it {is_what}, asked was {language!r}")
    workers = Workers(engine, fitting[0].folder, 1)
    try:
        workers.translate(_SAMPLES[language])
    except EngineError as error:
        raise OSError(f"it does not translate ({error})") from error
    finally:
        workers.close()
    return fitting[0]


def _name(model: InstalledModel) -> str:
    version = model.version.replace("/", "-").replace(".", "_")
    return f"{model.language}en" + (f"-{version}" if version else "")


def _replace(new: Path, target: Path) -> None:
    """Put a folder in place of another; the old one is away only for the moment between two renames."""
    old = target.with_name(f".old-{target.name}")
    shutil.rmtree(old, ignore_errors=True)
    with suppress(FileNotFoundError):
        target.rename(old)
    new.rename(target)
    shutil.rmtree(old, ignore_errors=True)
