"""The quick question which topics are met gives the answer of the full one."""

from monitor.model import ArticleForMatch
from monitor.steps.match import TopicQuery, compile_watchlist

ARTICLE = ArticleForMatch("1", "es", "Irán entrega drones a Bolivia", "Llegó un barco. Hubo una ceremonia.")
TOPICS = (
    TopicQuery("both", "Irán AND drones"),
    TopicQuery("near", "Irán NEAR/3 drones"),
    TopicQuery("far", "Irán NEAR/3 ceremonia"),
    TopicQuery("absent", "Irán AND misiles"),
    TopicQuery("apart", "drones NOT NEAR/2 misiles"),
    TopicQuery("none", "barco NOT drones"),
    TopicQuery("enough", "drones", 2.0),
    TopicQuery("too-little", "drones", 2.1),
)


def test_the_same_topics_are_met_as_matched() -> None:
    matcher = compile_watchlist(TOPICS)
    met = matcher.met(ARTICLE)
    assert sorted(met) == ["apart", "both", "enough", "near"]
    assert sorted(match.topic for match in matcher.match(ARTICLE)) == sorted(met)


def test_topics_passed_over_are_not_asked() -> None:
    assert compile_watchlist(TOPICS).met(ARTICLE, {"both", "near", "apart"}) == ["enough"]
