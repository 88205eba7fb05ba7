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
        ("<div>Wed, 04 Mar 2026 02:05:00 GMT</div>", "2026-03-03T21:05"),
        ("<div>04/03/2026 18:05 (GMT-3)</div>", "2026-03-04T18:05"),
        ("<div>3/14/2026 6:05:00 PM</div>", "2026-03-14T18:05"),
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


@pytest.mark.parametrize(
    "teaser",
    [
        "<p><strong>No deje de leer: </strong><a href='/x'>El gabinete cambia</a></p>",
        "<p><strong>Para leer más: El gabinete cambia</strong></p>",
        "<p>Más noticias de economía: El gabinete cambia</p>",
        "<p>¿Ya leíste? <a href='/x'>El gabinete cambia después de un año</a></p>",
        "<p>En otras noticias: <a href='/x'>El gabinete cambia</a></p>",
        "<p>TAMBIÉN TE PUEDE INTERESAR:</p>",
        f"<div><a href='/x'><h4>El gabinete cambia</h4><p>{OTHER}</p></a></div>",
        f"<div class='grid'><div><h3><a href='/x'>Uno</a></h3><p>{OTHER}</p></div></div>",
        f"<div class='grid'><div><a href='/x'><h3>Uno</h3></a><p>{OTHER}</p></div></div>",
        f"<div class='autor-caja'><h4>Sobre el autor</h4><p>{OTHER}</p></div>",
        "<p>También puede escuchar esta noticia en nuestro pódcast diario, disponible en Spotify.</p>",
        "<p>Recibe nuestro resumen semanal de energía, todos los jueves en tu bandeja.</p>",
        "<p>*Este contenido fue hecho con la asistencia de una inteligencia artificial.</p>",
        "<p>Imagen de la planta. EFE/Luis Pérez</p>",
        "<p>Cargando reproductor...</p>",
    ],
)
def test_teasers_boxes_and_services_between_paragraphs_are_left_out(teaser: str) -> None:
    assert extract_page(article(teaser)).text == WHOLE


def test_a_section_whose_heading_is_a_link_stays_when_it_is_longer_than_a_card() -> None:
    section = f"<div><h2><a href='/x'>Los hechos</a></h2><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p></div>"
    html = page(f"<h1>{TITLE}</h1>{section}<div>{''.join(f'<p>{text}</p>' for text in PARAGRAPHS[2:])}</div>")
    assert PARAGRAPHS[0] in extract_page(html).text


def test_a_lead_in_points_comes_whole() -> None:
    points = ["La fiscal pidió las cuentas de los dos últimos años", "La audiencia se celebrará el lunes"]
    listed = f"<ul class='summary'><li>{points[0]}</li><li>{points[1]}</li></ul>"
    html = page(f"<h1>{TITLE}</h1>{listed}{paragraphs()}")
    assert extract_page(html).text == "\n".join([*points, *PARAGRAPHS])


def ld(value: object) -> str:
    return f"<script type='application/ld+json'>{json.dumps(value)}</script>"


def test_of_two_articles_in_json_ld_the_one_that_the_page_shows_is_read() -> None:
    other = ld({"@type": "NewsArticle", "headline": "Otra", "datePublished": "2024-01-01", "author": "Otro"})
    shown = ld({"@type": "NewsArticle", "headline": TITLE, "datePublished": "2026-03-04"})
    found = article(head=other + shown)
    assert extract_page(found).title == TITLE
    assert day_of(found) == "2026-03-04T00:00"


def test_references_inside_json_ld_are_followed() -> None:
    graph = [
        {"@type": "NewsArticle", "author": [{"@id": "#ana"}], "publisher": {"@id": "#none"}},
        {"@type": "Person", "@id": "#ana", "name": "Ana Ruiz"},
    ]
    assert extract_page(article(head=ld({"@graph": graph}))).authors == ("Ana Ruiz",)


@pytest.mark.parametrize(
    ("byline", "head", "names"),
    [
        ('<p class="author">Por <a href="/x">Ana Ruiz</a></p>', "", ("Ana Ruiz",)),
        ('<span><a href="/autor/ana-ruiz">Ana Ruiz</a></span>', "", ("Ana Ruiz",)),
        ("", '<meta name="author" content="Redacción El Faro">', ("Redacción El Faro",)),
    ],
)
def test_bylines_and_desks_are_authors(byline: str, head: str, names: tuple[str, ...]) -> None:
    head += '<meta property="og:site_name" content="El Faro">'
    assert extract_page(page(f"<h1>{TITLE}</h1>{byline}{paragraphs()}", head)).authors == names


@pytest.mark.parametrize(
    ("heading", "stated", "title"),
    [
        (f"<h1><span>Policiales</span> <b>{TITLE}</b></h1>", TITLE, TITLE),
        (f"<h1><div>POLICIALES</div><div>{TITLE}</div></h1>", TITLE, TITLE),
        (f"<h1>Tercer caso del año: {TITLE}</h1>", TITLE, f"Tercer caso del año: {TITLE}"),
        (f"<h1>Puerto Nuevo</h1><h2>{TITLE}</h2>", TITLE, TITLE),
        (f"<h1>El Faro</h1><h2>{TITLE}</h2>", "", TITLE),
        (f"<h2>{TITLE}</h2>", "", TITLE),
        ("", f"El Faro: {TITLE}", TITLE),
        ("", f"{TITLE} :: El Faro", TITLE),
        ("", f"Maduro: {TITLE}", f"Maduro: {TITLE}"),
    ],
)
def test_the_headline_is_told_from_kicker_logo_and_site(heading: str, stated: str, title: str) -> None:
    head = '<meta property="og:site_name" content="El Faro">'
    head += f'<meta property="og:title" content="{stated}">' if stated else ""
    assert extract_page(page(f"{heading}{paragraphs()}", head), "https://elfaro.com/x").title == title
