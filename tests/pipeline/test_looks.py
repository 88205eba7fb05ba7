"""Articles that raised an alert, looked at again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.model import FetchedPage, FetchFailure, FetchFailureKind, StoredAlert
from monitor.pipeline import decide
from monitor.pipeline.changes import compare
from monitor.pipeline.collect import collect
from monitor.pipeline.context import Context
from monitor.pipeline.looks import history, look_again, look_at
from monitor.pipeline.process import process
from monitor.storage.alerts import list_alerts
from monitor.storage.articles import list_articles
from monitor.storage.revisions import store_edit
from tests.fakes import NOW, FakeFetcher, FakeTranslator, failure, page
from tests.pipeline.conftest import ARTICLE, BODY, MakeContext, answers, html, item
from tests.storage.rows.test_articles import READ

NEW_SENTENCE = "El ministro de Cuba dijo que el acuerdo será revisado en enero."
SIX_HOURS = timedelta(hours=6)


def alerted(make: MakeContext, **more: Any) -> Context:
    context = make(**more)
    collect(context)
    process(context)
    return context


def later(make: MakeContext, answer: FetchedPage | FetchFailure, wait: timedelta, **more: Any) -> Context:
    context = make(answers() | {ARTICLE: answer}, clock=lambda: NOW + wait, **more)
    process(context)
    return context


def alerts(context: Context) -> list[StoredAlert]:
    with context.database.session() as session:
        return list_alerts(session)


def changed(*paragraphs: str, **more: Any) -> FetchedPage:
    return page(ARTICLE, html(*paragraphs, **more), content_type="text/html; charset=utf-8")


def test_an_edit_is_kept_told_and_matched_again(make_context: MakeContext) -> None:
    alerted(make_context)
    translator = FakeTranslator()
    context = later(make_context, changed(BODY[0], NEW_SENTENCE, BODY[2]), SIX_HOURS, translator=translator)
    assert translator.sentences == [NEW_SENTENCE]
    assert [alert.topic for alert in alerts(context)] == ["cuba", "iran"]
    said = "changed, seen 2026-11-22 18:00 UTC: 1 sentence taken out, 1 sentence added"
    assert alerts(context)[1].change == said
    with context.database.session() as session:
        [article] = list_articles(session)
    [(seen, diff)] = history(context.database, article.id)
    assert seen == NOW + SIX_HOURS
    assert diff.lines == (("-", BODY[1]), ("+", NEW_SENTENCE))
    assert not diff.title_changed


def test_an_article_that_reads_the_same_stays_as_it_was(make_context: MakeContext) -> None:
    alerted(make_context)
    same = changed(*(f"{paragraph} " for paragraph in BODY), "Hace 3 horas")
    assert alerts(later(make_context, same, SIX_HOURS))[0].change == ""


def test_an_article_is_looked_at_three_times(make_context: MakeContext) -> None:
    alerted(make_context)
    asked = 0
    for hours in range(1, 400, 3):
        context = make_context(clock=lambda hours=hours: NOW + timedelta(hours=hours))
        look_again(context)
        assert isinstance(context.fetcher, FakeFetcher)
        asked += len(context.fetcher.asked)
    assert asked == 3
    assert decide.next_look(NOW, NOW + timedelta(hours=30)) == NOW + timedelta(days=7)


def test_an_article_without_alerts_is_not_looked_at(make_context: MakeContext) -> None:
    network = answers(item(title="Sube el cobre")) | {
        ARTICLE: changed("El cobre sube.", title="Sube el cobre")
    }
    alerted(make_context, network=network)
    context = later(make_context, failure(ARTICLE, FetchFailureKind.GONE), timedelta(days=9))
    assert isinstance(context.fetcher, FakeFetcher)
    assert context.fetcher.asked == []


def test_a_removal_is_told_and_the_return_too(make_context: MakeContext) -> None:
    alerted(make_context)
    gone = later(make_context, failure(ARTICLE, FetchFailureKind.GONE, status=410), SIX_HOURS)
    said = f"the page is gone (gone at {ARTICLE}), seen 2026-11-22 18:00 UTC"
    assert alerts(gone)[0].change == said
    still = later(make_context, failure(ARTICLE, FetchFailureKind.NOT_FOUND), timedelta(days=1))
    assert alerts(still)[0].change == said
    back = later(make_context, changed(), timedelta(days=7))
    assert alerts(back)[0].change == "the page is back since 2026-11-29 12:00 UTC"


def test_a_page_that_never_came_cannot_vanish(make_context: MakeContext) -> None:
    network = answers(item(summary="Cuba " * 9)) | {ARTICLE: failure(ARTICLE, FetchFailureKind.NOT_FOUND)}
    alerted(make_context, network=network)
    context = later(make_context, failure(ARTICLE, FetchFailureKind.GONE), SIX_HOURS)
    assert {alert.change for alert in alerts(context)} == {""}


def test_a_page_that_leads_to_the_front_page_has_vanished(make_context: MakeContext) -> None:
    alerted(make_context)
    front = replace(changed("Portada."), final_url="https://www.infobae.com/")
    assert "now leads to https://www.infobae.com/" in alerts(later(make_context, front, SIX_HOURS))[0].change


def test_a_failure_that_may_pass_and_a_wall_say_nothing(make_context: MakeContext) -> None:
    alerted(make_context)
    failed = later(make_context, failure(ARTICLE, FetchFailureKind.TIMEOUT), SIX_HOURS)
    assert alerts(failed)[0].change == ""
    wall = html(BODY[0]).replace(
        b"<head>",
        b"<head><script type='application/ld+json'>"
        b'{"@type":"NewsArticle","isAccessibleForFree":false}</script>',
    )
    walled = page(ARTICLE, wall, content_type="text/html; charset=utf-8")
    assert alerts(later(make_context, walled, timedelta(days=1)))[0].change == ""


def test_an_edit_of_an_article_that_is_not_at_rest_is_left_for_later(make_context: MakeContext) -> None:
    context = make_context()
    collect(context)
    with context.database.session() as session:
        [article] = list_articles(session)
        assert not store_edit(session, article.id, READ, "changed", NOW)
    assert history(context.database, article.id) == []
    with pytest.raises(ValueError, match="Content"):
        look_at(context, article.id, ARTICLE)


def test_headlines_count_and_small_words_do_not() -> None:
    diff = compare(
        "Irán entrega drones", "Uno dos tres cuatro.", "Irán promete drones", "UNO DOS TRES, cuatro. Ya."
    )
    assert diff.title_changed
    assert diff.summary == "headline changed"
    assert (
        compare("T", "Uno dos tres cuatro. Cinco seis siete ocho.", "T", "").summary
        == "2 sentences taken out"
    )
    assert compare("t", "", "T", "").summary == ""


SORRY = html("Lo sentimos, la página que busca ya no existe.", title="Página no encontrada")


def test_a_page_that_apologises_with_status_200_is_gone(make_context: MakeContext) -> None:
    alerted(make_context)
    context = later(make_context, page(ARTICLE, SORRY), SIX_HOURS)
    assert alerts(context)[0].change == (
        "the page says “Página no encontrada” in its place, seen 2026-11-22 18:00 UTC"
    )
    with context.database.session() as session:
        [article] = list_articles(session)
    assert article.text_chars == len("\n".join(BODY))


def test_an_article_without_a_feeds_headline_is_known_by_its_own(make_context: MakeContext) -> None:
    alerted(make_context, network=answers(item(title="")) | {ARTICLE: changed()})
    context = later(make_context, page(ARTICLE, SORRY), SIX_HOURS)
    assert "“Página no encontrada” in its place" in alerts(context)[0].change


def test_a_challenge_in_an_articles_place_says_nothing_of_it(make_context: MakeContext) -> None:
    alerted(make_context)
    challenge = page(ARTICLE, html("Verificando su navegador.", title="Un momento"))
    assert alerts(later(make_context, challenge, SIX_HOURS))[0].change == ""


def test_an_empty_answer_says_nothing_of_an_article(make_context: MakeContext) -> None:
    alerted(make_context)
    assert alerts(later(make_context, page(ARTICLE, b""), SIX_HOURS))[0].change == ""
