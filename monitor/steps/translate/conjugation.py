"""Regular Spanish verbs beside regular Portuguese ones, form by form: *dimitió* → *renunciou*."""

#: what replaces -ar, -er and -ir; the same place in both languages is the same person, tense and mood
_SPANISH = {
    "ar": "ar ando ado ada ados adas a an ó aron aba aban ará arán aría arían e en ara aran ase asen amos",
    "er": "er iendo ido ida idos idas e en ió ieron ía ían erá erán ería erían a an iera ieran iese iesen"
    " emos",
    "ir": "ir iendo ido ida idos idas e en ió ieron ía ían irá irán iría irían a an iera ieran iese iesen"
    " imos",
}
_PORTUGUESE = {
    "ar": "ar ando ado ada ados adas a am ou aram ava avam ará arão aria ariam e em asse assem asse assem"
    " amos",
    "er": "er endo ido ida idos idas e em eu eram ia iam erá erão eria eriam a am esse essem esse essem emos",
    "ir": "ir indo ido ida idos idas e em iu iram ia iam irá irão iria iriam a am isse issem isse issem imos",
}
#: stems that keep their sound before the other kind of vowel: *chocar* → *choquen*
_BEFORE_E = (("c", "qu"), ("gu", "gü"), ("g", "gu"), ("z", "c"), ("ç", "c"))
_BEFORE_A = (("gu", "g"), ("c", "z"), ("g", "j"))
_BEFORE_A_IN_PORTUGUESE = (("gu", "g"), ("c", "ç"), ("g", "j"))


def conjugated(spanish: str, portuguese: str) -> dict[str, str]:
    """Forms of a Spanish verb → the same forms of a Portuguese one; third persons, *we*, and no person.

    :param spanish: infinitive of a verb whose stem never changes (*dimitir*, not *pedir*).
    :param portuguese: infinitive of such a verb.
    """
    left = _forms(spanish, _SPANISH, _BEFORE_A)
    right = _forms(portuguese, _PORTUGUESE, _BEFORE_A_IN_PORTUGUESE)
    return dict(zip(left, right, strict=True))


def _forms(verb: str, endings: dict[str, str], before_a: tuple[tuple[str, str], ...]) -> list[str]:
    stem, kind = verb[:-2], verb[-2:]
    hard = _respelt(stem, _BEFORE_E if kind == "ar" else before_a)
    changing = "eé" if kind == "ar" else "aáoó"
    return [(hard if ending[0] in changing else stem) + ending for ending in endings[kind].split()]


def _respelt(stem: str, spellings: tuple[tuple[str, str], ...]) -> str:
    return next((stem[: -len(old)] + new for old, new in spellings if stem.endswith(old)), stem)
