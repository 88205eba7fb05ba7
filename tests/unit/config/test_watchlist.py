from pathlib import Path

import pytest

from monitor.config.watchlist import Watchlist, diff, load_watchlist, read_watchlist
from monitor.config.watchlist_check import Finding, check_watchlist
from monitor.errors import ConfigError
from monitor.model import ArticleForMatch
from monitor.steps.match import compile_watchlist

SAMPLE = """\
# what we watch
lists:
  region:
    - Venezuela OR Cuba
    - Nicaragua
  deals: firma* OR acuerd*
topics:
  - id: iran
    title: Iran in Latin America
    covers: Visits.
    priority: high
    query: >-
      (Irán OR Irã)
      AND @region
    examples:
      - Irán y Venezuela firman un acuerdo
      - {title: Irã e Cuba, language: pt, text: Nada.}
    traps:
      - Irán a las urnas en Venezuela
    sources: {documents: [doc], citations: [cit]}
  - {id: gold, title: Gold, query: oro, threshold: 1.5}
"""


def load(tmp_path: Path, text: str = SAMPLE) -> Watchlist:
    (tmp_path / "w.yaml").write_text(text, encoding="utf-8")
    return load_watchlist(tmp_path / "w.yaml")


def test_a_watchlist_becomes_records_that_can_be_compiled(tmp_path: Path) -> None:
    watchlist = load(tmp_path)
    iran, gold = watchlist.topics
    assert (iran.id, iran.priority, iran.sources.documents, iran.sources.citations) == (
        "iran",
        "high",
        ("doc",),
        ("cit",),
    )
    assert (iran.examples[1].language, iran.examples[0].language) == ("pt", "es")
    assert (gold.priority, gold.threshold, gold.covers) == ("normal", 1.5, "")
    assert watchlist.lists["region"] == "(Venezuela OR Cuba) OR (Nicaragua)"
    assert watchlist.topic("gold") is gold
    assert watchlist.topic("none") is None
    assert watchlist.source == SAMPLE
    found = compile_watchlist(watchlist.topics, watchlist.lists).match(iran.examples[0])
    assert [match.topic for match in found] == ["iran"]


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "part"),
    [
        ("AND @region", "AND @regoin", 14, 11, "did you mean @region"),
        ("AND @region", "AND", 14, 10, "ends here"),
        ("Venezuela OR Cuba", "Venezuela OR (", 4, 21, "ends here"),
        ("- Nicaragua", "- Nicaragua OR @region", 5, 20, "circle"),
        ("firma* OR", "f* OR", 6, 10, "three letters"),
        ("query: oro", "query: NOT oro", 21, 36, "without any term"),
        ("id: gold", "id: iran", 21, 10, "taken by item 1"),
        ("id: gold", "id: Gold!", 21, 10, "small letters"),
        ("priority: high", "priority: urgent", 11, 15, "high, low, normal"),
        ("covers:", "cover:", 10, 5, "did you mean 'covers'"),
        ("deals:", "dé als:", 6, 3, "a name of letters"),
    ],
)
def test_an_error_points_at_the_character(
    tmp_path: Path, old: str, new: str, line: int, column: int, part: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, SAMPLE.replace(old, new, 1))
    found = [(error.line, error.column) for error in caught.value.errors if part in error.message]
    assert (line, column) in found


def test_a_fault_of_a_list_is_told_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(
            tmp_path,
            SAMPLE.replace("Venezuela OR Cuba", "Venezuela OR").replace("query: oro", "query: oro AND"),
        )
    assert [error.line for error in caught.value.errors] == [4, 21]


def test_the_version_of_a_topic_changes_with_what_it_looks_for(tmp_path: Path) -> None:
    before = load(tmp_path)
    for old, new in [
        ("Nicaragua", "Panamá"),
        ("(Irán OR", "(Teherán OR"),
        ("Venezuela OR Cuba", "Venezuela"),
    ]:
        after = load(tmp_path, SAMPLE.replace(old, new, 1))
        assert after.topics[0].hash != before.topics[0].hash
        assert after.topics[1].hash == before.topics[1].hash
        assert diff(before, after).changed == ("iran",)
    assert (
        load(tmp_path, SAMPLE.replace("threshold: 1.5", "threshold: 2")).topics[1].hash
        != before.topics[1].hash
    )
    layout = load(tmp_path, SAMPLE.replace("AND @region", "  AND\n      @region").replace("# what", "# That"))
    assert layout == before
    assert layout.hash != before.hash
    assert not diff(before, layout)


def test_ideas_are_checked_like_queries_and_belong_to_what_is_looked_for(tmp_path: Path) -> None:
    before = load(tmp_path)
    edited = SAMPLE.replace("    query: >-", '    ideas: ["Irán OR Irã", "@region"]\n    query: >-')
    after = load(tmp_path, edited)
    assert after.topics[0].ideas == ("Irán OR Irã", "@region")
    assert diff(before, after).changed == ("iran",)
    assert diff(after, load(tmp_path, edited.replace("Nicaragua", "Haití"))).changed == ("iran",)


@pytest.mark.parametrize(
    ("idea", "place", "said"),
    [
        ("Irán AND", (12, 22), "ends here"),
        ("NOT Irán", (12, 14), "without any term"),
        ("@none", (12, 14), "none"),
    ],
)
def test_a_bad_idea_is_told_at_its_place(
    tmp_path: Path, idea: str, place: tuple[int, int], said: str
) -> None:
    with pytest.raises(ConfigError, match=said) as told:
        load(tmp_path, SAMPLE.replace("    query: >-", f'    ideas: ["{idea}"]\n    query: >-'))
    assert (told.value.line, told.value.column) == place
    assert len(told.value.errors) == 1


def test_a_diff_names_what_was_added_removed_and_described_anew(tmp_path: Path) -> None:
    before = load(tmp_path)
    after = load(tmp_path, SAMPLE.replace("id: gold", "id: metal").replace("Visits.", "Ships."))
    changes = diff(before, after)
    assert (changes.added, changes.removed, changes.changed, changes.described) == (
        ("metal",),
        ("gold",),
        (),
        ("iran",),
    )
    assert changes


def findings(tmp_path: Path, text: str, corpus: list[ArticleForMatch] | None = None) -> list[Finding]:
    (tmp_path / "w.yaml").write_text(text, encoding="utf-8")
    watchlist, document = read_watchlist(tmp_path / "w.yaml")
    return check_watchlist(watchlist, document, corpus)


def test_a_check_runs_examples_and_traps(tmp_path: Path) -> None:
    assert not [found for found in findings(tmp_path, SAMPLE) if found.level == "error"]
    broken = SAMPLE.replace("Irán a las urnas en Venezuela", "Irán firma con Cuba").replace(
        "- Irán y Venezuela firman", "- Rusia firma" + " mucho" * 20
    )
    errors = [found for found in findings(tmp_path, broken) if found.level == "error"]
    assert [(found.line, found.topic) for found in errors] == [(16, "iran"), (19, "iran")]
    assert "does not raise" in errors[0].message
    assert "…" in errors[0].message
    assert "by Irán, Cuba" in errors[1].message


def test_a_check_warns_of_operators_in_small_letters_and_mixed_ones(tmp_path: Path) -> None:
    text = "topics:\n  - {id: a, title: A, query: uno and dos}\n  - {id: b, title: B, query: a OR b AND c}\n"
    warned = [
        (found.line, found.message[:5]) for found in findings(tmp_path, text) if found.level == "warning"
    ]
    assert warned == [(2, "'and'"), (3, "AND b")]


def test_a_check_warns_of_properties_that_no_article_has(tmp_path: Path) -> None:
    query = (
        "oro AND kind:(staterun OR State-Run) AND country:(VE OR Venezuela) AND lang:es AND outlet:infobae"
    )
    text = f"topics:\n  - id: a\n    title: A\n    query: {query}\n"
    warned = [(found.column, found.message) for found in findings(tmp_path, text) if found.level == "warning"]
    assert [message.split(";")[0] for _, message in warned] == [
        "no outlet is of the kind 'staterun'",
        "no outlet has the country 'Venezuela'",
    ]
    line = text.splitlines()[3]
    assert [line[column - 1 :].split()[0].strip(")") for column, _ in warned] == ["staterun", "Venezuela"]


def test_a_check_names_terms_that_another_finds(tmp_path: Path) -> None:
    query = (
        'cartel OR cártel OR pandill* OR pandillero OR Oro OR oro OR ="cartel" OR sol OR Sol OR pan* OR pan*'
    )
    text = f"topics:\n  - id: a\n    title: A\n    query: {query}\n"
    named = [found.message.split("'")[1] for found in findings(tmp_path, text) if "found by" in found.message]
    assert named == ["cártel", "pandill*", "pandillero", "cartel", "Sol", "pan*"]


def test_an_exact_form_is_not_found_by_a_name_that_needs_its_capital_proved(tmp_path: Path) -> None:
    text = "topics:\n  - {id: a, title: A, query: 'Lula OR =\"Lula\"'}\n"
    assert not any("found by" in found.message for found in findings(tmp_path, text))


def test_without_a_corpus_unproved_terms_are_hints(tmp_path: Path) -> None:
    hints = [found.message for found in findings(tmp_path, SAMPLE) if found.level == "hint"]
    assert not any("proves" in hint and "Irán" in hint for hint in hints)
    extra = SAMPLE.replace("(Irán OR", "(Irán OR Teherán OR ayatol* OR").replace(") AND", ") AND")
    hints = [found.message for found in findings(tmp_path, extra) if "proves" in found.message]
    assert hints == ["no example of 'iran' proves: Teherán, ayatol*"]


def test_over_a_corpus_silent_and_broad_terms_are_warned_of(tmp_path: Path) -> None:
    corpus = [ArticleForMatch(str(n), "es", "", "oro y Cuba" if n % 2 else "Cuba") for n in range(30)]
    warned = [found.message for found in findings(tmp_path, SAMPLE, corpus) if found.level == "warning"]
    assert any(message.startswith("'oro' is in 15 of 30 articles") for message in warned)
    assert any(message.startswith("'Cuba' is in 30 of 30 articles") for message in warned)
    assert any(message.startswith("'Nicaragua' is in none of 30 articles") for message in warned)
    few = findings(tmp_path, SAMPLE, corpus[:4])
    assert not any("ask for another term" in found.message for found in few)
