import pytest

from monitor.steps.cluster.tolls import tolls


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Emboscada deja seis policías muertos", "es", (6,)),
        ("Cuatro policías mueren en un ataque con 5 drones", "es", (4, 5)),  # too much rather than nothing
        ("Ataque a bomba mata sete", "pt", (7,)),
        ("hallan muertos a diez mineros, con 3 detenidos", "es", (10,)),
        ("Matan a dos guardias", "es", (2,)),
        ("massacre de dez garimpeiros", "pt", (10,)),
        ("Sobe para 1.247 o número de mortos", "pt", (1247,)),
        ("tres de los guardias murieron", "es", (3,)),
    ],
)
def test_the_dead_are_counted_in_figures_and_words(text: str, language: str, found: tuple[int, ...]) -> None:
    assert sorted(tolls(text, language)) == sorted(found)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Assassinato dos policiais", "pt"),  # of the
        ("Asesinado de 12 balazos", "es"),
        ("murió el 11 de mayo", "es"),
        ("murieron a las tres de la madrugada", "es"),
        ("murió a los 34 años en 2026", "es"),
        ("los muertos y 20 heridos", "es"),
        ("os mortos e 20 detidos", "pt"),
        ("Incautan 9 armas. No hubo muertos", "es"),  # another clause
        ("roubo de R$ 400 mil termina em morte", "pt"),
        ("", "es"),
    ],
)
def test_what_counts_nobody_who_died_is_no_toll(text: str, language: str) -> None:
    assert tolls(text, language) == ()
