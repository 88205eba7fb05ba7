"""What an edit changes, in words for those who wrote it."""

from pathlib import Path

import pytest

from monitor.config.watchlist import Watchlist, load_watchlist
from monitor.config.watchlist_changes import difference, query_change

BASE = """\
lists:
  islands: Cuba OR Habana
  places: "@islands OR Caracas"
topics:
  - id: cuba
    title: Cuba
    query: "@places AND (apagón NOT amistoso)"
    examples: [Apagón en Cuba]
  - id: iran
    title: Iran
    query: Irán NEAR/5 drones
"""


@pytest.fixture
def base(tmp_path: Path) -> Watchlist:
    return load(tmp_path, BASE)


def load(tmp_path: Path, text: str) -> Watchlist:
    path = tmp_path / "watchlist.yaml"
    path.write_text(text, encoding="utf-8")
    return load_watchlist(path)


def test_the_same_file_changes_nothing(base: Watchlist) -> None:
    assert not difference(base, base)


def test_terms_that_come_and_go_are_named_as_the_query_writes_them() -> None:
    change = query_change("a OR b NOT c", 'a OR ="B" NOT d OR @x')
    assert (change.added, change.removed) == (("=B", "NOT d", "@x"), ("b", "NOT c"))
    assert change


def test_the_same_terms_put_together_otherwise_show_the_place(base: Watchlist, tmp_path: Path) -> None:
    (topic,) = difference(base, load(tmp_path, BASE.replace("NEAR/5", "NEAR/10"))).topics
    assert (topic.id, topic.kind, topic.query.wording) == ("iran", "changed", ("NEAR/5 → NEAR/10",))
    assert query_change("a AND b", "b NEAR/3 a AND b").wording == ("(nothing) → b NEAR/3",)
    assert query_change("a AND b AND b", "a AND b").wording == ("AND b → (nothing)",)
    assert query_change("a  AND\n b", "a AND b").wording == ()


def test_a_list_tells_which_topics_it_changes(base: Watchlist, tmp_path: Path) -> None:
    found = difference(base, load(tmp_path, BASE.replace("OR Habana", "OR Varadero")))
    (islands,) = found.lists
    assert (islands.kind, islands.query.added, islands.topics) == ("changed", ("Varadero",), ("cuba",))
    (cuba,) = found.topics
    assert (cuba.kind, bool(cuba.query), cuba.lists) == ("changed", False, ("islands",))


def test_topics_and_lists_that_come_and_go(base: Watchlist, tmp_path: Path) -> None:
    edited = BASE.replace("islands", "isles").replace("id: iran", "id: persia")
    found = difference(base, load(tmp_path, edited))
    assert [(one.id, one.kind) for one in found.topics] == [
        ("cuba", "changed"),
        ("persia", "added"),
        ("iran", "removed"),
    ]
    assert [(one.name, one.kind) for one in found.lists] == [
        ("isles", "added"),
        ("places", "changed"),
        ("islands", "removed"),
    ]
    assert found.topics[1].query.added == ("Irán", "drones")
    assert found.lists[2].query.removed == ("Cuba", "Habana")


def test_what_is_written_for_people_is_told_too(base: Watchlist, tmp_path: Path) -> None:
    edited = BASE.replace("title: Cuba", "title: Cuba today\n    priority: high\n    covers: Power cuts.")
    edited = edited.replace("[Apagón en Cuba]", "[Cuba sin apagón]\n    traps: [{text: Un amistoso}]")
    edited += "    threshold: 2.5\n    sources: {documents: [one], citations: [two]}\n"
    cuba, iran = difference(base, load(tmp_path, edited)).topics
    assert (cuba.kind, cuba.fields) == (
        "described",
        (
            ("title", "Cuba", "Cuba today"),
            ("covers", "", "Power cuts."),
            ("priority", "normal", "high"),
            ("examples", "Apagón en Cuba", "Cuba sin apagón"),
            ("traps", "", "Un amistoso"),
        ),
    )
    assert (iran.kind, iran.fields) == (
        "changed",
        (("threshold", "0", "2.5"), ("documents", "", "one"), ("citations", "", "two")),
    )
