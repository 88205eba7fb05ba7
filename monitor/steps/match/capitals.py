"""What a capital proves.

A capital inside a sentence proves a name. At the start of a sentence, in a headline that writes every word
with a capital, or in a line of capitals, it proves nothing; there a word that is also an ordinary word of its
language (ordinary.txt: *maduro*, *lula*, *irán*) counts only if something else speaks for the name.
docs/watchlist.md says it for analysts.
"""

import re
import unicodedata
from enum import Enum
from functools import cache
from importlib.resources import files
from itertools import dropwhile

from monitor.steps.match.fields import FieldText, starts_with_capital

#: (start, end) of a word in a field's text
Span = tuple[int, int]

_OPENERS = re.compile(r"[:¿¡]\s*[\"“«‘'(¿¡]*\s*\Z|[¿¡]")
#: a finite verb of the third person; what ends like one and is none stands in _NO_VERB
_VERB = re.compile(
    r"\w+(?:[aeóé]|ou|eu|iu|rá|ía|aba|ava)\Z|(?:es|va|da|é|foi|diz|faz|quer|tem|vai|traz|não|sigue|está|ha|dijo|hizo|fue|"
    r"dio|puso|quiso|pudo|tuvo|vino|supo|produjo|redujo|trajo|disse|fez|pôs|quis|pôde|teve|veio|deu|dá)\Z"
)
_ENGLISH_VERB = re.compile(r"\w{2,}(?:s|ed)\Z|(?:will|has|is|was|says|said|may|could|would|met|won)\Z")
_NO_VERB = re.compile(
    r"\w+(?:ad[oa]|id[oa]|mente)\Z|(?:la|el|una|para|sobre|ante|entre|hacia|hasta|contra|desde|de|que|na|da|pela|"
    r"pelo|uma|esta|este|ese|esa|cada|onde|donde|durante|mediante|até|aunque|porque|a|e|junto|ya|fuera|mañana|ahora|toda|otra|media|mucha|poca|ninguna|alguna|nunca|gente|parte|"
    r"frita|frito|assada|crua|fresca|grande|dulce|doce|verde|madura)\Z"
)

#: after a name at the head of a line stand words that no fruit and no dish has beside it
_BESIDE_A_NAME = re.compile(
    r"(?:al|contra|tras|sin|bajo|ante|entre|sob|sem|perante|hasta|desde|vs|versus|acusad[oa]|detenid[oa]|pres[oa]|"
    r"capturad[oa]|derrocad[oa]|imputad[oa]|investigad[oa]|acorralad[oa]|isolad[oa])\Z"
)
#: what makes a dish of it after all
_DISH = re.compile(
    r"(?:horno|forno|vapor|alho|ajillo|azúcar|açúcar|fuego|fogo|gratín|piel|pele|cáscara|casca)\Z"
)
#: adverbs and pronouns that stand between a subject and its verb
_BEFORE_A_VERB = frozenset(
    ["no", "ya", "nunca", "jamás", "tampoco", "también", "se", "le", "les", "lo", "me", "não", "já", "também"]
)
#: a preposition of place: a name with a capital after it tells that a name stood before
_AT = frozenset(["en", "em", "a", "in", "at", "na", "no"])


class Proof(Enum):
    """What one place says about the name."""

    #: it is the name
    SURE = "sure"
    #: it may be
    OPEN = "open"
    #: it may be, and only a place elsewhere can tell
    WEAK = "weak"
    #: it is the ordinary word
    AGAINST = "against"


@cache
def ordinary(english: bool) -> dict[str, str]:
    """Ordinary words that are also names: word → "verb", "plain" or "tool"."""
    words: dict[str, str] = {}
    for line in files("monitor.text").joinpath("ordinary.txt").read_text(encoding="utf-8").splitlines():
        label, _, listed = line.partition(":")
        if listed and not line.startswith("#") and label.startswith("english ") == english:
            words.update(dict.fromkeys(listed.split(), label.removeprefix("english ")))
    return words


def small(word: str) -> str:
    """A word in small letters, composed."""
    return unicodedata.normalize("NFC", word).lower()


def proof(field: FieldText, words: list[Span]) -> Proof:
    """Judge one place by its words that need a capital, have it, and are all ordinary words."""
    inside = [start for start, _ in words if not _starts(field, start)]
    if inside and not field.shouts_at(inside[0]):
        return Proof.SURE
    known = ordinary(field.english)
    kinds = [known[small(field.text[start:end])] for start, end in words]
    if "tool" in kinds:
        return Proof.WEAK
    if inside or len(words) > 1:
        return Proof.OPEN
    return Proof.OPEN if _goes_on_like_a_name(field, words[0][1], kinds[0]) else Proof.WEAK


def _starts(field: FieldText, offset: int) -> bool:
    return (
        field.starts_sentence(offset) or _OPENERS.search(field.text[max(0, offset - 8) : offset]) is not None
    )


def _goes_on_like_a_name(field: FieldText, end: int, kind: str) -> bool:
    """Whether what follows fits a name that is the subject of its sentence."""
    following = unicodedata.normalize("NFC", field.text[end : end + 60])
    gap = re.match(r"[\W_]*", following)
    rest = following[gap.end() if gap else 0 :]
    if gap and re.match(r"\s*[,:\-–—(/]|['’]s?\b|\s*[\"”»]", gap.group() + rest[:1]):
        return True
    words = re.findall(r"\w+", rest)[:4]
    if kind == "plain" and _stands_like_a_name(words):
        return True
    if not words:
        return kind != "verb"
    if words[0].lower() in ("y", "e", "and"):
        return len(words) > 1 and starts_with_capital(words[1])
    if starts_with_capital(words[0]) and not words[0].isupper():
        return kind != "verb"
    word = small(words[0])
    return _ENGLISH_VERB.match(word) is not None if field.english else _is_verb(word)


def _stands_like_a_name(words: list[str]) -> bool:
    """“Maduro al desnudo”, “Maduro en Moscú”, “Maduro ya no asiste”, but not “Maduro al horno”."""
    if len(words) < 2:
        return False
    first, second = small(words[0]), small(words[1])
    if _BESIDE_A_NAME.match(first):
        return _DISH.match(second) is None
    if first in _AT and starts_with_capital(words[1]):
        return True
    after = list(dropwhile(lambda word: small(word) in _BEFORE_A_VERB, words))
    return 0 < len(after) < len(words) and _is_verb(small(after[0]))


def _is_verb(word: str) -> bool:
    return _VERB.match(word) is not None and _NO_VERB.match(word) is None and _DISH.match(word) is None
