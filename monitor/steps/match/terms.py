"""A term of a query → the patterns to look for and the conditions on each place where one is found."""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from monitor.text.fold import fold

#: a preposition in a phrase stands for its contractions with the article too
_CONTRACTIONS = {
    "de": ("de", "del", "do", "da", "dos", "das"),
    "em": ("em", "no", "na", "nos", "nas"),
    "a": ("a", "al", "ao", "aos", "as"),
    "por": ("por", "pelo", "pela", "pelos", "pelas"),
}
#: the article that begins a name melts into a preposition before it
_MELTED = {
    "el": ("del", "al"),
    "o": ("do", "no", "ao", "pelo"),
    "os": ("dos", "nos", "aos", "pelos"),
    "as": ("das", "nas", "pelas"),
}
#: contractions are spelt out while a phrase has at most so many forms
_MOST_FORMS = 40
_ARTICLES = frozenset(["el", "la", "los", "las", "lo", "o", "a", "os", "as", "the", "um", "uma", "un", "una"])
#: names in capitals that the press also writes in parts: MS13 and 5G, EEUU (plural initials are doubled), ONU
_FIGURES = re.compile(r"[A-Z]{1,4}(?=\d{1,3}\Z)|\d{1,3}(?=[A-Z]{1,2}\Z)")
_DOUBLED = re.compile(r"([A-Z])\1(?=([A-Z])\2\Z)")
_INITIALS = re.compile(r"[A-Z]{2,4}\Z")
_JOINTS = re.compile(r"[-‐‑‒–.'’]\s?")
_QUOTES = str.maketrans("“”„«»‘’‚‐‑", '"""""\'\'\'--')


@dataclass(frozen=True, slots=True)
class TermKey:
    """What makes two terms the same."""

    text: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Form:
    """One way in which a term can be written."""

    #: what the automaton looks for in the folded stream: blank, words, blank (none after an open word)
    pattern: str
    #: folded words of the whole form
    words: tuple[str, ...]
    #: for each word: it may go on after what is written
    open: tuple[bool, ...]
    #: for each word: it needs a capital
    capital: tuple[bool, ...]
    #: for each word: as written, without star, accents kept, in small letters
    written: tuple[str, ...]
    #: joints between words in which the term itself has a full stop
    dotted: tuple[bool, ...]
    #: joints that must be a full stop: initials written with their stops
    stopped: tuple[bool, ...]
    #: all letters must be capitals: initials written without their stops
    initials: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    word: str
    open: bool
    capital: bool
    written: str
    #: characters between this word and the next
    gap: str
    #: as written
    raw: str
    #: a full stop must follow
    stop: bool = False


@lru_cache(maxsize=200_000)
def forms(key: TermKey) -> tuple[Form, ...]:
    """Every form of a term, the written one first."""
    pieces = _pieces(unicodedata.normalize("NFC", key.text))
    found = [_form(pieces)]
    if not key.exact:
        found += [_form(other) for other in (*_contracted(pieces), *_melted(pieces))]
        parted = [part for piece in pieces for part in _parted(piece)]
        if len(parted) > len(pieces):
            found.append(_form(parted))
        joined = _joined(pieces)
        if len(joined) < len(pieces):
            found.append(_form(joined, initials=all(len(p.word) <= 3 and p.capital for p in pieces)))
    return tuple(found)


def same_characters(written: str, seen: str) -> bool:
    """Whether a place is written as an exact term demands; kinds of quotes and of white space are free."""
    if written.endswith("*"):
        return _plain(seen).startswith(_plain(written[:-1]))
    return _plain(written) == _plain(seen)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).translate(_QUOTES).split()).strip("\"'.,;:!?¿¡()- ")


def _pieces(text: str) -> list[_Piece]:
    folded = fold(text)
    places = [(m.start(), m.end()) for m in re.finditer(r"[^ ]+", folded.stream)]
    spans = [(int(folded.origin[start]), int(folded.origin[end])) for start, end in places]
    pieces = []
    for number, ((start, end), (left, right)) in enumerate(zip(places, spans, strict=True)):
        following = spans[number + 1][0] if number + 1 < len(spans) else len(text)
        gap, raw = text[right:following], text[left:right]
        capital = any(letter.isupper() for letter in raw)
        pieces.append(_Piece(folded.stream[start:end], gap[:1] == "*", capital, raw.lower(), gap, raw))
    return _without_article_capital(pieces)


def _without_article_capital(pieces: list[_Piece]) -> list[_Piece]:
    """“los Lobos” is as good as “Los Lobos”: the press writes the article of a name small."""
    others = any(piece.capital and piece.word not in _ARTICLES for piece in pieces)
    if not others:
        return pieces
    return [replace(piece, capital=False) if piece.word in _ARTICLES else piece for piece in pieces]


def _contracted(pieces: list[_Piece]) -> list[list[_Piece]]:
    choices: list[list[_Piece]] = []
    count = 1
    for piece in pieces[:-1]:
        words = _CONTRACTIONS.get(piece.word, ())
        count *= len(words) or 1
        choices.append([piece] if count > _MOST_FORMS or not words else [_respelt(piece, w) for w in words])
    variants = product(*choices, pieces[-1:])
    next(variants)  # the form as written
    return [list(variant) for variant in variants]


def _melted(pieces: list[_Piece]) -> list[list[_Piece]]:
    """``El Mayo`` → del Mayo, al Mayo; only where the article is written as part of a name."""
    if len(pieces) < 2 or not (pieces[0].raw[:1].isupper() and pieces[1].capital):
        return []
    return [[_respelt(pieces[0], word), *pieces[1:]] for word in _MELTED.get(pieces[0].word, ())]


def _respelt(piece: _Piece, word: str) -> _Piece:
    return replace(piece, word=word, written=word)


def _joined(pieces: list[_Piece]) -> list[_Piece]:
    """``EE. UU.`` → ``eeuu``, ``MS-13`` → ``ms13``, ``narco-estado`` → ``narcoestado``."""
    result = [pieces[0]]
    for piece in pieces[1:]:
        last = result[-1]
        if not _joins(last, piece):
            result.append(piece)
            continue
        result[-1] = replace(
            piece,
            word=last.word + piece.word,
            capital=last.capital or piece.capital,
            written=last.written + piece.written,
        )
    return result


def _joins(left: _Piece, right: _Piece) -> bool:
    if left.open or not _JOINTS.fullmatch(left.gap) or left.gap[0] in "'’":
        return False
    return left.gap in ("-", "‐", "‑") or (left.gap[0] == "." and len(right.word) <= 3)


def _parted(piece: _Piece) -> list[_Piece]:
    """``MS13`` → MS-13, ``5G`` → 5-G, ``EEUU`` → EE. UU., ``ONU`` → O.N.U.; others as they are."""
    for parts, gap in ((_FIGURES, "-"), (_DOUBLED, ". ")):
        if not piece.open and (head := parts.match(piece.raw)):
            return _split(piece, [piece.raw[: head.end()], piece.raw[head.end() :]], gap, stop=False)
    if not piece.open and _INITIALS.match(piece.raw):
        return _split(piece, list(piece.raw), ".", stop=True)
    return [piece]


def _split(piece: _Piece, raw: list[str], gap: str, stop: bool) -> list[_Piece]:
    parts = [
        replace(
            piece,
            word=part.lower(),
            written=part.lower(),
            capital=part.isalpha(),
            gap=gap,
            raw=part,
            stop=stop,
        )
        for part in raw
    ]
    return [*parts[:-1], replace(parts[-1], gap=piece.gap, stop=False)]


def _form(pieces: list[_Piece], initials: bool = False) -> Form:
    words = tuple(piece.word for piece in pieces)
    opened = tuple(piece.open for piece in pieces)
    head = words[: opened.index(True) + 1] if any(opened) else words
    return Form(
        pattern=" " + " ".join(head) + ("" if any(opened) else " "),
        words=words,
        open=opened,
        capital=tuple(piece.capital for piece in pieces),
        written=tuple(piece.written for piece in pieces),
        dotted=tuple("." in piece.gap for piece in pieces[:-1]),
        stopped=tuple(piece.stop for piece in pieces[:-1]),
        initials=initials,
    )
