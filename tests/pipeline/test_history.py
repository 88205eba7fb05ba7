"""Versions of the watchlist, applied and compared."""

import os
from pathlib import Path
from threading import Barrier, Thread

import pytest

from monitor.config.watchlist import load_watchlist
from monitor.errors import ConfigError, InputError
from monitor.pipeline.files import apply_file, apply_text, in_force, watchlist_in_force
from monitor.pipeline.history import NONE, edition, edition_in_force, log_objects, what_changed
from monitor.storage.session import Database
from monitor.storage.tables import WatchlistVersionRow
from tests.fakes import NOW
from tests.pipeline.conftest import WATCHLIST

EDITED = WATCHLIST.replace("query: Cuba", "query: Cuba OR Habana")
LATER = EDITED.replace("title: Cuba", "title: Cuba today")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "watchlist.yaml"
    file.write_text(WATCHLIST, encoding="utf-8")
    return file


@pytest.fixture
def three(database: Database, path: Path) -> Database:
    """A store with three versions; the file holds the last."""
    for text, who, note in ((WATCHLIST, "ana", ""), (EDITED, "eva", "strike"), (LATER, "ana", "")):
        path.write_text(text, encoding="utf-8")
        apply_file(database, path, path, who, NOW, note)
    return database


def test_the_log_says_who_when_and_what(three: Database) -> None:
    newest, second, first = log_objects(three)
    assert (newest["version"], newest["changes"]["described"]) == (3, ["cuba"])
    assert (second["who"], second["note"], second["changes"]["changed"]) == ("eva", "strike", ["cuba"])
    assert (first["applied_at"], first["changes"]["added"]) == (NOW.isoformat(), ["iran", "cuba"])
    assert log_objects(three, 1) == [newest]


def test_any_two_versions_or_files_can_be_compared(three: Database, path: Path, tmp_path: Path) -> None:
    first = tmp_path / "first.yaml"
    first.write_text(WATCHLIST, encoding="utf-8")
    found, compared = what_changed(three, "", "", path)
    assert (bool(found), compared) == (False, f"from version 3 to {path}")
    found, compared = what_changed(three, "2", "", path)
    assert (found.topics[0].query.added, compared) == (("Habana",), "what version 2 changed")
    assert [topic.kind for topic in what_changed(three, "1", "", path)[0].topics] == ["added", "added"]
    assert what_changed(three, "1", "3", path)[0].topics[0].query.added == ("Habana",)
    assert what_changed(three, "2", str(first), path)[0].topics[0].query.removed == ("Habana",)
    assert what_changed(three, str(first), "", path)[1] == f"from version 3 to {first}"


def test_what_is_not_there_cannot_be_compared(three: Database, path: Path) -> None:
    with pytest.raises(InputError, match="no version 9"):
        what_changed(three, "9", "", path)
    with pytest.raises(InputError, match="write the version first"):
        what_changed(three, "a.yaml", "b.yaml", path)


def test_a_version_of_another_program_is_an_error_only_where_it_is_needed(three: Database) -> None:
    with three.session() as session:
        session.get_one(WatchlistVersionRow, 3).source = "topics: ["
        session.commit()
    with pytest.raises(InputError, match="another version of monitor"):
        edition_in_force(three)
    assert edition_in_force(three, strict=False) == (3, NONE)
    assert len(edition(three, 2).topics) == 2


def test_before_the_first_version_nothing_is_in_force(database: Database, path: Path) -> None:
    assert edition_in_force(database) == (0, NONE)
    assert log_objects(database) == []
    assert len(what_changed(database, "", "", path)[0].topics) == 2


def test_a_file_that_is_applied_lies_where_all_read_it(
    database: Database, path: Path, tmp_path: Path
) -> None:
    target = tmp_path / "own" / "watchlist.yaml"
    assert apply_file(database, path, target, "ana", NOW).number == 1
    assert target.read_text(encoding="utf-8") == WATCHLIST
    again = apply_file(database, path, target, "eva", NOW)
    assert (again.number, again.new, again.versions) == (1, False, {"iran": 1, "cuba": 1})
    assert watchlist_in_force(database, target, "eva", NOW).versions == {"iran": 1, "cuba": 1}
    assert len(log_objects(database)) == 1


def test_a_bad_file_is_not_applied(database: Database, path: Path) -> None:
    path.write_text("topics: [", encoding="utf-8")
    with pytest.raises(ConfigError):
        apply_file(database, path, path, "ana", NOW)
    assert log_objects(database) == []


def test_a_target_that_cannot_be_written_is_told(database: Database, path: Path, tmp_path: Path) -> None:
    (tmp_path / "own").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(ConfigError, match="version 1 is in force, but"):
        apply_file(database, path, tmp_path / "own" / "watchlist.yaml", "ana", NOW)


def test_two_who_apply_at_once_make_one_version(database: Database, path: Path) -> None:
    barrier, watchlist = Barrier(4), load_watchlist(path)
    made: list[bool] = []

    def apply() -> None:
        barrier.wait()
        made.append(apply_text(database, watchlist, WATCHLIST, "ana", NOW).new)

    threads = [Thread(target=apply) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [False, False, False, True]
    assert len(log_objects(database)) == 1


def test_a_file_left_behind_takes_nothing_back(three: Database, path: Path) -> None:
    path.write_text(WATCHLIST, encoding="utf-8")
    os.utime(path, (NOW.timestamp() - 60, NOW.timestamp() - 60))
    found = watchlist_in_force(three, path, "ana", NOW)
    assert found.watchlist.topics[1].title == "Cuba today"
    assert f"monitor watchlist apply {path}" in found.error
    os.utime(path, (NOW.timestamp() + 60, NOW.timestamp() + 60))
    assert watchlist_in_force(three, path, "ana", NOW).versions == {"iran": 1, "cuba": 3}


def test_a_file_never_applied_is_new_however_old_it_is(three: Database, path: Path) -> None:
    path.write_text(WATCHLIST.replace("query: Cuba", "query: Varadero"), encoding="utf-8")
    os.utime(path, (0, 0))
    assert watchlist_in_force(three, path, "ana", NOW).watchlist.topics[1].query == "Varadero"


def test_a_file_left_behind_holds_where_the_newer_one_cannot_be_read(three: Database, path: Path) -> None:
    with three.session() as session:
        session.get_one(WatchlistVersionRow, 3).source = "topics: ["
        session.commit()
    path.write_text(WATCHLIST, encoding="utf-8")
    os.utime(path, (0, 0))
    assert watchlist_in_force(three, path, "ana", NOW).watchlist.topics[1].query == "Cuba"


def test_a_file_written_while_it_is_read_is_read_again(database: Database, path: Path) -> None:
    reads: list[str] = []

    def load(file: Path) -> str:
        reads.append(file.read_text(encoding="utf-8"))
        if len(reads) == 1:
            file.write_text(EDITED, encoding="utf-8")
        return reads[-1]

    assert in_force(database, path, load, NOW).value == EDITED
    assert reads == [WATCHLIST, EDITED]


def test_the_same_error_is_kept_with_its_first_moment(database: Database, path: Path) -> None:
    watchlist_in_force(database, path, "ana", NOW)
    path.write_text("topics: [", encoding="utf-8")
    first = watchlist_in_force(database, path, "ana", NOW)
    assert watchlist_in_force(database, path, "ana", NOW.replace(hour=13)) == first


def test_a_file_that_vanishes_leaves_its_last_good_text(database: Database, path: Path) -> None:
    watchlist_in_force(database, path, "ana", NOW)
    path.unlink()
    found = in_force(database, path, load_watchlist, NOW)
    assert (found.source, len(found.value.topics)) == (WATCHLIST, 2)
    assert "there is no such file" in found.error
    with pytest.raises(ConfigError):
        in_force(database, path.with_name("never.yaml"), load_watchlist, NOW)
