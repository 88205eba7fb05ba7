import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from threading import Thread

import pytest

from monitor.steps.cluster import (
    THRESHOLD,
    Placement,
    Story,
    StoryItem,
    UseEmbedder,
    assign,
    closeness,
    english_to_embed,
    lead_item,
    likeness,
    opening,
    pack,
    texts_to_embed,
    unpack,
    vectors,
)
from monitor.steps.cluster.likeness import NOTES, NOWHERE, reasons, strangers
from monitor.steps.cluster.rarity import weight
from monitor.steps.cluster.traits import beginning, names, numbers, traits, unit_words

GUAYAQUIL = StoryItem(
    1,
    "es",
    "Incautan 1.180 kilos de cocaína en Guayaquil",
    "La droga iba a Amberes, dijo el general Víctor Herrera.",
)
GUAYAQUIL_PT = StoryItem(
    2,
    "pt",
    "Polícia apreende 1.180 quilos de cocaína em Guayaquil",
    "O general Víctor Herrera disse que a carga ia para a Bélgica.",
)
BUENAVENTURA = StoryItem(
    3,
    "es",
    "Incautan 640 kilos de cocaína en Buenaventura",
    "La Armada halló la droga en un contenedor rumbo a Hamburgo.",
)
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def meaning(item: StoryItem, *cosines: float) -> StoryItem:
    """The article with a vector for each cosine: that of the vector and the first axis."""
    rows = [[cosine, math.sqrt(1 - cosine**2), *[0.0] * 510] for cosine in cosines]
    return replace(item, meaning=vectors(rows))


def test_two_accounts_of_one_event_join_across_languages() -> None:
    assert assign(GUAYAQUIL_PT, [Story(7, (BUENAVENTURA,)), Story(9, (GUAYAQUIL,))]) == Placement(9)


def test_two_seizures_stay_two_stories() -> None:
    assert assign(BUENAVENTURA, [Story(9, (GUAYAQUIL, GUAYAQUIL_PT))]) == Placement(None)


def test_the_first_article_and_empty_stories_begin_nothing_old() -> None:
    assert assign(GUAYAQUIL, []) == assign(GUAYAQUIL, [Story(1, ())]) == Placement(None)


def test_of_equally_close_stories_the_older_one_wins() -> None:
    stories = [Story(8, (GUAYAQUIL,)), Story(5, (GUAYAQUIL,))]
    assert assign(GUAYAQUIL_PT, stories).story == 5
    assert assign(GUAYAQUIL_PT, stories[::-1]).story == 5


def test_an_article_between_two_stories_joins_them() -> None:
    twin = replace(GUAYAQUIL, article_id=4)
    stories = [Story(5, (GUAYAQUIL,)), Story(8, (twin,)), Story(9, (BUENAVENTURA,))]
    assert assign(GUAYAQUIL_PT, stories) == Placement(5, merged=(8,))


VISIT = StoryItem(
    4, "es", "El canciller Wang Yi visita Santiago", "Firmará en La Moneda un acuerdo de litio."
)


def test_stories_that_only_touch_one_article_stay_apart() -> None:
    both = StoryItem(6, "es", f"{GUAYAQUIL.title}; {VISIT.title}", f"{GUAYAQUIL.lead} {VISIT.lead}")
    stories = [Story(5, (GUAYAQUIL,)), Story(9, (VISIT,))]
    placement = assign(both, stories)
    assert placement.story in (5, 9)
    assert all(closeness(both, story) >= THRESHOLD for story in stories)
    assert placement.merged == ()


def test_an_article_in_a_strange_story_goes_with_one_that_tells_its_event() -> None:
    """The strange story keeps what is its own; what is close to its rest stays."""
    stray = replace(GUAYAQUIL, article_id=4)
    mixed = Story(5, (VISIT, replace(VISIT, article_id=7), stray))
    assert assign(GUAYAQUIL_PT, [mixed]) == Placement(None, drawn=(4,))
    twins = Story(5, (GUAYAQUIL, stray))
    assert assign(BUENAVENTURA, [twins]).drawn == ()


def test_an_article_that_is_closer_to_the_rest_of_its_story_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    newcomer, close, other = (replace(GUAYAQUIL, article_id=number) for number in (1, 2, 3))
    likes = {frozenset((1, 2)): THRESHOLD + 0.05, frozenset((1, 3)): 0.2, frozenset((2, 3)): 0.9}
    module = import_module("monitor.steps.cluster.assign")
    monkeypatch.setattr(
        module, "likeness", lambda one, two: likes[frozenset((one.article_id, two.article_id))]
    )
    assert assign(newcomer, [Story(5, (close, other))]) == Placement(None)
    likes[frozenset((2, 3))] = 0.3
    assert assign(newcomer, [Story(5, (close, other))]) == Placement(None, drawn=(2,))


def test_two_events_that_began_as_one_story_part_when_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    """One account each touched; the second account of the one event, arriving last, leaves with the first."""
    newcomer, first, other, second = (replace(GUAYAQUIL, article_id=number) for number in (1, 2, 3, 4))
    likes = {(1, 2): 0.8, (1, 3): 0.45, (1, 4): 0.35, (2, 3): 0.55, (2, 4): 0.3, (3, 4): 0.7}
    module = import_module("monitor.steps.cluster.assign")
    monkeypatch.setattr(
        module, "likeness", lambda one, two: likes[tuple(sorted((one.article_id, two.article_id)))]
    )
    story = Story(5, (first, other, second))
    assert assign(newcomer, [story]) == Placement(None, drawn=(2,))
    likes[2, 4] = 0.5  # near enough on the mean to be merged again
    assert assign(newcomer, [story]) == Placement(5)


def test_a_witness_with_nothing_to_say_is_left_out() -> None:
    bare = likeness(GUAYAQUIL, GUAYAQUIL_PT)
    assert likeness(meaning(GUAYAQUIL, 1.0), meaning(GUAYAQUIL_PT, 0.0)) < bare
    assert likeness(meaning(GUAYAQUIL, 1.0), GUAYAQUIL_PT) == bare
    english = [
        replace(item, title_en="Cocaine seized", lead_en="The load.") for item in (GUAYAQUIL, GUAYAQUIL_PT)
    ]
    assert likeness(*english) > bare
    assert 0 <= likeness(GUAYAQUIL, StoryItem(0, "pt", "", "")) <= 1


def test_a_shared_name_does_not_join_what_means_something_else() -> None:
    painter = meaning(StoryItem(1, "es", "Expone Roberto Mamani", "El pintor mostró sus acuarelas."), 1.0)
    player = StoryItem(2, "es", "Gol de Roberto Mamani", "El delantero marcó en el último minuto.")
    assert likeness(painter, meaning(player, 0.2)) < THRESHOLD < likeness(painter, meaning(player, 0.8))


def test_one_sentence_that_both_tell_alike_counts_beside_the_whole() -> None:
    one, other = meaning(GUAYAQUIL, 1.0, 0.0, 1.0), meaning(GUAYAQUIL_PT, 0.5, 0.9, 0.5)
    alike = likeness(one, other)
    assert alike > likeness(meaning(GUAYAQUIL, 1.0), meaning(GUAYAQUIL_PT, 0.5))
    assert alike > likeness(one, meaning(GUAYAQUIL_PT, 0.5, 0.5, 0.5))


def test_names_in_both_headlines_that_the_other_lacks_speak_against() -> None:
    buenaventura = replace(GUAYAQUIL, title=BUENAVENTURA.title)
    same = replace(GUAYAQUIL, title="Incautan cocaína", lead=f"{GUAYAQUIL.lead} Fue en Buenaventura.")
    assert strangers(traits(GUAYAQUIL), traits(buenaventura)) > 0.5
    assert strangers(traits(GUAYAQUIL), traits(replace(GUAYAQUIL, title="Incautan cocaína"))) == 0
    assert likeness(buenaventura, same) > likeness(buenaventura, GUAYAQUIL)


def test_a_country_by_another_name_is_no_stranger() -> None:
    china = traits(replace(GUAYAQUIL, title="Reclama por la base en Pekín", lead="Lo dijo el canciller."))
    chinese = traits(replace(GUAYAQUIL, title="Los chinos responden en Lima", lead="Fue ayer."))
    assert strangers(china, chinese) == 0
    pucallpa = traits(replace(GUAYAQUIL, title="Reclaman en la base de Pucallpa", lead="Fue ayer."))
    assert (
        strangers(pucallpa, traits(replace(GUAYAQUIL, title="Lo responden en Moquegua", lead="Fue ayer.")))
        > 0
    )


def test_a_country_and_its_people_are_no_strangers() -> None:
    assert beginning("nicaragua") == beginning("nicaraguense") == beginning("nicaraguan")
    assert beginning("iran") == ""


def test_two_texts_of_one_language_are_no_surprise() -> None:
    twin = replace(GUAYAQUIL_PT, language="es")
    english = {"title_en": "Cocaine seized", "lead_en": "The load."}
    across = likeness(replace(GUAYAQUIL, **english), replace(GUAYAQUIL_PT, **english))
    assert across > likeness(replace(GUAYAQUIL, **english), replace(twin, **english))


def test_two_full_reports_share_much_that_means_nothing() -> None:
    """As much is shared, and nothing else is longer."""
    long = "palabra " * 200
    short = likeness(meaning(GUAYAQUIL, 0.8), meaning(GUAYAQUIL_PT, 0.8))
    full = [meaning(replace(item, lead=item.lead + long), 0.8) for item in (GUAYAQUIL, GUAYAQUIL_PT)]
    one_full = likeness(full[0], meaning(GUAYAQUIL_PT, 0.8))
    assert likeness(*full) < one_full == pytest.approx(short)


def test_time_counts_between_notes_and_not_between_reports() -> None:
    def at(item: StoryItem, **later: float) -> StoryItem:
        return replace(meaning(item, 0.6), published_at=NOW + timedelta(**later))

    def like(long: str, **later: float) -> float:
        one, other = (replace(item, lead=item.lead + long) for item in (GUAYAQUIL, GUAYAQUIL_PT))
        return likeness(at(one), at(other, **later))

    neutral = like("", hours=36)
    assert like("", hours=0) == pytest.approx(neutral + NOTES.clock)
    assert like("", days=3) == like("", days=30) == pytest.approx(neutral - NOTES.clock)
    unknown = likeness(meaning(GUAYAQUIL, 0.6), meaning(GUAYAQUIL_PT, 0.6))
    assert unknown == pytest.approx(like("", days=1))
    long = "palabra " * 200
    assert like(long, days=0) == like(long, days=9)


def test_accounts_are_as_near_as_the_nearer_of_original_and_english() -> None:
    def english(item: StoryItem, cosine: float) -> StoryItem:
        return replace(item, meaning_en=meaning(item, cosine).meaning)

    one, other = meaning(GUAYAQUIL, 1.0), meaning(GUAYAQUIL_PT, 0.5)
    alone = likeness(one, other)
    assert likeness(english(one, 1.0), english(other, 0.9)) > alone
    assert likeness(english(one, 1.0), english(other, 0.2)) == alone
    assert likeness(english(one, 1.0), other) == alone
    # where only the English has vectors, it speaks
    assert likeness(english(GUAYAQUIL, 1.0), english(GUAYAQUIL_PT, 0.5)) == alone


def test_the_english_is_embedded_where_there_is_one() -> None:
    assert english_to_embed(GUAYAQUIL) == []
    translated = replace(GUAYAQUIL, title_en="Cocaine", lead_en="The load went to Antwerp, he said.")
    assert english_to_embed(translated) == texts_to_embed(translated.title_en, translated.lead_en)


def test_the_country_counts_however_it_is_named() -> None:
    def country(here: str, there: str) -> float:
        one, other = replace(GUAYAQUIL, lead=here, title="x"), replace(GUAYAQUIL_PT, lead=there, title="x")
        return reasons(meaning(one, 0.5), meaning(other, 0.5)).country / NOTES.country

    assert country("Lo dijo en Moscú.", "Foi dito no Kremlin pelos russos.") == pytest.approx(1)
    assert country("Lo dijo en Moscú.", "Foi dito em Lima.") == 0
    assert country("Lo dijo en Moscú a Brasil.", "Foi dito em Moscou.") == pytest.approx(0.75)
    assert country("Lo dijo en Moscú a Brasil.", "Foi dito em Moscou a Lima.") == pytest.approx(0.5)
    assert country("Lo dijo en casa.", "Foi dito em Lima.") == pytest.approx(NOWHERE)


def test_what_names_no_country_is_of_the_outlets_own() -> None:
    def country(home: str) -> float:
        here = replace(GUAYAQUIL, title="Suben a 31 los presos muertos", lead="Es la peor cifra.", home=home)
        return reasons(meaning(here, 0.5), meaning(GUAYAQUIL_PT, 0.5)).country / NOTES.country

    # the other names Belgium too
    assert (country("EC"), country("CL")) == (pytest.approx(0.75), 0)
    assert country("") == pytest.approx(NOWHERE)


def test_a_country_or_place_that_two_notes_name_is_no_shared_name() -> None:
    def names(lead: str) -> float:
        return reasons(replace(GUAYAQUIL, lead=lead), replace(GUAYAQUIL_PT, title="x", lead=lead)).names

    assert names("Lo dijo en Bolivia.") == names("Lo dijo en Sacaba.") == 0 < names("Lo dijo Choquehuanca.")
    # full reports name many countries, and where they speak of does not count
    assert names("Lo dijo en Bolivia. " * 100) > 0


def test_places_that_the_other_does_not_know_speak_against_one_event() -> None:
    def against(here: str, there: str, home: str = "") -> float:
        one = replace(GUAYAQUIL, lead=here, title="x")
        return reasons(one, replace(GUAYAQUIL_PT, lead=there, title="x", home=home)).apart / NOTES.apart

    assert against("Lula viaja a Bogotá.", "Lula chega a Lima.") == pytest.approx(1)
    assert against("Lula viaja de Brasil a Bogotá.", "O presidente foi a Bogotá.") == 0
    assert against("Petro y Lula, en Lima.", "Foi a Lima e Bogotá.") == 0
    # of its own country an outlet says nothing
    assert against("Brasil vende gas a Perú.", "Lima compra gás da Bolívia.") == pytest.approx(1)
    assert against("Brasil vende gas a Perú.", "Lima compra gás da Bolívia.", home="BR") == 0
    assert against("Motín en Machala, Ecuador.", "Motim em Esmeraldas, no Equador.") == pytest.approx(1)


def test_the_same_amount_speaks_for_one_event_and_another_one_against() -> None:
    def amounts(lead: str) -> float:
        return reasons(GUAYAQUIL, replace(GUAYAQUIL_PT, title="Polícia apreende droga", lead=lead)).amounts

    assert amounts("São quase 1,2 tonelada de cocaína.") == NOTES.amounts
    assert amounts("São 640 quilos de cocaína.") == -NOTES.amounts
    assert amounts("São 1.180 volumes de cocaína.") == 0


def test_the_likeness_is_the_sum_of_its_reasons() -> None:
    one, other = meaning(GUAYAQUIL, 1.0), meaning(GUAYAQUIL_PT, 0.5)
    assert likeness(one, other) == pytest.approx(sum(reasons(one, other)))
    assert reasons(one, other).strangers <= 0 < reasons(one, other).names


def test_two_lines_need_less_in_common_than_two_paragraphs() -> None:
    longer = [
        replace(meaning(item, 0.5), lead=item.lead + " palabra" * 15) for item in (GUAYAQUIL, GUAYAQUIL_PT)
    ]
    shortest = [replace(meaning(item, 0.5)) for item in (GUAYAQUIL, GUAYAQUIL_PT)]
    assert likeness(*shortest) == pytest.approx(likeness(*longer) + NOTES.terse)


def test_names_and_numbers_weigh_more_between_notes() -> None:
    """Numbers may be written in words."""
    one, other = (
        replace(meaning(item, 0.5), title="Rescatan a soldados") for item in (GUAYAQUIL, GUAYAQUIL_PT)
    )
    figures, words = (
        replace(one, lead="Son 57 en El Plateado."),
        replace(other, lead="Cinquenta e sete em Tuluá."),
    )
    strange = replace(other, lead="Cinquenta e oito em Tuluá.")
    assert likeness(figures, words) > likeness(figures, strange)


def test_words_that_a_translation_chose_otherwise_prove_nothing_of_notes() -> None:
    def like(long: str, title_en: str) -> float:
        one, other = (
            replace(meaning(item, 0.5), lead=item.lead + long) for item in (GUAYAQUIL, GUAYAQUIL_PT)
        )
        return likeness(replace(one, title_en="Cocaine load seized"), replace(other, title_en=title_en))

    assert like("", "Drugs found in harbour") == like("", "")
    long = "palabra " * 200
    assert like(long, "Drugs found in harbour") < like(long, "")
    assert like("", "Cocaine load seized") > like("", "")


def test_names_are_words_that_grammar_does_not_capitalise() -> None:
    text = "Policía de Ecuador halló droga. Hamburgo espera. El general Herrera habló. La policía sigue."
    assert set(names(text, certain=True)) == {"ecuador", "herrera"}
    assert {"policia", "hamburgo"} <= set(names(text))
    assert names("") == {}


def test_the_further_words_of_a_name_count_less() -> None:
    found = names("Lo dijo el juez Baltasar Garzón. Habló Garzón, y en Santiago habló Baltasar Urrutia.")
    assert found["garzon"] == 1
    assert found["baltasar"] == 1  # it stands first of its name the second time
    assert names("el juez Baltasar Garzón")["garzon"] == pytest.approx(0.3)


def test_a_headline_without_names_is_helped_out_by_the_lead() -> None:
    bare = traits(replace(GUAYAQUIL, title="Cae un cargamento de droga"))
    assert {"amberes", "victor", "herrera"} <= set(bare.headline)
    assert set(traits(GUAYAQUIL).headline) == {"guayaquil"}


def test_numbers_lose_their_separators_and_years_do_not_count() -> None:
    found = numbers("1.180 kilos, 1,180 quilos, 2.300.000 dólares, 412, 12,5, 30 y 7 en 2026")
    assert found == {"1180": 0.7, "2300000": 0.7, "412": 0.7, "12,5": 0.7, "30": 0.3}


def test_words_are_a_unit_vector_weighted_by_rarity() -> None:
    words = unit_words("the Guayaquil police of the police")
    assert words["guayaquil"] > words["police"]
    assert sum(value**2 for value in words.values()) == pytest.approx(1)
    assert unit_words("") == unit_words("the of and") == {}


def test_what_is_read_of_the_encoders_vocabulary_is_still_there() -> None:
    assert weight("the") == 0
    assert 0 < weight("police") < weight("cocaine") <= weight("guayaquil") == 1
    assert weight("") >= 0


def test_the_opening_leaves_out_a_repeated_paragraph_and_ends() -> None:
    assert opening("Uno.\n\nUno.\n Dos. \n") == "Uno.\nDos."
    assert len(opening("palabra " * 1000)) == 1200


def test_the_whole_and_its_first_sentences_are_embedded() -> None:
    first, second = "El general Herrera habló en Quito.", "La droga iba a Amberes, dijo."
    lead = f"{first} Sí. {second}\nOtro párrafo con su frase.\nNadie lee esta frase ya."
    assert texts_to_embed("Título", lead) == [
        f"Título. {lead}",
        "Título",
        first,
        second,
        "Otro párrafo con su frase.",
    ]
    assert texts_to_embed("Título", "x" * 2000)[0] == "Título. " + "x" * 900


def test_vectors_survive_the_store() -> None:
    given = vectors([[0.5] * 512, [-0.25] * 512])
    assert unpack(pack(given)).tolist() == given.tolist()
    assert unpack(b"").shape == (0, 512)


def test_the_headline_comes_from_the_best_placed_translated_article() -> None:
    scores = {1: 5.0, 2: 3.0, 3: 3.0, 4: 3.0}
    items = [
        StoryItem(1, "es", "a", ""),
        StoryItem(2, "es", "b", "", title_en="B"),
        StoryItem(4, "es", "d", "", title_en="D", published_at=NOW),
        StoryItem(3, "es", "c", "", title_en="C", published_at=NOW - timedelta(hours=1)),
    ]
    assert lead_item(items, lambda item: scores[item.article_id]).article_id == 3


def test_the_embedder_gives_unit_vectors_from_many_threads() -> None:
    embedder = UseEmbedder()
    assert embedder.embed([]) == []
    answers: dict[int, list[list[float]]] = {}

    def ask(number: int) -> None:
        answers[number] = embedder.embed(["El puerto de Santos"])

    threads = [Thread(target=ask, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers[0] == answers[1] == answers[2]
    assert len(answers[0][0]) == 512
    assert sum(value**2 for value in answers[0][0]) == pytest.approx(1, abs=1e-3)
