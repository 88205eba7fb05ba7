"""The lines by a headline that tell when and by whom: datelines, and signatures."""

import re
from itertools import takewhile

from monitor.steps.extract.moments import date_in
from monitor.steps.extract.tree import PROSE, Element, paragraphs, text_of

_WEEKDAY = (
    r"(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo|lun|mar|mi[ée]|jue|vie|s[áa]b|dom|seg|ter"
    r"|qua|qui|sex|(?:segunda|terça|quarta|quinta|sexta)(?:-feira)?)"
)
_CLOCK = r"\d{1,2}[:hH.]\d{2}(?:[:.]\d{2})?(?:\s?(?:hs?|hrs?|horas)\b\.?)?(?:\s?[ap]\.?\s?m\b\.?)?"
_TOLD = r"(?:publicad|criad|cread|actualizad|atualizad|modificad|postad|enviad)[ao]s?"
#: what may stand before a date in a part of a dateline: a weekday, *publicado el*, a name; no lower-case verb
_BEFORE_DATE = re.compile(
    rf"^\W*(?:(?:por|by|de|el|em|en|día|dia|fecha|data|hora|a las|às|publicaci[oó]n|publicação|{_CLOCK}"
    rf"|{_TOLD}|{_WEEKDAY}|(?-i:[A-ZÁÉÍÓÚÂÊÔÃÕÇ][\w.'’-]*))(?!\w)[\s:,.]*){{0,8}}$",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s*[|·•–—]\s*|\s+-\s+")
_CHANGED = re.compile(r"\b(?:actualiz|atualiz|modific)", re.IGNORECASE)
_PUBLISHED = re.compile(r"\b(?:publica|criad|cread|postad)", re.IGNORECASE)
#: what a line says beside a date that says nothing but when
_BESIDE_DATE = re.compile(
    rf"\b(?:{_CLOCK}|{_TOLD}|{_WEEKDAY}|por|el|em|en|de|a las?|às?|fecha|data|hora|publicaci[oó]n"
    r"|publicação|última actualización|última atualização|hrs?|hs?|horas|gmt|utc|et|há|hace|minutos"
    r"|semanas?|d[ií]as?)\b",
    re.IGNORECASE,
)
_NAME = r"[A-ZÁÉÍÓÚÑÂÊÔÃÕÇ][\w.'’-]+"
_NAMES = rf"{_NAME}(?:(?:\s+(?:de|del|da|do|dos|la|las|los|y|e|&)){{0,2}}\s*[,;/]?\s*{_NAME})"
_SIGNED = re.compile(
    r"^\W*(?:(?i:escrito|redactado|enviado|publicado|postado|texto|reportaje|reportagem)\s+(?i:por)\b\s*:?\s*"
    r"|(?i:por|by|texto|edición|edição|reportaje|reportagem|autora?|autores|redacci[oó]n|redação)\s*:\s*"
    rf"|(?:Por|POR|By)\s+(?={_NAMES}))(?P<names>{_NAMES}{{0,6}})\W*(?P<rest>$|[|•·(–—-]|\s(?:el|em)\s|\S+@|\d)"
)
#: lines before and after the headline, letters of a line, in which a dateline stands
_BEFORE, _AFTER, _LONGEST_LINE = 8, 16, 100


def datelines(tree: Element) -> list[str]:
    """The lines by the headline that give a date as such, the likeliest first; each from where it speaks of
    publication, if it does.
    """
    return [_from_publication(line) for line in lines_by_headline(tree) if _is_dateline(line)]


def signatures(tree: Element) -> list[str]:
    """Whom the lines by the headline name as their authors: *Por Ana Ruiz*, *Enviado por Redacción el …*."""
    lines = (part for line in lines_by_headline(tree) for part in _PARTS.split(line))
    return [names for part in lines if (names := _signed(part))][:1]


def is_imprint(line: str) -> bool:
    """Whether a line only says who wrote an article, or when it appeared."""
    parts = [part for part in _PARTS.split(line) if part.strip()]
    return len(line) <= _LONGEST_LINE and (_is_told(line) or (len(parts) > 1 and all(map(_is_told, parts))))


def _is_told(part: str) -> bool:
    return bool(_signed(part)) or _is_stamp(part) or bool(re.fullmatch(_CLOCK, part))


def _signed(line: str) -> str:
    found = _SIGNED.match(line) if len(line) <= _LONGEST_LINE else None
    return found["names"].strip() if found else ""


def _is_stamp(line: str) -> bool:
    place = date_in(line)
    if place is None:
        return False
    rest = _BESIDE_DATE.sub("", f"{line[: place[0]]} {line[place[1] :]}")
    again = date_in(rest)
    return not re.search(r"[^\W\d_]", f"{rest[: again[0]]}{rest[again[1] :]}" if again else rest)


def lines_by_headline(tree: Element) -> list[str]:
    """The lines below the last ``h1``, then those above it, where today's date may stand; each time what
    tells of a change last. Without a headline, those before the first running text.
    """
    lines = paragraphs(tree)
    heads = {text_of(h1) for h1 in tree.iter("h1")}
    place = max((place for place, line in enumerate(lines) if line in heads), default=None)
    if place is None:
        parts = [list(takewhile(lambda line: len(line) < 3 * PROSE, lines))]
    else:
        parts = [lines[place : place + _AFTER], lines[max(0, place - _BEFORE) : place]]
    return [line for part in parts for line in sorted(part, key=lambda one: bool(_CHANGED.search(one)))]


def _is_dateline(line: str) -> bool:
    """A line that gives a date as such, not within a statement."""
    if len(line) > _LONGEST_LINE:
        return False
    for part in _PARTS.split(line):
        place = date_in(part)
        if place is not None and _BEFORE_DATE.match(part[: place[0]]):
            return True
    return False


def _from_publication(line: str) -> str:
    """*Actualizado el 5/3/2026 | Publicado el 4/3/2026* from *Publicado* on."""
    found = _PUBLISHED.search(line)
    return line[found.start() :] if found and date_in(line[found.start() :]) else line
