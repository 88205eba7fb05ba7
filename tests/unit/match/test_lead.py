"""``lead:`` is the headline and the first words of the body."""

from monitor.model import ArticleForMatch
from monitor.steps.match import TopicQuery, compile_watchlist


def matches(query: str, **fields: str) -> bool:
    article = ArticleForMatch("1", **({"language": "es", "title": "", "text": ""} | fields))
    return bool(compile_watchlist([TopicQuery("t", query)], {}).match(article))


def test_the_lead_is_the_headline_and_the_first_sixty_words() -> None:
    assert matches("lead:oro", title="Oro en Zulia")
    assert matches("lead:oro", text="x " * 59 + "oro")
    assert not matches("lead:oro", text="x " * 60 + "oro")
    assert not matches('lead:"oro negro"', text="x " * 59 + "oro negro")


def test_the_lead_has_both_sides_and_joins_with_other_fields() -> None:
    assert matches("lead:gold", text_en="gold in Zulia")
    assert not matches("lead:original:gold", text_en="gold in Zulia")
    assert not matches("text:lead:oro", title="Oro en Zulia")
    assert matches("lead:(oro NEAR/3 Zulia)", text="Hay oro en Zulia")
    assert not matches("lead:(oro NEAR/3 Zulia)", title="Hay oro", text="x " * 70 + "oro en Zulia")


def test_articles_in_english_have_a_lead_too() -> None:
    assert matches("lead:gold", language="en", text="gold in Zulia")
    assert not matches("lead:gold", language="en", text="x " * 60 + "gold")
