"""Spanish → Portuguese by rule with Apertium's es-pt, one long-lived pipe."""

import re
import shutil
import subprocess
from pathlib import Path

from monitor.errors import EngineFailed, EngineMissing
from monitor.steps.translate.pipes import NullPipe

MODES = Path("/usr/share/apertium/modes")
DATA = Path("/usr/share/apertium/apertium-es-pt")

_RESERVED = re.compile(r"([\\/\[\]{}^$@<>])")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
#: a full stop that closes the text for the tagger and is taken away again
_CLOSING = ".[][\n]"
_SUPERBLANK = re.compile(r"(?<!\\)\[[^\]]*\]")


class Apertium:
    """``es-pt``: European Portuguese served the model better than ``es-pt_BR`` (engines measured, note 0041).

    :param mode: name of a mode below ``modes``.
    :param timeout: seconds one sentence may take.
    """

    def __init__(self, mode: str = "es-pt", modes: Path = MODES, timeout: float = 10.0) -> None:
        self._path = modes / f"{mode}.mode"
        self._pipe = NullPipe(self._command, "Apertium", timeout)

    def translate(self, sentence: str) -> str:
        """One line in Portuguese; unknown words stand as they were, marked ``*`` before them.

        ``@`` and ``#`` marks are taken away. Characters that Apertium reserves come back unchanged.

        :raises EngineError: when Apertium is missing, hangs or dies.
        """
        line = " ".join(sentence.split())
        answer = self._pipe.ask(_RESERVED.sub(r"\\\1", line) + _CLOSING)
        answer = _SUPERBLANK.sub("", answer).removesuffix(".")
        answer = re.sub(r"(?<![\\\w])[@#](?=\w)", "", answer)
        return _ESCAPED.sub(r"\1", answer)

    def close(self) -> None:
        """End the pipe."""
        self._pipe.close()

    def _command(self) -> str:
        """The mode's own pipeline, with NUL flushing: plain ``apertium -z`` drops the NULs."""
        program = shutil.which("apertium-wblank-mode")
        if program is None or not self._path.is_file():
            raise EngineMissing(
                "Apertium's es-pt is not installed; run: apt-get install apertium apertium-es-pt"
            )
        done = subprocess.run([program, "-z", str(self._path)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise EngineFailed(f"Apertium's mode {self._path} cannot be read: {done.stderr.strip()[:200]}")
        return done.stdout.replace("$1", "-g").replace("$2", "")


class Words:
    """Whether a word belongs to a language, asked of Apertium's own analyser; its data (GPL-2) is not copied.

    :param language: "es" or "pt".
    """

    def __init__(self, language: str, data: Path = DATA) -> None:
        self._file = data / ("es-pt.automorf.bin" if language == "es" else "pt-es.automorf.bin")
        self._pipe = NullPipe(self._command, "Apertium's word list")
        self._known: dict[str, bool] = {}

    def __contains__(self, word: object) -> bool:
        if not isinstance(word, str) or not word.isalpha():
            return False
        if word not in self._known:
            self._known[word] = "/*" not in self._pipe.ask(word + " ")
        return self._known[word]

    def close(self) -> None:
        """End the pipe."""
        self._pipe.close()

    def _command(self) -> str:
        if shutil.which("lt-proc") is None or not self._file.is_file():
            raise EngineMissing(
                "Apertium's es-pt is not installed; run: apt-get install apertium apertium-es-pt"
            )
        return f"exec lt-proc -z -w '{self._file}'"
