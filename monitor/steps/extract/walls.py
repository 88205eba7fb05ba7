"""Pages that show only part of their article: for subscribers, or behind a consent dialogue."""

import re

from monitor.steps.extract.structured import Structured

_SUBSCRIBERS = re.compile(
    r"(?:contenido|artículo|nota|noticia|conteúdo|matéria|reportagem|texto|material)\s+(?:es\s+"
    r"|é\s+)?(?:exclusiv[ao]|sólo|solo|reservad[ao])?\s*(?:para|de|a)\s+(?:nuestros\s+"
    r"|nossos\s+)?(?:suscriptores|assinantes|socios|miembros)"
    r"|(?:solo|sólo|somente|apenas|exclusivo)\s+para\s+(?:suscriptores|assinantes|socios|miembros)"
    r"|(?:suscríbe(?:te|se)|suscribite|suscríbase|assine|inicia sesión|inicie sesión"
    r"|faça (?:seu )?login|regístrate)\b.{0,40}\b(?:para|e)\s+(?:seguir|continuar|continue|leer|ler"
    r"|acceder|ter acesso)"
    r"|para (?:seguir|continuar) (?:leyendo|lendo|a leitura|la lectura).{0,60}(?:suscr|assin|regístr"
    r"|registr|sesión|login|cadastr)"
    r"|(?:ya eres|já é|eres|es)\s+(?:suscriptor|assinante)\?",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"(?:aceptar|aceitar|acepta|accept)\b.{0,40}\b(?:cookies|continuar|continue)"
    r"|utiliza(?:mos)?\s+cookies|usamos\s+cookies|(?:nuestros|nossos)\s+(?:[\d.]+\s+)?(?:socios|parceiros)"
    r"|rechazar y suscrib|privacidad.{0,40}consentimiento|consentimento",
    re.IGNORECASE,
)
_LOCKED = {"locked", "metered", "premium", "paid", "subscriber"}
#: shorter than this, an article's text may be only what stands before the wall
_SHORT = 1_200


def is_walled(said: Structured, page: str, text: str) -> bool:
    """Whether the page says that the rest is for subscribers, or shows a consent dialogue instead of an
    article.

    :param page: the visible text of the whole page
    :param text: what was read of the article
    """
    if _closed(said) or _LOCKED.intersection(map(str.lower, said.meta("article:content_tier"))):
        return True
    if len(text) >= _SHORT:
        return False
    return bool(_SUBSCRIBERS.search(page)) or (len(text) < 200 and bool(_CONSENT.search(page)))


def _closed(said: Structured) -> bool:
    """``isAccessibleForFree`` as outlets write it: false, "False", "no"."""
    return str(said.article.get("isAccessibleForFree", "")).strip().lower() in {"false", "no", "0"}
