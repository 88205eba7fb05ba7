import pytest

from monitor.steps.cluster.countries import countries, country_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Lula llegó a Moscú", "RU"),
        ("desembarcou em Moscou", "RU"),
        ("los rusos firmaron", "RU"),
        ("las tropas estadounidenses", "US"),
        ("un enviado de EE. UU. y de EE.UU.", "US"),
        ("os EUA pedem", "US"),
        ("o governo brasileiro", "BR"),
        ("en Buenos Aires hubo marchas", "AR"),
        ("marcha em Quito", "EC"),
        ("la Conaie anunció un paro", "EC"),
        ("mineiros de Cochabamba", "BO"),
        ("llegó a Puerto Príncipe", "HT"),
        ("o porto de Antuérpia", "BE"),
        ("Nova Délhi", "IN"),
    ],
)
def test_a_country_is_known_by_its_names_people_places_and_seats(text: str, code: str) -> None:
    assert countries(text) == {code}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Se vieron en Bolívar y en Sucre",  # several countries have them
        "La reunión fue larga. Reunión en la sede",
        "el presidente chocó con la santa fe del congreso",  # no capitals, no places
        "Perucho y Mexicali2",
        "Para el juez Herrera, dice León Mendoza",  # a surname first
    ],
)
def test_what_is_no_name_of_one_country_says_nothing(text: str) -> None:
    assert not countries(text)


def test_the_longest_name_counts() -> None:
    assert countries("Santiago del Estero") == {"AR"}
    assert countries("Santo Domingo de los Tsáchilas") == {"EC"}


def test_a_seat_is_its_countrys_whatever_else_is_called_so() -> None:
    assert countries("en La Paz") == {"BO"}


def test_a_text_may_speak_of_several() -> None:
    assert countries("Chile, los chilenos y Codelco con Lima") == {"CL", "PE"}


def test_a_country_has_other_names_and_a_mere_place_is_none() -> None:
    assert country_of("pekin") == country_of("china") == country_of("chinos") == "CN"
    assert country_of("machala") == country_of("policia") == ""
