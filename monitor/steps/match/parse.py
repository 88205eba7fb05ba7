"""A query's characters → what it says, or a QueryError that points at the place."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache, lru_cache, reduce
from pathlib import Path
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedInput, UnexpectedToken, v_args

from monitor.errors import QueryError
from monitor.steps.match.syntax import AllOf, AnyOf, Boost, Count, Listed, Near, Not, Scoped, Syntax, Words
from monitor.text.fold import fold_words

#: bounds that no query of a person reaches; beyond them an answer would take too long to give
MOST_CHARACTERS = 200_000
DEEPEST = 40
FARTHEST = 100

SIDES = ("title", "text", "lead", "original", "english")
PROPERTIES = ("lang", "country", "outlet", "kind")

_QUOTES = '"“”„«»'
_NAMES = {
    "_OR": "OR",
    "_AND": "AND",
    "_NOT": "NOT",
    "PROXIMITY": "NEAR/n",
    "COUNT": "ATLEAST/n(…)",
    "FIELD": "title: or another field",
    "WEIGHT": "^weight",
    "PHRASE": "a phrase in quotes",
    "EXACT": '="an exact form"',
    "LIST": "@list",
    "WORD": "a word",
    "_OPEN": "(",
    "_CLOSE": ")",
    "$END": "the end",
}
#: terminals that begin an operand; told to people as one thing
_OPERAND = {"PHRASE", "EXACT", "LIST", "WORD", "_OPEN", "COUNT", "FIELD"}
_MISWRITTEN = re.compile(r"(?:O?NEAR|ATLEAST|DISTINCT|ADJ|WITHIN)(?:/\S*|\d*)|W/?\d+")
#: how other search engines write AND, OR and NOT; read as words they would silently find something else
_FOREIGN = re.compile(r"[&|]+|[-+!]\w\S*")


@lru_cache(maxsize=512)  # every topic's version asks for the lists that it uses
def parse_query(query: str) -> Syntax:
    """Read a query.

    :raises QueryError: when it cannot be read; it names the place and what was expected there.
    """
    _check_bounds(query)
    try:
        return _parser().parse(query)  # type: ignore[return-value]
    except UnexpectedToken as error:
        raise _unexpected(error.token, error.accepts or error.expected, query) from error
    except UnexpectedCharacters as error:
        position = error.pos_in_stream or 0
        raise _unreadable(query, position) from error
    except UnexpectedInput as error:  # pragma: no cover - lark knows no third kind for this parser
        raise QueryError("this query cannot be read", error.pos_in_stream or 0) from error


def lowercase_operators(query: str) -> list[tuple[str, int]]:
    """Bare words ``and``, ``or``, ``not``, ``near/5``, which are words and probably meant as operators."""
    found = re.finditer(r"(?<![\w/])(?:and|or|not|o?near/\d+)(?![\w/])", _without_quoted(query))
    return [(match.group(), match.start()) for match in found]


def mixed_operators(query: str) -> list[int]:
    """Places of an AND that stands beside an OR without parentheses between them."""
    found = []
    levels: list[tuple[bool, int]] = [(False, -1)]
    for sign in re.finditer(r"[()]|(?<![^\s()])(?:AND|OR|NOT)(?![^\s()])", _without_quoted(query)):
        has_or, first_and = levels[-1]
        if sign.group() == "(":
            levels.append((False, -1))
        elif sign.group() == ")":
            levels = levels[:-1] or [(False, -1)]
        else:
            has_or |= sign.group() == "OR"
            first_and = first_and if first_and >= 0 or sign.group() != "AND" else sign.start()
            if has_or and first_and >= 0 and not (levels[-1][0] and levels[-1][1] >= 0):
                found.append(first_and)
            levels[-1] = has_or, first_and
    return found


def nearest_list(name: str, lists: Iterable[str]) -> str:
    """Which list was probably meant, or which there are."""
    known = sorted(lists)
    close = get_close_matches(name, known, n=1)
    if close:
        return f"; did you mean @{close[0]}?"
    return f"; lists are {', '.join('@' + other for other in known)}" if known else "; no list is defined"


def _without_quoted(query: str) -> str:
    return re.sub(rf"[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}]", lambda found: " " * len(found.group()), query)


@cache
def _parser() -> Lark:
    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", transformer=_Reader())


def _check_bounds(query: str) -> None:
    if len(query) > MOST_CHARACTERS:
        raise QueryError(f"the query is longer than {MOST_CHARACTERS} characters; divide it into lists", 0)
    depth = 0
    for found in re.finditer(r"[()]", _without_quoted(query)):
        depth += 1 if found.group() == "(" else -1
        if depth > DEEPEST:
            message = f"parentheses nested more than {DEEPEST} deep; divide the query into lists"
            raise QueryError(message, found.start())
    # chains of operators nest as parentheses do
    chain = re.search(rf"(?:(?<![A-Za-z_])(?:NOT\b|[A-Za-z_]+:)\s*){{{DEEPEST}}}", _without_quoted(query))
    if chain:
        raise QueryError(f"more than {DEEPEST} operators in a row; keep one", chain.start())


def _unexpected(token: Token, accepts: Iterable[str], query: str) -> QueryError:
    position = len(query) if token.type == "$END" else (token.start_pos or 0)
    expected = _expected(set(accepts))
    if not query.strip():
        return QueryError("the query is empty; write a term", 0, expected)
    seen = "the query ends here" if token.type == "$END" else f"{str(token)!r} cannot stand here"
    return QueryError(f"{seen}; expected {_either(expected)}", position, expected)


def _expected(accepts: set[str]) -> tuple[str, ...]:
    if {"PHRASE", "LIST"} <= accepts:  # an operand is wanted: naming all its kinds would only confuse
        rest = accepts - _OPERAND - {"_NOT"}
        return ("a term", "a list (@name)", "(", *sorted(_NAMES[name] for name in rest if name in _NAMES))
    order = list(_NAMES)
    return tuple(_NAMES[name] for name in sorted(accepts & set(order), key=order.index))


def _either(names: tuple[str, ...]) -> str:
    return " or ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)


def _unreadable(query: str, position: int) -> QueryError:
    character = query[position]
    if character in _QUOTES:
        return QueryError("this quote is never closed; add the closing quote", position, ('"',))
    if character == ":":
        return QueryError('put a term that holds “:” in quotes, as in "3:0"', position)
    if character == "@":
        return QueryError("a list's name must follow “@”, as in @latin_america", position, ("@list",))
    if character == "^":
        return QueryError("a number must follow “^”, as in fentanilo^3", position, ("^weight",))
    return QueryError(f'a term must follow “{character}”, as in ="Maduro"', position, ('="an exact form"',))


def _term(text: str, exact: bool, at: int) -> Words:
    """A term that can be looked for.

    :raises QueryError: when no word is in it or a star stands where it cannot.
    """
    if not fold_words(text):
        raise QueryError(f"no letter or figure in {text!r}; write a word", at, ("a word",))
    for piece in text.split():
        _check_stars(piece, at + text.index(piece))
    return Words(" ".join(text.split()), exact, at)


def _check_stars(piece: str, at: int) -> None:
    stem = piece.rstrip("*.,;!?'’")
    if "*" not in piece:
        return
    if "*" in stem or not piece.rstrip(".,;!?'’").endswith("*"):
        raise QueryError(f"“*” can only end a word, as in pandiller*, not {piece!r}", at, ("a word",))
    if sum(map(len, fold_words(stem))) < 3:
        raise QueryError(f"{piece!r} is too wide; write at least three letters before “*”", at, ("a word",))


def _number(text: str) -> int:
    """The whole number in an operator; absurdly long ones are cut to stay numbers."""
    return int(re.sub(r"\D", "", text)[:6])


@v_args(inline=True)
class _Reader(Transformer[Token, Any]):
    """Called by lark from the innermost rule outwards, so nothing here recurses."""

    def start(self, item: Syntax) -> Syntax:
        return item

    def or_(self, *items: Syntax) -> Syntax:
        return AnyOf(items)

    def and_(self, *items: Syntax) -> Syntax:
        return AllOf(items)

    def negated(self, *found: Any) -> Syntax:
        return Not(found[-1], 0)

    def excluded(self, item: Syntax) -> Syntax:
        return Not(item, 0)

    def near(self, first: Syntax, *rest: Any) -> Syntax:
        if len(rest) > 2 * DEEPEST:
            raise QueryError(f"more than {DEEPEST} NEAR in a row; keep fewer", rest[0].start_pos or 0)
        return reduce(_near, zip(rest[::2], rest[1::2], strict=True), first)

    def field(self, name: Token, item: Syntax) -> Syntax:
        key, at = name[:-1].lower(), name.start_pos or 0
        if key not in SIDES + PROPERTIES:
            close = get_close_matches(key, SIDES + PROPERTIES, n=1)
            known = f"did you mean {close[0]}:?" if close else f"fields are {_colons(SIDES + PROPERTIES)}"
            raise QueryError(f"there is no field {name!s}; {known}", at, _fields())
        return Scoped(key, item, at)

    def boost(self, item: Syntax, weight: Token) -> Syntax:
        value = float(weight[1:][:12])
        if not 0 < value <= 100:
            raise QueryError("a weight lies above 0 and at most at 100", weight.start_pos or 0, ("^weight",))
        return Boost(item, value)

    def count(self, operator: Token, item: Syntax) -> Syntax:
        least, at = _number(operator), operator.start_pos or 0
        if least < 1:
            raise QueryError("a minimum count is at least 1", at)
        return Count(item, least, operator.startswith("DISTINCT"), at)

    def phrase(self, token: Token) -> Syntax:
        return _term(token[1:-1], False, (token.start_pos or 0) + 1)

    def exact(self, token: Token) -> Syntax:
        text = token[1:].strip()
        quoted = text[0] in _QUOTES
        return _term(text[1:-1] if quoted else text, True, token.start_pos or 0)

    def listed(self, token: Token) -> Syntax:
        return Listed(token[1:], token.start_pos or 0)

    def words(self, *tokens: Token) -> Syntax:
        for token in tokens:
            if token in ("AND", "OR", "NOT"):
                raise _unexpected(token, _OPERAND, token)
            if _MISWRITTEN.fullmatch(token):
                raise QueryError(_mended(str(token)), token.start_pos or 0, ("NEAR/n", "ATLEAST/n(…)"))
            if _FOREIGN.fullmatch(token):
                message = f"{token!s} is no operator; write AND, OR or NOT, or put it in quotes"
                raise QueryError(message, token.start_pos or 0, ("AND", "OR", "NOT"))
        return _term(" ".join(tokens), False, tokens[0].start_pos or 0)


def _near(left: Syntax, step: tuple[Token, Syntax]) -> Near:
    operator, right = step
    distance, at = _number(operator), operator.start_pos or 0
    if not 1 <= distance <= FARTHEST:
        raise QueryError(f"the distance of NEAR lies between 1 and {FARTHEST} words", at, ("NEAR/n",))
    return Near(left, right, distance, "ONEAR" in operator, operator.startswith("NOT"), at)


def _mended(word: str) -> str:
    figures = (re.findall(r"\d+", word) or ["5"])[0]
    if word.startswith(("ATLEAST", "DISTINCT")):
        name = "ATLEAST" if word.startswith("A") else "DISTINCT"
        return f"write {name}/{figures}(…) with the terms in parentheses"
    name = "ONEAR" if word.startswith("O") else "NEAR"
    if word == f"{name}/{figures}":
        return f"a term must stand before {word}"
    return f"{word} is no operator; write {name}/{figures}, or put it in quotes to look for the word"


def _colons(names: Iterable[str]) -> str:
    return ", ".join(f"{name}:" for name in names)


def _fields() -> tuple[str, ...]:
    return tuple(f"{name}:" for name in SIDES + PROPERTIES)
