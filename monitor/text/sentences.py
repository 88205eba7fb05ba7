"""Spanish and Portuguese news text → sentences.

Rules of our own, because a wrong cut costs twice: the engine mistranslates both halves, and an evidence shows
half a sentence. Measured beside pysbd and sentencex in docs/decisions/0040-sentence-splitter.md.

Every candidate is judged by a bounded look to both sides, so time grows linearly with the text,
whatever it holds.
"""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: a run of terminators with the quotes and brackets that close after it; what follows is judged in code,
#: so that the pattern always succeeds and hostile runs stay linear
_END = re.compile(r"[.!?…]++[\"'”’»›)\]}]*+")
_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]++")
#: what may stand before the first letter of the next sentence
_LEAD = re.compile(r"[\s\"'“”‘’«»‹›(\[{¿¡—–\-•*]*+")
_WORD = re.compile(r"[^\W\d_]++")
#: how far a look to either side goes; longer words are not abbreviations
_LOOK = 40

#: a name follows: never an end
_TITLES = _words(
    """
    Sr Sra Srs Sres Sras Srta Srtas Dr Dra Drs Dres Dras D Dn Dña Da Prof Profa Profe Gral Gen Cnel Cel
    Col Cap Capt Cmte Cmdt Cmdte Comte Comdte Cte Tte Ten Sgto Sgt Cab Brig Alm Maj Subtte Lic Lcdo Lcda
    Ldo Ldda Ing Eng Arq Abg Abog Adv Mons Pe Pbro Fr Rev Hno Hna Ir Mtro Mtra Sen Dip Dep Gob Gov Pres
    Pdte Min Excmo Excma Exmo Exma Ilmo Ilma Av Avda Blvd Bvar Pza Sta Sto St Mr Mrs Ms Mx Psic Fco Ma
    Mª Gpe Vda Dom sr sra srs sres sras srta dr dra dres prof profa gral cnel lic ing arq mons pbro av
    avda
    """
)
#: a figure or a Roman numeral follows: no end
_BEFORE_FIGURE = _words(
    """
    núm núms Núm num nums nro Nro nros nº Nº n° N° No art arts Art Arts inc incs pág págs pag pags Pág
    pp p vol vols Vol cap caps ed fig figs Fig ap ene enero feb fev abr jun jul ago set sept sep oct out
    nov dic dez aprox tel Tel cel s S séc sécs c ca lám cf frac parág exp ext ord Bs Gs Rs Fs
    """
)
#: may end a sentence or stand inside it: an end only where the next word commonly begins one
_AMBIGUOUS = _words(
    """
    UU etc Jr Inc Corp Co Ltd Ltda Cía Cia Hnos Bros Ud Uds Vd Vds vs Vs ej ss Exa Dpto Depto Dto Prov
    Edo Mun Urb Univ Inst Dir Adm Fed Est Ref cit pto ptas hab
    """
)
_STARTERS = _words(
    """
    El La Los Las Lo Un Una Unos Unas Al Del En De Por Para Con Sin Según Sobre Tras Desde Hasta Entre
    Ante Bajo Durante Mientras Cuando Como Cómo Donde Aunque Pero Sino Y E O Ni Si Sí No Ya Se Su Sus
    Este Esta Esto Estos Estas Ese Esa Eso Esos Esas Aquel Aquella Hay Había Es Son Fue Fueron Era Eran
    Está Están Ha Han También Además Así Hoy Ayer Luego Después Antes Entonces Ahora Allí Aquí Más Menos
    Muchos Muchas Otro Otra Otros Otras Todo Todos Toda Todas Cada Algunos Algunas Ninguno Quien Quienes
    Que Qué Porque Pues Solo Sólo Asimismo Incluso Finalmente Él Ella Ellos Ellas Nosotros Yo Tú Le Les
    Nos Me Mi Dos Tres Os As Um Uma Uns Umas Ao Aos À Às Da Do Das Na Nas Em Num Numa Pela Pelo Pelas
    Pelos Com Sem Segundo Mas Ou Nem Não Já Seu Sua Seus Suas Isso Isto Aquele Esse Essa Ele Eles Elas
    Eu Nós Também Além Assim Hoje Ontem Depois Quando Enquanto Onde Embora Porém Então Agora Até Há Foi
    Foram São Estão Mais Muitos Muitas Outro Outra Alguns Algumas Quem Pois Só Apenas Após A The In It
    He She They
    """
)
_ROMAN = re.compile(r"[IVXLCDM]+")


def split_spans(text: str) -> list[tuple[int, int]]:
    """Character spans of the sentences of a text, in order, without the white space between them.

    :param text: any text; a line end always ends a sentence.
    :returns: (start, end exclusive) pairs; what lies between two spans is white space.
    """
    spans: list[tuple[int, int]] = []
    for line in _LINE.finditer(text):
        start = line.start()
        for end in _END.finditer(text, line.start(), line.end()):
            if _ends(text, start, end, line.end()):
                spans.append((start, end.end()))
                start = end.end()
        spans.append((start, line.end()))
    return [span for span in (_trimmed(text, *span) for span in spans) if span[0] < span[1]]


def split_sentences(text: str) -> list[str]:
    """The sentences of a text, in order, each trimmed; see :func:`split_spans`."""
    return [text[start:end] for start, end in split_spans(text)]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _ends(text: str, start: int, end: re.Match[str], limit: int) -> bool:
    """Whether the terminators at ``end`` close the sentence that began at ``start``."""
    after = end.end()
    if after >= limit:
        return True
    lead = _LEAD.match(text, after, limit)
    first = lead.end() if lead else after
    if first >= limit:
        return text[after].isspace()
    if not text[after].isspace():
        return _space_was_lost(text, end, limit)
    if text[first].islower() or text[first] in ",;:.!?…%)]}" or _is_omission(text, end):
        return False
    return end.group() != "." or not _is_abbreviation(text, start, end.start(), first)


def _space_was_lost(text: str, end: re.Match[str], limit: int) -> bool:
    """``terminó.El presidente``: two small letters, a terminator, then a capitalised word; no address."""
    before = text[max(end.start() - _LOOK, 0) : end.start()].rpartition(" ")[2]
    opening = text[end.end()] in "¿¡“«"
    word = _WORD.match(text, end.end() + opening, min(limit, end.end() + _LOOK))
    if not word or not (before[-2:].isalpha() and before[-2:].islower()):
        return False
    is_capitalised = len(word.group()) > 1 and word.group().istitle()
    is_address = any(mark in before for mark in "@/.#") or text[word.end() : word.end() + 1] in ("@", "/")
    is_domain = not opening and word.group() not in _STARTERS
    return is_capitalised and not is_address and not is_domain and before not in _TITLES


def _is_omission(text: str, end: re.Match[str]) -> bool:
    """``[...]`` and ``(…)`` stand for words left out, not for an end."""
    return text[end.start() - 1 : end.start()] in ("(", "[") and end.group()[-1] in ")]"


def _is_abbreviation(text: str, start: int, dot: int, first: int) -> bool:
    """Whether the full stop at ``dot`` belongs to the word before it."""
    before = text[max(start, dot - _LOOK) : dot]
    token = before.split()[-1].lstrip("\"'“‘«([{¿¡—–-") if before.split() else ""
    next_word = _WORD.match(text, first, first + _LOOK)
    following = next_word.group() if next_word else ""
    if token in _TITLES:
        return True
    if token == "EE":
        return following == "UU"
    if token in _BEFORE_FIGURE and _is_figure(text, first, following):
        return True
    if token.isdecimal() or _ROMAN.fullmatch(token):
        return not text[start:dot].strip("\"'“‘«([¿¡—–- ").removeprefix(token)  # "1. El presidente": a list
    if len(token) == 1 and token.isalpha():
        return (
            following not in _STARTERS
            or text[first + len(following) + 1 : first + len(following) + 2].isupper()
        )
    return (token in _AMBIGUOUS or _is_dotted(token)) and following not in _STARTERS and following != ""


def _is_figure(text: str, first: int, following: str) -> bool:
    return text[first].isdecimal() or bool(_ROMAN.fullmatch(following))


def _is_dotted(token: str) -> bool:
    """``S.A``, ``EE.UU``, ``J.K``, ``a.m``: short groups of letters between full stops."""
    parts = token.split(".")
    return len(parts) > 1 and all(0 < len(part) <= 3 and part.isalpha() for part in parts)
