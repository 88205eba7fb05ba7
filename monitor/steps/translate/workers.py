"""Model processes: as many as there are cores, each busy with one sentence at a time."""

import os
import queue
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.errors import EngineFailed
from monitor.steps.translate.pipes import NullPipe
from monitor.steps.translate.serve import FAILED

_SERVER = Path(__file__).with_name("serve.py")


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0))


class Workers:
    """One model behind several processes. Safe for many threads.

    :param kind: a key of ``serve.KINDS``.
    :param folder: the model's folder.
    :param count: processes; each starts when it is first needed.
    """

    def __init__(self, kind: str, folder: Path, count: int, timeout: float = 20.0) -> None:
        self._folder = folder
        command = shlex.join([sys.executable, "-P", str(_SERVER), kind, str(folder)])
        self._pipes = [
            NullPipe(lambda: f"exec {command}", f"the model in {folder}", timeout) for _ in range(count)
        ]
        # last in, first out: with little to do, one process serves and the others are never started
        self._free: queue.LifoQueue[NullPipe] = queue.LifoQueue()
        for pipe in self._pipes:
            self._free.put(pipe)

    def translate(self, sentence: str) -> str:
        """One sentence in English.

        :raises EngineFailed: when the model cannot be loaded, breaks or hangs; the next call starts it anew.
        """
        with self._borrowed() as pipe:
            answer = pipe.ask(sentence)
        if answer.startswith(FAILED):
            reason = answer.removeprefix(FAILED)
            raise EngineFailed(
                f"the model in {self._folder} cannot translate: {reason}; reinstall it or use another"
            )
        return answer

    def close(self) -> None:
        """End the processes."""
        for pipe in self._pipes:
            pipe.close()

    @contextmanager
    def _borrowed(self) -> Iterator[NullPipe]:
        pipe = self._free.get()
        try:
            yield pipe
        finally:
            self._free.put(pipe)
