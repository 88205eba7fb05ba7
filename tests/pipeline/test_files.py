"""Analysts' files: a bad edit never takes the running one away."""

from pathlib import Path

import pytest

from monitor.config.watchlist import load_watchlist
from monitor.errors import ConfigError
from monitor.pipeline.files import in_force, watchlist_in_force
from monitor.storage.session import Database
from monitor.storage.watchlist import watchlist_log
from tests.fakes import NOW
from tests.pipeline.conftest import WATCHLIST


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "watchlist.yaml"
    file.write_text(WATCHLIST, encoding="utf-8")
    return file


def test_a_good_file_is_in_force(database: Database, path: Path) -> None:
    first = in_force(database, path, load_watchlist, NOW)
    assert (first.source, first.error) == (WATCHLIST, "")
    assert in_force(database, path, load_watchlist, NOW) == first


def test_a_bad_edit_leaves_the_last_good_one_in_force(database: Database, path: Path) -> None:
    watchlist_in_force(database, path, "ana", NOW)
    path.write_text("topics: [", encoding="utf-8")
    kept = watchlist_in_force(database, path, "ana", NOW)
    assert [topic.id for topic in kept.watchlist.topics] == ["iran", "cuba"]
    assert "watchlist.yaml" in kept.error
    path.write_text(WATCHLIST, encoding="utf-8")
    assert watchlist_in_force(database, path, "ana", NOW).error == ""


def test_a_bad_first_file_is_an_error(database: Database, path: Path) -> None:
    path.write_text("topics: [", encoding="utf-8")
    with pytest.raises(ConfigError):
        watchlist_in_force(database, path, "ana", NOW)


def test_every_change_is_kept_with_who_and_what(database: Database, path: Path) -> None:
    assert watchlist_in_force(database, path, "ana", NOW).versions == {"iran": 1, "cuba": 1}
    path.write_text(WATCHLIST.replace("query: Cuba", "query: Cuba OR Habana"), encoding="utf-8")
    assert watchlist_in_force(database, path, "eva", NOW).versions == {"iran": 1, "cuba": 2}
    with database.session() as session:
        newest, first = watchlist_log(session)
    assert (newest.who, newest.changes["changed"]) == ("eva", ["cuba"])
    assert first.changes["added"] == ["iran", "cuba"]


def test_a_version_that_is_no_longer_understood_counts_as_all_new(
    database: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watchlist_in_force(database, path, "ana", NOW)
    with database.session() as session:
        from monitor.storage.tables import WatchlistVersionRow

        session.get_one(WatchlistVersionRow, 1).source = "topics: ["
        session.commit()
    path.write_text(WATCHLIST.replace("query: Cuba", "query: Cuba OR Habana"), encoding="utf-8")
    watchlist_in_force(database, path, "ana", NOW)
    with database.session() as session:
        assert watchlist_log(session)[0].changes["added"] == ["iran", "cuba"]
