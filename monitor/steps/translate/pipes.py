"""Long-lived filter processes that answer each NUL-ended request with one NUL-ended answer.

Starting Apertium once a sentence gives 363 words a second, one living pipe 18,000 (docs/decisions/0041).
"""

import contextlib
import os
import selectors
import signal
import subprocess
import threading
import time
import weakref
from collections.abc import Callable

from monitor.errors import EngineFailed, EngineMissing

_CHUNK = 1 << 15


class NullPipe:
    """One such process, started at the first request and again after it broke. Safe for many threads.

    :param command: gives the shell command; called at each start; may raise EngineMissing.
    :param name: what people know it by.
    :param timeout: seconds one answer may take.
    """

    def __init__(self, command: Callable[[], str], name: str, timeout: float = 10.0) -> None:
        self._command, self._name, self._timeout = command, name, timeout
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._end: Callable[[], object] = bool

    def ask(self, request: str) -> str:
        """The answer to one request; NUL characters in it are dropped.

        :raises EngineMissing: when the program cannot be started.
        :raises EngineFailed: when it ends, hangs or answers what is no text; the next request starts it anew.
        """
        with self._lock:
            try:
                return self._exchange(request.replace("\0", "").encode("utf-8", "replace") + b"\0").decode()
            except (OSError, EOFError, UnicodeDecodeError) as error:
                self._stop()
                reason = str(error) or type(error).__name__
                raise EngineFailed(
                    f"{self._name} broke ({reason}); it starts anew with the next text"
                ) from error

    def close(self) -> None:
        """End the process; a later request would start it again."""
        with self._lock:
            self._stop()

    def _exchange(self, data: bytes) -> bytes:
        process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        deadline, answer = time.monotonic() + self._timeout, bytearray()
        with selectors.PollSelector() as ready:  # nothing to set up and close, as epoll has
            ready.register(process.stdin, selectors.EVENT_WRITE)
            ready.register(process.stdout, selectors.EVENT_READ)
            while not answer.endswith(b"\0"):
                events = ready.select(max(deadline - time.monotonic(), 0))
                if not events:
                    raise TimeoutError(f"no answer within {self._timeout:g} s")
                for key, mask in events:
                    if mask & selectors.EVENT_WRITE:
                        data = data[os.write(key.fd, data[:_CHUNK]) :]
                        if not data:
                            ready.unregister(process.stdin)
                    else:
                        answer += _read(key.fd)
        return bytes(answer[:-1])

    def _start(self) -> subprocess.Popen[bytes]:
        environment = dict(os.environ, LC_ALL="C.UTF-8")
        try:
            # a session of its own: one signal ends the whole pipe, and Ctrl-C at the terminal does not
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", self._command()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            raise EngineMissing(f"{self._name} cannot be started: {error.strerror}") from error
        # also ends it when the pipe is forgotten or the program exits
        self._end = weakref.finalize(self, _ended, self._process)
        assert self._process.stdin is not None
        os.set_blocking(self._process.stdin.fileno(), False)
        return self._process

    def _stop(self) -> None:
        self._process = None
        self._end()


def _ended(process: subprocess.Popen[bytes]) -> None:
    """Kill a process with all it started, and give its pipes back."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _read(descriptor: int) -> bytes:
    piece = os.read(descriptor, _CHUNK)
    if not piece:
        raise EOFError("it ended in the middle of a sentence")
    return piece
