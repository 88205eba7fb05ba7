"""Invented pages in the layouts of real sites."""

PARAGRAPHS = (
    "La Fiscalía informó este martes que decomisó en el puerto de Puerto Nuevo un cargamento "
    "de madera sin permisos, "
    "y que tres personas quedaron detenidas mientras avanza la investigación.",
    "Según el expediente, los contenedores habían llegado desde la provincia vecina con "
    "papeles de otra empresa, "
    "que negó conocer el envío y anunció una denuncia ante la justicia federal.",
    "“No vamos a permitir que la selva se venda por partes”, dijo la fiscal Marta Quiñones, "
    "que pidió a los bancos "
    "los movimientos de las cuentas de los últimos dos años.",
    "La audiencia se celebrará el lunes próximo en la capital de la provincia, donde los "
    "vecinos esperan desde hace "
    "meses que alguien responda por la tala en la ribera del río.",
)
LEAD = "El cargamento llevaba papeles de otra empresa y tres personas quedaron detenidas en la terminal"
TITLE = "Decomisan madera ilegal en Puerto Nuevo"


def paragraphs(css: str = "", between: str = "") -> str:
    """The article's paragraphs, with something after the second."""
    marked = [f'<p class="{css}">{text}</p>' for text in PARAGRAPHS]
    return "\n".join([*marked[:2], between, *marked[2:]])


def page(body: str, head: str = "", lang: str = "es") -> bytes:
    """A whole page."""
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta '
        f'charset="utf-8">{head}</head><body>{body}</body></html>'.encode()
    )


def article(between: str = "", head: str = "", after: str = "") -> bytes:
    """A plain article with something between its paragraphs and after it."""
    return page(f"<main><article><h1>{TITLE}</h1>{paragraphs(between=between)}</article>{after}</main>", head)
