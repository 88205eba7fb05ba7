"""Stories: articles of one event find each other, whatever happens on the way."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import text

from monitor.model import StoredStory
from monitor.pipeline import stories as grouping
from monitor.pipeline.context import Context
from monitor.pipeline.stories import Shelf, group_stories, item_of, place, rare_names, story_bonds
from monitor.steps.cluster import Placement
from monitor.storage.session import Database
from monitor.storage.stories import (
    NEAREST,
    Signs,
    candidates,
    join_story,
    load_articles,
    standing,
    store_signs,
)
from monitor.storage.story_list import StoryFilter, list_stories
from tests.fakes import NOW, FakeEmbedder
from tests.pipeline.conftest import MakeContext
from tests.pipeline.stories import CALLAO, SANTOS_CU, SANTOS_ES, SANTOS_PT, tell, tell_all

WORDS = {"Santos": 1, "Callao": 2}


def told(context: Context, **wanted: Any) -> list[StoredStory]:
    with context.database.session() as session:
        return list_stories(session, StoryFilter(**wanted))


def members(context: Context) -> list[set[str]]:
    return sorted(({article.title for article in story.articles} for story in told(context)), key=sorted)


@pytest.mark.parametrize("embedder", [FakeEmbedder(WORDS), None])
def test_one_event_in_two_languages_is_one_story_and_another_event_its_own(
    make_context: MakeContext, embedder: FakeEmbedder | None
) -> None:
    context = make_context(embedder=embedder)
    tell_all(context.database, SANTOS_ES, CALLAO, SANTOS_PT, SANTOS_CU)
    assert group_stories(context) == 4
    callao, santos = sorted(told(context), key=lambda story: len(story.articles))
    assert callao.headline == CALLAO[2]
    assert [article.title for article in santos.articles] == [SANTOS_ES[2], SANTOS_PT[2], SANTOS_CU[2]]
    assert (santos.first_outlet, santos.first_seen) == ("Infobae", NOW)
    assert [(outlet.name, outlet.country, outlet.kind) for outlet in santos.outlets] == [
        ("Infobae", "AR", "independent"),
        ("Folha", "BR", "independent"),
        ("Granma", "CU", "state-run"),
    ]
    assert (santos.topics, len(santos.alerts), santos.status) == (("iran",), 3, "new")


def test_the_headline_is_that_of_the_best_placed_translated_article(make_context: MakeContext) -> None:
    context = make_context()
    with context.database.session() as session:
        tell(session, SANTOS_ES, score=0.4)
        tell(session, SANTOS_PT, score=0.9)
        tell(session, (*SANTOS_CU[:4], "", SANTOS_CU[5]), score=1.0)
    group_stories(context)
    [story] = told(context)
    assert story.headline_en == SANTOS_PT[4]


def test_a_second_run_changes_nothing(make_context: MakeContext) -> None:
    context = make_context(embedder=FakeEmbedder(WORDS))
    tell_all(context.database, SANTOS_ES, SANTOS_PT)
    assert group_stories(context) == 2
    before = told(context)
    assert group_stories(context) == 0
    assert told(context) == before
    with context.database.session() as session:
        assert load_articles(session, [before[0].articles[0].id, 999]) == load_articles(
            session, [before[0].articles[0].id]
        )


def test_an_article_without_alerts_needs_no_story(make_context: MakeContext) -> None:
    context = make_context()
    with context.database.session() as session:
        tell(session, SANTOS_ES, topics=())
    assert group_stories(context) == 0


def test_each_article_is_embedded_once_also_after_a_crash(
    make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = FakeEmbedder(WORDS)
    context = make_context(embedder=embedder)
    tell_all(context.database, SANTOS_ES, CALLAO, SANTOS_PT)
    whole: Callable[[Context, Shelf, int], None] = place
    placed: list[int] = []

    def dies_at_the_second(context: Context, shelf: Shelf, article_id: int) -> None:
        if placed:
            raise KeyboardInterrupt
        placed.append(article_id)
        whole(context, shelf, article_id)

    monkeypatch.setattr(grouping, "place", dies_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        group_stories(context)
    monkeypatch.setattr(grouping, "place", whole)
    assert group_stories(context) == 2
    assert len(embedder.texts) == len(set(embedder.texts))
    assert members(context) == [{CALLAO[2]}, {SANTOS_ES[2], SANTOS_PT[2]}]


def test_an_encoder_that_breaks_holds_nothing_up(make_context: MakeContext) -> None:
    context = make_context(embedder=FakeEmbedder(WORDS, errors=[RuntimeError("no model")]))
    tell_all(context.database, SANTOS_ES, SANTOS_PT, CALLAO)
    assert group_stories(context) == 3
    assert members(context) == [{CALLAO[2]}, {SANTOS_ES[2], SANTOS_PT[2]}]


def test_articles_described_without_vectors_get_them_afterwards(make_context: MakeContext) -> None:
    broken = make_context(embedder=FakeEmbedder(WORDS, errors=[RuntimeError("no model")]))
    first, second = tell_all(broken.database, SANTOS_ES, CALLAO, every=timedelta(days=30))
    group_stories(broken)
    mended = replace(broken, embedder=FakeEmbedder(WORDS))
    tell_all(broken.database, SANTOS_PT)
    group_stories(replace(broken, embedder=None))
    assert vectors_of(broken, first, second) == {first: 0, second: 0}
    with broken.database.session() as session:
        tell(session, SANTOS_CU, NOW + timedelta(days=30))
    group_stories(mended)
    # the story of the first rested too long to grow
    assert vectors_of(broken, first, second) == {first: 0, second: 1}
    with broken.database.session() as session:
        session.execute(text("UPDATE signs SET meaning_en = ''"))
        tell(session, SANTOS_PT, NOW + timedelta(days=30))
    group_stories(mended)
    assert vectors_of(broken, first, second) == {first: 0, second: 1}


def vectors_of(context: Context, *articles: int) -> dict[int, int]:
    with context.database.session() as session:
        rows = session.execute(
            text(
                "SELECT article_id, vector IS NOT NULL AND meaning <> '' AND meaning_en <> '' FROM signs "
                "ORDER BY article_id"
            )
        )
        return {article: int(there) for article, there in rows if article in articles}


def test_two_workers_open_one_story_for_one_event(make_context: MakeContext, database: Database) -> None:
    for number in range(3):
        tell_all(database, SANTOS_ES, SANTOS_PT, SANTOS_CU)
        contexts = [make_context(embedder=FakeEmbedder(WORDS)) for _ in range(3)]
        threads = [Thread(target=group_stories, args=(context,)) for context in contexts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        [story] = told(contexts[0])
        assert len(story.articles) == 3 * (number + 1)


def test_a_story_that_rested_too_long_is_told_anew(make_context: MakeContext) -> None:
    context = make_context(embedder=FakeEmbedder(WORDS))
    tell_all(context.database, SANTOS_ES, SANTOS_PT, every=timedelta(days=11))
    group_stories(context)
    assert len(told(context)) == 2
    assert [story.headline for story in told(context, since=NOW + timedelta(days=1))] == [SANTOS_PT[2]]


def test_stories_are_joined_by_the_article_that_stands_between_them(
    make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = make_context(embedder=FakeEmbedder(WORDS))
    first, second, third = tell_all(context.database, SANTOS_ES, SANTOS_PT, SANTOS_CU)
    monkeypatch.setattr(grouping, "assign", lambda item, found: Placement(None))
    with context.database.session() as session:
        session.execute(text("DELETE FROM alerts WHERE article_id = :id"), {"id": third})
        session.commit()
    group_stories(context)
    home, other = sorted(story.id for story in told(context))
    monkeypatch.undo()
    with context.database.session() as session:
        again = tell(session, SANTOS_CU)
    group_stories(context)
    [story] = told(context)
    assert {article.id for article in story.articles} == {first, second, again}
    assert (story.first_seen, story.last_seen) == (NOW, NOW + timedelta(minutes=10))
    with context.database.session() as session:
        assert {standing(session, number) for number in (home, other)} == {story.id}
        assert standing(session, 99) == 0


def test_an_article_that_is_gone_or_has_a_story_is_left_alone(make_context: MakeContext) -> None:
    context = make_context()
    [article] = tell_all(context.database, SANTOS_ES)
    shelf = Shelf(context.database)
    for one in (99, article, article):
        place(context, shelf, one)
    assert [len(story.articles) for story in told(context)] == [1]


def test_an_article_deleted_while_it_is_at_hand_begins_no_story(make_context: MakeContext) -> None:
    context = make_context()
    [article] = tell_all(context.database, SANTOS_ES)
    shelf = Shelf(context.database)
    assert len(shelf.take([article])) == 1
    with context.database.session() as session:
        session.execute(text("DELETE FROM articles"))
        session.commit()
    place(context, shelf, article)
    with context.database.session() as session:
        assert session.execute(text("SELECT count(*) FROM stories")).scalar_one() == 0


def test_few_articles_stay_at_hand_and_the_outcome_is_the_same(make_context: MakeContext) -> None:
    context = make_context()
    first, second = tell_all(context.database, SANTOS_ES, SANTOS_PT)
    shelf = Shelf(context.database, most=1)
    assert [item.article_id for item in shelf.take([second, 99, first])] == [second, first]
    assert [item.article_id for item in shelf.take([first])] == [first]


def test_an_article_moves_to_the_story_that_is_nearer_once_it_begins(
    make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = make_context()
    callao, santos, third = tell_all(context.database, CALLAO, SANTOS_ES, SANTOS_PT)
    decisions = iter([Placement(None), Placement(1), Placement(None, drawn=(santos,))])
    monkeypatch.setattr(grouping, "assign", lambda item, found: next(decisions))
    group_stories(context)
    left, pair = sorted(told(context), key=lambda story: len(story.articles))
    assert ({one.id for one in left.articles}, left.last_seen) == ({callao}, NOW)
    assert {one.id for one in pair.articles} == {santos, third}
    assert (pair.first_seen, pair.last_seen) == (NOW + timedelta(minutes=10), NOW + timedelta(minutes=20))
    # a story that loses its last article leads to the one where it went
    monkeypatch.setattr(grouping, "assign", lambda item, found: Placement(pair.id, drawn=(callao,)))
    tell_all(context.database, SANTOS_CU)
    group_stories(context)
    [whole] = told(context)
    assert (whole.id, len(whole.articles), whole.first_seen) == (pair.id, 4, NOW)
    with context.database.session() as session:
        assert standing(session, left.id) == pair.id


def test_the_story_that_shares_most_names_is_found_among_many_that_share_one(
    make_context: MakeContext,
) -> None:
    context = make_context()
    crowd = range(NEAREST)
    with context.database.session() as session:
        for number in crowd:
            session.execute(text("INSERT INTO stories (first_at, last_at) VALUES (:at, :at)"), {"at": NOW})
            article = tell(session, SANTOS_ES, NOW, topics=())
            join_story(session, article, number + 1, NOW)
            store_signs(session, [Signs(article, ("quiroga",))])
        wanted, newcomer = (tell(session, told, NOW, topics=()) for told in (SANTOS_PT, SANTOS_CU))
        home = join_story(session, wanted, None, NOW)
        store_signs(session, [Signs(one, ("quiroga", "santos", "1200")) for one in (wanted, newcomer)])
        found = candidates(session, newcomer)
    assert found[home] == [wanted]
    assert len(found) == NEAREST


def test_a_story_says_what_holds_each_article_in_it(make_context: MakeContext) -> None:
    context = make_context()
    santos, again, callao = tell_all(context.database, SANTOS_ES, SANTOS_PT, CALLAO)
    group_stories(context)
    alone, pair = sorted(told(context), key=lambda story: len(story.articles))
    assert story_bonds(context.database, alone) == []
    bonds = story_bonds(context.database, pair)
    assert [(bond.article, bond.nearest) for bond in bonds] == [(santos, again), (again, santos)]
    for bond in bonds:
        assert bond.likeness == pytest.approx(sum(share for _, share in bond.reasons))
        assert "quiroga" in bond.shared
        shares = [abs(share) for _, share in bond.reasons]
        assert shares == sorted(shares, reverse=True)
    assert callao not in {bond.article for bond in bonds}


def test_only_rare_names_and_numbers_find_a_story(make_context: MakeContext) -> None:
    context = make_context()
    [article] = tell_all(context.database, SANTOS_ES)
    with context.database.session() as session:
        names = rare_names(item_of(load_articles(session, [article])[0]))
    assert {"amberes", "quiroga", "1200"} <= set(names)
    assert "la" not in names


def test_stories_are_narrowed_by_topic_number_and_count(make_context: MakeContext) -> None:
    context = make_context()
    with context.database.session() as session:
        tell(session, SANTOS_ES, NOW - timedelta(hours=1), topics=("iran", "cuba"))
        tell(session, CALLAO)
    group_stories(context)
    callao, santos = told(context)
    assert told(context, topic="cuba") == [santos]
    assert told(context, ids=(callao.id,)) == [callao]
    assert told(context, limit=1) == [callao]
    assert santos.topics == ("cuba", "iran")
