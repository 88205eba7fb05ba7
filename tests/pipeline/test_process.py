"""An article from new to matched, and everything that can go wrong on its way."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.config.watchlist import Topic
from monitor.errors import DatabaseUnavailable, EngineFailed, EngineMissing
from monitor.model import (
    ArticleForMatch,
    ArticleState,
    Exemplar,
    ExtractedPage,
    FetchedPage,
    FetchFailure,
    FetchFailureKind,
    FetchRequest,
    StoredAlert,
    StoredArticle,
    TopicMatch,
)
from monitor.pipeline import process as steps
from monitor.pipeline import reading
from monitor.pipeline.collect import collect
from monitor.pipeline.context import Context
from monitor.pipeline.pages import fetch_pages
from monitor.pipeline.process import process, process_article
from monitor.steps.match import KnownReports, Likeness
from monitor.storage.alerts import list_alerts
from monitor.storage.articles import list_articles
from monitor.storage.joining import join_articles
from tests.fakes import NOW, FakeEmbedder, FakeFetcher, FakeTranslator, failure, page
from tests.pipeline.conftest import ARTICLE, BODY, MakeContext, answers, html, item, rss

FEED = "https://www.infobae.com/rss"
LATER = NOW + timedelta(days=1)


def stored(context: Context) -> list[StoredArticle]:
    with context.database.session() as session:
        return list_articles(session)


def alerts(context: Context) -> list[StoredAlert]:
    with context.database.session() as session:
        return list_alerts(session)


def collected(make: MakeContext, *items: str, **more: Any) -> Context:
    context = make(answers(*items), **more)
    collect(context)
    return context


def test_an_article_becomes_an_explained_alert(make_context: MakeContext) -> None:
    context = collected(make_context)
    assert process(context) == 1
    [article] = stored(context)
    assert (article.state, article.language, article.content) == (ArticleState.MATCHED, "es", "page")
    assert article.title_en == "EN:Irán entrega drones a Bolivia"
    [alert] = alerts(context)
    assert (alert.topic, alert.topic_version) == ("iran", 1)
    assert {evidence.term for evidence in alert.evidence} >= {"Irán", "drones"}


class Slow(FakeFetcher):
    """Answers for one address only when something has come to pass."""

    def __init__(self, answers: dict[str, Any], slow: str, passed: Callable[[], object]) -> None:
        super().__init__(answers)
        self.slow, self.passed, self.waited = slow, passed, False

    def fetch(self, request: FetchRequest) -> FetchedPage | FetchFailure:
        deadline = time.monotonic() + 20
        while request.url == self.slow and not (self.passed() or time.monotonic() > deadline):
            self.waited = True
            time.sleep(0.01)
        return super().fetch(request)


def test_what_came_is_read_and_matched_while_a_slow_outlet_is_waited_for(make_context: MakeContext) -> None:
    slow = "https://lento.example/nota"
    network = answers(item(), item(slow)) | {slow: page(slow, html("Otra noticia sobre otra cosa."))}
    fetcher = Slow(network, slow, lambda: alerts(context))
    context = collected(make_context, fetcher=fetcher)
    assert process(context) == 2
    assert fetcher.waited
    assert {article.state for article in stored(context)} == {ArticleState.MATCHED}


def test_done_twice_nothing_is_added(make_context: MakeContext) -> None:
    context = collected(make_context)
    process(context)
    assert process(context) == 0
    assert process_article(context, stored(context)[0].id) == 0
    assert len(alerts(context)) == 1


def test_a_blocked_page_is_replaced_by_the_feeds_text(make_context: MakeContext) -> None:
    summary = "Irán entregó seis drones a Bolivia, informó el Gobierno en La Paz este domingo."
    network = answers(item(summary=summary)) | {ARTICLE: failure(ARTICLE, FetchFailureKind.BLOCKED)}
    context = make_context(network)
    collect(context)
    process(context)
    [article] = stored(context)
    assert (article.content, article.state) == ("summary", ArticleState.MATCHED)
    assert article.reason == f"no page: blocked at {ARTICLE}"
    assert len(alerts(context)) == 1


def test_an_item_listed_again_with_much_more_text_is_read_again(make_context: MakeContext) -> None:
    def listing(summary: str) -> Context:
        blocked = failure(ARTICLE, FetchFailureKind.BLOCKED, status=403)
        return make_context({FEED: page(FEED, rss(item(summary=summary))), ARTICLE: blocked})

    first = listing("Corto.")
    collect(first)
    process(first)
    assert [article.words for article in stored(first)] == [1]
    whole = listing(" ".join(BODY))
    assert collect(whole, everything=True) == 0
    process(whole)
    [article] = stored(whole)
    assert (article.state, article.words) == (ArticleState.MATCHED, len(" ".join(BODY).split()))


def test_a_page_that_times_out_is_tried_again_later(make_context: MakeContext) -> None:
    timeout = answers() | {ARTICLE: failure(ARTICLE, FetchFailureKind.TIMEOUT)}
    context = make_context(timeout)
    collect(context)
    process(context)
    assert stored(context)[0].state is ArticleState.QUARANTINED
    assert process(make_context()) == 0
    assert process(make_context(clock=lambda: LATER)) == 1


def test_a_host_that_keeps_failing_is_left_alone_for_this_run(make_context: MakeContext) -> None:
    addresses = [f"https://slow.test/{number}" for number in range(6)]
    network = answers(*(item(url) for url in addresses))
    network |= {url: failure(url, FetchFailureKind.TIMEOUT) for url in addresses}
    context = make_context(network)
    collect(context)
    process(context)
    states = [article.state for article in stored(context)]
    assert states.count(ArticleState.QUARANTINED) == 3
    assert states.count(ArticleState.NEW) == 3


def test_a_host_that_asks_us_to_slow_down_is_not_asked_again_in_this_run(make_context: MakeContext) -> None:
    addresses = [f"https://busy.test/{number}" for number in range(6)]
    network = answers(*(item(url) for url in addresses))
    network |= {url: failure(url, FetchFailureKind.RATE_LIMITED) for url in addresses}
    context = make_context(network)
    collect(context)
    process(context)
    assert isinstance(context.fetcher, FakeFetcher)
    assert sum(request.url in addresses for request in context.fetcher.asked) == 1


def test_an_engine_that_broke_is_given_another_try(make_context: MakeContext) -> None:
    broken = FakeTranslator(errors=[EngineFailed("Apertium died")] * 10)
    context = collected(make_context, translator=broken)
    process(context)
    [article] = stored(context)
    assert (article.state, article.reason) == (ArticleState.QUARANTINED, "Apertium died")
    broken.errors.clear()
    assert process(replace(context, clock=lambda: LATER)) == 1
    assert stored(context)[0].state is ArticleState.MATCHED


@pytest.mark.parametrize("tries", [1, 3])
def test_an_article_goes_on_untranslated_when_the_engine_will_not_come_back(
    make_context: MakeContext, tries: int
) -> None:
    error = EngineMissing("apertium is missing") if tries == 1 else EngineFailed("out of memory")
    context = collected(make_context, translator=FakeTranslator(errors=[error] * 30))
    for day in range(tries):
        process(replace(context, clock=lambda day=day: NOW + timedelta(days=day)))
    [article] = stored(context)
    assert (article.state, article.title_en) == (ArticleState.MATCHED, "")
    assert article.reason == f"not translated: {error}"
    assert len(alerts(context)) == 1


def test_a_language_that_is_not_ours_is_matched_but_not_translated(make_context: MakeContext) -> None:
    catalan = (
        "El govern de Cuba va presentar ahir un pla econòmic que preveu noves mesures per als pagesos.",
        "Els ministres van explicar que aquesta decisió arriba després de moltes setmanes de reunions.",
        "Segons els experts, amb això no n'hi haurà prou per resoldre els problemes d'enguany.",
    )
    title = "El govern de Cuba presenta un pla econòmic amb mesures per als pagesos"
    network = answers(item(title=title)) | {ARTICLE: page(ARTICLE, html(*catalan, title=title))}
    context = make_context(network)
    collect(context)
    process(context)
    [article] = stored(context)
    assert (article.language, article.reason) == ("ca", "not translated: the language is ca")
    assert [alert.topic for alert in alerts(context)] == ["cuba"]


def test_copies_of_one_text_are_translated_once(make_context: MakeContext) -> None:
    copy, other_title = "https://www.infobae.com/copia", "https://www.infobae.com/otro-titular"
    network = answers(item(), item(copy), item(other_title, "Bolivia recibe drones de Irán"))
    network |= {
        copy: page(copy, html()),
        other_title: page(other_title, html(title="Bolivia recibe drones de Irán")),
    }
    translator = FakeTranslator()
    context = make_context(network, translator=translator, workers=1)
    collect(context)
    assert process(context) == 3
    assert sum(sentence == BODY[0] for sentence in translator.sentences) == 1
    assert "EN:Bolivia recibe drones de Irán" in {article.title_en for article in stored(context)}


def test_an_article_like_known_reports_becomes_an_alert_that_names_them(make_context: MakeContext) -> None:
    encoder = FakeEmbedder({"drones": 1})
    reports = [Exemplar(frozenset({"cuba"}), title) for title in ("Más drones", "Otros drones")]
    likeness = Likeness(KnownReports(reports, encoder), [Topic("cuba", "Cuba", "Cuba")], {})
    context = collected(make_context, embedder=encoder, likeness=likeness)
    assert process(context) == 2
    by_topic = {alert.topic: alert for alert in alerts(context)}
    assert [one.term for one in by_topic["cuba"].evidence] == [
        "≈ “Más drones” 100 %",
        "≈ “Otros drones” 100 %",
    ]
    assert by_topic["cuba"].evidence[0].sentence == "Irán entrega drones a Bolivia"


def test_where_the_encoder_breaks_the_queries_decide_alone(make_context: MakeContext) -> None:
    broken = FakeEmbedder(errors=[MemoryError("no more")])
    reports = [Exemplar(frozenset({"cuba"}), "Más drones", vector=bytes(512))]
    likeness = Likeness(KnownReports(reports, broken), [Topic("cuba", "Cuba", "Cuba")], {})
    assert process(collected(make_context, likeness=likeness)) == 1
    assert broken.errors == []


class BrokenMatcher:
    """A matcher with a bug."""

    def match(self, article: ArticleForMatch) -> tuple[TopicMatch, ...]:
        raise ZeroDivisionError("bug")


def test_a_bug_sets_one_article_aside_and_stops_nothing(make_context: MakeContext) -> None:
    context = collected(make_context, matcher=BrokenMatcher())
    assert process(context) == 0
    [article] = stored(context)
    assert (article.state, article.reason) == (ArticleState.QUARANTINED, "ZeroDivisionError: bug")
    assert process(make_context(clock=lambda: LATER)) == 1


def test_an_article_that_was_joined_to_another_while_its_step_broke_is_left_alone(
    make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = collected(make_context, item(), item("https://www.infobae.com/iran-drones-2"))
    fetch_pages(context)
    first, second = sorted(article.id for article in stored(context))

    def joined_meanwhile(context: Context, article_id: int) -> None:
        with context.database.session() as session:
            join_articles(session, article_id, first, NOW)
            session.commit()
        raise ZeroDivisionError("bug")

    monkeypatch.setitem(steps.STEPS, ArticleState.FETCHED, joined_meanwhile)
    assert process_article(context, second) == 0
    assert [article.id for article in stored(context)] == [first]


def test_two_workers_that_read_one_article_keep_it_once(make_context: MakeContext) -> None:
    context = collected(make_context)
    fetch_pages(context)
    [article] = stored(context)
    steps.extract_step(context, article.id)
    steps.translate_step(context, article.id)
    steps.extract_step(context, article.id)
    [again] = stored(context)
    assert again.state is ArticleState.TRANSLATED


def test_without_a_database_nothing_is_set_aside(
    make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = collected(make_context)
    fetch_pages(context)

    def lost(context: Context, article_id: int) -> None:
        raise DatabaseUnavailable

    monkeypatch.setitem(steps.STEPS, ArticleState.FETCHED, lost)
    with pytest.raises(DatabaseUnavailable):
        process(context)


def test_what_another_worker_did_meanwhile_is_not_done_again(
    make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = collected(make_context)
    fetch_pages(context)
    article_id = stored(context)[0].id
    steps.extract_step(context, article_id)
    steps.translate_step(context, article_id)
    assert steps.match_step(context, article_id) == 1
    assert steps.match_step(context, article_id) == 0
    assert steps.translate_step(context, article_id) is None
    assert len(alerts(context)) == 1
    monkeypatch.setattr(steps.articles, "current_state", lambda *_: ArticleState.TRANSLATED)
    assert process_article(context, article_id) == 0


def test_an_outlet_that_left_the_catalogue_does_not_stop_its_articles(make_context: MakeContext) -> None:
    context = collected(make_context)
    assert process(replace(context, outlets={})) == 1


def test_a_page_on_which_reading_breaks_gives_way_to_what_the_feed_gave(
    make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> ExtractedPage:
        raise ZeroDivisionError("bug")

    monkeypatch.setattr(reading, "extract_page", broken)
    context = make_context(answers(item(summary="Irán entregó seis drones a Bolivia.")))
    collect(context)
    assert process(context) == 0
    days = (NOW + timedelta(days=day) for day in (1, 2, 3))
    assert sum(process(replace(context, clock=lambda day=day: day)) for day in days) == 1
    assert stored(context)[0].content == "summary"


def test_what_a_page_says_in_json_is_kept_without_what_no_database_holds(make_context: MakeContext) -> None:
    said = r'{"@type": "NewsArticle", "articleSection": "Mundo\u0000"}'
    data = f'<script type="application/ld+json">{said}</script></head>'
    given = html().replace(b"</head>", data.encode())
    context = make_context(answers() | {ARTICLE: page(ARTICLE, given)})
    collect(context)
    assert process(context) == 1
    assert stored(context)[0].content == "page"
