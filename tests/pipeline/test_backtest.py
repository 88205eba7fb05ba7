"""What an edit would have found."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from monitor.config.watchlist import Watchlist, load_watchlist
from monitor.pipeline import scan as scan_room
from monitor.pipeline.backtest import Outcome, TopicOutcome, Wanted, backtest
from monitor.pipeline.history import NONE
from monitor.pipeline.rematch import Rematch, count_missing, missing_alerts, raise_alerts
from monitor.pipeline.report import find_alerts
from monitor.pipeline.search import SearchWanted, search
from monitor.storage.session import Database
from monitor.storage.tables import Base
from tests.fakes import NOW
from tests.pipeline.stored import Piece, store_pieces

OLD = """\
lists:
  islands: Cuba OR Habana
  trouble: apagón OR huelga OR diluvio
topics:
  - id: cuba
    title: Cuba
    query: "@islands AND @trouble"
  - id: iran
    title: Iran
    query: Irán NOT ayatolá
  - id: ports
    title: Ports
    query: puerto
"""
NEW = OLD.replace("apagón OR huelga", "apagón OR protesta").replace("  - id: ports", "  - id: harbours")
PIECES = (
    Piece("Apagón en Cuba"),
    Piece("Huelga en La Habana", days_ago=1),
    Piece(
        "Crece la protesta", (("La protesta llegó a Cuba.", "The protest reached Cuba."),), "Protest grows", 2
    ),
    Piece("El puerto de Veracruz", days_ago=40),
)


def load(tmp_path: Path, text: str) -> Watchlist:
    path = tmp_path / "edited.yaml"
    path.write_text(text, encoding="utf-8")
    return load_watchlist(path)


@pytest.fixture
def old(tmp_path: Path) -> Watchlist:
    return load(tmp_path, OLD)


@pytest.fixture
def new(tmp_path: Path) -> Watchlist:
    return load(tmp_path, NEW)


def outcome_of(outcome: Outcome, topic: str) -> TopicOutcome:
    return next(one for one in outcome.topics if one.id == topic)


def rows(database: Database) -> dict[str, int]:
    with database.session() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def test_gained_and_lost_alerts_come_with_headline_and_evidence(
    database: Database, old: Watchlist, new: Watchlist
) -> None:
    store_pieces(database, *PIECES)
    before = rows(database)
    outcome = backtest(database, old, new, Wanted())
    cuba = outcome_of(outcome, "cuba")
    assert (cuba.before, cuba.after, cuba.gained, cuba.lost) == (2, 2, 1, 1)
    (gained,), (lost,) = cuba.gained_alerts, cuba.lost_alerts
    assert (gained.article.title_en, lost.article.title) == ("Protest grows", "Huelga en La Habana")
    evidence = next(one for one in gained.evidence if one.term == "Cuba")
    assert (evidence.sentence, evidence.sentence_en) == (
        "La protesta llegó a Cuba.",
        "The protest reached Cuba.",
    )
    assert rows(database) == before


def test_topics_that_come_and_go_gain_and_lose_everything(
    database: Database, old: Watchlist, new: Watchlist
) -> None:
    store_pieces(database, *PIECES)
    outcome = backtest(database, old, new, Wanted())
    assert [one.id for one in outcome.topics] == ["harbours", "cuba", "ports"]
    assert outcome_of(outcome, "harbours").gained == outcome_of(outcome, "ports").lost == 1
    assert outcome_of(outcome, "ports").title == "Ports"


def test_terms_that_stand_in_no_article_are_named(database: Database, old: Watchlist, new: Watchlist) -> None:
    store_pieces(database, *PIECES)
    assert backtest(database, old, new, Wanted()).silent_terms == {"@trouble": ("diluvio",)}
    whole = backtest(database, old, new, Wanted(topics=("iran", "cuba"))).silent_terms
    assert whole == {"iran": ("Irán", "NOT ayatolá"), "@trouble": ("diluvio",)}


def test_a_file_that_changes_nothing_is_tested_whole(database: Database, old: Watchlist) -> None:
    store_pieces(database, *PIECES)
    outcome = backtest(database, old, old, Wanted())
    assert [(one.id, one.before, one.after, one.gained) for one in outcome.topics] == [
        ("cuba", 2, 2, 0),
        ("iran", 0, 0, 0),
        ("ports", 1, 1, 0),
    ]


def test_only_the_period_counts_and_only_so_many_are_shown(database: Database, new: Watchlist) -> None:
    store_pieces(database, *PIECES)
    outcome = backtest(database, NONE, new, Wanted(since=NOW.replace(month=10), shown=1))
    assert outcome.articles == 3
    cuba = outcome_of(outcome, "cuba")
    assert (cuba.gained, [found.article.title for found in cuba.gained_alerts]) == (2, ["Apagón en Cuba"])
    assert outcome_of(outcome, "harbours").after == 0


def test_a_threshold_counts(database: Database, old: Watchlist, tmp_path: Path) -> None:
    store_pieces(database, *PIECES)
    strict = load(
        tmp_path, OLD.replace('@islands AND @trouble"', '@islands AND @trouble"\n    threshold: 3.5')
    )
    cuba = outcome_of(backtest(database, old, strict, Wanted()), "cuba")
    assert (cuba.before, cuba.after) == (2, 2)
    stricter = load(
        tmp_path, OLD.replace('@islands AND @trouble"', '@islands AND @trouble"\n    threshold: 5')
    )
    assert outcome_of(backtest(database, old, stricter, Wanted()), "cuba").after == 0


def test_other_processes_find_the_same(
    database: Database, old: Watchlist, new: Watchlist, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_pieces(database, *PIECES)
    here = backtest(database, old, new, Wanted())
    monkeypatch.setattr(scan_room, "FEW", 1)
    monkeypatch.setattr(scan_room, "BATCH", 2)
    assert backtest(database, old, new, Wanted(workers=2)) == here


def test_a_rematch_raises_what_is_missing_once(database: Database, old: Watchlist, new: Watchlist) -> None:
    ids = store_pieces(database, *PIECES)
    first = missing_alerts(database, old, Rematch())
    assert count_missing(first) == {"cuba": 2, "ports": 1}
    assert raise_alerts(database, old, {"cuba": 1, "ports": 1}, first, NOW) == 3
    assert missing_alerts(database, old, Rematch()) == []
    then = missing_alerts(database, new, Rematch(since=NOW.replace(month=10)))
    assert then == [(ids[2], "cuba")]
    assert raise_alerts(database, new, {"cuba": 2}, then, NOW) == 1
    assert raise_alerts(database, new, {"cuba": 3}, then, NOW) == 0
    (alert,) = [alert for alert in find_alerts(database) if alert.article_id == ids[2]]
    assert (alert.topic_version, alert.lead_en) == (2, "The protest reached Cuba.")
    assert {evidence.sentence_en for evidence in alert.evidence} >= {"The protest reached Cuba."}


def test_a_search_finds_the_newest_first_in_either_language(database: Database) -> None:
    store_pieces(database, *PIECES)
    found = search(database, SearchWanted("protest OR Cuba OR Habana", {}))
    assert [one.article.title for one in found] == [piece.title for piece in PIECES[:3]]
    assert found[2].evidence
    assert len(search(database, SearchWanted("@islands", {"islands": "Cuba OR Habana"}, limit=1))) == 1
    assert search(database, SearchWanted("puerto", {}, since=NOW.replace(month=10))) == []
