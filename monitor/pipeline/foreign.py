"""Whether a page that came is the article's at all: sites answer 200 with their front page, a challenge or an
apology. Pure."""

import re
from urllib.parse import urlsplit

from monitor.text.fold import fold_words

#: a page with more words says so much that it is some article, perhaps under another headline
MOST_WORDS = 150
#: a headline with fewer words of weight does not tell a page from another
FEWEST = 3
#: share of the headline's words that an article's page has at least
SHARED = 0.2
_WEIGHT = 4
_APOLOGY = re.compile(
    r"(?i)\b4(?:04|10)\b|not (?:be )?found|no longer available"
    # "no se ha encontrado", "não foi possível encontrar", "não está mais no ar"
    r"|\bn[oã]o? (?:\w+ ){0,4}(?:encontr|halla|localiz|exist|dispon|no ar\b)|indispon|fora do ar"
    r"|removid[ao]|eliminad[ao]|retirad[ao]|exclu[ií]d[ao]|despublicad|expirad[ao]|caducad[ao]"
    r"|dad[ao] de baja|fuera de l[ií]nea|ya no est[aá]"
)
_OWN = re.compile(r"\d{4,}|-.*-.*-")
_NO_PAGES = ("image/", "video/", "audio/", "application/pdf", "application/zip", "application/octet-stream")


def is_no_page(body: bytes, content_type: str) -> bool:
    """Whether an answer is a picture, a document or the like, in which no article can be read."""
    return body.startswith(b"%PDF") or content_type.strip().lower().startswith(_NO_PAGES)


def leads_away(own: str, final: str) -> bool:
    """Whether redirects led from an article's address to the front page or the section above it."""
    path, there = (urlsplit(url).path.rstrip("/") for url in (own, final))
    if path == there or urlsplit(final).query:
        return False
    return not there or (path.startswith(f"{there}/") and not _OWN.search(there.rpartition("/")[2]))


def is_foreign(headline: str, title: str, text: str) -> bool:
    """Whether a short page has next to nothing of the headline under which its feed listed it."""
    wanted = {word for word in fold_words(headline) if len(word) >= _WEIGHT}
    if len(wanted) < FEWEST or len(text.split()) >= MOST_WORDS:
        return False
    return len(wanted & set(fold_words(f"{title} {text}"))) < SHARED * len(wanted)


def is_apology(headline: str, title: str, text: str) -> bool:
    """Whether a page says, with status 200, that there is no such article (any more)."""
    return is_foreign(headline, title, text) and bool(_APOLOGY.search(f"{title}\n{text}"))
