"""config/exemplars.tsv → reports known to belong to topics, or to none.

Beside it lies ``exemplars.npz`` with what the shipped ones mean, so that they need not be embedded at every
start; ``monitor watchlist exemplars`` writes it. A report that is not in it costs a millisecond or two at the
first article.
"""

import hashlib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from monitor.config.documents import raise_errors, read_text
from monitor.errors import ConfigError
from monitor.model import Exemplar
from monitor.ports import Embedder
from monitor.steps.match.likeness import pack, spoken, vectors_of

COLUMNS = ("topics", "title", "text")
#: a line that begins so is a note
NOTE = "#"


def load_exemplars(path: Path) -> tuple[Exemplar, ...]:
    """Read the known reports, with their vectors where those were kept.

    :raises ConfigError: lines that are no reports, with their numbers.
    """
    lines = list(_lines(read_text(path)))
    if not lines or tuple(lines[0][1]) != COLUMNS:
        message = "the first line must name the columns topics, title, text, with tabs between"
        raise ConfigError(message, path, lines[0][0] if lines else 1)
    raise_errors(
        ConfigError("write topics, headline and opening, with tabs between; the headline is missing", path, n)
        for n, cells in lines[1:]
        if len(cells) not in (2, 3) or not spoken("", cells[1])
    )
    kept = _kept(vectors_file(path))
    return tuple(_exemplar(cells, kept) for _, cells in lines[1:])


def vectors_file(path: Path) -> Path:
    """Where the vectors of a file of exemplars are kept."""
    return path.with_suffix(".npz")


def keep_vectors(path: Path, embedder: Embedder) -> int:
    """Write the vectors of a file of exemplars beside it; those that are kept already are taken over.

    :returns: how many there are.
    :raises ConfigError: the file cannot be read.
    """
    exemplars = load_exemplars(path)
    keys = np.array([_key(one.title, one.text) for one in exemplars])
    rows = np.array([np.frombuffer(pack(vector), np.int8) for vector in vectors_of(exemplars, embedder)])
    np.savez_compressed(vectors_file(path), keys=keys, vectors=rows)
    return len(exemplars)


def _lines(source: str) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each line that is no note."""
    for number, line in enumerate(source.split("\n"), 1):
        if line.strip() and not line.startswith(NOTE):
            yield number, line.rstrip("\r").split("\t")


def _exemplar(cells: Sequence[str], kept: Mapping[str, bytes]) -> Exemplar:
    topics, title, text = (*cells, "")[:3]
    named = frozenset(name.strip() for name in topics.split(",") if name.strip())
    return Exemplar(named, title, text, kept.get(_key(title, text), b""))


def _key(title: str, text: str) -> str:
    """What a vector is found by: what it was made of."""
    return hashlib.sha256(spoken(title, text).encode()).hexdigest()[:16]


def _kept(path: Path) -> dict[str, bytes]:
    """Vectors by key; none where the file is missing or damaged: they are made anew then."""
    try:
        with path.open("rb") as file, np.load(file) as held:
            return {
                key: row.tobytes() for key, row in zip(held["keys"].tolist(), held["vectors"], strict=True)
            }
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return {}
