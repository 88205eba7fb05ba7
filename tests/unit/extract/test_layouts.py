"""Layout families: what is kept and what is left out."""

from types import SimpleNamespace

import pytest

from monitor.model import PageHints
from monitor.steps.extract import extract_page
from monitor.steps.extract.phrases import is_invitation, is_service
from tests.unit.extract.pages import LEAD, PARAGRAPHS, TITLE, article, page, paragraphs

WHOLE = "\n".join(PARAGRAPHS)


def test_the_paragraphs_of_a_plain_article_come_out_one_a_line() -> None:
    assert extract_page(article()).text == WHOLE


@pytest.mark.parametrize(
    "between",
    [
        (
            '<p><strong>Lea también: <a href="/x">Otra nota sobre un asunto muy distinto del '
            "día</a></strong></p>"
        ),
        '<p>(Le puede interesar: <a href="/x">Buscan a los dueños de un camión abandonado</a>)</p>',
        '<p>TE PUEDE INTERESAR</p><ul><li><a href="/x">Una nota que trata de otra cosa</a></li></ul>',
        (
            '<div class="read-more"><h4>Saiba Mais</h4><ul><li><a href="/x">Política Câmara aprova '
            "lei nova</a></li></ul></div>"
        ),
        '<p><a href="/x">El gobernador presentó el nuevo plan de obras para el año que viene</a></p>',
        (
            '<figure><img src="x.jpg"><figcaption>Los contenedores en el puerto, este '
            "martes</figcaption></figure>"
        ),
        '<div class="img-description">Vista aérea de la terminal de cargas</div>',
        "<p>Vista de la terminal (Foto: Gentileza Prefectura)</p>",
        (
            '<div class="c-newsletter"><p>Recibe cada mañana en tu correo las noticias que '
            "importan de la región.</p></div>"
        ),
        "<p>Suscríbete a nuestro boletín y entérate antes que nadie de lo que pasa</p>",
        "<p>Siga o canal do jornal no WhatsApp e receba as notícias do dia no seu celular</p>",
        '<div class="share-buttons"><a href="/f">Facebook</a> <a href="/t">Twitter</a></div>',
        '<div class="publicidad">Publicidad</div>',
        '<h3>Lea también</h3><div><a href="/x">Una nota que trata de otra cosa</a></div><b> </b>',
        "<p>CONTINUA DEPOIS DA PUBLICIDADE</p>",
        (
            '<div role="dialog"><p>Tu suscripción se está usando en otro dispositivo y solo puedes '
            "acceder desde uno.</p></div>"
        ),
        (
            "<p>Si quieres compartir tu cuenta, cambia tu suscripción a otra modalidad para añadir "
            "un usuario.</p>"
        ),
        '<p style="display:none">Texto oculto que nadie lee en la página y que no debe salir nunca.</p>',
        "<aside><p>Glosario: qué es la tala.</p></aside>",
    ],
)
def test_what_interrupts_an_article_is_left_out(between: str) -> None:
    assert extract_page(article(between)).text == WHOLE


@pytest.mark.parametrize(
    "after",
    [
        '<section class="related-posts"><h3>Más '
        "noticias</h3><p>" + "Otra historia que ocurre lejos. " * 4 + "</p></section>",
        (
            '<div id="comments"><h3>Comentarios</h3><p>Muy buena nota, felicitaciones a todos los '
            "que la hicieron posible.</p></div>"
        ),
        '<div class="tags"><a href="/t">Madera</a><a href="/t">Puerto</a></div>',
        (
            "<p>Periodista. Cubre temas judiciales desde 2010 y dirige el taller de crónica de la "
            "universidad.</p>"
        ),
        "<p>Hacemos periodismo desde hace cien años y necesitamos de los lectores para seguir.</p>",
        (
            '<article><h3><a href="/y">Otra noticia de la portada</a></h3><p>Resumen corto de esa '
            "otra noticia del día.</p></article>"
        ),
        (
            "<footer><p>Todos los derechos reservados. Prohibida su reproducción total o parcial "
            "en cualquier medio.</p></footer>"
        ),
    ],
)
def test_what_follows_an_article_is_left_out(after: str) -> None:
    assert extract_page(article(after=after)).text == WHOLE


def test_a_sentence_that_only_begins_like_a_teaser_stays() -> None:
    sentence = (
        "Además, la investigación alcanza a dos funcionarios que firmaron los permisos en la "
        "oficina del puerto."
    )
    assert sentence in extract_page(article(f"<p>{sentence}</p>")).text


def test_an_inline_teaser_goes_and_the_sentence_around_it_stays() -> None:
    between = (
        "<p>El juez de la causa citó a los dueños de la empresa para la semana que viene en su despacho. "
        '<strong><a href="/x">Lea también: Quién es el juez de la causa</a></strong></p>'
    )
    text = extract_page(article(between)).text
    assert "citó a los dueños" in text
    assert "Quién es el juez" not in text


@pytest.mark.parametrize(
    "lead",
    [
        f'<h2 class="article-subheadline">{LEAD}</h2>',
        f'<p class="bajada">{LEAD}</p>',
        f'<div class="ArticleHeader-Hook"><div>{LEAD}</div></div>',
        f'<h2 itemprop="alternativeHeadline">{LEAD}</h2>',
        f"<h2>{LEAD}</h2>",
    ],
)
def test_the_lead_below_the_headline_comes_first(lead: str) -> None:
    head = f'<meta property="og:description" content="{LEAD}">'
    html = page(f"<article><header><h1>{TITLE}</h1>{lead}</header><div>{paragraphs()}</div></article>", head)
    assert extract_page(html).text == f"{LEAD}\n{WHOLE}"


def test_a_caption_is_no_lead_and_neither_is_a_teaser() -> None:
    html = page(
        f'<article><h1>{TITLE}</h1><figure class="lead"><p class="lead">Contenedores en la '
        f"terminal de cargas del puerto</p></figure>"
        f'<p class="lead"><a href="/x">Lea también: una nota que trata de otro '
        f"asunto</a></p>{paragraphs()}</article>"
    )
    assert extract_page(html).text == WHOLE


def test_an_element_that_holds_the_article_stays_whatever_its_class() -> None:
    html = page(f'<div class="c-related-news paywall"><h1>{TITLE}</h1>{paragraphs("voc-p")}</div>')
    assert extract_page(html).text == WHOLE


def test_a_table_becomes_lines() -> None:
    table = (
        "<table><tr><th>Puerto</th><th>Toneladas decomisadas</th></tr><tr><td>Nuevo</td><td>1.200 "
        "este año.</td></tr></table>"
    )
    text = extract_page(article(table)).text
    assert "Nuevo, 1.200 este año." in text
    assert "|" not in text
    assert "---" not in text


def test_selectors_of_the_outlet_drop_and_keep() -> None:
    box = (
        '<div class="recuadro"><p>'
        + "Dato del recuadro que solo este sitio pone en el medio. " * 3
        + "</p></div>"
    )
    assert "recuadro" not in extract_page(article(box), hints=PageHints(drop=("div.recuadro",))).text
    kept = (
        '<div class="promo">'
        + "<p>"
        + "Parte del artículo que este sitio pone en una promo. " * 3
        + "</p></div>"
    )
    assert "en una promo" not in extract_page(article(kept)).text
    assert "en una promo" in extract_page(article(kept), hints=PageHints(keep=(".promo",))).text


def test_a_text_printed_twice_is_read_once() -> None:
    html = page(f"<article><h1>{TITLE}</h1>{paragraphs()}<div>{paragraphs()}</div></article>")
    assert extract_page(html).text == WHOLE


def test_a_broken_line_inside_a_paragraph_does_not_split_it() -> None:
    html = page(f"<article><h1>{TITLE}</h1>{paragraphs().replace(' que ', chr(10) + '   que ')}</article>")
    assert extract_page(html).text == WHOLE


def test_the_life_of_the_author_is_no_part_of_the_text() -> None:
    life = (
        "<p>Periodista. Cubre temas judiciales desde 2010 y dirige el taller de crónica de la "
        "universidad.</p>"
    )
    assert extract_page(page(f"<article><h1>{TITLE}</h1>{paragraphs()}{life}</article>")).text == WHOLE


def test_a_paragraph_lost_among_those_that_were_chosen_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = SimpleNamespace(text="\n".join([PARAGRAPHS[0], PARAGRAPHS[1], PARAGRAPHS[3]]))
    monkeypatch.setattr("trafilatura.bare_extraction", lambda *_, **__: chosen)
    assert extract_page(article()).text == WHOLE


def test_bold_around_whole_paragraphs_does_no_harm() -> None:
    html = page(f"<article><h1>{TITLE}</h1><strong>{paragraphs()}</strong></article>")
    assert extract_page(html).text == WHOLE


@pytest.mark.parametrize(
    "sentence",
    [
        "Entre los detenidos hay dos vendedores que operaban por Facebook, según la fiscalía.",
        "“Recibí mensajes de WhatsApp con amenazas de muerte”, denunció la jueza.",
        "Sigue sin aparecer la joven de 19 años, informó su madre en Twitter.",
        "Suscriben Bolivia y China un acuerdo por el litio del salar.",
        "Contexto: la guerra entre los dos grupos lleva tres años.",
        "Recibió noticias de su hijo por WhatsApp y acudió a la policía.",
    ],
)
def test_sentences_that_share_words_with_an_offer_stay(sentence: str) -> None:
    assert not is_invitation(sentence)
    assert not is_service(sentence)


@pytest.mark.parametrize(
    "line",
    [
        "Haz clic aquí para leer más historias",
        "Recuerda que puedes recibir notificaciones. Descarga la nueva versión de nuestra app y actívalas.",
        "Clique aqui para seguir o canal no WhatsApp",
        "También puedes seguirnos en YouTube, Instagram y TikTok",
        "Sigue toda la información de Internacional en Facebook y X",
        "Receba as principais notícias no seu celular",
    ],
)
def test_offers_are_recognised(line: str) -> None:
    assert is_service(line)


def test_two_breaks_make_a_paragraph_and_a_table_of_paragraphs_is_a_layout() -> None:
    first, second, *rest = PARAGRAPHS
    text = "<br><br>".join([f"<b>{TITLE}</b>", first, second, f"<p>{rest[0]}</p>{rest[1]}", "© El Diario"])
    table = f"<table><tr><td><a href=/1>Portada</a></td><td>{text}</td><td>uno<br>dos</td></tr></table>"
    read = extract_page(page(table, f"<title>{TITLE}</title>"))
    assert read.text.split("\n") == list(PARAGRAPHS)
    assert extract_page(page(f"<h1>{TITLE}</h1><p>{'<br><br>'.join(PARAGRAPHS)}</p>")).text == "\n".join(
        PARAGRAPHS
    )


def test_a_lead_below_a_headline_of_second_rank_is_that_of_the_article() -> None:
    other = f'<div class="asset-abstract"><p class="summary">{PARAGRAPHS[0][::-1]}</p></div>'
    body = f'{other}<h1>Diario</h1><h2>{TITLE}</h2><p class="entradilla">{LEAD}.</p>{paragraphs()}'
    head = f'<meta property="og:title" content="{TITLE}">'
    assert extract_page(page(body, head)).text.split("\n")[0] == f"{LEAD}."


def test_lines_of_signs_and_landmarks_of_their_own_are_left_out() -> None:
    between = "<p>* * *</p><section role=region><p>Un podcast que cuenta cada semana historias.</p></section>"
    assert extract_page(article(between=between)).text == "\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "line",
    [
        "Y recuerda que puedes recibir notificaciones en nuestra app.",
        "Nosotros y nuestros socios almacenamos información en un dispositivo.",
        "Esta reportagem é exclusiva para assinantes.",
        "Para seguir leyendo inicia sesión o suscríbete.",
        "¿Te gustó esta nota? Compártela con tus amigos.",
    ],
)
def test_walls_and_appeals_are_no_part_of_the_text(line: str) -> None:
    assert is_service(line)


@pytest.mark.parametrize(
    "line",
    [
        "Nuestros socios comerciales piden reglas claras, dijo el ministro.",
        "La nota es exclusiva del diario, que la publicó el lunes.",
        "Para seguir leyendo la historia del puerto hay que ir al archivo.",
    ],
)
def test_sentences_that_share_words_with_a_wall_stay(line: str) -> None:
    assert not is_service(line)
