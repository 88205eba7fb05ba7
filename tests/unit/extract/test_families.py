"""Families of pages that the collected ones do not show, one invented page each."""

import json

import pytest

from monitor.steps.extract import extract_page
from tests.unit.extract.pages import PARAGRAPHS, TITLE, article, page, paragraphs

WHOLE = "\n".join(PARAGRAPHS)
OTHER = "Un temblor leve se sintió en la frontera norte durante la madrugada, sin que haya daños materiales."


def day_of(html: bytes, url: str = "") -> str:
    found = extract_page(html, url, timezone="America/Bogota").published_local
    return found.isoformat()[:16] if found else ""


@pytest.mark.parametrize(
    ("dateline", "moment"),
    [
        ("<p>Por Redacción | Miércoles, 4 de marzo de 2026, 18:05 hs</p>", "2026-03-04T18:05"),
        ("<div class='info'>MIÉRCOLES 4 DE MARZO DE 2026 | 23:15 HS</div>", "2026-03-04T23:15"),
        ("<p>Publicado el 4 de marzo de 2026</p>", "2026-03-04T00:00"),
        ("<p>La Paz, miércoles 4 de marzo del 2026</p>", "2026-03-04T00:00"),
        ("<span>Quarta-feira, 4 de março de 2026, às 21h40</span>", "2026-03-04T21:40"),
        ("<div>04/03/2026 10:45 p. m.</div>", "2026-03-04T22:45"),
        ("<div>04 de marzo 2026, 12:00 A. M.</div>", "2026-03-04T00:00"),
        ("<div>10:45 a. m. 04/03/2026</div>", "2026-03-04T10:45"),
        ("<div>Actualizado: 09/03/2026</div><div>Por Ana Ruiz - 04/03/2026</div>", "2026-03-04T00:00"),
        ("<div>1º de março de 2026</div>", "2026-03-01T00:00"),
        ("<div>04/mar/2026 21h</div>", "2026-03-04T21:00"),
        ("<p>El juicio oral empezará el 4 de marzo de 2027</p>", ""),
    ],
)
def test_the_dateline_by_the_headline_is_read_whatever_its_element_is_called(
    dateline: str, moment: str
) -> None:
    aside = "<div class='sidebar'><h3>Últimas</h3><p>Copyright 2026</p></div>"
    html = page(f"<article><h1>{TITLE}</h1>{dateline}{paragraphs()}</article>{aside}")
    assert day_of(html) == moment


def test_a_page_of_tables_without_a_heading_gives_text_and_the_date_above_it() -> None:
    html = page(
        "<table><tr><td><a href='/'>Portada</a><br><a href='/d'>Deportes</a></td><td><table><tr><td>"
        "La Paz, miércoles 4 de marzo de 2026</td></tr><tr><td><b>Un título</b></td></tr>"
        f"<tr><td>{'<br><br>'.join(PARAGRAPHS)}</td></tr></table></td></tr></table>"
    )
    assert extract_page(html).text == WHOLE
    assert day_of(html) == "2026-03-04T00:00"


def test_a_year_alone_is_no_date() -> None:
    html = page(f"<h1>{TITLE}</h1>{paragraphs()}<footer>© 2026 El Faro</footer>")
    assert extract_page(html).published_at is None


def test_cards_with_other_stories_go_however_short_the_article_is_and_are_no_lead() -> None:
    card = f"<article><h3><a href='/t'>Temblor</a></h3><div class='excerpt'><p>{OTHER}</p></div></article>"
    html = page(f"<h1>{TITLE}</h1><div>{''.join(f'<p>{text}</p>' for text in PARAGRAPHS[:2])}</div>{card}")
    assert extract_page(html).text == "\n".join(PARAGRAPHS[:2])


def test_the_posts_of_a_live_page_stay_though_each_links_to_itself() -> None:
    posts = "".join(
        f"<article><h3><a href='#p{place}'>Minuto {place}</a></h3><p>{text}</p></article>"
        for place, text in enumerate(PARAGRAPHS)
    )
    assert all(text in extract_page(page(f"<h1>{TITLE}</h1>{posts}")).text for text in PARAGRAPHS)


def test_a_lead_comes_before_the_text_not_after_it() -> None:
    late = f"<div class='summary'>{OTHER}</div>"
    assert extract_page(page(f"<h1>{TITLE}</h1>{paragraphs()}{late}")).text.startswith(PARAGRAPHS[0])


def test_a_box_with_a_way_around_it_goes_whole() -> None:
    box = (
        "<section><p><a href='#end'>Pule Matérias recomendadas e continue lendo</a></p>"
        "<strong>Matérias recomendadas</strong><p>Agora você pode ver as notícias no seu celular</p>"
        "<p>Fim do Matérias recomendadas</p></section>"
    )
    assert extract_page(article(box)).text == WHOLE


def test_a_byline_made_for_screen_readers_names_its_author() -> None:
    byline = "<ul><li><span>Author, </span><span>Luísa Prado</span></li><li>Role, De São Paulo</li></ul>"
    assert extract_page(page(f"<h1>{TITLE}</h1>{byline}{paragraphs()}")).authors == ("Luísa Prado",)


def test_a_quoted_post_keeps_its_words_and_loses_its_address_and_signature() -> None:
    post = (
        "<blockquote class='twitter-tweet'><p>Hoy estuvimos en el puerto con los vecinos. pic.twitter.com/aB1"
        "</p>— Marta Quiñones (@mquinones) March 4, 2026</blockquote>"
    )
    text = extract_page(article(post)).text
    assert "Hoy estuvimos en el puerto con los vecinos.\n" in text
    assert "pic.twitter" not in text
    assert "@mquinones" not in text


def test_a_consent_dialogue_gives_no_text_and_is_a_wall() -> None:
    dialogue = (
        "<div><h2>A sua privacidade</h2><p>Nós e os nossos 834 parceiros armazenamos informações num "
        "dispositivo, como cookies, e processamos dados pessoais.</p><button>Aceitar</button></div>"
    )
    found = extract_page(page(dialogue))
    assert (found.text, found.paywalled) == ("", True)


def test_the_line_before_a_wall_is_no_text() -> None:
    wall = "<div><p>Esta funcionalidad es exclusiva para suscriptores.</p></div>"
    found = extract_page(article(wall, '<meta property="article:content_tier" content="locked">'))
    assert (found.text, found.paywalled) == (WHOLE, True)


@pytest.mark.parametrize(
    "carried",
    [
        {"post": {"content": "".join(f"<p>{text}</p>" for text in PARAGRAPHS)}},
        {"elements": [{"type": "text", "content": text} for text in PARAGRAPHS]},
        {"body": list(PARAGRAPHS)},
    ],
)
def test_a_page_built_in_the_browser_gives_the_text_that_its_data_carry(carried: dict[str, object]) -> None:
    stories = [{"title": "Otra", "url": "/o", "summary": OTHER}] * 20
    data = json.dumps({"props": {"pageProps": {**carried, "more": stories, "n": 1}}})
    html = page(
        f"<div id='__next'><h1>{TITLE}</h1></div><script id='__NEXT_DATA__' type='application/json'>{data}"
        "</script><script type='application/json'>{broken</script>"
    )
    assert extract_page(html).text == WHOLE


def test_a_page_without_an_article_does_not_take_its_list_of_other_stories_for_one() -> None:
    others = [{"title": "Otra", "url": "/o", "summary": OTHER}] * 20
    stories = json.dumps({"more": others, "deep": _nested(60)})
    html = page(f"<h1>{TITLE}</h1><script type='application/json'>{stories}</script>")
    assert extract_page(html).text == ""


def _nested(depth: int) -> object:
    return [_nested(depth - 1)] if depth else OTHER * 20


@pytest.mark.parametrize(
    ("title", "cut"),
    [
        (
            "La planta - la que divide a la costa - abrirá en marzo - El Faro",
            "La planta - la que divide a la costa - abrirá en marzo",
        ),
        ("La planta abre en marzo | ECONOMIA | EL FARO", "La planta abre en marzo"),
        ("La planta abre en marzo - El Faro | El Faro", "La planta abre en marzo"),
    ],
)
def test_only_the_site_and_the_sections_beside_it_are_cut_from_a_title(title: str, cut: str) -> None:
    assert extract_page(page(paragraphs(), f"<title>{title}</title>"), "https://elfaro.com/x").title == cut
