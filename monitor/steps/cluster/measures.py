"""Numbers with what they count: *1,3 toneladas* is *1.300 quilos*, *9 muertos* are not *9 %*."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from monitor.steps.cluster.tolls import tolls
from monitor.text.fold import fold_tokens
from monitor.text.numerals import spelled_numbers

#: (unit, how many of it one is, folded words that say it)
_UNITS = (
    ("kilogram", 1, "kilo kilos quilo quilos kg kilogramos quilogramas"),
    ("kilogram", 1000, "tonelada toneladas"),
    ("percent", 1, "%"),
    ("dead", 1, "muertos muertas mortos mortas fallecidos fallecidas muertes mortes asesinados assassinados"),
    ("hurt", 1, "heridos heridas feridos feridas lesionados lesionadas"),
    ("held", 1, "detenidos detenidas detidos detidas presos presas arrestados capturados prisoes"),
    ("missing", 1, "desaparecidos desaparecidas"),
    ("displaced", 1, "desplazados desplazadas desalojados desabrigados damnificados evacuados"),
    ("hectare", 1, "hectareas hectares"),
    ("kilometre", 1, "kilometros quilometros km"),
    ("barrel", 1, "barriles barris"),
    ("litre", 1, "litros"),
    ("vote", 1, "votos"),
    ("dollar", 1, "dolares"),
    ("euro", 1, "euros"),
    ("peso", 1, "pesos"),
    ("real", 1, "reales reais"),
    ("sol", 1, "soles"),
)
_UNIT_OF = {word: (unit, size) for unit, size, words in _UNITS for word in words.split()}
_MAGNITUDE = ("magnitud", "magnitude")
_TIMES = {
    "mil": 1e3,
    "millon": 1e6,
    "millones": 1e6,
    "milhao": 1e6,
    "milhoes": 1e6,
    "bilhao": 1e9,
    "bilhoes": 1e9,
}
#: a sign of money before a number; a bare $ is the peso of many countries
_SIGN = re.compile(
    r"(US\$|U\$S|\$us|R\$) ?(\d[\d.,]*)((?: (?:mil|mill[oó]n|millones|milh[ãõ]\w+|bilh[ãõ]\w+)\b)*)",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|%")
_PERCENT = re.compile(r"\bpor ?ci?ento\b")
_FIGURES = re.compile(r"\d+(?:\.\d+)?")
_THOUSANDS = re.compile(r"[.,](?=\d{3}(?:\D|$))")
#: how much two outlets may round one amount apart
_ROUNDED = 0.06
#: words before a unit that may be its number: *mil doscientos cuarenta y siete*
_REACH = 6

Measures = dict[str, tuple[float, ...]]


def measures(text: str, language: str) -> Measures:
    """Unit → the amounts of it that a text tells, in figures or in words; bare numbers are left out.

    :param language: ISO 639-1 of the text.
    """
    words = fold_tokens(_tokens(text))
    found: dict[str, list[float]] = {}
    dead = (("dead", toll) for toll in tolls(text, language))
    for unit, amount in (*_amounts(words), *dead):
        found.setdefault(unit, []).append(amount)
    return {unit: tuple(dict.fromkeys(amounts)) for unit, amounts in found.items()}


def agreement(mine: Measures, yours: Measures) -> int:
    """1 where the two tell one amount of the same thing, -1 where they only tell different ones, else 0."""
    shared = mine.keys() & yours.keys()
    if any(_about(one, other) for unit in shared for one in mine[unit] for other in yours[unit]):
        return 1
    return -1 if shared else 0


def _about(one: float, other: float) -> bool:
    """The same, but for what the rounder of the two leaves out: *casi 800* is 780, but 1.183 is not 1.179."""
    apart = abs(one - other)
    return apart == 0 or apart < min(max(_unit(one), _unit(other)), _ROUNDED * max(one, other))


@lru_cache(maxsize=10_000)
def _unit(amount: float) -> float:
    """What the last digit of a number stands for, zeros at its end left out: 100 for 800, 0.1 for 1.3."""
    digits = Decimal(repr(amount)).normalize().as_tuple()
    return float(10 ** Decimal(digits.exponent))


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(_SIGN.sub(_spoken, _PERCENT.sub("%", text)))


def _spoken(money: re.Match[str]) -> str:
    """*US$ 1,4 bilhão* as one says it."""
    return f"{money[2]}{money[3]} {'reais' if money[1].upper() == 'R$' else 'dólares'}"


def _amounts(words: Sequence[str]) -> Iterator[tuple[str, float]]:
    for at, word in enumerate(words):
        if word in _UNIT_OF:
            unit, size = _UNIT_OF[word]
            amount = _number_before(words[max(0, at - _REACH) : at])
        elif word in _MAGNITUDE:
            after = [one for one in words[at + 1 : at + 3] if one != "de"]
            unit, size, amount = "magnitude", 1, _figures(after[0]) if after else 0.0
        else:
            continue
        if amount:
            yield unit, amount * size


def _number_before(words: Sequence[str]) -> float:
    """The number with which these words end, 0 where they end with none."""
    rest, times = list(words), 1.0
    while rest and (rest[-1] == "de" or rest[-1] in _TIMES):
        times *= _TIMES.get(rest.pop(), 1.0)
    number = _figures(rest[-1]) or _spelled(rest) if rest else 0.0
    return number * times if number else times if times > 1 else 0.0


def _figures(word: str) -> float:
    plain = _THOUSANDS.sub("", word).replace(",", ".")
    return float(plain) if _FIGURES.fullmatch(plain) else 0.0


def _spelled(words: Sequence[str]) -> float:
    """The number in words with which they end; *dos* is two in Spanish, but *of the* in Portuguese."""
    ends_with_one = words[-1] != "dos" and any(spelled_numbers(words[-1:]))
    return float([*spelled_numbers(words)][-1]) if ends_with_one else 0.0
