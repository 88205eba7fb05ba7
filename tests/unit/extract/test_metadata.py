"""Headline, authors, dates, site and walls."""

import json
from datetime import UTC, datetime

import pytest

from monitor.steps.extract import extract_page, zone_of
from monitor.steps.extract.moments import read_moment
from tests.unit.extract.pages import PARAGRAPHS, TITLE, article, page, paragraphs

NEWS = {
    "@type": "NewsArticle",
    "headline": TITLE,
    "datePublished": "2026-03-04T22:15:00-03:00",
    "dateModified": "2026-03-05T01:20:00Z",
    "author": [{"@type": "Person", "name": "Por Lucía Peralta"}, {"name": "REDACCIÓN"}],
    "articleSection": ["Policiales"],
    "publisher": {"@type": "Organization", "name": "El Faro del Río"},
}


def ld(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return f'<script type="application/ld+json">{text}</script>'


@pytest.mark.parametrize(
    "value",
    [
        NEWS,
        [NEWS],
        {"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, NEWS]},
        {"@type": "WebPage", "mainEntity": {**NEWS, "@type": ["Article", "ReportageNewsArticle"]}},
        "<!--" + json.dumps(NEWS) + "-->",
        json.dumps(NEWS)[:-1] + ",}",
        json.dumps(NEWS).replace(TITLE, TITLE.replace(" ", "\t")),
        json.dumps(NEWS)[:-2] + '"oops"',
    ],
)
def test_json_ld_is_read_however_an_outlet_writes_it(value: object) -> None:
    found = extract_page(article(head=ld(value)))
    assert found.title == TITLE
    assert found.authors == ("Lucía Peralta",)
    assert found.published_at == datetime(2026, 3, 5, 1, 15, tzinfo=UTC)
    assert found.modified_at == datetime(2026, 3, 5, 1, 20, tzinfo=UTC)
    assert found.published_local is not None
    assert found.published_local.isoformat() == "2026-03-04T22:15:00-03:00"


def test_json_ld_gives_section_and_site() -> None:
    found = extract_page(article(head=ld(NEWS)))
    assert (found.section, found.site, found.language) == ("Policiales", "El Faro del Río", "es")


@pytest.mark.parametrize(
    "value",
    [
        "",
        "{",
        '{"@type": "NewsArticle" "headline": "x\\qy",',
        '{"@graph": [' * 20 + "]}" * 20,
        "[" * 50_000,
        '"text"',
        "{}",
        '{"@type": 3}',
        '{"a":' * 30 + "1" + "}" * 30,
    ],
)
def test_json_ld_that_says_nothing_does_no_harm(value: str) -> None:
    assert extract_page(article(head=ld(value))).text == "\n".join(PARAGRAPHS)


def test_open_graph_and_microdata_serve_where_there_is_no_json_ld() -> None:
    head = (
        '<meta property="og:title" content="Decomisan madera ilegal en Puerto Nuevo | El Faro">'
        '<meta property="og:site_name" content="Noticias - El Faro del Río"><meta '
        'property="og:locale" content="es_AR">'
        '<link rel="canonical" href="/policiales/madera"><meta property="article:section" '
        'content="Policiales">'
    )
    body = (
        f'<span itemprop="author">Juan Pérez</span><time itemprop="datePublished" '
        f'datetime="2026-03-04T10:00:00Z"></time>{paragraphs()}'
    )
    found = extract_page(
        page(body, head), "https://www.elfarodelrio.com.ar/x", timezone="America/Argentina/Buenos_Aires"
    )
    assert found.title == TITLE
    assert found.site == "El Faro del Río"
    assert found.authors == ("Juan Pérez",)
    assert found.canonical_url == "https://www.elfarodelrio.com.ar/policiales/madera"
    assert found.published_local is not None
    assert found.published_local.isoformat() == "2026-03-04T07:00:00-03:00"


def test_a_company_or_an_address_is_no_name_of_an_outlet() -> None:
    news = {**NEWS, "publisher": {"name": "Ediciones del Río S.A."}}
    head = ld(news) + '<meta property="og:site_name" content="El Faro">'
    assert extract_page(article(head=head)).site == "El Faro"


def test_a_section_in_the_first_heading_is_no_headline() -> None:
    html = page(f"<h1>Policiales</h1><h2>{TITLE}</h2>{paragraphs()}", ld(NEWS))
    assert extract_page(html).title == TITLE


def test_without_metadata_the_heading_is_the_headline_and_without_both_there_is_none() -> None:
    assert extract_page(page(f"<h1>{TITLE}</h1>{paragraphs()}")).title == TITLE
    assert extract_page(page(paragraphs())).title == ""


@pytest.mark.parametrize(
    ("title", "url"),
    [
        (f"{TITLE} - Policiales - elfaro.com", "https://www.elfaro.com/x"),
        (f"El Faro | {TITLE}", "https://elfaro.com/x"),
        (f"{TITLE} | Policiales | El Faro", "https://elfaro.com/x"),
    ],
)
def test_the_name_of_the_site_is_cut_from_the_headline(title: str, url: str) -> None:
    assert extract_page(page(paragraphs(), f"<title>{title}</title>"), url).title == TITLE


def test_a_dash_inside_a_headline_stays() -> None:
    title = "Fiscalía - Policía: el pleito que frena la causa"
    assert extract_page(page(paragraphs(), f"<title>{title}</title>"), "https://elfaro.com/x").title == title


@pytest.mark.parametrize(
    ("stated", "names"),
    [
        ("Lucía Peralta y Juan Pérez", ("Lucía Peralta", "Juan Pérez")),
        ("Lucía Peralta / Juan Pérez", ("Lucía Peralta", "Juan Pérez")),
        ("LUCÍA PERALTA", ("Lucía Peralta",)),
        ("Lucía Peralta | Corresponsal en Asunción", ("Lucía Peralta",)),
        ("https://elfaro.com/autor/lucia", ()),
        ("null", ()),
        ("Redacción", ("Redacción",)),
        ("El Faro", ()),
        ("X", ()),
    ],
)
def test_authors_are_names(stated: str, names: tuple[str, ...]) -> None:
    head = f'<meta name="author" content="{stated}"><meta property="og:site_name" content="El Faro">'
    assert extract_page(article(head=head)).authors == names


def test_the_byline_of_the_page_is_the_last_resort() -> None:
    byline = (
        '<ul><li class="autor">Otra Persona</li></ul><span class="byline">3 de mayo</span><p '
        'class="byline">Por Lucía Peralta</p>'
    )
    assert extract_page(page(f"<h1>{TITLE}</h1>{byline}{paragraphs()}")).authors == ("Lucía Peralta",)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-03-04T08:27:49.000-0300", "2026-03-04T08:27:49-03:00"),
        ("2026-03-04 13:32:45.000000", "2026-03-04T13:32:45-05:00"),
        ("2026-03-04", "2026-03-04T00:00:00-05:00"),
        ("2026-03-04T22:12:00 UTC", "2026-03-04T22:12:00+00:00"),
        ("2026-03-04T22:12:00-03", "2026-03-04T22:12:00-03:00"),
        ("1772616765", "2026-03-04T09:32:45+00:00"),
        ("04/03/2026 10:22", "2026-03-04T10:22:00-05:00"),
        ("4 de marzo de 2026, 05:34 h", "2026-03-04T05:34:00-05:00"),
        ("4 de março de 2026", "2026-03-04T00:00:00-05:00"),
        ("mayo 11, 2026", "2026-05-11T00:00:00-05:00"),
    ],
)
def test_moments_are_read_as_outlets_write_them(text: str, iso: str) -> None:
    moment = read_moment(text, "America/Bogota")
    assert moment is not None
    assert moment.isoformat() == iso


@pytest.mark.parametrize(
    "text", ["", "ayer", "2026-13-40", "99/99/2026", "4 de xyz de 2026", "0001-01-01", "hace 3 horas"]
)
def test_what_is_no_moment_is_none(text: str) -> None:
    assert read_moment(text, "UTC") is None


def test_an_unknown_zone_is_utc() -> None:
    moment = read_moment("2026-03-04 10:00", "Luna/Mar")
    assert moment == datetime(2026, 3, 4, 10, tzinfo=UTC)


def test_the_date_in_the_address_serves_before_a_guess() -> None:
    found = extract_page(
        page(paragraphs()), "https://elfaro.com/2026/03/04/madera", timezone="America/Bogota"
    )
    assert found.published_at == datetime(2026, 3, 4, 5, tzinfo=UTC)


def test_a_date_that_only_people_can_see_is_found() -> None:
    html = page(f'<h1>{TITLE}</h1><p class="fecha">Publicado el 4 de marzo de 2026</p>{paragraphs()}')
    found = extract_page(html)
    assert found.published_at is not None
    assert found.published_at.date().isoformat() == "2026-03-04"


def test_a_page_without_any_date_has_none() -> None:
    assert extract_page(article(), "https://elfaro.com/20269999/x").published_at is None


@pytest.mark.parametrize(
    ("url", "zone"),
    [
        ("https://x.com.br/a", "America/Sao_Paulo"),
        ("https://x.com/a", "UTC"),
        ("http://[", "UTC"),
        ("", "UTC"),
    ],
)
def test_the_country_of_an_address_gives_its_zone(url: str, zone: str) -> None:
    assert zone_of(url) == zone


@pytest.mark.parametrize(
    ("body", "head"),
    [
        (paragraphs(), ld({**NEWS, "isAccessibleForFree": "False"})),
        (paragraphs(), '<meta property="article:content_tier" content="locked">'),
        (f"<p>{PARAGRAPHS[0]}</p><div>Contenido exclusivo para suscriptores</div>", ""),
        (f"<p>{PARAGRAPHS[0]}</p><div>Assine para continuar lendo esta reportagem</div>", ""),
        ("<div>Usamos cookies. Aceptar y continuar, o suscríbase.</div>", ""),
    ],
)
def test_walls_are_recognised(body: str, head: str) -> None:
    assert extract_page(page(body, head)).paywalled


def test_an_open_article_is_not_walled() -> None:
    assert not extract_page(article(head=ld({**NEWS, "isAccessibleForFree": True}))).paywalled


def test_addresses_that_cannot_be_read_are_passed_over() -> None:
    head = '<link rel="canonical" href="http://[bad"><meta property="og:url" content="https://elfaro.com/x">'
    assert extract_page(article(head=head), "http://[worse").canonical_url == "https://elfaro.com/x"
    assert (
        extract_page(
            article(head='<link rel="canonical" href="javascript:x">'), "http://[worse"
        ).canonical_url
        == ""
    )


def test_the_day_of_an_address_must_exist() -> None:
    assert extract_page(article(), "https://elfaro.com/2026/02/30/x").published_at is None


def test_an_empty_item_says_nothing() -> None:
    html = page(f'<span itemprop="author"></span><meta itemprop="author" content="Ana Ruiz">{paragraphs()}')
    assert extract_page(html).authors == ("Ana Ruiz",)


def test_of_several_articles_the_one_with_the_page_s_title_counts() -> None:
    other = {
        "@type": "NewsArticle",
        "headline": "Sube el pan",
        "datePublished": "2025-02-01",
        "author": "Eva Paz",
    }
    own = {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2025-03-03T18:40:00-05:00"}
    read = extract_page(
        article(head=f'<script type="application/ld+json">{json.dumps([other, own])}</script>')
    )
    assert read.published_at == datetime(2025, 3, 3, 23, 40, tzinfo=UTC)
    assert read.authors == ()


@pytest.mark.parametrize(
    "line",
    [
        "<span class=css-1>3 de marzo de 2025, 18:40</span>",
        "<div class=meta>Quito | Lunes, 3 de Marzo del 2025 - 6:40 PM</div>",
        "<p class=post-date>Mar 03, 2025 6:40 p. m.</p>",
        "<p class=data>Publicado em 03/03/2025 às 18h40 - Atualizado em 04/03/2025 às 7h02</p>",
        "<div class=fecha>Actualizado: 4 mar. 2025 09:10<br>Publicado: 3 mar. 2025 18:40</div>",
        "<p class=fecha>Actualizado el 3 de marzo de 2025 a las 18:40</p>",
    ],
)
def test_the_date_below_the_headline_is_that_of_the_article(line: str) -> None:
    today = "<div class=fecha-hoy>Martes, 25 de noviembre de 2025</div>"
    read = extract_page(page(f"{today}<h1>{TITLE}</h1>{line}{paragraphs()}"), timezone="America/Bogota")
    assert read.published_at == datetime(2025, 3, 3, 23, 40, tzinfo=UTC)


def test_a_year_of_copyright_is_no_date() -> None:
    assert (
        extract_page(page(f"<h1>{TITLE}</h1>{paragraphs()}<p>Copyright 2025 Diario</p>")).published_at is None
    )


def test_a_signature_names_its_author_without_the_place() -> None:
    line = "<div class=c-signature><strong class=c-signature__author>Bruno Lima</strong> Quito</div>"
    assert extract_page(page(f"<h1>{TITLE}</h1>{line}{paragraphs()}")).authors == ("Bruno Lima",)
    stated = '<meta name="author" content="João Alves, de Belém">'
    assert extract_page(article(head=stated)).authors == ("João Alves",)
