"""``monitor watchlist log|diff|test|apply`` and ``monitor search``, as an analyst types them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from monitor.cli import cli
from monitor.errors import InputError, MonitorError
from monitor.pipeline.report import status
from monitor.storage.session import Database
from tests.pipeline.conftest import WATCHLIST
from tests.pipeline.stored import Piece, store_pieces

EDITED = WATCHLIST.replace("query: Cuba", "query: (Cuba OR Habana) NOT ballet")
PIECES = (
    Piece("Apagón en [Cuba]", title_en="Power cut in [Cuba]"),
    Piece("Huelga en La Habana", (("Paró el puerto.", "The port stopped."),), "Strike in Havana", days_ago=1),
    Piece("Ballet de Cuba", days_ago=2),
)
Run = Callable[..., Result]


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    path = tmp_path / "edited.yaml"
    path.write_text(EDITED, encoding="utf-8")
    return path


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "watchlist.yaml").write_text(WATCHLIST, encoding="utf-8")
    return folder


@pytest.fixture
def run(database: Database, config: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command line on a store with three articles."""
    store_pieces(database, *PIECES)
    monkeypatch.setenv("DATABASE_URL", database.url)
    monkeypatch.setenv("MONITOR_CONFIG", str(config))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str, exit_code: int = 0) -> Result:
        result = CliRunner().invoke(cli, list(arguments))
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == exit_code, result.output
        return result

    return run


def read(result: Result) -> Any:
    return json.loads(result.stdout)


def test_a_version_is_applied_logged_and_compared(run: Run, edited: Path, config: Path) -> None:
    assert "No version was applied yet" in run("watchlist", "log").stdout
    assert "Version 1 is in force" in run("watchlist", "apply", "--who", "ana").stdout
    done = read(run("watchlist", "apply", str(edited), "--who", "eva", "--note", "strike", "--json"))
    assert (done["version"], done["new"], done["raised"]) == (2, True, 0)
    assert (config / "watchlist.yaml").read_text(encoding="utf-8") == EDITED
    newest, first = read(run("watchlist", "log", "--json"))
    assert (newest["who"], newest["note"], newest["changes"]["changed"]) == ("eva", "strike", ["cuba"])
    assert first["changes"]["added"] == ["iran", "cuba"]
    assert "“strike”; changed: cuba" in run("watchlist", "log").stdout
    shown = run("watchlist", "diff", "2").stdout
    assert "+ Habana, NOT ballet" in shown
    assert "What version 2 changed" in shown
    assert "Nothing changed." in run("watchlist", "diff").stdout
    found = read(run("watchlist", "diff", "1", str(edited), "--json"))
    assert found["topics"][0]["query"]["added"] == ["Habana", "NOT ballet"]
    assert "has this text already" in run("watchlist", "apply", str(edited)).stdout


def test_every_kind_of_change_is_shown(run: Run, edited: Path, tmp_path: Path) -> None:
    run("watchlist", "apply", str(edited))
    other = tmp_path / "other.yaml"
    text = "lists:\n  unused: uno\n  sea: mar\n" + WATCHLIST.replace("drones", "drones AND @sea").replace(
        "title: Cuba", "title: Cuba today"
    )
    other.write_text(text, encoding="utf-8")
    shown = run("watchlist", "diff", str(other)).stdout
    for line in ("+ @sea", "− Habana, NOT ballet", "title: Cuba → Cuba today", "@sea: new, used by iran"):
        assert line in shown
    assert "@unused: new, used by no topic" in shown
    run("watchlist", "apply", str(other))
    other.write_text(text.replace("mar\n", "mar OR océano\n").replace("AND @sea", "AND @sea AND Irán"))
    shown = run("watchlist", "diff", str(other)).stdout
    assert "through @sea" in shown
    assert "(nothing) → AND Irán" in shown


def test_a_back_test_says_what_an_edit_gains_and_loses(run: Run, edited: Path, database: Database) -> None:
    first = run("watchlist", "test", "--since", "2026-01-01").stdout
    assert "the first version" in first
    run("watchlist", "apply")
    before = status(database, datetime.now(UTC))
    found = read(run("watchlist", "test", str(edited), "--since", "2026-01-01", "--json"))
    assert (found["version"], found["articles"]) == (1, 3)
    (cuba,) = found["topics"]
    assert (cuba["before"], cuba["after"], cuba["gained"], cuba["lost"]) == (2, 2, 1, 1)
    assert cuba["gained_alerts"][0]["article"]["title_en"] == "Strike in Havana"
    assert cuba["gained_alerts"][0]["evidence"][0]["term"] == "Habana"
    shown = run("watchlist", "test", str(edited), "--since", "2026-01-01").stdout
    assert "+ Strike in Havana · Huelga en La Habana (infobae, 2026-11-21)" in shown
    assert "− Ballet de Cuba" in shown
    silent = run("watchlist", "test", str(edited), "--since", "2026-01-01", "--topic", "iran").stdout
    assert "iran: Irán, drones" in silent
    assert status(database, datetime.now(UTC)) == before
    with pytest.raises(InputError, match="no topic 'china'"):
        run("watchlist", "test", str(edited), "--topic", "china")


def test_a_long_outcome_is_cut_and_says_so(run: Run, edited: Path) -> None:
    shown = run("watchlist", "test", str(edited), "--since", "2026-01-01", "--limit", "1").stdout
    assert "and 1 more (--limit 0 shows all)" in shown
    assert "Power cut in [Cuba]" in shown


def test_an_applied_version_raises_what_it_finds_in_stored_articles_once(run: Run, edited: Path) -> None:
    rematch = ("watchlist", "apply", str(edited), "--rematch", "2026-01-01")
    dry = run(*rematch, "--dry-run").stdout
    assert "Nothing was written" in dry
    assert "would raise 2 alerts" in dry
    assert read(run("watchlist", "log", "--json")) == []
    done = read(run(*rematch, "--json"))
    assert (done["alerts"], done["raised"]) == ({"cuba": 2}, 2)
    alerts = read(run("alerts", "list", "--json"))
    assert {alert["topic_version"] for alert in alerts} == {1}
    assert "raised 0 alerts" in run(*rematch).stdout


def test_a_search_shows_articles_with_their_evidence(run: Run) -> None:
    shown = run("search", "Habana", "OR", "puerto").stdout
    assert "Huelga en La Habana" in shown
    assert "puerto in text: Paró el puerto." in shown
    found = read(run("search", "Cuba", "--json", "--limit", "1"))
    assert [(one["title"], one["evidence"][0]["field"]) for one in found] == [("Apagón en [Cuba]", "title")]
    assert "There may be more" in run("search", "Cuba", "--limit", "1").stdout
    assert "0 articles." in run("search", "Cuba", "--since", "1h").stdout


def test_a_search_points_at_what_it_cannot_read(run: Run) -> None:
    with pytest.raises(MonitorError) as raised:
        run("search", "Cuba OR OR Habana")
    assert str(raised.value).splitlines()[1:] == ["  Cuba OR OR Habana", "          ^"]
    with pytest.raises(MonitorError, match="there is no list @islands"):
        run("search", "@islands")


def test_a_period_is_written_in_one_of_few_ways(run: Run) -> None:
    for period in ("soon", "30", "-1d"):
        assert "write 30d, 12h, 2w" in run("search", "Cuba", "--since", period, exit_code=2).output
