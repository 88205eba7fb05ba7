"""What a third set of invented pages showed: imprints, lines of services, embeds, hours, second authors."""

import json

import pytest

from monitor.model import PageHints
from monitor.steps.extract import extract_page
from tests.unit.extract.pages import LEAD, PARAGRAPHS, TITLE, article, page, paragraphs

WHOLE = "\n".join(PARAGRAPHS)


def moment_of(html: bytes, url: str = "") -> str:
    found = extract_page(html, url, timezone="America/Bogota").published_local
    return found.isoformat()[:16] if found else ""


@pytest.mark.parametrize(
    "line",
    [
        "👉 Lee también: Capturan a un prófugo en Puerto Viejo",
        "✅ Clique aqui para seguir o canal do jornal no WhatsApp",
        "📱 Baixe o app do jornal para ver notícias em tempo real",
        "SIGA LEYENDO DESPUÉS DEL ANUNCIO",
        "La nota sigue debajo",
        "CONTINUE LENDO APÓS O ANÚNCIO",
        "VIDEO RECOMENDADO",
        "Temas que le pueden interesar",
        "Vea el video a continuación:",
        "Assista ao vídeo:",
        "Escucha el audio de la entrevista:",
        "Agrega a El Faro como tu fuente preferida en Google",
        "Faça parte do nosso grupo no WhatsApp",
        "He leído y acepto la política de privacidad",
        "Ingrese su correo electrónico",
        "Pie de foto, El puerto de Puerto Nuevo",
        "3 min de lectura",
        "Reportar un error",
        "¿Encontraste un error? Avísanos",
        "Ver comentarios (12)",
        "Enlace copiado",
        "1 de 5",
        "Vídeos em alta no jornal",
        "Leia tudo sobre o tema e siga:",
        "La redacción cuida sus datos. Lee la política de correcciones del diario.",
        "** Este texto não reflete, necessariamente, a opinião do jornal.",
        "O autor da mensagem é o responsável pelo comentário. Leia as regras.",
        "Sumate a El Faro. Tu aporte hace la diferencia.",
        "jf/mcc",
    ],
)
def test_lines_that_a_page_says_of_itself_are_left_out(line: str) -> None:
    assert extract_page(article(f"<p>{line}</p>")).text == WHOLE


@pytest.mark.parametrize(
    "line",
    [
        "Siga el dinero, pidió la fiscal, y encontrará después a los dueños de la madera",
        "“Vea el video”, pidió la fiscal",
        "La nota sigue a la del viernes",
        "El juez leyó el documento completo",
        "1 de 5 detenidos declaró",
        "Con información de la agencia EFE",
    ],
)
def test_sentences_that_share_words_with_such_lines_stay(line: str) -> None:
    assert line in extract_page(article(f"<p>{line}</p>")).text


@pytest.mark.parametrize(
    ("imprint", "author"),
    [
        ("Por MARIANO ECHEGARAY | m@elfaro.com<br>12.02.2026 | 07:45", "Mariano Echegaray"),
        ("Enviado por Redacción Norte el Jue, 05/03/2026 - 09:12", "Redacción Norte"),
        ("Texto: Ana Ruiz", "Ana Ruiz"),
        ("04 de Marzo de 2026 | 10:05 | Por Ana Ruiz", "Ana Ruiz"),
    ],
)
def test_signature_and_date_are_no_text_but_name_the_author(imprint: str, author: str) -> None:
    found = extract_page(
        page(f"<h1>{TITLE}</h1><h2 class='copete'>{LEAD}</h2><p>{imprint}</p>{paragraphs()}")
    )
    assert (found.text, found.authors) == (f"{LEAD}\n{WHOLE}", (author,))


def test_a_date_within_the_text_is_the_head_of_a_chronicle() -> None:
    days = "".join(
        f"<h3>{day} de marzo de 2026</h3>{paragraphs()}<p>Fin del día {day}.</p>" for day in (4, 5)
    )
    assert "5 de marzo de 2026" in extract_page(page(f"<h1>{TITLE}</h1>{paragraphs()}{days}")).text


@pytest.mark.parametrize(
    ("dateline", "moment"),
    [
        ("<div>04/03/26 10:05</div>", "2026-03-04T10:05"),
        ("<div>04.03.26 | 10:05</div>", "2026-03-04T10:05"),
        ("<div>Publicado: 2026-03-04 10:05</div>", "2026-03-04T10:05"),
        ("<div>Actualizado el 05/03/2026 08:00 | Publicado el 04/03/2026 10:05</div>", "2026-03-04T10:05"),
        ("<div>Fecha de publicación: 4 marzo 2026 10:05</div>", "2026-03-04T10:05"),
        ("<div>Miércoles 04 marzo de 2026 | Publicado a las 10:05</div>", "2026-03-04T10:05"),
        ("<div>Miércoles 04 marzo de 2026 | Actualizado a las 10:05</div>", "2026-03-04T00:00"),
        ("<section><time>4 de marzo de 2026</time><span>10:05</span></section>", "2026-03-04T10:05"),
        ("<time datetime='2026-03-04T10:05:00-05:00'>hace 2 horas</time>", "2026-03-04T10:05"),
    ],
)
def test_datelines_of_more_kinds_give_their_moment(dateline: str, moment: str) -> None:
    assert moment_of(page(f"<article><h1>{TITLE}</h1>{dateline}{paragraphs()}</article>")) == moment


@pytest.mark.parametrize(
    "page_of",
    [
        "<h1>{0}</h1>{1}<p class='fecha'>4 de marzo de 2026</p><div>{2}</div>",
        "<h1>{0}</h1><ul><li>{2}</li></ul>{1}<p class='fecha'>4 de marzo de 2026</p>",
    ],
)
def test_a_time_in_a_list_or_below_the_text_is_that_of_another_story(page_of: str) -> None:
    other = "<time datetime='2026-02-01T10:05:00-05:00'>ayer</time>"
    assert moment_of(page(page_of.format(TITLE, paragraphs(), other))) == "2026-03-04T00:00"


@pytest.mark.parametrize(("shown", "moment"), [("4", "2026-03-04T10:05"), ("9", "2026-03-04T00:00")])
def test_the_line_by_the_headline_adds_the_hour_to_the_day_of_the_address(shown: str, moment: str) -> None:
    html = page(f"<h1>{TITLE}</h1><p>{shown} de marzo de 2026, 10:05</p>{paragraphs()}")
    assert moment_of(html, "https://elfaro.com/2026/03/04/madera") == moment


def test_tables_and_posts_in_figures_stay_without_their_captions() -> None:
    table = (
        "<figure><table><tr><td>2025</td><td>71 casos</td></tr></table>"
        "<figcaption>Tabla</figcaption></figure>"
    )
    post = (
        "<figure class='wp-block-embed'><div><blockquote class='twitter-tweet'><p>Las cifras muestran un "
        "ajuste.</p>— Banco (@banco) <a href='t'>March 4, 2026</a></blockquote></div></figure>"
    )
    text = extract_page(article(table + post)).text
    assert text.split("\n")[2:4] == ["2025, 71 casos", "Las cifras muestran un ajuste."]
    assert "Tabla" not in text


def test_all_authors_of_the_byline_are_named_where_the_data_state_the_first() -> None:
    stated = {"@type": "NewsArticle", "headline": TITLE, "author": {"name": "Ana Ruiz"}}
    head = f"<script type='application/ld+json'>{json.dumps(stated)}</script>"
    byline = "<div><a href='/autor/ana'>Ana Ruiz</a><span> y </span><a href='/autor/ivan'>Iván Soto</a></div>"
    assert extract_page(page(f"<h1>{TITLE}</h1>{byline}{paragraphs()}", head)).authors == (
        "Ana Ruiz",
        "Iván Soto",
    )


def test_a_short_text_in_the_page_s_data_is_known_by_the_headline_beside_it() -> None:
    post = {
        "title": TITLE,
        "blocks": [{"type": "p", "content": f"<p>{text}</p>"} for text in PARAGRAPHS[1:3]],
    }
    data = json.dumps({"props": {"post": post, "deep": [[{"title": TITLE}]]}})
    html = page(f"<h1>{TITLE}</h1><script type='application/json'>{data}</script>")
    assert extract_page(html).text == "\n".join(PARAGRAPHS[1:3])


@pytest.mark.parametrize(
    "byline",
    [
        "<div class='sc__author'><span>04/03/2026</span><div>Ana Ruiz</div><a>Ver perfil</a></div>",
        "<span class='author-publishDate'><span>Ana Ruiz</span> <time>04/03/2026</time></span>",
        "<span class='author-by-line'>Ana Ruiz</span>",
        "<ul><li><a href='/autor/ana'>Ana Ruiz</a></li></ul>",
    ],
)
def test_an_author_is_found_among_what_else_the_byline_says(byline: str) -> None:
    assert extract_page(page(f"<h1>{TITLE}</h1>{byline}{paragraphs()}")).authors == ("Ana Ruiz",)


def test_a_lead_is_known_as_a_second_headline_and_by_the_page_s_description() -> None:
    second = f"<h1>{TITLE}</h1><h3 class='article-prefix'>{LEAD}</h3>{paragraphs()}"
    described = f"<h1>{TITLE}</h1><p class='teaser-text'>{LEAD}</p>{paragraphs()}"
    assert extract_page(page(second)).text == f"{LEAD}\n{WHOLE}"
    assert extract_page(page(described, f'<meta name="description" content="{LEAD}">')).text.startswith(LEAD)
    assert not extract_page(page(described)).text.startswith(LEAD)


@pytest.mark.parametrize(
    ("form", "line", "moment"),
    [
        ("%m/%d/%Y", "03/04/2026", "2026-03-04T00:00"),
        ("%m/%d/%Y %I:%M %p", "Updated 03/04/2026  9:05 p. m.", "2026-03-04T21:05"),
        ("%m.%d.%y | %H:%M", "03.04.26 | 10:05", "2026-03-04T10:05"),
        ("el %m-%d-%Y", "Puerto Nuevo, el 03-04-2026", "2026-03-04T00:00"),
        ("%m/%d/%Y", "14/04/2026", "2026-04-14T00:00"),
        ("%m/%d/%Y", "4 de marzo de 2026", "2026-03-04T00:00"),
    ],
)
def test_dates_are_read_as_the_outlet_writes_them(form: str, line: str, moment: str) -> None:
    html = page(f"<h1>{TITLE}</h1><p>{line}</p>{paragraphs()}")
    found = extract_page(html, timezone="America/Panama", hints=PageHints(date_format=form)).published_local
    assert found is not None
    assert found.isoformat() == f"{moment}:00-05:00"
