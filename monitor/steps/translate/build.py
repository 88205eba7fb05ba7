"""From the name of an engine to a translator."""

from functools import cached_property
from pathlib import Path

from monitor.errors import EngineMissing
from monitor.model.glossary import Glossary
from monitor.steps.translate.embedded import PortugueseRoute, SpanishRoute, bundled_model
from monitor.steps.translate.installed import (
    LANGUAGES,
    QUALITY,
    InstalledModel,
    PackagedRoute,
    installed_models,
)
from monitor.steps.translate.route import Route
from monitor.steps.translate.translator import SentenceTranslator
from monitor.steps.translate.workers import Workers, cores

ENGINES = ("auto", "embedded", "argos", "firefox")


def build_translator(
    engine: str, models: Path, workers: int = 0, glossary: Glossary | None = None
) -> SentenceTranslator:
    """A translator; nothing is loaded before the first sentence.

    :param engine: one of ``ENGINES``; "auto" takes the best installed one for each language.
    :param models: folder of installed models (``argos`` and ``firefox`` below it).
    :param workers: sentences in work at once, 0 for one a core.
    :raises EngineMissing: when there is no such engine.
    """
    if engine not in ENGINES:
        raise EngineMissing(f"there is no engine {engine!r}; use one of {', '.join(ENGINES)}")
    count = workers or cores()
    return SentenceTranslator(_Routes(engine, models, count), count, glossary or Glossary())


class _Routes:
    """Finds the route of a language."""

    def __init__(self, engine: str, models: Path, workers: int) -> None:
        self._engine, self._models, self._workers = engine, models, workers

    def __call__(self, language: str) -> Route:
        if language not in LANGUAGES:
            raise EngineMissing(
                f"no engine translates {language!r}; the languages are {', '.join(LANGUAGES)}"
            )
        chosen = best_model(self._engine, self._models, language)
        if chosen is not None:
            return PackagedRoute(chosen, self._workers)
        if self._engine not in ("auto", "embedded"):
            raise EngineMissing(
                f"no {self._engine} model for {language!r} is installed; "
                f"run: monitor models install {language} --engine {self._engine}"
            )
        return self._portuguese if language == "pt" else SpanishRoute(self._portuguese)

    @cached_property
    def _portuguese(self) -> PortugueseRoute:
        """One set of model processes for both languages: each takes 115 MB."""
        return PortugueseRoute(Workers("fast", bundled_model(), self._workers))


def best_model(engine: str, models: Path, language: str) -> InstalledModel | None:
    """The installed model to use, None for the embedded one.

    :param engine: "auto" compares by ``QUALITY``; another name takes only its own models. Of two of one
        engine the newer version serves.
    """
    if engine == "embedded":
        return None
    fitting = [
        model
        for model in installed_models(models)
        if model.language == language and engine in ("auto", model.engine)
    ]
    best = max(fitting, key=lambda model: (_bleu(model), model.release), default=None)
    if best is not None and engine == "auto" and _bleu(best) <= QUALITY["embedded", language].bleu:
        return None
    return best


def _bleu(model: InstalledModel) -> float:
    return QUALITY[model.engine, model.language].bleu
