"""What tests of the embedded server share: clients in processes of their own, a look at the server."""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psycopg

FAST = {"fsync": "off"}
_CLIENT = """
import sys
from pathlib import Path
from monitor.errors import MonitorError
from monitor.storage.embedded import EmbeddedPostgres
try:
    with EmbeddedPostgres(Path(sys.argv[1]), {"fsync": "off"}) as server:
        print(server.url, flush=True)
        sys.stdin.read()
except MonitorError as error:
    print(f"{type(error).__name__}: {error}", flush=True)
"""


class Client:
    """A process that uses a data folder until its standard input is closed."""

    def __init__(self, folder: Path, prefix: Sequence[str] = ()) -> None:
        command = [*prefix, sys.executable, "-c", _CLIENT, str(folder)]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, text=True, cwd=Path(__file__).parents[2]
        )

    def says(self) -> str:
        """Its first line: the address, or the error."""
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def leave(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        assert self.process.wait(30) == 0

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(30)


@contextlib.contextmanager
def client(folder: Path, prefix: Sequence[str] = ()) -> Iterator[Client]:
    """A client that is surely gone afterwards."""
    it = Client(folder, prefix)
    try:
        yield it
    finally:
        it.kill()
        for stream in (it.process.stdin, it.process.stdout):
            assert stream
            with contextlib.suppress(BrokenPipeError):
                stream.close()


def run_sql(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def server_pid(folder: Path) -> int:
    return int((folder / "postgres" / "data" / "postmaster.pid").read_text().split("\n")[0])


def is_locked(path: Path) -> bool:
    """Whether any process holds a lock on the file."""
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def runs(folder: Path) -> bool:
    return is_locked(folder / "postgres" / "server.lock")


def stopped(folder: Path) -> bool:
    """Whether no server runs; a watching process that looks at the lock too may hold it for a moment."""
    return eventually(lambda: not runs(folder), 5)


def watchers(folder: Path) -> list[int]:
    """The processes that wait to stop this folder's server."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            text = (entry / "cmdline").read_bytes()
            if b"monitor-database-watch" in text and bytes(folder / "postgres") in text:
                found.append(int(entry.name))
    return found


def kill(*pids: int) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def eventually(true: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
