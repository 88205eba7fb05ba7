"""Sentences that other rooms wrote in English, said in the language of the frame.

Why an outlet was not read, what is unusual about it and what it changed are stored as one English sentence
each, as operators read them. They have few forms, so each form stands here with its two translations; what
has none is shown as it came. tests/unit/digest/test_sentences.py asks the rooms themselves for theirs.

Slots: ``n`` numbers, ``low``, ``high`` as well; ``host`` one word; ``day`` and ``moment`` as written by the
collection; ``rest`` what a library or server said, left as it is; ``why`` another sentence of these; ``list``
several, with commas.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

#: form in English, in Spanish and in Portuguese
FORMS: Final = (
    # volume
    (
        "unusually few: {n} articles on {day}, {low} to {high} are usual",
        "menos de lo habitual: artículos del {day}: {n}; lo habitual: de {low} a {high}",
        "menos que o habitual: artigos de {day}: {n}; o habitual: de {low} a {high}",
    ),
    (
        "unusually many: {n} articles on {day}, {low} to {high} are usual",
        "más de lo habitual: artículos del {day}: {n}; lo habitual: de {low} a {high}",
        "mais que o habitual: artigos de {day}: {n}; o habitual: de {low} a {high}",
    ),
    (
        "nothing new since {moment}, about {n} articles would be usual",
        "nada nuevo desde el {moment}; lo habitual serían unos {n} artículos",
        "nada de novo desde {moment}; o habitual seriam uns {n} artigos",
    ),
    # feeds
    (
        "the feed is well but lists nothing",
        "el canal responde bien, pero no lista nada",
        "o feed responde bem, mas não lista nada",
    ),
    (
        "suspended after {n} failures in a row, tried once a day: {why}",
        "suspendido tras {n} fallos seguidos, se intenta una vez al día: {why}",
        "suspenso após {n} falhas seguidas, tenta-se uma vez por dia: {why}",
    ),
    ("not RSS or Atom", "no es RSS ni Atom", "não é RSS nem Atom"),
    (
        "a web page, not RSS or Atom",
        "una página web, no RSS ni Atom",
        "uma página da web, não RSS nem Atom",
    ),
    ("not a sitemap", "no es un mapa del sitio", "não é um mapa do site"),
    ("the answer is empty", "la respuesta está vacía", "a resposta está vazia"),
    ("no links to articles", "sin enlaces a artículos", "sem links para artigos"),
    # fetching
    ("{host} did not answer in time", "{host} no respondió a tiempo", "{host} não respondeu a tempo"),
    (
        "the name server did not answer for {host} in time",
        "el servidor de nombres no respondió a tiempo por {host}",
        "o servidor de nomes não respondeu a tempo por {host}",
    ),
    (
        "{host} is still busy with earlier requests",
        "{host} sigue ocupado con peticiones anteriores",
        "{host} ainda está ocupado com pedidos anteriores",
    ),
    (
        "{host} asks for {n} s between requests, and others are before this one",
        "{host} pide {n} s entre peticiones, y otras van antes que esta",
        "{host} pede {n} s entre pedidos, e outros vêm antes deste",
    ),
    (
        "{host} broke off: {rest}",
        "{host} cortó la respuesta: {rest}",
        "{host} interrompeu a resposta: {rest}",
    ),
    (
        "no secure connection to {host}: {rest}",
        "sin conexión segura con {host}: {rest}",
        "sem conexão segura com {host}: {rest}",
    ),
    ("no connection to {host}: {rest}", "sin conexión con {host}: {rest}", "sem conexão com {host}: {rest}"),
    (
        "the name {host} is not known: {rest}",
        "el nombre {host} no se conoce: {rest}",
        "o nome {host} não é conhecido: {rest}",
    ),
    ("the name {host} is not known", "el nombre {host} no se conoce", "o nome {host} não é conhecido"),
    (
        "{host} closed the connection: {rest}",
        "{host} cerró la conexión: {rest}",
        "{host} fechou a conexão: {rest}",
    ),
    (
        "{host} does not speak HTTP properly: {rest}",
        "{host} no habla bien HTTP: {rest}",
        "{host} não fala HTTP corretamente: {rest}",
    ),
    ("answered {n}", "respondió {n}", "respondeu {n}"),
    (
        "answered {n} with a challenge for browsers",
        "respondió {n} con una prueba para navegadores",
        "respondeu {n} com um desafio para navegadores",
    ),
    (
        "answered {n}, so nothing may be fetched now",
        "respondió {n}, así que ahora no se puede pedir nada",
        "respondeu {n}, portanto nada pode ser pedido agora",
    ),
    ("robots.txt: {why}", "robots.txt: {why}", "robots.txt: {why}"),
    (
        "{host}/robots.txt does not allow this address",
        "{host}/robots.txt no permite esta dirección",
        "{host}/robots.txt não permite este endereço",
    ),
    ("more than {n} bytes", "más de {n} bytes", "mais de {n} bytes"),
    (
        "redirects in a circle or more than {n} times",
        "redirige en círculo o más de {n} veces",
        "redireciona em círculo ou mais de {n} vezes",
    ),
    ("no page: {why}", "sin página: {why}", "sem página: {why}"),
    # reading
    (
        "not translated: the language is {rest}",
        "sin traducir: el idioma es {rest}",
        "sem tradução: o idioma é {rest}",
    ),
    ("not translated: {why}", "sin traducir: {why}", "sem tradução: {why}"),
    # changes of an article
    (
        "changed, seen {moment}: {list}",
        "cambió, visto el {moment}: {list}",
        "mudou, visto em {moment}: {list}",
    ),
    ("headline changed", "cambió el titular", "a manchete mudou"),
    ("{n} sentence taken out", "{n} frase retirada", "{n} frase retirada"),
    ("{n} sentences taken out", "{n} frases retiradas", "{n} frases retiradas"),
    ("{n} sentence added", "{n} frase añadida", "{n} frase acrescentada"),
    ("{n} sentences added", "{n} frases añadidas", "{n} frases acrescentadas"),
    (
        "the page is back since {moment}",
        "la página volvió desde el {moment}",
        "a página voltou desde {moment}",
    ),
    (
        "the page is gone ({why}), seen {moment}",
        "la página desapareció ({why}), visto el {moment}",
        "a página desapareceu ({why}), visto em {moment}",
    ),
    (
        "the page now leads to {host}, seen {moment}",
        "la página lleva ahora a {host}, visto el {moment}",
        "a página agora leva a {host}, visto em {moment}",
    ),
)
_SLOTS = {
    "n": r"[\d.,+e]+",
    "low": r"\d+",
    "high": r"\d+",
    "host": r"\S+",
    "day": r"\w+ \d{4}-\d\d-\d\d",
    "moment": r"\d{4}-\d\d-\d\d \d\d:\d\d UTC",
}
_SLOT = re.compile(r"\{(\w+)\}")
_PLACE = {"es": 1, "pt": 2}
Show = Callable[[datetime], str]


def _pattern(form: str) -> re.Pattern[str]:
    parts = _SLOT.split(form)
    written = (
        f"(?P<{part}>{_SLOTS.get(part, '.+')})" if at % 2 else re.escape(part)
        for at, part in enumerate(parts)
    )
    return re.compile("".join(written), re.DOTALL)


_PATTERNS = tuple((_pattern(form[0]), form) for form in FORMS)


def said_in(language: str, sentence: str, day: Show, moment: Show) -> str:
    """The sentence in Spanish ("es") or Portuguese ("pt"); in English, and of no known form, as it is.

    :param day: how a day is shown, given its midnight in UTC; ``moment``: how a time is.
    """
    if language not in _PLACE:
        return sentence
    shown = {"day": lambda text: day(_at(text.split()[-1], "%Y-%m-%d"))}
    shown["moment"] = lambda text: moment(_at(text, "%Y-%m-%d %H:%M UTC"))
    shown["why"] = lambda text: said_in(language, text, day, moment)
    shown["list"] = lambda text: ", ".join(map(shown["why"], text.split(", ")))
    return _filled(language, sentence, shown)


def _filled(language: str, sentence: str, shown: Mapping[str, Callable[[str], str]]) -> str:
    for pattern, form in _PATTERNS:
        if found := pattern.fullmatch(sentence):
            try:
                slots = {name: shown.get(name, str)(text) for name, text in found.groupdict().items()}
            except ValueError:  # no date after all
                return sentence
            return form[_PLACE[language]].format(**slots)
    return sentence


def _at(text: str, form: str) -> datetime:
    return datetime.strptime(text, form).replace(tzinfo=UTC)
