"""PostgreSQL under the data folder: started when needed, shared by all processes, stopped by the last."""

import contextlib
import errno
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from psycopg.pq import PGconn, Ping

from monitor.errors import DataFolderError
from monitor.storage.embedded import locks
from monitor.storage.embedded.cluster import NAME, PATIENCE, Cluster, explain
from monitor.storage.embedded.owner import check_owner, open_private

__all__ = ["EmbeddedPostgres", "start_embedded"]


class EmbeddedPostgres:
    """The server of one data folder, for as long as a ``with`` block lasts.

    Several processes share it. After any kind of kill the next start recovers by itself: not the pid file is
    believed but locks that the kernel releases (:mod:`monitor.storage.embedded.locks`).
    """

    def __init__(self, folder: Path, options: Mapping[str, str] | None = None) -> None:
        """Name the data folder, which is made where it is missing, and settings of the server that differ."""
        self._cluster = Cluster(folder.absolute() / "postgres", options or {})
        self._users = -1
        self.url = ""

    def __enter__(self) -> Self:
        """Start or join the server.

        :raises DataFolderError: when the folder cannot be used: rights, space, another version, damage.
        """
        try:
            with _as_data_folder_error(self._cluster.folder):
                self._join()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave; the last one stops the server."""
        self.close()

    def ensure(self) -> str:
        """Start the server again if it died meanwhile; returns its address.

        :raises DataFolderError: as on entering.
        """
        with _as_data_folder_error(self._cluster.folder):
            self.url = self._reach()
        return self.url

    def close(self) -> None:
        """Leave the server, and stop it when nobody else uses it; may be called twice."""
        users, self._users = self._users, -1
        if users < 0:
            return
        try:
            if locks.try_lock(users):
                self._stop()
            elif not locks.try_lock(users, shared=True):
                # The watching process was quicker: wait until it has stopped the server.
                locks.wait_for_lock(users, PATIENCE, shared=True)
        finally:
            os.close(users)

    def _stop(self) -> None:
        """Stop the server, if one runs, and wait until all its processes are gone."""
        # Whoever removed the folder while we used it has no data left to keep safe.
        with contextlib.suppress(FileNotFoundError), _opened(self._cluster.folder / locks.SERVER) as server:
            if not locks.try_lock(server):
                self._cluster.stop()
                locks.wait_for_lock(server, PATIENCE)

    def _join(self) -> None:
        folder = self._cluster.folder
        folder.parent.mkdir(parents=True, exist_ok=True)
        _make(folder)
        check_owner(folder)
        self._users = open_private(folder / locks.USERS)
        if not locks.wait_for_lock(self._users, PATIENCE, shared=True):
            raise DataFolderError(f"another process keeps {folder} locked; end it and start again")
        self.url = self._reach()

    def _reach(self) -> str:
        """Attach to the running server, or become the one who starts it."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            # Opened anew each time: what was handed to the server stays locked through its own copy.
            with _opened(self._cluster.folder / locks.SERVER) as server:
                if locks.try_lock(server):
                    self._start(server)
            if url := self._address():
                return url
            time.sleep(0.02)
        raise DataFolderError(
            f"the database in {self._cluster.folder} runs but does not answer; see server.log there, "
            "end it and start again"
        )

    def _start(self, server: int) -> None:
        if not self._cluster.exists():
            self._cluster.create(server)
        folder = self._cluster.folder
        with _opened(folder / locks.USERS) as users, _opened(folder / locks.SERVER) as free:
            self._cluster.watch(users, free)
        self._cluster.start(server)

    def _address(self) -> str:
        """The address of the server if it accepts connections, else nothing."""
        port = self._cluster.running_port()
        if PGconn.ping(f"host=127.0.0.1 port={port} connect_timeout=5".encode()) != Ping.OK:
            return ""
        place = f"{NAME}:{self._cluster.password()}@127.0.0.1:{port}/{NAME}"
        return f"postgresql+psycopg://{place}?require_auth=scram-sha-256"


def start_embedded(folder: Path, options: Mapping[str, str] | None = None) -> EmbeddedPostgres:
    """Start or join the server of a data folder; the caller calls ``close``.

    :raises DataFolderError: as :class:`EmbeddedPostgres`.
    """
    return EmbeddedPostgres(folder, options).__enter__()


def _make(folder: Path) -> None:
    """Make our own folder, for us alone; where root's server is another user, that one passes through it."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = open_private(path)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _as_data_folder_error(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DataFolderError(explain(folder, os.strerror(errno.ENOSPC))) from error
        reason = error.strerror or str(error)
        raise DataFolderError(
            f"{error.filename or folder} cannot be used: {reason}; mend that and start again"
        ) from error
