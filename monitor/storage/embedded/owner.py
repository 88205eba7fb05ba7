"""Which user the server runs as, and how a process of that user reaches the data.

PostgreSQL refuses to run as root, and no folder's permissions may be changed for it. So root starts it
through util-linux ``setpriv`` as an existing unprivileged user. Where folders above the data or the program
are closed to that user (``/root``, pytest's folders), the server alone gets the capability to pass them
(dac_read_search); its SQL role is no superuser, so no query can read other files with it.
"""

import os
import pwd
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.errors import DataFolderError

#: the first of these that the system knows runs a server that root started
USERS = ("monitor", "postgres", "nobody")
_PASS = "+dac_read_search"


@dataclass(frozen=True, slots=True)
class Owner:
    """A user the server runs as."""

    #: numeric user and group
    uid: int
    gid: int
    #: what is put before a command so that it runs as that user; empty: it is us
    prefix: tuple[str, ...] = ()

    def give(self, path: Path) -> None:
        """Hand a file or folder of ours to the user."""
        if self.prefix:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def open_private(path: Path, flags: int = 0) -> int:
    """Open, and where needed make, a file that only we and root may read; returns its descriptor.

    Made by root inside another user's folder, it is given to that user, who may come back without root.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | flags, 0o600)
    if os.geteuid() == 0:
        folder = path.parent.stat()
        os.fchown(descriptor, folder.st_uid, folder.st_gid)
    return descriptor


def check_owner(path: Path) -> None:
    """Refuse early what only its owner or root may use.

    :raises DataFolderError: when ``path`` belongs to somebody else and we are not root.
    """
    uid = path.stat().st_uid
    if os.geteuid() not in (0, uid):
        raise DataFolderError(f"{path} belongs to {_name(uid)}; start monitor as that user or as root")


def find_owner(path: Path, folder: Path, program: Path) -> Owner:
    """Say who runs the server: we, or where we are root the owner of ``path``, or else an unprivileged user.

    :param folder: the folder to which that user must get
    :param program: the binary that the user must be able to run
    :raises DataFolderError: when that user cannot reach one of them, or somebody else owns ``path``.
    """
    check_owner(path)
    status = path.stat()
    if os.geteuid() != 0:
        return Owner(status.st_uid, status.st_gid)
    uid, gid = (status.st_uid, status.st_gid) if status.st_uid else _unprivileged()
    return Owner(uid, gid, _way_in(uid, gid, folder, program))


def _unprivileged() -> tuple[int, int]:
    for name in USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid:
            return entry.pw_uid, entry.pw_gid
    raise DataFolderError(
        f"root may not run the database, and none of the users {', '.join(USERS)} exists; make one"
    )


def _way_in(uid: int, gid: int, folder: Path, program: Path) -> tuple[str, ...]:
    """Find the weakest ``setpriv`` with which the user gets to the folder and to the program."""
    plain = ("setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups")
    capable = (*plain, "--securebits=+no_setuid_fixup", f"--inh-caps={_PASS}", f"--ambient-caps={_PASS}")
    for prefix in (plain, capable):
        if _succeeds([*prefix, "test", "-x", str(folder), "-a", "-x", str(program)]):
            return prefix
    closed = next(_closed((folder, program)), None)
    if closed is None:
        raise DataFolderError(
            f"root may not start programs as {_name(uid)} here; start monitor as a normal user"
        )
    raise DataFolderError(
        f"the database must run as {_name(uid)}, who may not enter {closed}; "
        "start monitor as the owner of that folder, or put the data and the program where others may pass"
    )


def _succeeds(command: Sequence[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False, cwd="/").returncode == 0
    except FileNotFoundError:
        raise DataFolderError(
            "root may not run the database, and setpriv (Debian package util-linux), which would start it "
            "as another user, is missing; install it or start monitor as a normal user"
        ) from None


def _closed(paths: Sequence[Path]) -> Iterator[Path]:
    """The folders above some paths that others may not enter, outermost first."""
    for path in paths:
        for folder in reversed(path.resolve().parents):
            if not folder.stat().st_mode & 0o001:
                yield folder


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
