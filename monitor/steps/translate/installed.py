"""Models that lie on this machine, and which of them is best."""

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from monitor.model import Provenance
from monitor.steps.translate.route import Route
from monitor.steps.translate.workers import Workers

LANGUAGES = ("es", "pt")


@dataclass(frozen=True, slots=True)
class Quality:
    """BLEU and chrF on flores-dev and where the figures come from."""

    bleu: float
    chrf: float
    source: str


#: (engine, language) → measured quality; "auto" takes the highest BLEU among what is installed
QUALITY = {
    ("embedded", "pt"): Quality(46.0, 69.5, "benchmarks/translation.py, 2026-11-22"),
    ("embedded", "es"): Quality(23.4, 54.9, "benchmarks/translation.py, 2026-11-25"),
    ("firefox", "pt"): Quality(
        45.8, 69.4, "the embedded model on fxtranslate, benchmarks/translation.py, 2026-11-22"
    ),
    ("firefox", "es"): Quality(27.3, 58.0, "Firefox' tiny es-en output published for flores-dev"),
    ("argos", "es"): Quality(25.3, 0.0, "Argos' output published for flores-dev"),
    ("argos", "pt"): Quality(0.0, 0.0, "not measured"),
}


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """One model that can be used."""

    #: "argos" or "firefox"
    engine: str
    #: language it translates into English, ISO 639-1
    language: str
    folder: Path
    version: str = ""

    @property
    def release(self) -> tuple[int, ...]:
        """The version's numbers, so that 1.10 comes after 1.9."""
        return tuple(int(number) for number in re.findall(r"\d+", self.version))

    @property
    def bytes(self) -> int:
        """Size on disk."""
        return sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file())


class PackagedRoute(Route):
    """An installed Argos or Firefox model."""

    def __init__(self, model: InstalledModel, workers: int) -> None:
        self._model = model
        self._workers = Workers(model.engine, model.folder, workers)

    def translate(self, sentence: str) -> str:
        """One sentence in English; see :meth:`Route.translate`."""
        return self._workers.translate(sentence)

    def provenance(self) -> Provenance:
        """The model's folder name and version."""
        return Provenance(self._model.engine, self._model.folder.name, self._model.version)

    def close(self) -> None:
        """End the model's processes."""
        self._workers.close()


def argos_folder() -> Path:
    """Where argostranslate keeps its packages; its import would make the folder, so it is not asked."""
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return Path(os.environ.get("ARGOS_PACKAGES_DIR") or home / "argos-translate" / "packages")


def installed_models(models: Path) -> list[InstalledModel]:
    """Every usable model of our folder and of argostranslate's own, ours first, broken ones left out."""
    found = [_argos(folder) for place in (models / "argos", argos_folder()) for folder in _folders(place)]
    found += [_firefox(folder) for folder in _folders(models / "firefox")]
    return [model for model in found if model is not None and model.language in LANGUAGES]


def argos_metadata(folder: Path) -> dict[str, object]:
    """What an Argos package says about itself, empty where it cannot be read."""
    try:
        data = json.loads((folder / "metadata.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _folders(place: Path) -> list[Path]:
    try:
        return sorted(path for path in place.iterdir() if path.is_dir() and not path.name.startswith("."))
    except OSError:
        return []


def _argos(folder: Path) -> InstalledModel | None:
    data = argos_metadata(folder)
    is_whole = (folder / "model" / "model.bin").is_file() and any(
        (folder / name).is_file() for name in ("sentencepiece.model", "bpe.model")
    )
    if data.get("to_code") != "en" or not is_whole:
        return None
    return InstalledModel("argos", str(data.get("from_code")), folder, str(data.get("package_version", "")))


def _firefox(folder: Path) -> InstalledModel | None:
    pairs = [file.name.split(".")[1] for file in folder.glob("model.*.bin")]
    if (
        len(pairs) != 1
        or len(pairs[0]) != 4
        or not pairs[0].endswith("en")
        or not list(folder.glob("*vocab.*.spm"))
    ):
        return None
    return InstalledModel("firefox", pairs[0][:2], folder)
