"""Numbers that Spanish and Portuguese write in words: *cincuenta y siete*, *cinquenta e sete*."""

from collections.abc import Iterator, Sequence

_WORDS = {
    1: "un uno una um uma",
    2: "dos dois duas",
    3: "tres",
    4: "cuatro quatro",
    5: "cinco",
    6: "seis",
    7: "siete sete",
    8: "ocho oito",
    9: "nueve nove",
    10: "diez dez",
    11: "once onze",
    12: "doce doze",
    13: "trece treze",
    14: "catorce catorze quatorze",
    15: "quince quinze",
    16: "dieciseis dezesseis dezasseis",
    17: "diecisiete dezessete dezassete",
    18: "dieciocho dezoito",
    19: "diecinueve dezenove dezanove",
    20: "veinte vinte",
    30: "treinta trinta",
    40: "cuarenta quarenta",
    50: "cincuenta cinquenta",
    60: "sesenta sessenta",
    70: "setenta",
    80: "ochenta oitenta",
    90: "noventa",
    100: "cien cem ciento cento",
    200: "doscientos doscientas duzentos duzentas",
    300: "trescientos trescientas trezentos trezentas",
    400: "cuatrocientos cuatrocientas quatrocentos quatrocentas",
    500: "quinientos quinientas quinhentos quinhentas",
    600: "seiscientos seiscientas seiscentos seiscentas",
    700: "setecientos setecientas setecentos setecentas",
    800: "ochocientos ochocientas oitocentos oitocentas",
    900: "novecientos novecientas novecentos novecentas",
    1000: "mil",
}
_VALUES = {word: value for value, words in _WORDS.items() for word in words.split()} | {
    f"veinti{word}": 20 + value for value in range(1, 10) for word in _WORDS[value].split()
}
#: stand between the parts of one number
_AND = ("y", "e")


def spelled_numbers(words: Sequence[str]) -> Iterator[int]:
    """The numbers among folded words of a text, in order.

    Left out: *un* and *una*, which are articles, and *mil* alone, as figures stand before it (*200 mil*).
    """
    return (number for _, number in placed_numbers(words))


def placed_numbers(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The same numbers, each with the place of the word behind it."""
    run: list[int] = []
    end = 0
    for at, part in (*_parts(words), (len(words), None)):
        if run and (part is None or not _goes_on(run[-1], part)):
            if run not in ([1], [1000]):
                yield end, _sum(run)
            run = []
        if part is not None:
            run.append(part)
            end = at + 1


def _parts(words: Sequence[str]) -> Iterator[tuple[int, int | None]]:
    """Place and value of each word, None where it is no number; *y* within a number is passed over."""
    for at, word in enumerate(words):
        inside = at and word in _AND and {words[at - 1], *words[at + 1 : at + 2]} <= _VALUES.keys()
        if not inside:
            yield at, _VALUES.get(word)


def _goes_on(last: int, part: int) -> bool:
    """Within one number something smaller follows: seven after fifty, never twenty; *mil* after any."""
    if part == 1000:
        return last < 1000
    return part < (1000 if last == 1000 else 100 if last >= 100 else 10 if last >= 20 else 0)


def _sum(run: Sequence[int]) -> int:
    thousands = rest = 0
    for part in run:
        if part == 1000:
            thousands, rest = max(rest, 1) * 1000, 0
        else:
            rest += part
    return thousands + rest
