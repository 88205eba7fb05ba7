import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.steps.cluster.measures import agreement, measures


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Incautan 1,3 toneladas", {"kilogram": (1300.0,)}),
        ("apreendem 1.300 quilos", {"kilogram": (1300.0,)}),
        ("quase mil e trezentos quilos", {"kilogram": (1300.0,)}),
        ("más de mil kilos", {"kilogram": (1000.0,)}),
        ("12 mil kilos", {"kilogram": (12000.0,)}),
        ("nueve muertos y 20 heridos", {"dead": (9.0,), "hurt": (20.0,)}),
        ("un sismo de magnitud 6,4", {"magnitude": (6.4,)}),
        ("tremor de magnitude de 6.4", {"magnitude": (6.4,)}),
        ("multa de 1,2 milhões de dólares", {"dollar": (1_200_000.0,)}),
        ("un millón de dólares", {"dollar": (1_000_000.0,)}),
        ("receberá US$ 1,4 bilhão", {"dollar": (1_400_000_000.0,)}),
        ("préstamo de U$S 1.400 millones de dólares", {"dollar": (1_400_000_000.0,)}),
        ("20 mil millones de dólares", {"dollar": (20_000_000_000.0,)}),
        ("multa de R$ 5 mil por dia", {"real": (5000.0,)}),
        ("15 %, 8.00% e 26 por ciento, 4 por cento", {"percent": (15.0, 8.0, 26.0, 4.0)}),
    ],
)
def test_amounts_are_read_in_figures_and_words(text: str, found: dict[str, tuple[float, ...]]) -> None:
    assert measures(text, "es") == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.180 volumes",
        "a maioria dos votos",
        "muertos",
        "de kilos",
        "magnitud",
        "magnitud del daño",
        "1.2.3 kg",
    ],
)
def test_what_is_no_amount_is_left_out(text: str) -> None:
    assert measures(text, "es") == {}


def test_amounts_agree_when_each_outlet_rounds_in_its_own_way() -> None:
    assert agreement(measures("780 kilos", "es"), measures("casi ochocientos kilos", "es")) == 1
    assert agreement(measures("1.180 kilos", "es"), measures("1,2 toneladas", "es")) == 1
    assert agreement(measures("1.183 kilos", "es"), measures("1.179 quilos", "es")) == -1
    assert agreement(measures("9 muertos", "es"), measures("nove mortos", "es")) == 1
    assert agreement(measures("780 kilos", "es"), measures("620 quilos", "es")) == -1
    assert agreement(measures("780 kilos", "es"), measures("780 detenidos", "es")) == 0
    assert agreement(measures("2 muertos, 20 heridos", "es"), measures("5 mortos, 20 feridos", "es")) == 1


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    assert all(amounts for amounts in measures(text, "es").values())
