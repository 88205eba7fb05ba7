"""The rooms that write English sentences are asked for them, so that none is shown in English unnoticed."""

import socket
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from string import Formatter

import httpcore
import pytest

from monitor.model import FeedForPoll, FeedKind, OutletStatus, ParseFailure
from monitor.pipeline.changes import compare
from monitor.pipeline.decide import feed_unreadable
from monitor.pipeline.volume import judge
from monitor.steps.digest.frame import Frame
from monitor.steps.digest.sentences import FORMS
from monitor.steps.fetch.answers import Answer, failure
from monitor.steps.fetch.failures import Failed, converted

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
OLD = "Antes decía esto el primer párrafo entero. Y esta frase no la cambió nadie nunca."
NEW = "Ahora dice otra cosa el primer párrafo. Hay también una frase nueva aquí. " + OLD[43:]


def volumes() -> Iterator[str]:
    days = {date(2026, 11, 24) - timedelta(days=back): 40 for back in range(28)}
    yesterday = max(days)
    for count in (1, 900):
        yield judge(days | {yesterday: count}, NOW, NOW).alarm
    yield judge(days, NOW - timedelta(days=2), NOW).silence


def fetches() -> Iterator[str]:
    for error in (
        httpcore.ReadTimeout(),
        httpcore.ConnectError("refused"),
        httpcore.ReadError("reset"),
        httpcore.RemoteProtocolError("half a head"),
        httpcore.LocalProtocolError("odd"),
        socket.gaierror(),
    ):
        with pytest.raises(Failed) as caught, converted("diario.example"):
            raise error
        yield caught.value.reason
    for status, headers in ((403, {}), (503, {"cf-mitigated": "challenge"})):
        yield failure(Answer(status, headers, b""), NOW).reason


def changed() -> Iterator[str]:
    yield f"changed, seen {NOW:%Y-%m-%d %H:%M} UTC: {compare('Uno', OLD, 'Dos', NEW).summary}"
    yield f"the page is gone (answered 404), seen {NOW:%Y-%m-%d %H:%M} UTC"


@pytest.mark.parametrize("sentence", [*volumes(), *fetches(), *changed()])
def test_what_the_collection_says_is_said_in_the_language_of_the_frame(sentence: str) -> None:
    assert sentence
    assert Frame("en", "UTC").report(sentence) == sentence
    spanish, portuguese = (Frame(language, "UTC").report(sentence) for language in ("es", "pt"))
    assert len({sentence, spanish, portuguese}) == 3


def test_sentences_within_sentences_and_times_are_said_too() -> None:
    frame = Frame("es", "America/Bogota")
    assert frame.report("no page: robots.txt: answered 503, so nothing may be fetched now") == (
        "sin página: robots.txt: respondió 503, así que ahora no se puede pedir nada"
    )
    assert frame.report("changed, seen 2026-11-25 03:00 UTC: headline changed, 2 sentences added") == (
        "cambió, visto el 24 nov 2026, 22:00: cambió el titular, 2 frases añadidas"
    )
    assert frame.report("unusually few: 1 articles on Tuesday 2026-11-24, 22 to 58 are usual") == (
        "menos de lo habitual: artículos del martes 24 nov 2026: 1; lo habitual: de 22 a 58"
    )


def test_an_unknown_sentence_and_a_date_that_is_none_stay_as_they_came() -> None:
    frame = Frame("pt", "UTC")
    for sentence in ("KeyError: 'x'", "the page is back since 2026-13-41 27:99 UTC", "{n} {why}"):
        assert frame.report(sentence) == sentence


@pytest.mark.parametrize("form", FORMS)
def test_every_translation_fills_the_slots_of_its_form(form: tuple[str, str, str]) -> None:
    slots = [sorted(name for _, name, _, _ in Formatter().parse(text) if name) for text in form]
    assert slots[0] == slots[1] == slots[2]
    assert form[1] != form[0] or form[0].startswith("robots.txt")


def test_a_feed_that_was_given_up_says_why_in_both_parts() -> None:
    feed = FeedForPoll(1, "x", "https://x.example/rss", FeedKind.FEED, failures=12.0)
    polled = feed_unreadable(feed, ParseFailure("not RSS or Atom"), NOW)
    assert polled.status is OutletStatus.SUSPENDED
    assert Frame("es", "UTC").report(polled.reason).endswith("se intenta una vez al día: no es RSS ni Atom")
