"""How many dead a text tells of: *deja seis policías muertos*, *mueren cuatro guardias*, *mata sete*."""

import re
from collections.abc import Iterator, Sequence

from monitor.text.fold import fold_tokens
from monitor.text.numerals import placed_numbers

#: folded words that tell of deaths
_DEATH = re.compile(
    r"muer(?:t[aeo]s?|en?)|muri\w+|mort[aeo]s?|morr\w+|mat(?:an?|am|ar|aron|aram|o|ou|anza|anca)"
    r"|(?:asesin|assassin|fallec|falec|massacr|masacr|cadaver|abatid)\w*|corpos|cuerpos"
)
#: what a number may count in the same breath, and is nobody who died
_OTHERS = re.compile(
    r"%|por|anos?|mes(?:es)?|semanas?|dias?|h|horas?|minutos?|veces|vezes|balazos|tiros|disparos|punaladas"
    r"|facadas|mil|millon\w*|milh\w+|bilh\w+|dolares|pesos|reales|reais|soles|euros|kilos?|quilos?|kg"
    r"|toneladas?|metros|kilometros|quilometros|km|herid\w+|ferid\w+|lesionad\w+|det(?:en)?id\w+"
    r"|desaparecid\w+"
)
#: what follows a *de* behind a date or an hour: *11 de mayo*, *tres de la madrugada*
_MOMENT = re.compile(
    r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre|janeiro|fevereiro"
    r"|marco|maio|junho|julho|setembro|outubro|novembro|dezembro|madrugada|manana|manha|tarde|noche|noite"
)
#: words behind a number that may say what it counts
_BEHIND = 3
#: from here on a number is rather a year
_YEARS = 1900
_CLAUSE = re.compile(r"[.,;:](?=\s)|\n")
_TOKEN = re.compile(r"(?<![$\w])\d+(?:[.,]\d+)*|[^\W\d_]+|%")
_WHOLE = re.compile(r"\d{1,3}(?:[.,]\d{3})?")


def tolls(text: str, language: str) -> tuple[float, ...]:
    """The numbers of people in the clauses of a text that tell of deaths.

    :param language: ISO 639-1 of the text; *dos* is a number in Spanish alone.
    """
    clauses = (fold_tokens(_TOKEN.findall(clause)) for clause in _CLAUSE.split(text))
    mournful = (words for words in clauses if any(map(_DEATH.fullmatch, words)))
    return tuple(float(number) for words in mournful for number in _of_people(words, language))


def _of_people(words: Sequence[str], language: str) -> Iterator[int]:
    figures = ((at, re.sub("[.,]", "", one)) for at, one in enumerate(words, 1) if _WHOLE.fullmatch(one))
    for end, number in (*placed_numbers(words), *((at, int(plain)) for at, plain in figures)):
        is_article = words[end - 1] == "dos" and language != "es"
        if not is_article and number < _YEARS and not _is_else(words[end : end + _BEHIND]):
            yield number


def _is_else(behind: Sequence[str]) -> bool:
    """Whether what stands behind a number is something other than people: *34 años*, *11 de mayo*."""
    if behind and behind[0] == "de":
        return any(map(_MOMENT.fullmatch, behind))
    return bool(behind) and _OTHERS.fullmatch(behind[0]) is not None
