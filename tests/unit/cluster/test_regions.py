import pytest

from monitor.steps.cluster.regions import Region, apart, place_words, regions

MICHOACAN = Region("MX", "michoacan")


@pytest.mark.parametrize(
    ("text", "within", "found"),
    [
        ("Matan al alcalde de Uruapan", "MX", {MICHOACAN}),
        ("prefeito morto em Michoacán", "MX", {MICHOACAN}),
        ("Motim em Machala e rebelião em Esmeraldas", "EC", {("EC", "el oro"), ("EC", "esmeraldas")}),
        ("hallado en San Pedro Sula", "HN", {("HN", "cortes")}),  # the longest name, not San Pedro
        ("En Bolívar", "VE", {("VE", "bolivar")}),  # of several countries, so the text says which
        ("En Bolívar", "EC", {("EC", "bolivar")}),
        ("en León", "MX", {("MX", "guanajuato")}),
    ],
)
def test_a_place_tells_its_region(text: str, within: str, found: set[Region]) -> None:
    assert regions(text, {within}) == found


@pytest.mark.parametrize(
    ("text", "within"),
    [
        ("Matan al alcalde de Uruapan", "CO"),  # a place elsewhere
        ("dijo el senador León", "MX"),  # a surname
        ("Guerrero: tres muertos", "MX"),  # may be one
        ("el Banco Central", "PY"),  # a plain word
        ("en Trujillo y en chiloé", "CL"),
        ("", "PE"),
    ],
)
def test_what_is_no_place_of_one_region_says_nothing(text: str, within: str) -> None:
    assert regions(text, {within}) == set()


def test_other_regions_of_one_country_are_apart() -> None:
    el_oro, esmeraldas, oaxaca = Region("EC", "el oro"), Region("EC", "esmeraldas"), Region("MX", "oaxaca")
    assert apart({el_oro}, {esmeraldas})
    assert not apart({el_oro, esmeraldas}, {esmeraldas})
    assert not apart({el_oro}, {oaxaca})  # the countries tell that already
    assert not apart({el_oro}, set())


def test_words_of_places_are_told_from_those_of_people() -> None:
    assert place_words("en San Pedro Sula, dijo el senador León") == {"san", "pedro", "sula"}
    assert place_words("hubo un tiroteo en León") == {"leon"}
