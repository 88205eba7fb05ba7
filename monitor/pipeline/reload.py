"""What a long-lived process asks before each piece of work: the context with the analysts' files of now.

Nothing is read while nothing changed: a file is looked at with one ``stat``, the newest version in Postgres
with one query every few seconds.
"""

import hashlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import structlog

from monitor.config.exemplars import load_exemplars
from monitor.config.glossary import load_glossary
from monitor.config.outlets import load_outlets
from monitor.config.watchlist import Watchlist, diff
from monitor.errors import ConfigError
from monitor.model import Glossary
from monitor.pipeline.context import Context
from monitor.pipeline.files import file_hash, in_force, watchlist_in_force
from monitor.steps.match import KnownReports, Likeness, compile_watchlist
from monitor.storage.watchlist import newest_hash

log = structlog.get_logger(__name__)

#: a changed file is read: (context, path) → context with what is in force, and what is wrong with the edit
Read = Callable[[Context, Path], tuple[Context, str]]


def never(context: Context) -> bool:
    """Nothing beside the file says that it changed."""
    return False


def newer_in_store(context: Context) -> bool:
    """Another process, perhaps on another machine, applied a version of the watchlist."""
    with context.database.session() as session:
        newest = newest_hash(session)
    return bool(newest) and newest != file_hash(context.watchlist.source)


@dataclass(frozen=True, slots=True)
class WatchedFile:
    """One analysts' file, and what it changes in the context."""

    #: where it lies now: an operator may make one where the shipped one was in force
    path: Callable[[], Path]
    read: Read
    #: whether it has to be read although it is the same, asked every few seconds
    stale: Callable[[Context], bool] = never


class UsesGlossary(Protocol):
    """A translator whose glossary can be exchanged while it works."""

    def use(self, glossary: Glossary) -> None:
        """Translate with this glossary from now on."""
        ...


def outlets_file(path: Callable[[], Path]) -> WatchedFile:
    """The catalogue of outlets."""

    def read(context: Context, path: Path) -> tuple[Context, str]:
        file = in_force(context.database, path, load_outlets, context.clock())
        return replace(context, outlets={outlet.id: outlet for outlet in file.value}), file.error

    return WatchedFile(path, read)


def watchlist_file(path: Callable[[], Path], who: str) -> WatchedFile:
    """The watchlist; the matcher is built anew only where what is looked for changed.

    :param who: is said to have applied what is found changed.
    """

    def read(context: Context, path: Path) -> tuple[Context, str]:
        found = watchlist_in_force(context.database, path, who, context.clock())
        matcher, likeness = context.matcher, context.likeness
        if _looks_for_else(context.watchlist, found.watchlist):
            matcher = compile_watchlist(found.watchlist.topics, found.watchlist.lists)
            likeness = likeness and _likeness(likeness.known, found.watchlist)
        new = replace(
            context,
            watchlist=found.watchlist,
            versions=found.versions,
            matcher=matcher,
            likeness=likeness,
        )
        return new, found.error

    return WatchedFile(path, read, newer_in_store)


def exemplars_file(path: Callable[[], Path]) -> WatchedFile:
    """The known reports that articles are compared with."""

    def read(context: Context, path: Path) -> tuple[Context, str]:
        file = in_force(context.database, path, load_exemplars, context.clock())
        if context.embedder:
            likeness = _likeness(KnownReports(file.value, context.embedder), context.watchlist)
            context = replace(context, likeness=likeness)
        return context, file.error

    return WatchedFile(path, read)


def _likeness(known: KnownReports, watchlist: Watchlist) -> Likeness:
    return Likeness(known, watchlist.topics, watchlist.lists)


def glossary_file(path: Callable[[], Path], engine: UsesGlossary) -> WatchedFile:
    """The glossary of an engine, which stays the same object: its models are not loaded again."""

    def read(context: Context, path: Path) -> tuple[Context, str]:
        file = in_force(context.database, path, load_glossary, context.clock())
        engine.use(file.value)
        return context, file.error

    return WatchedFile(path, read)


def _looks_for_else(old: Watchlist, new: Watchlist) -> bool:
    changes = diff(old, new)
    return bool(changes.added or changes.removed or changes.changed)


@dataclass(frozen=True, slots=True)
class _Seen:
    """How a file was when it was last looked at."""

    #: path, time of change, size and number on disk; None where there is no file
    mark: tuple[object, ...] | None
    #: of its bytes
    digest: bytes


class Reloader:
    """Gives the context of now. Safe for many threads: while one reads, the others go on with the last one.

    :param every: seconds between two questions to Postgres.
    """

    def __init__(self, context: Context, files: Sequence[WatchedFile], every: float = 5.0) -> None:
        self._context, self._files, self._every = context, files, every
        self._seen: dict[WatchedFile, _Seen] = {}
        self._errors: dict[WatchedFile, str] = {}
        self._next_question = 0.0
        self._lock = threading.Lock()

    def current(self) -> Context:
        """The context with the files of now.

        :raises ConfigError: a file is bad when it is read for the first time, and no good one was ever kept.
        :raises DatabaseUnavailable: nobody can say what is in force.
        """
        everything_read = len(self._seen) == len(self._files)
        if self._lock.acquire(blocking=not everything_read):
            try:
                self._look()
            finally:
                self._lock.release()
        return self._context

    def _look(self) -> None:
        ask = time.monotonic() >= self._next_question
        for file in self._files:
            self._context = self._read_again(file, self._context, ask)
        if ask:
            self._next_question = time.monotonic() + self._every
        errors = tuple(error for error in self._errors.values() if error)
        if errors != self._context.config_errors:
            self._context = replace(self._context, config_errors=errors)

    def _read_again(self, file: WatchedFile, context: Context, ask: bool) -> Context:
        path, before = file.path(), self._seen.get(file)
        seen = _look_at(path, before)
        if before is not None and seen.digest == before.digest and not (ask and file.stale(context)):
            self._seen[file] = seen
            return context
        try:
            context, self._errors[file] = file.read(context, path)
        except ConfigError as error:
            if before is None:
                raise
            self._errors[file] = str(error)
        self._seen[file] = seen
        log.info("config", status="read", file=str(path), error=self._errors[file])
        return context


def _look_at(path: Path, before: _Seen | None) -> _Seen:
    """The file as it is now; its bytes are only read when it was touched."""
    try:
        state = path.stat()
        mark = (path, state.st_mtime_ns, state.st_size, state.st_ino)
        if before is not None and before.mark == mark:
            return before
        return _Seen(mark, hashlib.sha256(path.read_bytes()).digest())
    except OSError:
        return _Seen(None, b"")
