"""Who runs the server: a normal user as himself, root as somebody else, no folder opened for it."""

import os
import pwd
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor.errors import DatabaseUnavailable, DataFolderError, MonitorError
from monitor.storage.embedded import EmbeddedPostgres, owner
from monitor.storage.session import Database, open_database
from tests.storage.helpers import FAST, client, run_sql, server_pid, stopped

NOBODY = 65534
#: a normal user who may read the program in root's folders, so that the tests can run it
AS_NOBODY = (
    "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--securebits=+no_setuid_fixup",
    "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search",
)  # fmt: skip


def _modes(folder: Path) -> dict[Path, tuple[int, int, int]]:
    return {each: ((s := each.stat()).st_mode, s.st_uid, s.st_gid) for each in (folder, *folder.parents)}


def _user_of(pid: int) -> int:
    return Path(f"/proc/{pid}").stat().st_uid


@pytest.mark.usefixtures("as_root")
def test_root_starts_it_as_somebody_else_and_opens_no_folder(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    folder = closed / "data"
    folder.mkdir()
    folder.chmod(0o700)
    before = _modes(folder)
    users = Path("/etc/passwd").read_text()
    with EmbeddedPostgres(folder, FAST) as server:
        assert _user_of(server_pid(folder)) not in (0, os.getuid())
        assert run_sql(server.url, "SELECT '[1]'::vector::text") == [("[1]",)]
    assert _modes(folder) == before
    assert Path("/etc/passwd").read_text() == users


@pytest.mark.usefixtures("as_root")
def test_an_open_way_needs_no_capability(folder: Path) -> None:
    assert owner._way_in(NOBODY, NOBODY, Path("/tmp"), Path("/usr/bin/env"))[-1] == "--clear-groups"
    assert "dac_read_search" in owner._way_in(NOBODY, NOBODY, folder, Path("/usr/bin/env"))[-1]


@pytest.mark.usefixtures("as_root")
def test_a_closed_way_without_the_capability_is_told_with_the_folder_and_changes_nothing(
    tmp_path: Path,
) -> None:
    tmp_path.chmod(0o700)
    before = _modes(tmp_path)
    with client(tmp_path / "data", ["setpriv", "--bounding-set=-dac_read_search"]) as user:
        told = user.says()
    assert told.startswith("DataFolderError: the database must run as ")
    assert "who may not enter /" in told
    assert _modes(tmp_path) == before


@pytest.mark.usefixtures("as_root")
def test_root_without_the_right_to_change_users_is_told_so(tmp_path: Path) -> None:
    with client(tmp_path / "data", ["setpriv", "--bounding-set=-setuid"]) as user:
        assert "DataFolderError: " in (told := user.says())
    assert "start monitor as" in told


@pytest.fixture
def nobodys() -> Iterator[Path]:
    """A folder of a normal user in a place that everybody may enter."""
    folder = Path(subprocess.run(["mktemp", "-d"], capture_output=True, text=True, check=True).stdout.strip())
    os.chown(folder, NOBODY, NOBODY)
    yield folder
    subprocess.run(["rm", "-rf", str(folder)], check=True)


@pytest.mark.usefixtures("as_root")
def test_a_normal_user_runs_it_as_himself_and_root_may_join_and_come_first(nobodys: Path) -> None:
    data = nobodys / "data"
    with client(data, AS_NOBODY) as user:
        assert user.says().startswith("postgresql+psycopg://")
        assert _user_of(server_pid(data)) == NOBODY
        with EmbeddedPostgres(data, FAST) as server:
            run_sql(server.url, "CREATE TABLE kept (n int)")
        user.leave()
    with EmbeddedPostgres(data, FAST):
        assert _user_of(server_pid(data)) == NOBODY
    with client(data, AS_NOBODY) as user:
        assert run_sql(user.says(), "SELECT * FROM kept") == []
        user.kill()
        assert stopped(data)


@pytest.mark.usefixtures("as_root")
def test_root_in_a_normal_users_folder_leaves_files_that_the_user_can_use(nobodys: Path) -> None:
    (nobodys / "postgres").mkdir()
    os.chown(nobodys / "postgres", NOBODY, NOBODY)
    with EmbeddedPostgres(nobodys, FAST):
        assert _user_of(server_pid(nobodys)) == NOBODY
    with client(nobodys, AS_NOBODY) as user:
        assert run_sql(user.says(), "SELECT 1") == [(1,)]
        user.leave()


@pytest.mark.usefixtures("as_root")
def test_a_normal_user_is_told_whose_folder_it_is(nobodys: Path) -> None:
    with EmbeddedPostgres(nobodys, FAST):
        pass
    with client(nobodys, AS_NOBODY) as user:
        assert user.says().endswith(
            f"{nobodys}/postgres belongs to root; start monitor as that user or as root"
        )


@pytest.mark.usefixtures("as_root")
def test_a_folder_that_a_normal_user_may_not_write_is_one_sentence(nobodys: Path) -> None:
    nobodys.chmod(0o500)
    with client(nobodys / "data", AS_NOBODY) as user:
        told = user.says()
    assert (
        told
        == f"DataFolderError: {nobodys}/data cannot be used: Permission denied; mend that and start again"
    )


# Every branch without being root, with the system's answers made up.


def test_a_normal_user_needs_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status = tmp_path.stat()
    os.chown(tmp_path, status.st_uid or NOBODY, status.st_gid) if status.st_uid == 0 else None
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid)
    found = owner.find_owner(tmp_path, tmp_path, Path("/bin/true"))
    assert (found.uid, found.prefix) == (tmp_path.stat().st_uid, ())
    found.give(tmp_path / "missing: nothing is done to it")
    lock = owner.open_private(tmp_path / "lock")
    os.close(lock)


def test_what_root_makes_belongs_to_the_folders_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    os.close(owner.open_private(tmp_path / "lock"))
    assert (tmp_path / "lock").stat().st_uid == tmp_path.stat().st_uid


def test_the_first_known_user_is_taken_and_never_root(monkeypatch: pytest.MonkeyPatch) -> None:
    def known(name: str) -> object:
        if name == "monitor":
            raise KeyError(name)
        return pwd.struct_passwd((name, "x", 0 if name == "postgres" else 7, 8, "", "/", ""))

    monkeypatch.setattr(pwd, "getpwnam", known)
    assert owner._unprivileged() == (7, 8)


def test_a_system_without_any_of_these_users_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owner, "USERS", ("no-such-user",))
    with pytest.raises(DataFolderError, match="none of the users no-such-user exists"):
        owner._unprivileged()


@pytest.mark.parametrize("uid", [0, 7])
def test_root_takes_the_folders_owner_or_an_unprivileged_user(
    uid: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = tmp_path.stat()
    status = os.stat_result((*real[:4], uid, 8, *real[6:]))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(Path, "stat", lambda _self: status)
    monkeypatch.setattr(owner, "_unprivileged", lambda: (9, 9))
    monkeypatch.setattr(owner, "_succeeds", lambda _command: True)
    given: list[tuple[object, ...]] = []
    monkeypatch.setattr(os, "chown", lambda *args, **_kwargs: given.append(args))
    found = owner.find_owner(tmp_path, tmp_path, Path("/bin/true"))
    assert found.uid == (uid or 9)
    found.give(tmp_path)
    assert given == [(tmp_path, found.uid, found.gid)]


@pytest.mark.parametrize(
    ("mode", "told"), [(0o700, "may not enter"), (0o755, "root may not start programs as")]
)
def test_no_way_in_names_the_closed_folder_if_there_is_one(
    mode: int, told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    real = tmp_path.stat()
    monkeypatch.setattr(owner, "_succeeds", lambda _command: False)
    monkeypatch.setattr(Path, "stat", lambda _self: os.stat_result((mode, *real[1:])))
    monkeypatch.setattr(Path, "resolve", lambda self: self)
    with pytest.raises(DataFolderError, match=told):
        owner._way_in(123456, 1, tmp_path, Path("/bin/true"))


def test_whether_a_command_succeeds_is_asked_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    assert owner._succeeds(["true"])
    assert not owner._succeeds(["false"])
    with pytest.raises(DataFolderError, match=r"setpriv \(Debian package util-linux\)"):
        owner._succeeds(["/no/such/setpriv"])


def test_a_folder_of_a_stranger_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 123456)
    with pytest.raises(DataFolderError, match=r"belongs to .*; start monitor as that user or as root"):
        owner.check_owner(tmp_path)
    assert owner._name(123456) == "user 123456"


# A full disk.


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, 90 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=90m,mode=755", "none", str(place)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_full_disk_is_told_and_loses_nothing(small_disk: Path, made: Path) -> None:
    subprocess.run(["cp", "-a", f"{made}/.", str(small_disk)], check=True)
    with EmbeddedPostgres(small_disk, FAST) as server:
        database = open_database(server.url)
        with pytest.raises(MonitorError) as caught:
            _insert_much(database)
        database.close()
    # A full disk stops the statement, or the whole server when it is the journal that finds no room.
    assert isinstance(caught.value, DataFolderError | DatabaseUnavailable)
    with EmbeddedPostgres(small_disk, FAST) as server:
        assert run_sql(server.url, "SELECT count(*) FROM rows") == [(100,)]


def test_a_disk_that_is_full_at_the_start_is_told(small_disk: Path, made: Path) -> None:
    subprocess.run(["cp", "-a", f"{made}/.", str(small_disk)], check=True)
    _fill(small_disk / "ballast")
    with pytest.raises(
        DataFolderError, match=r"the disk of .* is full; free some space there and start again"
    ):
        EmbeddedPostgres(small_disk, FAST).__enter__()
    (small_disk / "ballast").unlink()
    with EmbeddedPostgres(small_disk, FAST) as server:
        assert run_sql(server.url, "SELECT count(*) FROM rows") == [(100,)]


def test_a_disk_too_small_for_a_new_database_is_told(small_disk: Path) -> None:
    _fill(small_disk / "ballast")
    with pytest.raises(DataFolderError, match=r"the disk of .* is full"):
        EmbeddedPostgres(small_disk / "data", FAST).__enter__()
    (small_disk / "ballast").unlink()
    with EmbeddedPostgres(small_disk / "data", FAST) as server:
        assert run_sql(server.url, "SELECT 1") == [(1,)]


def _insert_much(database: Database) -> None:
    with database.session() as session:
        for _ in range(20):
            session.execute(text("INSERT INTO rows SELECT generate_series(1, 1000000)"))


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 65536)
        except OSError:
            pass
