"""Dollars and euros that an engine dropped: *39.752 millones de dólares* as *39,752 million*."""

import re

from monitor.steps.translate.numbers import MONEY, english_figure

_SCALES = "mil|millón|millones|billón|billones|milhão|milhões|bilhão|bilhões|trilhão|trilhões"
_AMOUNT = re.compile(rf"(\d[\d.,]*\d|\d)(?: (?:{_SCALES}))*(?: de)? (dólares|euros)\b", re.IGNORECASE)
_SIGNS = {"dólares": "$", "euros": "€"}


def with_money(source: str, english: str) -> str:
    """The English sentence with the sign before those of its figures that are dollars or euros in the source.

    Only where it names that money nowhere; a figure that does not stand there as it should is left.
    """
    missing = {word: sign for word, sign in _SIGNS.items() if not MONEY[sign].search(english)}
    for figure, word in _AMOUNT.findall(source):
        if sign := missing.get(word.lower()):
            written = re.escape(english_figure(figure))
            english = re.sub(rf"(?<![\w.,$€-])(?={written}(?![\d.,]*\d))", sign, english, count=1)
    return english
