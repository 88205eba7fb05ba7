"""Articles told by what they are like, with a made encoder whose vectors can be reckoned by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from monitor.model import ArticleForMatch, Exemplar, Field, TopicMatch, source_of
from monitor.steps.match.likeness import READ, KnownReports, Likeness, pack, spoken, term_of, vectors_of


@dataclass(frozen=True)
class Subject:
    """A topic with its ideas."""

    id: str
    ideas: tuple[str, ...] = ()


PORTS, PRISONS = Subject("ports", ("grúa*", "muelle*")), Subject("prisons", ("celda*",))


class Angles:
    """A text that ends in a number of degrees has the unit vector of that angle."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.texts.extend(texts)
        angles = [np.deg2rad(float(text.split()[-1])) for text in texts]
        return [[float(np.cos(angle)), float(np.sin(angle))] for angle in angles]


def known(topics: str, title: str) -> Exemplar:
    return Exemplar(frozenset(topics.split()), title)


def likeness(exemplars: Sequence[Exemplar], *topics: Subject, encoder: Angles | None = None) -> Likeness:
    return Likeness(KnownReports(exemplars, encoder or Angles()), topics or (PORTS, PRISONS), {})


def found_in(exemplars: Sequence[Exemplar], title: str, *topics: Subject) -> list[str]:
    return [match.topic for match in likeness(exemplars, *topics).beyond(article(title), ())]


def article(title: str, text: str = "", title_en: str = "") -> ArticleForMatch:
    return ArticleForMatch("1", "es", title, text, title_en)


def test_an_article_near_two_reports_of_a_topic_is_told_under_it_and_names_both() -> None:
    reports = [known("ports", "crane 0"), known("ports", "quay 30"), known("prisons", "cell 90")]
    [match] = likeness(reports).beyond(article("Grúas 10", title_en="Cranes"), ())
    assert (match.topic, match.score) == ("ports", pytest.approx((0.985 + 0.940) / 4, abs=0.001))
    assert [one.term for one in match.evidence] == ["≈ “crane 0” 98 %", "≈ “quay 30” 94 %"]
    first = match.evidence[0]
    assert (first.field, first.start, first.end) == (Field.TITLE, 0, len("Grúas 10"))
    assert (first.sentence, first.sentence_en) == ("Grúas 10", "Cranes")


def test_one_near_report_alone_is_not_enough() -> None:
    assert found_in([known("ports", "crane 0"), known("ports", "quay 100")], "Grúas 5") == []
    assert found_in([known("ports", "crane 0")], "Grúas y muelles 0") == []


def test_a_nearer_report_of_another_topic_or_of_none_tells_against() -> None:
    ports = [known("ports", "crane 0"), known("ports", "quay 20")]
    assert found_in([*ports, known("", "crane hire 5")], "Grúas 5") == []
    assert found_in([*ports, known("", "crane hire 60")], "Grúas 5") == ["ports"]


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Grúas y muelles 59", ["ports"]),
        ("Grúas y muelles 61", []),
        ("Grúas 53", ["ports"]),
        ("Grúas 54", []),
        ("Barcos 0", []),
    ],
)
def test_the_more_ideas_stand_there_the_less_likeness_is_needed(title: str, found: list[str]) -> None:
    # cosines: 59° 0.515, 61° 0.485, 53° 0.602, 54° 0.588
    assert found_in([known("ports", "crane 0"), known("ports", "quay 0")], title) == found


def test_ideas_deep_in_the_body_do_not_speak_for_a_topic() -> None:
    reports = [known("ports", "crane 0"), known("ports", "quay 0")]
    deep = article("Barcos", "palabra " * 70 + "grúas y muelles 0")
    assert likeness(reports).beyond(deep, ()) == ()


def test_a_topic_without_ideas_asks_for_much_likeness() -> None:
    reports = [known("ports", "crane 0"), known("ports", "quay 0")]
    assert found_in(reports, "Barcos 53", Subject("ports")) == ["ports"]
    assert found_in(reports, "Barcos 54", Subject("ports")) == []


def test_what_a_query_found_stays_as_it_is() -> None:
    by_query = TopicMatch("ports", 0.8, ())
    both = [known("ports prisons", "crane 0"), known("ports prisons", "quay 9")]
    found = likeness(both).beyond(article("Grúas y celdas 5"), [by_query])
    assert found[0] is by_query
    assert [match.topic for match in found] == ["ports", "prisons"]


def test_a_topic_that_is_not_watched_is_not_told() -> None:
    reports = [known("ports", "crane 0"), known("ports", "quay 20"), known("prisons", "cell 90")]
    assert found_in(reports, "Grúas y celdas 10", PRISONS) == []


def test_an_article_without_words_and_a_table_without_reports_find_nothing() -> None:
    assert found_in([], "Grúas 10") == []
    reports = [known("ports", "crane 0"), known("ports", "quay 0")]
    assert found_in(reports, "  \n ", Subject("ports")) == []


def test_without_a_headline_the_opening_is_shown() -> None:
    reports = [known("ports", "crane 0"), known("ports", "quay 0")]
    [match] = likeness(reports).beyond(article("", "Grúas 1"), ())
    assert (match.evidence[0].field, match.evidence[0].sentence) == (Field.TEXT, "Grúas 1")


def test_what_is_compared_is_short_and_can_be_encoded() -> None:
    assert spoken(" A \n b", "c\t\td") == "A b. c d"
    assert spoken("A", "") == "A"
    assert spoken("\ud800x", "") == "x"
    assert len(spoken("A", "palabra " * 1000)) == READ


def test_kept_vectors_are_used_and_only_the_others_are_made() -> None:
    encoder = Angles()
    kept = replace(known("ports", "crane 0"), vector=pack(np.array([0.0, 1.0], np.float32)))
    vectors = vectors_of([kept, known("ports", "quay 60")], encoder)
    assert encoder.texts == ["quay 60"]
    assert vectors == pytest.approx(np.array([[0, 1], [0.5, 0.866]]), abs=0.005)


def test_nothing_is_compared_where_no_idea_is_met() -> None:
    encoder = Angles()
    likeness([known("ports", "crane 0")], encoder=encoder).beyond(article("Barcos 10"), ())
    assert encoder.texts == []


def test_vectors_are_made_once() -> None:
    encoder = Angles()
    made = likeness([known("ports", "crane 0"), known("ports", "quay 20")], encoder=encoder)
    for _ in range(3):
        made.beyond(article("Grúas 10"), ())
    assert encoder.texts.count("crane 0") == 1


def test_a_known_report_is_counted_as_one_however_near_an_article_came() -> None:
    report = known("ports", "Grúas “nuevas” 30 % más caras")
    assert {source_of(term_of(report, near)) for near in (0.5, 0.61)} == {"≈ “Grúas “nuevas” 30 % más caras”"}
    assert source_of("grúa*") == "grúa*"
