import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.sentences import split_sentences, split_spans

#: each list is one text, cut where a reader would cut it
CASES = [
    ["El Sr. Pérez llegó.", "La Dra. Núñez, no."],
    ["El Gral. Ramírez y el Cnel. Soto viajaron a EE. UU. con el Pe. Júlio."],
    ["Viajó a EE. UU.", "El canciller volvió ayer."],
    ["Lo compró EE.UU.", "En Lima nadie habló."],
    ["El portavoz de EE.UU. Matthew Miller lo negó."],
    ["Lyndon B. Johnson firmó.", "J. K. Rowling y G. K. Chesterton, no."],
    ["Murió de hepatitis B.", "El ministerio lo negó."],
    ["El art. 15 de la ley núm. 3.450 y el No. 7 rigen desde el 1.º de ene. 2024."],
    ["Subió 3.5 % a 1.234,56 pesos.", "Luego bajó."],
    ["«Vamos a ganar.»", "El candidato no dudó."],
    ['"¡Basta ya!", dijo Pérez.', '"No más".', "Y se fue."],
    ["—¿Vienes? —preguntó Juan.", "—No."],
    ["¿Quién es Maduro?", "¡Nadie lo sabe!", "¿Y ahora qué?"],
    ["Esperó... y esperó…", "Nadie vino."],
    ["Dijo que «el pacto [...] Bolivia no lo firmó» y calló."],
    ["1. El presidente viajó.", "2. La canciller, no."],
    ["En 2019.", "El año siguiente, 2020."],
    ["Creció la empresa Pérez S.A.", "Los socios Díaz y Cía. Ltda. lo celebran."],
    ["O Dr. Silva e a Profa. Lima, da Av. Paulista, chegaram às 10 h.", "O resto saiu."],
    ["A S.A. Brasil comprou a Cia. Paulista etc.", "Mas não pagou."],
    ["MADRID.- El gobierno negó el pago.", "(EFE).- Nada más."],
    ["El plan terminó.", "El presidente lo dijo.", "¿Fue así?"],
    ["Escriba a juan.Perez@diario.com o a www.diario.Com hoy."],
    ["El juez rechazó la petición de EE. UU", "Otra línea", "y otra."],
    ["La reunión será a las 3 p. m.", "La prensa no entra."],
    ["A igreja é do séc. XVI.", "Fica em Olinda."],
    ["El s. XIX y el s. 20 (v. cap. IV) pasaron."],
    ["Recibió Bs. 500 y pagó US$ 20."],
    ["Bolivia: Morales renuncia; México lo recibe"],
    ["Terminó", "🚀 Empezó"],
]


@pytest.mark.parametrize("sentences", CASES, ids=lambda case: case[0][:24])
def test_a_text_is_cut_where_a_reader_cuts_it(sentences: list[str]) -> None:
    separator = "\n" if sentences[0][-1] not in '.!?…»"' else " "
    assert split_sentences(separator.join(sentences)) == sentences


def test_a_lost_blank_is_mended_but_an_address_stays() -> None:
    assert split_sentences("Todo terminó.El presidente calló.") == ["Todo terminó.", "El presidente calló."]
    assert split_sentences("¿Vino?¿Se fue? Ver infobae.com/America.") == [
        "¿Vino?",
        "¿Se fue?",
        "Ver infobae.com/America.",
    ]


def test_all_line_ends_cut_and_white_space_is_nobodys() -> None:
    assert split_spans("  Uno\r\n\n dos \u2028tres\n") == [(2, 5), (9, 12), (14, 18)]
    assert split_spans(" \n\t ") == []
    assert split_spans("") == []


@given(st.text(alphabet='aB é.!?…"»)([]¿1,;\n\t—*\u2028', max_size=80) | st.text(max_size=60))
def test_spans_are_ordered_and_leave_only_white_space(text: str) -> None:
    spans = split_spans(text)
    gaps = [0, *(end for _, end in spans)], [*(start for start, _ in spans), len(text)]
    assert all(not text[end:start].strip() and end <= start for end, start in zip(*gaps, strict=True))
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)


@pytest.mark.parametrize(
    "hostile", ["x ", "a", ".", ". ", "a. ", '"." ', "[...] ", "A.B", "¿", " \n", "EE. UU. ", "é.É"]
)
def test_hostile_text_comes_back_whole(hostile: str) -> None:
    text = hostile * 100_000  # quadratic behaviour would take hours here
    spans = split_spans(text)

    assert sum(end - start for start, end in spans) >= len("".join(text.split()))
