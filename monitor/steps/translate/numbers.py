"""Numbers of Spanish and Portuguese texts and of their English translation, compared by value."""

import re
from collections.abc import Iterator
from itertools import pairwise
from math import prod

from monitor.steps.translate.phrases import rows
from monitor.steps.translate.spelt import NumberWords

_FIGURE = re.compile(r"\d+(?:[.,  ]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)?")
_SCALE = re.compile(r"[ -]?([^\W\d_]+)")
#: short ones can be metres, or Spanish *my*
_SURE_SCALE = re.compile(r"[ -]?[^\W\d_]{3}")
_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3}) mil (\d{3})(?![\d.,]*\d)")
_MEXICAN = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?(?![\d.,]*\d|\s?%)")
#: an hour of the day: 14h30, 14:30, 14h, 14 horas; English may count it to twelve
_HOUR = re.compile(r"(?<![\d.,])(?:[01]?\d|2[0-4])(?=\s?(?:h|hs|hrs|horas)\b|h\d\d|:[0-5]\d)")
_HALF_DAY = 12
#: minutes that English adds to a full hour: 2:00 p.m.
_NONE = frozenset((0.0,))
#: spelt numbers below it are often articles, ordinals or left out
_LEAST_SPELT = 13
_CENTURY = 1900.0
#: *los años noventa*
_DECADES = frozenset(range(20, 100, 10))
_DIGIT = re.compile(r"\d")
#: sign → how either language or English names that money
MONEY = {
    "€": re.compile(r"€|\beuros?\b|\beuro ?zon|\bEUR", re.IGNORECASE),
    "$": re.compile(r"(?<!R)\$|d[óo]l+ar|\bUSD|\bpesos\b", re.IGNORECASE),
}
_AFTERNOON = re.compile(r"\bp\.? ?m\b|\b(?:tarde|noche|noite|medianoche|meia-noite)\b", re.IGNORECASE)
_PM = re.compile(r"(?<![\d.,:])(\d{1,2})(?::\d\d)? ?p\.?m\b", re.IGNORECASE)
_SWAPPED = str.maketrans(".,", ",.")
_ROMAN = re.compile(r"\b[IVXLC]+\b")
_LETTERS = re.compile(r"[^\W\d_]+")


def _valued(name: str) -> dict[str, float]:
    return {word: float(value) for word, value in rows(name)}


_SCALES = _valued("scales.tsv")
_SPELT = {
    language: NumberWords(_valued(f"numbers_{language}.tsv"), _SCALES) for language in ("en", "es", "pt")
}


def changed(source: str, target: str, language: str) -> bool:
    """Whether a figure of the source is missing in the English target, or a new one stands there.

    A figure may become a word and a word a figure; "3,5 millones", "3.5 million" and "3,500,000" are equal.
    Also where a number in words, euros or dollars are lost, or a morning became an afternoon.
    """
    if _is_lost_in_words(source, target, language) or _is_other_money(source, target):
        return True
    if _is_afternoon_added(source, target):
        return True
    asked, given = list(_figures(as_in_europe(source), language)), list(_figures(target, "en"))
    if not (asked or given):
        return False
    told, telling = _spelt(source, language), _spelt(target, "en")
    lost = [value for value in asked if not _found(value, given, telling)]
    new = [value for value in given if not (_found(value, asked, told) or value == _NONE)]
    return bool(lost or new)


def as_in_europe(sentence: str) -> str:
    """Figures as the engines read them right: ``12 mil 791`` and Mexico's ``12,791`` become ``12.791``."""
    joined = _THOUSANDS.sub(r"\1.\2", sentence)
    return _MEXICAN.sub(lambda match: match.group().translate(_SWAPPED), joined)


def english_figure(figure: str) -> str:
    """``1.234,56`` → ``1,234.56``; a figure that is not written so stays as it is."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d{1,2}", figure):
        return figure.translate(_SWAPPED)
    return figure


def _is_lost_in_words(source: str, target: str, language: str) -> bool:
    asked = [value for value in _SPELT[language].values(source) if value >= _LEAST_SPELT]
    if not asked:
        return False
    given = set(_SPELT["en"].values(target)).union(*_figures(target, "en"))
    return any(value not in given and value + _CENTURY not in given for value in asked)


def _is_other_money(source: str, target: str) -> bool:
    """Euros for dollars, or figures without the euros or dollars they had."""
    return bool(_DIGIT.search(source)) and any(
        bool(sign.search(source)) != bool(sign.search(target)) for sign in MONEY.values()
    )


def _is_afternoon_added(source: str, target: str) -> bool:
    """Whether English says p.m. of an hour that the source states before noon, or leaves open."""
    stated = {int(match.group()) for match in _HOUR.finditer(source)}
    if not stated:
        return False
    added = {int(hour) for hour in _PM.findall(target)} & stated
    return bool(added - {hour - _HALF_DAY for hour in stated} - {_HALF_DAY}) and not _AFTERNOON.search(source)


def _found(value: frozenset[float], others: list[frozenset[float]], words: frozenset[float]) -> bool:
    return bool(value & words) or any(value & other for other in others)


def _figures(text: str, language: str) -> Iterator[frozenset[float]]:
    """For each figure the values it can mean: alone, with the scale word behind it, and as an hour.

    The source's *65 millones* is no 65: so a scale that was lost or changed is found. English may write a
    scale behind each figure of a range, so there it may be left out.
    """
    hours = {match.start() for match in _HOUR.finditer(text)} if language != "en" else ()
    for match in _FIGURE.finditer(text):
        plain = _values(match.group(), language)
        if match.start() in hours:
            plain |= {value % _HALF_DAY or _HALF_DAY for value in plain}
        scaled = {round(value * scale, 3) for value in plain for scale in _scales(text, match.end())}
        is_sure = scaled and language != "en" and _SURE_SCALE.match(text, match.end())
        yield frozenset(scaled if is_sure else plain | scaled)


def _scales(text: str, at: int) -> Iterator[float]:
    product = 1.0
    while (match := _SCALE.match(text, at)) and match.group(1).lower() in _SCALES:
        product *= _SCALES[match.group(1).lower()]
        yield product
        at = match.end()


def _values(figure: str, language: str) -> set[float]:
    thousands, decimal = (",", ".") if language == "en" else (".", ",")
    digits = figure.replace(" ", "").replace("\u00a0", "")
    if language != "en" and re.fullmatch(r"\d+\.\d{1,2}|0\.\d+", digits):
        decimal, thousands = ".", ","  # 3.5, as much of Latin America writes
    plain = digits.replace(thousands, "").replace(decimal, ".")
    return {float(plain) if plain.count(".") < 2 else float(plain.replace(".", ""))}


def _spelt(text: str, language: str) -> frozenset[float]:
    """Values of the number words in a text, compounds such as *forty-two* included."""
    words = _SPELT[language].words
    values = [words[word] for word in _LETTERS.findall(text.lower()) if word in words]
    neighbours = [value for pair in pairwise(values) for value in (sum(pair), prod(pair))]
    decades = [value + _CENTURY for value in values if language != "en" and value in _DECADES]
    centuries = [_roman(word) for word in _ROMAN.findall(text)] if language != "en" else []
    compounds = _SPELT[language].values(text)
    return frozenset([*values, *compounds, *neighbours, *centuries, *decades])


def _roman(numeral: str) -> float:
    """XIX → 19, as English writes centuries."""
    values = [{"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}[letter] for letter in numeral]
    return float(
        sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))
    )
