import re
from dataclasses import replace
from typing import Any

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import DigestStory, DigestTopic, OutletCoverage
from monitor.steps.digest import render_digest
from monitor.steps.digest.words import WORDS
from tests.unit.digest.samples import BOTH, CONTENT, COVERAGE, END, HOSTILE, NOTHING, SANTOS, SANTOS_PT, many


def parsed(html: str) -> Any:
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)


@pytest.mark.parametrize("frame", ["en", "es", "pt"])
def test_the_html_is_valid_and_needs_nothing_from_outside(frame: str) -> None:
    html = render_digest(replace(CONTENT, frame=frame)).html
    tree = parsed(html)
    assert tree.get("lang") == frame
    assert {element.tag for element in tree.iter()}.isdisjoint({"img", "script", "link", "iframe", "object"})
    assert not re.search(r"\b(src|background|srcset)\s*=|url\(|@import|@font-face", html)
    links = {element.get("href") for element in tree.iter("a")}
    assert all(
        link.startswith(("https://www.example.", "https://e.org/c", "https://monitor.", "#topic-"))
        for link in links
    )
    assert "prefers-color-scheme: dark" in html
    assert 'style="' in html


@pytest.mark.parametrize("frame", ["en", "es", "pt"])
def test_html_and_text_say_the_same(frame: str) -> None:
    rendered = render_digest(replace(CONTENT, frame=frame))
    shown = " ".join("".join(parsed(rendered.html).find("body").itertext()).split())
    told = " ".join(re.sub(r"\n +> +", " ", rendered.text.replace("*", "")).split())
    for words in (
        SANTOS.title,
        SANTOS.title_en,
        SANTOS.lead_en,
        SANTOS_PT.title_en,
        "The Federal Police seized 1.2 tonnes of cocaine in the port of Santos.",
        "China buys a port",
        "Withdrawn",
        "The page answers 404.",
        "403 for every page",
        "unknown outlet “infobea”",
        "page too large (2)",
        "unusually few: 0 articles",
        "El Faro",
    ):
        assert words in shown
        assert words in told
    assert "https://www.example.org/a?x=1&y=2" in rendered.text


def test_every_item_shows_who_said_it_and_why_it_is_here() -> None:
    rendered = render_digest(CONTENT)
    assert "El Diario (Argentina, independent), 22 Nov, 06:00" in rendered.text
    seen = "2 outlets in 2 countries (1 independent, 1 state-run) · first seen 22 Nov, 06:00, El Diario"
    assert seen in rendered.text.replace("\n  ", " ")
    assert "O Jornal (Brazil, state-run)" in rendered.text
    assert "Original: Incautan cocaína del *Primeiro Comando da Capital* en Santos" in rendered.text.replace(
        "\n  ", " "
    )
    assert "*incautó*" in rendered.text
    assert "tonnes of *cocaine*" in rendered.text
    assert "Why it is here: primeiro comando da capital (headline); incaut*, cocaine" in rendered.text
    marks = [mark.text for mark in parsed(rendered.html).iter("mark")]
    assert {"Primeiro Comando da Capital", "incautó", "cocaine", "cocaína", "Huawei"} <= set(marks)
    numbers = {link.text: link.get("href") for link in parsed(rendered.html).iter("a")}
    assert numbers["#1"] == "https://monitor.example.org/alerts/1"
    assert "cocaine · #1" in " ".join(rendered.text.split())
    for face in (rendered.html, rendered.text):
        assert "monitor alerts mark N" in face
    assert "https://monitor.example.org/stories/12" in rendered.text


def test_what_was_not_seen_and_what_is_noisy_is_said() -> None:
    text = render_digest(CONTENT).text
    assert "1,218 articles read from 2 outlets" in text
    assert "3 outlets not seen" in text
    assert "Blocked: La Prensa, since 20 Nov 2026, 06:00: 403 for every page" in text
    assert "Silent: Granma, since 18 Nov 2026, 06:00" in text
    assert "unheard-of: Odd: no idea" in text
    assert "Read: El Diario 120" in text
    assert "Only 43 % of the marked reports" in text
    assert "Only 20 % of the marked reports" in text
    assert "90 %" not in text
    assert "Drug trafficking v7, China v3, Ports v5, Iran v1, Cuba" in text.replace("\n  ", " ")
    assert "1 error in the configuration" in text


def test_hostile_text_shows_itself_and_does_nothing() -> None:
    rendered = render_digest(CONTENT)
    assert "<script>" not in rendered.html
    assert "&lt;script&gt;" in rendered.html
    assert not re.search("[\u202a-\u202e\x07]", rendered.html + rendered.text)
    assert "characters]" in rendered.html
    assert "characters]" in rendered.text
    assert "javascript:" not in rendered.html + rendered.text
    assert "ftp://" not in rendered.html + rendered.text
    body = parsed(rendered.html).find("body")
    assert any("<script>" in "".join(bdi.itertext()) for bdi in body.iter("bdi"))
    assert "\u2068" in rendered.text


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=300), st.text(max_size=50))
def test_any_text_gives_valid_html(title: str, url: str) -> None:
    alert = replace(
        HOSTILE, title=title, title_en=title[::-1], outlet_name=title[:50], url="https://x.org/" + url
    )
    topic = DigestTopic("t", title, 1, (DigestStory((alert, alert)),))
    rendered = render_digest(replace(CONTENT, topics=(topic,), title=title or "x"))
    parsed(rendered.html)
    assert "\n" not in rendered.subject


def test_nothing_is_said_aloud() -> None:
    rendered = render_digest(NOTHING)
    assert rendered.subject == "Morning digest: nothing new, Nov 22, 2026"
    assert "No article met your topics" in rendered.text
    assert "No article met your topics" in rendered.html
    assert "every outlet answered" in rendered.text
    unread = replace(NOTHING, coverage=replace(NOTHING.coverage, outlets=()))
    assert "silence here says nothing" in render_digest(unread).text.replace("\n", " ")


def test_what_has_no_room_is_counted_and_no_topic_pushes_out_another() -> None:
    noisy = DigestTopic("noisy", "Noisy", 1, many(30, 3))
    quiet = DigestTopic("quiet", "Quiet", 1, (DigestStory((SANTOS_PT,)),))
    rendered = render_digest(replace(CONTENT, topics=(noisy, quiet), limit=10))
    assert SANTOS_PT.title_en in rendered.text
    assert "This mail shows 10 reports; 81 further reports are counted, not shown." in rendered.text.replace(
        "\n ", ""
    )
    assert "21 more stories of this topic are not shown here (63 reports)" in rendered.text
    assert rendered.text.count("and 2 more reports of this story, not shown here") == 9
    assert "21 more stories" in rendered.html
    shown = {int(one) for one in re.findall(r"Story (\d+) report 0", rendered.text)}
    assert shown == set(range(9))


def test_a_mail_never_outgrows_what_programs_show_and_says_what_became_shorter() -> None:
    topics = (DigestTopic("a", "A", 1, many(120, 2)), DigestTopic("b", "B", 1, (DigestStory((SANTOS_PT,)),)))
    content = replace(CONTENT, topics=topics, limit=500)
    whole = render_digest(replace(content, size=10**6))
    assert "in one line" not in whole.text
    assert "counted, not shown" not in whole.text
    sizes = []
    for size in (150_000, 96_000, 30_000):
        rendered = render_digest(replace(content, size=size))
        sizes.append(len(rendered.html.encode()))
        assert size * 0.95 < sizes[-1] <= size
        told = re.findall(r"Story \d+ report \d", rendered.text)
        assert len(told) == len(set(told))
        [line] = re.findall(r"^\d+ reports further down are in one line, .*", rendered.text, re.MULTILINE)
        assert line in "".join(parsed(rendered.html).find("body").itertext())
        assert SANTOS_PT.title_en in rendered.text
    # in the smallest one even lines have no room for all
    hidden = re.search(r"This mail shows (\d+) reports; (\d+) further", rendered.text)
    assert hidden
    assert int(hidden[1]) + int(hidden[2]) == 241
    assert len(told) + 1 == int(hidden[1])


def test_errors_and_outlets_never_push_out_the_reports() -> None:
    errors = tuple(f"config/outlets.yaml:{number}: unknown outlet" for number in range(200))
    lost = tuple(
        OutletCoverage(f"o{number}", f"Outlet {number}", "broken", 0, END, "answered 500 " * 20)
        for number in range(100)
    )
    coverage = replace(COVERAGE, outlets=lost, config_errors=errors)
    topics = (DigestTopic("a", "A", 1, many(60)),)
    rendered = render_digest(replace(CONTENT, topics=topics, coverage=coverage, size=40_000))
    told = set(re.findall(r"Story \d+ report 0", rendered.text))
    assert len(told) >= 20
    for face in (rendered.html, rendered.text):
        assert "config/outlets.yaml:9:" in face
        assert "config/outlets.yaml:10:" not in face
        assert "… +190" in face


def test_what_takes_one_line_keeps_its_reasons_marks_and_link() -> None:
    changed = replace(SANTOS, status="escalated", change="headline changed")
    story = replace(CONTENT.topics[0].stories[0], alerts=(changed, SANTOS_PT), follow_up=True)
    topics = (DigestTopic("t", "T", 1, (story,)), DigestTopic("p", "P", 1, (story,)))
    rendered = render_digest(replace(CONTENT, topics=topics, changes=(), size=1))
    assert "1 report further down is in one line" in rendered.text
    [entry] = [
        "".join(one.itertext())
        for one in parsed(rendered.html).iter("div")
        if one.get("class") == "entry" and "incaut*" in "".join(one.itertext())
    ]
    assert SANTOS.title_en in entry
    assert "continues · El Diario · Argentina · independent" in entry
    assert "primeiro comando da capital (headline); incaut*, cocaine" in entry
    for face in (rendered.html, rendered.text):
        assert "marked: escalated" in face
        assert "headline changed" in face
        assert "3 further reports are counted" in face
        assert SANTOS.lead_en not in face
    assert "https://www.example.org/a?x=1&y=2" in rendered.text


def test_everything_is_shown_when_there_is_room() -> None:
    content = replace(CONTENT, topics=(DigestTopic("t", "T", 1, many(20, 3)),), limit=60)
    text = render_digest(content).text
    assert "not shown" not in text
    assert all(f"Story {story} report {at}" in text for story in range(20) for at in range(3))


def test_a_sentence_is_quoted_once_in_a_story_and_a_lead_that_is_quoted_is_not_repeated() -> None:
    sentence = SANTOS.evidence[1].sentence_en
    content = replace(CONTENT, topics=(DigestTopic("t", "T", 1, many(1, 3)),))
    assert render_digest(content).html.count("in the port of Santos.") == 1
    text = replace(SANTOS, title_en="Nothing", evidence=SANTOS.evidence[1:])
    twice = DigestStory((text, replace(text, id=9, url="https://e.org/9")))
    content = replace(CONTENT, topics=(DigestTopic("t", "T", 1, (twice,)),))
    assert render_digest(content).html.count("in the port of Santos.") == 1
    quoted = replace(SANTOS, lead_en=sentence)
    content = replace(CONTENT, topics=(DigestTopic("t", "T", 1, (DigestStory((quoted,)),)),))
    assert render_digest(content).html.count("in the port of Santos.") == 1


def test_the_subject_counts_and_is_in_the_frames_language() -> None:
    assert render_digest(CONTENT).subject == "Morning digest: 2 stories, 3 reports, Nov 22, 2026"
    assert (
        render_digest(replace(CONTENT, frame="es")).subject
        == "Morning digest: 2 historias, 3 noticias, 22 nov 2026"
    )
    assert render_digest(replace(CONTENT, frame="pt")).subject.startswith(
        "Morning digest: 2 histórias, 3 notícias, 22 de"
    )
    long = render_digest(replace(CONTENT, title="x" * 500)).subject
    assert len(long) < 200


def test_each_language_says_everything_with_the_same_places() -> None:
    english = WORDS["en"]
    for words in WORDS.values():
        assert set(words) == set(english)
        for key, text in words.items():
            assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", english[key])), key


@pytest.mark.parametrize(
    ("frame", "said"), [("en", "not relevant"), ("es", "no relevante"), ("pt", "não relevante")]
)
def test_what_analysts_said_of_an_alert_stands_beside_it(frame: str, said: str) -> None:
    marked = DigestTopic("t", "T", 1, (DigestStory((replace(SANTOS, status="not-relevant"),)),))
    rendered = render_digest(replace(CONTENT, topics=(marked,), frame=frame))
    assert said in rendered.html
    assert said in rendered.text
    assert said not in render_digest(replace(CONTENT, frame=frame)).text


def test_the_index_leads_to_topics_with_something_to_tell_and_names_the_quiet_ones() -> None:
    rendered = render_digest(CONTENT)
    body = parsed(rendered.html).find("body")
    entries = ["".join(one.itertext()) for one in body.iter("div") if one.get("class") == "entry"]
    assert entries == ["Drug trafficking (1)", "China (1)", "Ports (1)"]
    targets = {link.get("href") for link in body.iter("a") if (link.get("href") or "").startswith("#")}
    headings = {"#" + one.get("id"): "".join(one.itertext()) for one in body.iter("h2") if one.get("id")}
    assert {headings[target] for target in targets} == {"Drug trafficking", "China", "Ports"}
    assert "Nothing new on: Iran, Cuba" in rendered.text
    alone = render_digest(replace(CONTENT, topics=CONTENT.topics[:1]))
    assert "In this mail" not in alone.html + alone.text
    assert "Nothing new on" not in render_digest(NOTHING).text


def test_an_article_on_two_topics_is_told_once_and_named_under_the_second() -> None:
    rendered = render_digest(CONTENT)
    first, _, second = rendered.text.partition("== Ports ==")
    assert SANTOS.lead_en in first
    assert "https://www.example.org/a" in first
    for words in (SANTOS.lead_en, "https://www.example.org/a", "> ", "2 outlets in"):
        assert words not in second.partition("== Changed")[0]
    assert "Told above under Drug trafficking" in second
    assert "Why it is here: primeiro comando da capital" in second
    assert rendered.html.count("Told above under Drug trafficking") == 1
    assert "2 stories, 3 reports" in rendered.subject


def test_of_a_story_on_two_topics_the_second_tells_in_full_only_what_is_new() -> None:
    both = DigestStory((replace(SANTOS, id=8), replace(SANTOS_PT, id=9, url="https://e.org/new")), 12)
    topics = (CONTENT.topics[0], DigestTopic("ports", "Ports", 5, (both,)))
    text = render_digest(replace(CONTENT, topics=topics)).text.partition("== Ports ==")[2]
    assert text.index("https://e.org/new") < text.index("Told above under Drug trafficking")
    assert "2 stories" not in text


def test_where_outlets_and_countries_are_unknown_nothing_is_made_up() -> None:
    nowhere = tuple(replace(outlet, country="") for outlet in BOTH)
    story = replace(CONTENT.topics[0].stories[0], outlets=nowhere, first_seen=None, first_outlet="")
    text = render_digest(replace(CONTENT, topics=(DigestTopic("t", "T", 1, (story,)),))).text
    assert "2 outlets (1 independent, 1 state-run)\n" in text
    assert "countries" not in text
