import pickle
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import QueryError
from monitor.model import ArticleForMatch, Field, SentencePair
from monitor.steps.match import Matcher, TopicQuery, compile_watchlist, parse_query
from monitor.steps.match.article import Reading
from monitor.steps.match.build import Builder
from monitor.steps.match.inspect import QueryChecker, alternatives, lists_used, terms_used
from monitor.steps.match.parse import lowercase_operators, mixed_operators

LISTS = {"region": "Cuba OR @south", "south": "Perú OR Chile", "both": "uno AND dos", "one": "uno"}


def matches(query: str, text: str = "", **more: str) -> bool:
    article = ArticleForMatch("1", **({"language": "es", "title": "", "text": text} | more))
    return bool(compile_watchlist([TopicQuery("t", query)], LISTS).match(article))


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("a AND b", "a c b", True),
        ("a AND b", "a c", False),
        ("a OR b", "b", True),
        ("a NOT b", "a b", False),
        ("a AND NOT b", "a", True),
        ("a AND NOT NOT b", "a b", True),
        ("NOT a AND b", "b", True),
        ("a OR b AND c", "a", True),
        ("(a OR b) AND c", "a", False),
        ("uno dos", "uno dos", True),
        ("uno dos", "dos uno", False),
        ("a NEAR/2 b", "b x a", True),
        ("a NEAR/1 b", "b x a", False),
        ("a ONEAR/2 b", "b x a", False),
        ("a ONEAR/2 b", "a x b", True),
        ("a NEAR/9 a", "a", False),
        ("uno NEAR/5 uno dos", "uno dos", False),
        ("(a OR b) NEAR/2 (c OR d)", "b d", True),
        ("(a AND b) NEAR/2 c", "a c x x x b", False),
        ("(a AND b) NEAR/2 c", "a c b", True),
        ("(a NEAR/2 b) NEAR/2 c", "a x b x c", True),
        ("(a NEAR/2 b) NEAR/2 c", "a x b x x x c", False),
        ("a NEAR/9 b NEAR/2 c", "a b b c", True),
        ("a NOT NEAR/2 b", "a b", False),
        ("a NOT NEAR/2 b", "a b x x x x a", True),
        ("a NOT NEAR/2 b", "b a", False),
        ("a NOT ONEAR/2 b", "b a", True),
        ("a NOT NEAR/2 b", "c", False),
        ("ATLEAST/2(a OR b)", "a x b", True),
        ("ATLEAST/2(uno OR uno dos)", "uno dos", False),
        ("ATLEAST2(a)", "a", False),
        ("ATLEAST/2(a) NEAR/3 c", "a a c", True),
        ("DISTINCT/2(a OR b OR c)", "a a", False),
        ("DISTINCT/2(a OR b OR c)", "a c", True),
        ("DISTINCT/2(@region)", "Cuba y Chile", True),
        ("DISTINCT/2(@one OR NOT x)", "uno", True),
        ("DISTINCT/2(@one OR b)", "uno uno", False),
        ("@region", "en Chile", True),
        ("@region NEAR/2 x", "en Chile x", True),
        ("@both", "uno", False),
        ("a^2 OR b", "b", True),
        ("(a^2) NEAR/2 b^3", "a b", True),
        ("title:a", "a", False),
        ("text:a", "a", True),
        ("text:(a OR b) NEAR/3 original:c", "b c", True),
        ("lang:es AND a", "a", True),
        ("lang:Spanish AND a", "a", True),
        ("lang:pt AND a", "a", False),
        ("lang:(pt OR es) AND a", "a", True),
        ("a AND (lang:es OR b)", "a", True),
        ("a OR (b AND c)", "b", False),
    ],
)
def test_a_query_means_what_the_document_says(query: str, text: str, expected: bool) -> None:
    assert matches(query, text) is expected


def test_properties_of_the_outlet_can_be_asked_for() -> None:
    more = {"country": "VE", "outlet": "telesur", "kind": "state-run"}
    assert matches("a AND country:ve AND outlet:telesur AND kind:state-run", "a", **more)
    assert not matches("a AND country:(CO OR BR)", "a", **more)


def test_both_sides_count_together() -> None:
    assert matches("uno AND two", "uno", text_en="two")
    assert matches("english:two", "uno", text_en="two")
    assert not matches("original:two", "uno", text_en="two")
    assert not matches("english:title:two", "uno", text_en="two")
    assert not matches("uno NEAR/99 two", "uno", text_en="two")
    assert not matches("ATLEAST/2(uno OR two)", "uno", text_en="two")
    assert matches("ATLEAST/2(uno OR two)", "x", text_en="two two")


def test_an_english_article_is_both_sides() -> None:
    assert matches("english:two AND original:two AND english:text:two", "two", language="en")


@pytest.mark.parametrize(
    ("query", "position", "part"),
    [
        ("", 0, "empty"),
        ("a AND", 5, "ends here"),
        ("a OR OR b", 5, "expected a term"),
        ("(a", 2, "expected )"),
        ("a)", 1, "cannot stand here"),
        ('"a" "b"', 4, "expected OR, AND"),
        ("a (b)", 2, "expected"),
        ('"abc', 0, "never closed"),
        ("a:b", 0, "there is no field a:"),
        ("titel:x", 0, "did you mean title:"),
        ("3:0", 1, "in quotes"),
        ("a^", 1, "number must follow"),
        ("a^0", 1, "a weight"),
        ("@", 0, "name must follow"),
        ("=", 0, "a term must follow"),
        ("@regio", 0, "did you mean @region"),
        ("@zzz", 0, "lists are @both"),
        ("a NEAR b", 2, "NEAR/5"),
        ("a ONEAR3 b", 2, "ONEAR/3"),
        ("a W/5 b", None, ""),
        ("a NEAR/-1 b", 2, "write NEAR/1"),
        ("a NEAR/5.5 b", 2, "write NEAR/5,"),
        ("NOT NEAR/3 a", 4, "must stand before"),
        ("a && b", 2, "write AND, OR or NOT"),
        ("a || b", 2, "write AND, OR or NOT"),
        ("a OR -b", 5, "write AND, OR or NOT"),
        ("ATLEAST/2 a", 0, "ATLEAST/2(…)"),
        ("DISTINCT a", 0, "DISTINCT/5(…)"),
        ("a NEAR/0 b", 2, "between 1 and 100"),
        ("ATLEAST/0(a)", 0, "at least 1"),
        ("DISTINCT/3(a OR b)", 0, "only 2 alternatives"),
        ("b OR or*gan", 5, "can only end a word"),
        ("xy*", 0, "three letters"),
        ("...", 0, "no letter"),
        ("(a AND NOT b) NEAR/2 c", 14, "NOT has no place"),
        ("a NEAR/2 lang:es", 2, "lang: has no place"),
        ("a NEAR/2 (b OR (c AND d))", 2, "AND has no place"),
        ("a NOT NEAR/2 (b AND c)", 2, "AND has no place"),
        ("a NEAR/2 @both", 2, "AND has no place"),
        ("a NEAR/2 DISTINCT/1(b)", 2, "DISTINCT has no place"),
        ("ATLEAST/2(a AND b)", 0, "AND has no place"),
        ("(a NEAR/2 (b OR NOT c)) NEAR/2 d", None, ""),
        ("title:text:a", 6, "contradicts"),
        ("lang:(a AND b)", 0, "one value or several"),
        ("(" * 60 + "a" + ")" * 60, 40, "nested"),
        ("NOT " * 60 + "a", 0, "in a row"),
        ("title:" * 60 + "a", 0, "in a row"),
        ("a" + " NEAR/2 a" * 60, 2, "in a row"),
        ("a " * 150_000, 0, "longer than"),
    ],
)
def test_a_bad_query_is_refused_at_its_place(query: str, position: int | None, part: str) -> None:
    with pytest.raises(QueryError) as caught:
        compile_watchlist([TopicQuery("t", query)], LISTS)
    assert part in str(caught.value)
    assert position is None or caught.value.position == position
    assert str(caught.value).startswith("topic 't': ")


def test_lists_in_a_circle_or_broken_are_refused_where_they_are_used() -> None:
    lists = {"a": "x OR @b", "b": "@a", "broken": "x OR", "self": "y OR @self", "dist": "DISTINCT/1(@dist)"}
    for query, part in [
        ("z OR @a", "@a → @b → @a"),
        ("@broken", "in the list @broken: the query ends"),
        ("@self", "@self → @self"),
        ("@dist", "circle"),
        ("x NEAR/2 @broken", "in the list @broken"),
    ]:
        with pytest.raises(QueryError, match=part.replace("(", r"\(")):
            compile_watchlist([TopicQuery("t", query)], lists)


def test_lists_within_lists_have_an_end() -> None:
    lists = {f"l{n}": f"x{n} OR @l{n + 1}" for n in range(80)} | {"l80": "end"}
    with pytest.raises(QueryError, match="deep"):
        compile_watchlist([TopicQuery("t", "@l0")], lists)
    nested = {
        f"n{n}": "(" * 30 + f"title:(x OR title:(y OR title:(@n{n + 1})))" + ")" * 30 for n in range(35)
    }
    with pytest.raises(QueryError, match="deep"):
        compile_watchlist([TopicQuery("t", "@n0")], nested | {"n35": "end"})


def test_a_query_that_would_grow_without_end_is_refused() -> None:
    wide = " AND ".join(f"w{n}" for n in range(250))
    with pytest.raises(QueryError, match="parts"):
        compile_watchlist([TopicQuery("t", f"({wide}) NEAR/2 ({wide})")], {})


def test_title_and_lead_and_weight_give_points() -> None:
    def score(query: str, threshold: float = 0.0, **fields: str) -> float:
        article = ArticleForMatch("1", **({"language": "es", "title": "", "text": ""} | fields))
        found = compile_watchlist([TopicQuery("t", query, threshold)], {}).match(article)
        return found[0].score if found else 0.0

    late = "x " * 80 + "oro"
    scores = [
        score("oro", text=late),
        score("oro", text="oro"),
        score("oro", title="oro"),
        score("oro^3", title="oro"),
    ]
    assert all(low < high for low, high in pairwise(scores))
    assert scores[0] == 0.2
    assert score("oro", 2.0, text="oro") == 0
    assert score("oro", 2.0, title="oro") > 0
    assert score("oro OR plata", 2.5, text="oro plata") > 0
    assert score("oro OR plata", text="oro plata") > score("oro", text="oro plata")
    assert score("oro NOT plata", text="oro") == score("oro", text="oro")


def test_topics_come_best_first_and_evidence_most_telling_first() -> None:
    matcher = compile_watchlist(
        [TopicQuery("a", "oro"), TopicQuery("b", "oro OR plata"), TopicQuery("c", "zinc")], {}
    )
    found = matcher.match(ArticleForMatch("1", "es", "plata", "oro"))
    assert [match.topic for match in found] == ["b", "a"]
    assert [(e.term, e.field) for e in found[0].evidence] == [("plata", Field.TITLE), ("oro", Field.TEXT)]


def test_the_evidence_of_near_is_the_pair_that_is_near() -> None:
    text = "oro " + "x " * 30 + "oro con plata"
    (found,) = compile_watchlist([TopicQuery("t", "oro NEAR/3 plata")], {}).match(
        ArticleForMatch("1", "es", "", text)
    )
    assert {text[e.start : e.end] for e in found.evidence} == {"oro", "plata"}
    assert all(e.start >= 60 for e in found.evidence)


def test_a_matcher_without_topics_matches_nothing() -> None:
    assert compile_watchlist([], {}).match(ArticleForMatch("1", "es", "a", "b")) == ()


def test_a_topic_that_needs_no_term_is_told_without_evidence() -> None:
    (found,) = compile_watchlist([TopicQuery("t", "NOT a")], {}).match(ArticleForMatch("1", "es", "b", ""))
    assert (found.score, found.evidence) == (0.0, ())


def test_what_has_no_place_stands_nowhere() -> None:
    reading = Reading(ArticleForMatch("1", "es", "", "a"))
    assert Builder({}).query("lang:es").places(reading) == ()


def test_a_pair_that_is_not_in_the_text_is_passed_over() -> None:
    pairs = (SentencePair("Otra.", "Other."), SentencePair("", "x"), SentencePair("Hay oro.", "Gold."))
    article = ArticleForMatch("1", "es", "", "Hay oro.", pairs=pairs)
    (found,) = compile_watchlist([TopicQuery("t", "oro")], {}).match(article)
    assert found.evidence[0].sentence_en == "Gold."


def test_met_names_topics_without_evidence() -> None:
    topics = [
        TopicQuery("a", "oro"),
        TopicQuery("b", "oro", 2.0),
        TopicQuery("c", "oro", 1.0),
        TopicQuery("d", "x"),
    ]
    matcher = compile_watchlist([*topics, TopicQuery("e", "oro AND NOT y", 9.0)], {})
    article = ArticleForMatch("1", "es", "", "oro y")
    assert sorted(matcher.met(article)) == ["a", "c"]
    assert matcher.met(article, {"a"}) == ["c"]


def test_a_pickled_matcher_answers_the_same() -> None:
    matcher = compile_watchlist([TopicQuery("t", "@region AND oro")], LISTS)
    again = pickle.loads(pickle.dumps(matcher))
    assert isinstance(again, Matcher)
    article = ArticleForMatch("1", "es", "", "oro en Chile")
    assert again.match(article) == matcher.match(article) != ()


def test_a_checker_refuses_what_could_show_no_reason() -> None:
    checker = QueryChecker(LISTS)
    checker.check("a AND lang:es")
    checker.check("lang:es", needs_term=False)
    for query in ("NOT a", "lang:es", "a OR NOT b"):
        with pytest.raises(QueryError, match="without any term"):
            checker.check(query)


def test_a_query_tells_its_lists_and_terms() -> None:
    assert lists_used("@region NOT @region OR @missing", LISTS) == ("missing", "region", "south")
    used = terms_used('lang:es AND (a^2 OR ="B") NOT c NOT NEAR/2 d')
    assert [(use.text, use.exact, use.negated) for use in used] == [
        ("a", False, False),
        ("B", True, False),
        ("c", False, True),
        ("d", False, False),
    ]
    assert [
        [term.text for term in group] for group in alternatives("(a OR b OR (c AND d)) AND (e OR f)")
    ] == [
        ["a", "b"],
        ["e", "f"],
    ]


def test_operators_in_small_letters_and_mixed_ones_are_noticed() -> None:
    assert lowercase_operators('a and b OR "c or d" near/3 e') == [("and", 2), ("near/3", 20)]
    assert mixed_operators("a AND b OR c") == [2]
    assert mixed_operators("a OR b AND c OR d") == [7]
    assert mixed_operators("(a AND b) OR (c AND d)) OR x") == []
    assert mixed_operators("a OR b NOT c") == []


PIECES = st.sampled_from(
    [
        "a",
        "Maduro",
        '"b c"',
        " AND ",
        " OR ",
        " NOT ",
        " NEAR/3 ",
        " ONEAR/2 ",
        "(",
        ")",
        "title:",
        "@region",
        "^2",
        "*",
        "=",
        "ATLEAST/2(",
        "DISTINCT/2(",
        " ",
        "“",
        ":",
        "lang:",
        "pandiller*",
        "é",
        "\x00",
        "\ud800",
        "😀",
        ".",
    ]
)


@settings(deadline=None, max_examples=300)
@given(st.one_of(st.lists(PIECES, max_size=25).map("".join), st.text(max_size=60)), st.text(max_size=80))
def test_any_query_and_any_text_end_in_a_result_or_our_error(query: str, text: str) -> None:
    try:
        matcher = compile_watchlist([TopicQuery("t", query)], LISTS)
    except QueryError:
        return
    for title, body in ((text, text + " Maduro b c a pandilleros"), ("", text)):
        for match in matcher.match(ArticleForMatch("1", "es", title, body, title, body)):
            for told in match.evidence:
                whole = title if told.field in (Field.TITLE, Field.TITLE_EN) else body
                assert 0 <= told.start < told.end <= len(whole)


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=60))
def test_any_bytes_read_as_text_are_a_query_or_our_error(raw: bytes) -> None:
    try:
        parse_query(raw.decode("latin-1"))
    except QueryError:
        return


@pytest.mark.parametrize(
    "text",
    ["Maduro " * 8_000, "a" * 200_000, "Maduro" + "." * 200_000, "Irán a\n" * 6_000, "é\u0301" * 90_000],
)
def test_long_hostile_texts_come_to_an_end(text: str) -> None:
    query = "(Maduro NEAR/100 Maduro NEAR/100 Irán) OR (Maduro NOT NEAR/5 Irán) OR ATLEAST/9(Irán OR aaa*)"
    compile_watchlist([TopicQuery("t", query)], {}).match(ArticleForMatch("1", "es", "", text))
