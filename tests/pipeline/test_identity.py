"""One article once: the address a page gives itself, redirects, copies."""

from dataclasses import replace
from typing import Any

import pytest

from monitor.model import (
    ArticleForJoining,
    ArticleRead,
    Content,
    FeedSource,
    FetchedPage,
    FetchFailureKind,
    StoredArticle,
)
from monitor.pipeline.collect import collect
from monitor.pipeline.context import Context
from monitor.pipeline.identity import is_copy, same_article, true_address
from monitor.pipeline.process import process
from monitor.storage.alerts import list_alerts
from monitor.storage.articles import list_articles
from tests.fakes import FakeFetcher, FakeTranslator, failure, page
from tests.pipeline.conftest import BODY, INFOBAE, MakeContext, answers, html, item, rss

OWN = "https://www.infobae.com/mundo/2026/11/22/iran-entrega-drones/"
LONG = " ".join([*BODY, *(f"El punto número {n} del acuerdo trata de otra cosa distinta." for n in range(9))])


@pytest.mark.parametrize(
    ("claimed", "believed"),
    [
        ("https://www.infobae.com/mundo/2026/11/22/iran-entrega-drones/?utm_source=x", OWN),
        ("http://infobae.com/mundo/2026/11/22/iran-entrega-drones", OWN),
        (
            "https://www.infobae.com/america/iran-entrega-drones/",
            "https://www.infobae.com/america/iran-entrega-drones/",
        ),
        (
            "https://m.infobae.com/otra/iran-entrega-drones.html",
            "https://www.infobae.com/otra/iran-entrega-drones.html",
        ),
        ("https://www.infobae.com/nota/1234567", "https://www.infobae.com/nota/1234567"),
        ("https://www.infobae.com/2026/11/x", "https://www.infobae.com/2026/11/x"),
        ("https://www.infobae.com/un-titular-con-guiones", "https://www.infobae.com/un-titular-con-guiones"),
        ("https://www.infobae.com/", ""),
        ("https://www.infobae.com/mundo/", ""),
        ("https://www.infobae.com/mundo/2026/11/", ""),
        ("https://www.infobae.com/suscripciones", ""),
        ("https://otro.test/mundo/2026/11/22/iran-entrega-drones/", ""),
        ("https://www.infobae.com:99999/x", ""),
        ("", ""),
    ],
)
def test_only_an_address_that_can_be_the_articles_is_believed(claimed: str, believed: str) -> None:
    assert true_address(OWN, claimed, "", {}) == believed


def test_where_redirects_led_counts_when_the_page_says_nothing_useful() -> None:
    target = "https://www.infobae.com/america/iran-entrega-drones"
    assert true_address(OWN, "https://www.infobae.com/", target, {}) == target


@pytest.mark.parametrize(
    ("own", "landed", "believed"),
    [
        ("https://short.test/aB3", OWN, OWN),
        ("https://infobae.old.test/mundo/iran-entrega-drones.html", OWN, OWN),
        ("https://short.test/aB3", "https://www.infobae.com/", ""),
        ("https://short.test/aB3", "https://consent.test/collect", ""),
        ("https://short.test/", "https://other.test/", ""),
        ("https://old.test/2026/11/22/iran-entrega-drones", "https://other.test/2026/11/22/otra-cosa", ""),
    ],
)
def test_redirects_to_another_site_are_believed_where_they_lead_to_the_article(
    own: str, landed: str, believed: str
) -> None:
    assert true_address(own, "", landed, {}) == believed


def test_the_page_at_the_end_of_a_short_address_says_which_one_it_is() -> None:
    claimed = "https://www.infobae.com/america/iran-entrega-drones/"
    assert true_address("https://short.test/aB3", claimed, OWN, {}) == claimed


def a_read(title: str, text: str) -> ArticleRead:
    return ArticleRead(title, text, (), "", None, None, "es", Content.PAGE, False, 1, "")


@pytest.mark.parametrize(
    ("title", "text", "other_title", "other_text", "same"),
    [
        ("Irán entrega drones", LONG, "Otro titular", LONG, True),
        ("Irán entrega drones", LONG, "Irán entrega drones", "Otra cosa muy breve, sin nada en común.", True),
        (
            "Irán entrega drones",
            LONG,
            "Sube el cobre",
            "El precio del cobre subió este lunes en Chile.",
            False,
        ),
        ("Irán entrega drones", LONG, "Irán entrega drones a Bolivia", "", True),
        ("Irán entrega drones", LONG, "", "", False),
        ("Irán entrega drones", LONG, "Sube el precio del cobre", "", False),
    ],
)
def test_an_address_alone_does_not_make_two_articles_one(
    title: str, text: str, other_title: str, other_text: str, same: bool
) -> None:
    other = ArticleForJoining(7, "infobae", other_title, other_text)
    assert same_article(a_read(title, text), other, "infobae") is same
    assert not same_article(a_read(title, text), other, "clarin")


def test_a_copy_may_be_shortened_and_edited_but_is_long_enough_to_tell() -> None:
    words = LONG.split()
    assert is_copy(LONG, " ".join(words[: int(len(words) * 0.8)]))
    assert not is_copy(" ".join(words[:20]), " ".join(words[:20]))
    assert not is_copy(LONG, "El precio del cobre subió este lunes en Chile. " * 9)
    assert not is_copy(LONG, "")


def stored(context: Context) -> list[StoredArticle]:
    with context.database.session() as session:
        return list_articles(session)


def variant(url: str, canonical: str = "", **more: Any) -> FetchedPage:
    link = f"<link rel='canonical' href='{canonical}'>".encode() if canonical else b""
    body = html(*LONG.split(". ")).replace(b"<head>", b"<head>" + link)
    return page(url, body, content_type="text/html; charset=utf-8", **more)


def ran(make: MakeContext, network: dict[str, Any], *urls: str, **more: Any) -> Context:
    context = make(answers(*(item(url) for url in urls)) | network, workers=1, **more)
    collect(context)
    process(context)
    return context


def test_what_redirects_and_canonicals_lead_to_is_one_article(make_context: MakeContext) -> None:
    short = "https://www.infobae.com/s/abc"
    plus = "https://www.infobae.com/plus/iran-entrega-drones/"
    network = {
        OWN: variant(OWN, OWN),
        short: replace(variant(short), final_url=OWN),
        plus: variant(plus, OWN),
    }
    context = ran(make_context, network, OWN, short, plus)
    assert len(stored(context)) == 1
    with context.database.session() as session:
        assert len(list_alerts(session)) == 1
    # Seen again at another feed, the other addresses are known.
    other = replace(INFOBAE, feeds=(*INFOBAE.feeds, FeedSource("https://www.infobae.com/rss2")))
    network |= {
        "https://www.infobae.com/rss2": page("https://www.infobae.com/rss2", rss(item(short), item(plus)))
    }
    again = make_context(network, outlets={INFOBAE.id: other})
    assert collect(again, everything=True) == 0
    assert process(again) == 0


def test_an_article_is_known_by_its_own_address_when_that_comes_later(make_context: MakeContext) -> None:
    short = "https://www.infobae.com/s/abc"
    network = {short: replace(variant(short), final_url=OWN)}
    assert len(stored(ran(make_context, network, short))) == 1
    later = make_context(answers(item(OWN)) | network)
    assert collect(later, everything=True) == 0


def test_a_wrong_canonical_loses_no_article(make_context: MakeContext) -> None:
    other = "https://www.infobae.com/mundo/2026/11/22/sube-el-cobre/"
    copper = html(
        *(f"El cobre subió por {n}. vez en Chile esta semana." for n in range(9)), title="Sube el cobre"
    )
    link = f"<head><link rel='canonical' href='{OWN}'>".encode()
    network = {OWN: variant(OWN, OWN), other: page(other, copper.replace(b"<head>", link))}
    assert len(stored(ran(make_context, network, OWN, other))) == 2


def test_an_article_that_waits_for_its_page_takes_that_of_its_double(make_context: MakeContext) -> None:
    amp = "https://www.infobae.com/s/abc"
    network: dict[str, Any] = {OWN: failure(OWN, FetchFailureKind.TIMEOUT), amp: variant(amp, OWN)}
    context = ran(make_context, network, OWN, amp)
    [article] = stored(context)
    assert (article.url, article.content, article.state.value) == (OWN, "page", "matched")


def test_a_copy_at_another_outlet_is_marked_and_translated_once(make_context: MakeContext) -> None:
    clarin = replace(INFOBAE, id="clarin", name="Clarín", feeds=(FeedSource("https://clarin.test/rss"),))
    theirs, third = "https://clarin.test/cable-de-agencia-iran", "https://clarin.test/cable-completo-iran"
    shortened = html(*LONG.split(". ")[:-2], title="Irán y los drones")
    network = {
        OWN: variant(OWN),
        "https://clarin.test/rss": page(
            "https://clarin.test/rss", rss(item(theirs, "Irán y los drones"), item(third))
        ),
        theirs: page(theirs, shortened),
        third: page(third, html(*LONG.split(". "))),
    }
    translator = FakeTranslator()
    context = ran(
        make_context, network, OWN, translator=translator, outlets={INFOBAE.id: INFOBAE, "clarin": clarin}
    )
    found = {article.url: article for article in stored(context)}
    originals = {article.copy_of for article in found.values()}
    assert len(found) == 3
    assert len(originals - {None}) == 1
    assert [article.copy_of for article in found.values()].count(None) == 1
    body = [sentence for sentence in translator.sentences if sentence.startswith("El Gobierno de Irán")]
    assert len(body) == 1


def polled_again(make: MakeContext, network: dict[str, Any]) -> Context:
    context = make(network, workers=1)
    collect(context, everything=True)
    process(context)
    return context


def test_an_article_whose_address_another_page_claimed_before_is_not_lost(make_context: MakeContext) -> None:
    copper = "https://www.infobae.com/mundo/2026/11/22/sube-el-cobre/"
    body = html(*(f"El cobre subió por {n}. vez en Chile." for n in range(9)), title="Sube el cobre")
    claim = f"<head><link rel='canonical' href='{OWN}'>".encode()
    listed = answers(item(copper, "Sube el cobre"))
    polled_again(make_context, listed | {copper: page(copper, body.replace(b"<head>", claim))})
    later = polled_again(make_context, answers(item(OWN)) | {OWN: variant(OWN, OWN)})
    assert {article.url for article in stored(later)} == {copper, OWN}
    with later.database.session() as session:
        assert [alert.url for alert in list_alerts(session)] == [OWN]


def test_an_article_listed_without_a_headline_at_an_address_it_was_led_to_is_joined(
    make_context: MakeContext,
) -> None:
    short = "https://www.infobae.com/s/abc"
    network = {short: replace(variant(short), final_url=OWN), OWN: variant(OWN, OWN)}
    polled_again(make_context, answers(item(short)) | network)
    bare = f"<urlset><url><loc>{OWN}</loc></url></urlset>".encode()
    feed = INFOBAE.feeds[0].url
    again = polled_again(make_context, network | {feed: page(feed, bare)})
    assert len(stored(again)) == 1
    assert isinstance(again.fetcher, FakeFetcher)
    assert OWN in [request.url for request in again.fetcher.asked]
