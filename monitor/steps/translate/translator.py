"""The translator that stands before every engine: splitting, caps, glossary, cache, threads."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from monitor.model import Provenance
from monitor.model.glossary import Glossary
from monitor.steps.translate import limits, numbers
from monitor.steps.translate.accents import restored_accents
from monitor.steps.translate.capitals import calmed
from monitor.steps.translate.letters import one_script
from monitor.steps.translate.lost import lost_names
from monitor.steps.translate.money import with_money
from monitor.steps.translate.route import Route
from monitor.steps.translate.shields import Terms, shield_aliens, shield_figures
from monitor.steps.translate.tokens import TOKEN, Tokens
from monitor.text.sentences import split_sentences

#: sentences kept so that a wire story in ten outlets is translated once
CACHED = 20_000
#: (choice of tokens, whether figures are carried too), tried until nothing was garbled
_ATTEMPTS = ((0, False), (1, True), (2, True))


class SentenceTranslator:
    """``ports.Translator`` over routes. Safe for many threads.

    :param route: gives the route of a language, once each; raises EngineMissing where there is none.
    :param workers: sentences in work at once.
    """

    def __init__(self, route: Callable[[str], Route], workers: int, glossary: Glossary) -> None:
        self._make, self._glossary = route, glossary
        self._routes: dict[str, tuple[Route, Terms]] = {}
        self._cache: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="translate")

    def translate(self, sentences: Sequence[str], language: str) -> list[str]:
        """One English line for each text, in order; a text of several sentences is split and joined again.

        :raises EngineError: when the engine is missing, hangs or dies; nothing is half translated.
        """
        self._route(language)
        split = [split_sentences(text) for text in sentences]
        wanted = list(dict.fromkeys(sentence for parts in split for sentence in parts))
        done = dict(zip(wanted, self._pool.map(lambda one: self._cached(one, language), wanted), strict=True))
        return [" ".join(done[sentence] for sentence in parts) for parts in split]

    def provenance(self, language: str) -> Provenance:
        """Which engine and model serve this language.

        :raises EngineMissing: when none does.
        """
        return self._route(language)[0].provenance()

    def terms(self, sentence: str, language: str) -> list[str]:
        """The English forms the glossary asks for in a sentence."""
        return self._route(language)[1].wanted(sentence)

    def use(self, glossary: Glossary) -> None:
        """Translate with this glossary from now on; models stay loaded, kept sentences are forgotten."""
        with self._lock:
            if glossary == self._glossary:
                return
            self._glossary, self._cache = glossary, OrderedDict()
            self._routes = {
                language: (route, Terms(glossary, language)) for language, (route, _) in self._routes.items()
            }

    def close(self) -> None:
        """End threads and processes."""
        self._pool.shutdown(cancel_futures=True)
        with self._lock:
            routes, self._routes = self._routes, {}
        for route, _ in routes.values():
            route.close()

    def _route(self, language: str) -> tuple[Route, Terms]:
        with self._lock:
            if language not in self._routes:
                self._routes[language] = self._make(language), Terms(self._glossary, language)
            return self._routes[language]

    def _cached(self, sentence: str, language: str) -> str:
        key = language, sentence
        with self._lock:
            cache = self._cache  # of the glossary now in use, also when that changes meanwhile
            if key in cache:
                cache.move_to_end(key)
                return cache[key]
        english = self._sentence(sentence, language)
        with self._lock:
            cache[key] = english
            if len(cache) > CACHED:
                cache.popitem(last=False)
        return english

    def _sentence(self, sentence: str, language: str) -> str:
        parts, rest = limits.pieces(sentence)
        english = [self._piece(part, language) for part in parts]
        return " ".join([*english, rest] if rest else english)

    def _piece(self, piece: str, language: str) -> str:
        """The piece in English: the first try in which every token survived and every number is right.

        Where that lost names it is tried once more with those carried.
        """
        route, terms = self._route(language)
        text, best = one_script(numbers.as_in_europe(piece)), ""
        for shift, figures in _ATTEMPTS:
            answer = _attempt(route, terms, text, Tokens(text, shift), figures)
            if answer and not numbers.changed(piece, answer, language):
                lost = lost_names(text, answer)
                again = _attempt(route, terms, text, Tokens(text, shift), figures, lost) if lost else ""
                return again if again and not numbers.changed(piece, again, language) else answer
            best = best or answer
            if best and figures:
                break
        return with_money(piece, best) or " ".join(route.translate(piece).split()) or piece


def _attempt(
    route: Route, terms: Terms, piece: str, tokens: Tokens, figures: bool, names: Sequence[str] = ()
) -> str:
    """The piece in English, "" where a token was lost or doubled.

    :param names: what is carried around the engine besides the glossary's terms.
    """
    text = terms.shield(piece, tokens)
    for name in names:
        text = text.replace(name, tokens.put(name))
    text = calmed(shield_aliens(text, tokens), TOKEN)
    if figures:
        text = shield_figures(text, tokens, numbers.english_figure)
    if not any(letter.isalpha() for letter in Tokens.stripped(text)):
        return tokens.restored(text)
    answer = " ".join(route.translate(text).split())
    return tokens.restored(restored_accents(piece, answer)) if tokens.intact(answer) else ""
