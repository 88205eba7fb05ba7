"""Pages that are not the article's are told from those that are."""

import pytest

from monitor.model import FetchedPage
from monitor.pipeline.collect import collect
from monitor.pipeline.foreign import is_apology, is_foreign, is_no_page, leads_away
from monitor.pipeline.process import process
from monitor.storage.articles import list_articles
from tests.fakes import page
from tests.pipeline.conftest import ARTICLE, BODY, MakeContext, answers, html, item

SITE = "https://www.infobae.com"
HEADLINE = "Irán entrega seis drones a Bolivia"


@pytest.mark.parametrize(
    ("own", "final", "away"),
    [
        ("/mundo/iran-drones", "/", True),
        ("/mundo/iran-drones", "", True),
        ("/mundo/iran-drones", "/mundo/", True),
        ("/mundo/iran-drones", "/mundo/iran-drones/", False),
        ("/mundo/iran-drones", "/america/iran-drones", False),
        ("/mundo/iran-drones", "/?p=12345", False),
        ("/noticias/123456/iran-drones", "/noticias/123456", False),
        ("/?p=123", "/mundo/iran-drones", False),
        ("/", "/", False),
    ],
)
def test_front_pages_and_sections_are_no_articles_page(own: str, final: str, away: bool) -> None:
    assert leads_away(SITE + own, SITE + final) is away


@pytest.mark.parametrize(
    ("title", "text", "foreign"),
    [
        ("Página no encontrada", "Lo sentimos.", True),
        ("Just a moment...", "Verify that you are human.", True),
        ("Teherán arma a La Paz", "Seis drones llegaron de Irán.", False),
        ("Otro titular", "palabra " * 200, False),
    ],
)
def test_a_short_page_without_the_headlines_words_is_something_else(
    title: str, text: str, foreign: bool
) -> None:
    assert is_foreign(HEADLINE, title, text) is foreign
    assert not is_foreign("Editorial", title, text)


def test_an_apology_is_told_from_a_challenge() -> None:
    assert is_apology(HEADLINE, "Página não encontrada", "")
    assert is_apology(HEADLINE, "Error 404", "")
    assert is_apology(HEADLINE, "Infobae", "No se ha encontrado la página que buscas.")
    assert is_apology(HEADLINE, "Ops!", "Não foi possível encontrar o que você procura.")
    assert is_apology(HEADLINE, "Infobae", "La nota fue dada de baja por el editor.")
    assert not is_apology(HEADLINE, "Just a moment...", "")
    assert not is_apology(HEADLINE, "Infobae", "Este contenido es exclusivo para suscriptores.")
    assert not is_apology(
        HEADLINE, "Infobae", "Acepta las cookies para continuar, o suscríbete y no las aceptes."
    )
    assert not is_apology(HEADLINE, "Irán entrega drones a Bolivia", "El video fue eliminado.")


def test_documents_and_pictures_are_no_pages() -> None:
    assert is_no_page(b"%PDF-1.7", "")
    assert is_no_page(b"...", "image/jpeg")
    assert not is_no_page(b"<html>", "text/html")


@pytest.mark.parametrize(
    "answer",
    [
        page(ARTICLE, html("No encontramos lo que busca.", title="Página no encontrada")),
        page(ARTICLE, html(*BODY, title="Infobae: noticias"), content_type="application/pdf"),
        page(ARTICLE, b""),
        page(ARTICLE, b"<!-- -->"),
        FetchedPage(ARTICLE, "https://www.infobae.com/", 200, html(*["Otra noticia de hoy. " * 9] * 9)),
    ],
)
def test_what_is_not_the_articles_page_does_not_replace_what_the_feed_gave(
    make_context: MakeContext, answer: FetchedPage
) -> None:
    context = make_context(answers(item(summary="Seis drones llegaron a La Paz.")) | {ARTICLE: answer})
    collect(context)
    assert process(context) == 1
    with context.database.session() as session:
        [article] = list_articles(session)
    assert (article.title, article.content) == ("Irán entrega drones a Bolivia", "summary")
