"""Numbers in words."""

import pytest

from monitor.text.fold import fold_words
from monitor.text.numerals import spelled_numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Cincuenta y siete presos mueren", [57]),
        ("Cinquenta e sete detentos morrem", [57]),
        ("más de dos mil trescientos veintidós kilos", [2322]),
        ("200 mil pessoas e um policial, mil e cem soldados", [1100]),
        ("un hombre y una mujer, veintiún años", [21]),
        ("entre diez, veinte, treinta y dos mil", [10, 20, 32000]),
        ("dos mil mil", [2000]),
        ("doscientas personas y dieciséis heridos", [200, 16]),
        ("y siete más, e", [7]),
        ("", []),
    ],
)
def test_numbers_in_words_are_read_as_numbers(text: str, numbers: list[int]) -> None:
    assert list(spelled_numbers(fold_words(text))) == numbers
