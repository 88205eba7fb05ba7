"""Briefs: each article once, cited, with the passage that matched."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from monitor.errors import InputError
from monitor.model import ArticleForMatch, Evidence, Field, SentencePair, TriageStatus
from monitor.pipeline.briefs import BriefWanted, draft, excerpt
from monitor.pipeline.report import find_alerts
from monitor.pipeline.stories import find_stories, group_stories
from monitor.pipeline.triage import Judgement, mark_alerts
from monitor.steps.digest import render_brief
from tests.fakes import NOW
from tests.pipeline.conftest import MakeContext
from tests.pipeline.stories import CALLAO, SANTOS_ES, SANTOS_PT, tell, tell_all


def test_a_story_is_drafted_with_its_sources_in_both_languages(make_context: MakeContext) -> None:
    context = make_context()
    tell_all(context.database, SANTOS_ES, SANTOS_PT, CALLAO)
    group_stories(context)
    story = next(one for one in find_stories(context.database) if len(one.articles) == 2)
    content = draft(context, BriefWanted(story=story.id))
    assert content.heading == story.headline_en
    assert content.summary == "2 reports by 2 outlets, first seen on 22 November 2026 in Infobae."
    assert {source.title for source in content.sources} == {SANTOS_ES[2], SANTOS_PT[2]}
    source = next(one for one in content.sources if one.language == "pt")
    assert (source.excerpt, source.excerpt_en, source.engine) == (SANTOS_PT[3], SANTOS_PT[5], "fake: m")
    written = render_brief(content, "html").decode()
    assert "Machine translation (fake: m)" in written
    assert "Folha (Brazil, independent), 22 November 2026." in written


def test_a_topic_is_drafted_since_a_day_with_each_article_once(make_context: MakeContext) -> None:
    context = make_context()
    with context.database.session() as session:
        tell(session, SANTOS_ES, NOW - timedelta(days=9))
        tell(session, CALLAO, NOW, topics=("iran", "cuba"))
        session.execute(text("DELETE FROM translations"))
        session.commit()
    content = draft(context, BriefWanted(topic="iran", since=NOW - timedelta(days=1)))
    assert (content.heading, content.summary) == ("Iran in Latin America", "1 report by 1 outlet.")
    [source] = content.sources
    assert (source.excerpt, source.excerpt_en, source.engine) == (CALLAO[3], "", "")
    gone = draft(make_context(outlets={}, watchlist=context.watchlist), BriefWanted(topic="iran"))
    assert {one.description for one in gone.sources} == {""}
    emptied = make_context(watchlist=type(context.watchlist)((), {}))
    assert draft(emptied, BriefWanted(topic="iran")).heading == "iran"


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (BriefWanted(topic="cuba", since=NOW), "topic 'cuba' since 2026-11-22"),
        (BriefWanted(story=7), "story 7"),
    ],
)
def test_a_brief_about_nothing_says_so(make_context: MakeContext, wanted: BriefWanted, message: str) -> None:
    with pytest.raises(InputError, match=f"there are no alerts for {message}"):
        draft(make_context(), wanted)


def test_an_excerpt_is_the_sentence_that_matched_with_its_neighbours(make_context: MakeContext) -> None:
    context = make_context()
    tell_all(context.database, SANTOS_ES)
    [alert] = find_alerts(context.database)
    pairs = tuple(SentencePair(f"Frase {number}.", f"Sentence {number}.") for number in range(6))
    article = ArticleForMatch("1", "es", "t", "x", pairs=pairs)
    matched = replace(alert, evidence=(Evidence("3", Field.TEXT, 0, 1, "Frase 3.", "Sentence 3."),))
    assert excerpt(matched, article) == ("Frase 2. Frase 3. Frase 4.", "Sentence 2. Sentence 3. Sentence 4.")
    assert excerpt(alert, article)[1] == "Sentence 0. Sentence 1. Sentence 2."
    headed = replace(article, pairs=(SentencePair("Un subtítulo", "A subtitle"), *pairs))
    assert excerpt(alert, headed) == (
        "Un subtítulo\nFrase 0. Frase 1.",
        "A subtitle\nSentence 0. Sentence 1.",
    )


def test_what_is_marked_not_relevant_stays_out_of_a_brief_and_is_counted(make_context: MakeContext) -> None:
    context = make_context()
    tell_all(context.database, SANTOS_ES, CALLAO)
    santos, callao = (alert.id for alert in find_alerts(context.database))
    said = Judgement(TriageStatus.NOT_RELEVANT, "ana")
    mark_alerts(context.database, lambda: NOW, [callao], said)
    brief = draft(context, BriefWanted("iran"))
    assert len(brief.sources) == 1
    assert brief.summary.startswith("1 report by 1 outlet (1 marked not relevant, left out).")
    mark_alerts(context.database, lambda: NOW, [santos], said)
    with pytest.raises(InputError, match="every alert for topic 'iran' is marked not relevant"):
        draft(context, BriefWanted("iran"))
