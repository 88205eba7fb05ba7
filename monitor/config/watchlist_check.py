"""What is wrong or doubtful in a sound watchlist: its examples and traps, and terms that do no work."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from monitor.config.documents import Document
from monitor.config.watchlist import Topic, Watchlist, list_items
from monitor.model import ArticleForMatch, OutletKind
from monitor.steps.match import Matcher, TopicQuery, compile_watchlist
from monitor.steps.match.inspect import TermUse, alternatives, properties_used, terms_used
from monitor.steps.match.parse import lowercase_operators, mixed_operators
from monitor.text.fold import fold

Level = Literal["error", "warning", "hint"]

#: a term in more than this share of the corpus says little about any topic
BROAD_SHARE = 0.2
#: fewer articles than this show nothing about shares
SMALLEST_CORPUS = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend or to know."""

    level: Level
    message: str
    #: of the topic, or "@list"
    topic: str = ""
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class _Use:
    """A term of the file, and where it stands in it."""

    owner: str
    term: TermUse
    keys: tuple[str | int, ...]

    @property
    def query(self) -> str:
        """The term alone, as a query."""
        return f'="{self.term.text}"' if self.term.exact else f'"{self.term.text}"'


def check_watchlist(
    watchlist: Watchlist, document: Document, corpus: Iterable[ArticleForMatch] | None = None
) -> list[Finding]:
    """Everything found, errors first, then by place.

    :param document: the file that the watchlist was read from.
    :param corpus: articles on which terms are counted; without it only the topics' own examples are used.
    """
    uses = list(_uses(document))
    found = [*_examples(watchlist, document), *_writing(document), *_shadowed(document)]
    found += _hints(watchlist, document, uses) if corpus is None else _over_corpus(uses, document, corpus)
    order = ("error", "warning", "hint")
    return sorted(found, key=lambda finding: (order.index(finding.level), finding.line, finding.column))


def count_terms(queries: Iterable[str], articles: Iterable[ArticleForMatch]) -> tuple[dict[str, int], int]:
    """In how many articles each query holds, and how many articles there were.

    :param queries: sound ones, such as single terms in quotes.
    """
    distinct = list(dict.fromkeys(queries))
    matcher = compile_watchlist([TopicQuery(query, query) for query in distinct], {})
    counts, total = dict.fromkeys(distinct, 0), 0
    for article in articles:
        total += 1
        for match in matcher.match(article):
            counts[match.topic] += 1
    return counts, total


def _examples(watchlist: Watchlist, document: Document) -> Iterator[Finding]:
    matcher = compile_watchlist(watchlist.topics, watchlist.lists)
    for number, topic in enumerate(watchlist.topics):
        yield from _failures(matcher, topic, document, ("topics", number))
        for kind, given in (("examples", topic.examples), ("traps", topic.traps)):
            if not given:
                message = f"topic {topic.id!r} has no {kind}; write some, so that an edit is proved"
                yield _finding("hint", message, topic.id, document, ("topics", number))


def _failures(
    matcher: Matcher, topic: Topic, document: Document, keys: tuple[str | int, ...]
) -> Iterator[Finding]:
    for number, article in enumerate(topic.examples):
        if topic.id not in {match.topic for match in matcher.match(article)}:
            message = f"the example {_shown(article)} does not raise {topic.id!r}"
            yield _finding("error", message, topic.id, document, (*keys, "examples", number))
    for number, article in enumerate(topic.traps):
        told = {match.topic: match.evidence for match in matcher.match(article)}
        if topic.id in told:
            terms = ", ".join(evidence.term for evidence in told[topic.id])
            message = f"the trap {_shown(article)} raises {topic.id!r} by {terms}"
            yield _finding("error", message, topic.id, document, (*keys, "traps", number))


def _writing(document: Document) -> Iterator[Finding]:
    """Queries that can be read and probably mean something else."""
    for owner, query, keys in _queries(document):
        for word, at in lowercase_operators(query):
            message = (
                f"{word!r} is a word here; write {word.upper()} for the operator, or the phrase in quotes"
            )
            yield _finding("warning", message, owner, document, keys, at)
        for at in mixed_operators(query):
            message = "AND binds before OR here; put parentheses round what belongs together"
            yield _finding("warning", message, owner, document, keys, at)
        for name, value, at in properties_used(query):
            if message := _never_met(name, value):
                yield _finding("warning", message, owner, document, keys, at)


def _never_met(name: str, value: str) -> str:
    """Why no article has this property, or nothing."""
    kinds = [str(kind) for kind in OutletKind]
    if name == "kind" and value.casefold() not in kinds:
        return f"no outlet is of the kind {value!r}; kinds are {', '.join(kinds)}"
    if name == "country" and not re.fullmatch("[A-Za-z]{2}", value):
        return f"no outlet has the country {value!r}; write its two letters, such as VE"
    return ""


def _shadowed(document: Document) -> Iterator[Finding]:
    """Terms that another term of the same OR finds anyway."""
    for owner, query, keys in _queries(document):
        for group in alternatives(query):
            for number, term in enumerate(group):
                wider = next((n for n, other in enumerate(group) if _finds(other, term, n < number)), None)
                if wider is not None and wider != number:
                    message = f"{term.text!r} is found by {group[wider].text!r} too; take it out"
                    yield _finding("hint", message, owner, document, keys, term.at)


def _finds(other: TermUse, term: TermUse, earlier: bool) -> bool:
    """Whether every place of a term is a place of the other: the same folded words, or a shorter stem."""
    wide, narrow = _stem(other.text), _stem(term.text)
    if other is term or other.exact or (_has_capital(other.text) and other.text[:1] != term.text[:1]):
        return False
    if term.exact and _has_capital(other.text):  # ="Lula" also holds where a capital proves nothing
        return False
    if other.text.endswith("*"):
        alone = " " not in wide + narrow
        return (
            alone and narrow.startswith(wide) and (earlier or wide != narrow or not term.text.endswith("*"))
        )
    return earlier and wide == narrow and not term.text.endswith("*")


def _stem(text: str) -> str:
    return fold(text.rstrip("*")).stream.strip()


def _has_capital(text: str) -> bool:
    return any(letter.isupper() for letter in text)


def _hints(watchlist: Watchlist, document: Document, uses: list[_Use]) -> Iterator[Finding]:
    """Terms that no example of their topic proves."""
    owned: dict[str, list[_Use]] = {}
    for use in uses:
        if not use.term.negated and not use.owner.startswith("@"):
            owned.setdefault(use.owner, []).append(use)
    for topic in watchlist.topics:
        mine = owned.get(topic.id, [])
        counts, total = count_terms((use.query for use in mine), topic.examples)
        silent = [use for use in mine if total and not counts[use.query]]
        if silent:
            names = ", ".join(dict.fromkeys(use.term.text for use in silent))
            message = f"no example of {topic.id!r} proves: {names}"
            yield _finding("hint", message, topic.id, document, silent[0].keys, silent[0].term.at)


def _over_corpus(
    uses: list[_Use], document: Document, corpus: Iterable[ArticleForMatch]
) -> Iterator[Finding]:
    counts, total = count_terms((use.query for use in uses), corpus)
    for use in uses:
        seen, text = counts[use.query], use.term.text
        if total and not seen:
            message = f"{text!r} is in none of {total} articles; is it written as the press writes it?"
            yield _finding("warning", message, use.owner, document, use.keys, use.term.at)
        elif total >= SMALLEST_CORPUS and seen > BROAD_SHARE * total and not use.term.negated:
            message = f"{text!r} is in {seen} of {total} articles; ask for another term beside it"
            yield _finding("warning", message, use.owner, document, use.keys, use.term.at)


def _uses(document: Document) -> Iterator[_Use]:
    for owner, query, keys in _queries(document):
        for term in terms_used(query):
            yield _Use(owner, term, keys)


def _queries(document: Document) -> Iterator[tuple[str, str, tuple[str | int, ...]]]:
    for name, query, keys in list_items(document):
        yield f"@{name}", query, keys
    for number, topic in enumerate(document.data["topics"]):
        yield topic["id"], topic["query"], ("topics", number, "query")


def _finding(
    level: Level, message: str, topic: str, document: Document, keys: tuple[str | int, ...], at: int = -1
) -> Finding:
    line, column = document.place(*keys) if at < 0 else document.place_in(at, *keys)
    return Finding(level, message, topic, line, column)


def _shown(article: ArticleForMatch) -> str:
    text = article.title or article.text or article.title_en or article.text_en
    return f"“{text if len(text) <= 80 else text[:79] + '…'}”"
