"""The exception tree. An expected failure of one feed or article is a value, not one of these.

MonitorError
├── ConfigError          an analyst's file cannot be used
├── QueryError           a watchlist query cannot be read
├── InputError           one line or document of a filter's input cannot be used
├── SettingsError        the environment holds a value that cannot be used
├── DatabaseError
│   ├── DatabaseUnavailable   no server answers
│   └── SchemaMismatch        the schema is older or newer than the program
├── DataFolderError      the data folder cannot be used (rights, space, lock)
├── EngineError
│   ├── EngineMissing    a translation engine or model is not installed
│   └── EngineFailed     an engine broke while it worked
└── DeliveryError        a message could not be handed over
"""

from pathlib import Path


class MonitorError(Exception):
    """Something went wrong that a person can mend."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class ConfigError(MonitorError):
    """An analyst's file cannot be used; ``errors`` holds everything found wrong, this one first."""

    def __init__(self, message: str, path: Path | str = "", line: int = 0, column: int = 0) -> None:
        self.message, self.path, self.line, self.column = message, str(path), line, column
        self.errors: tuple[ConfigError, ...] = (self,)
        place = ":".join(str(part) for part in (self.path, line, column) if part)
        super().__init__(f"{place}: {message}" if place else message)


class QueryError(MonitorError):
    """A watchlist query cannot be read; ``position`` is the character it stumbles over, from 0."""

    def __init__(self, message: str, position: int = 0, expected: tuple[str, ...] = ()) -> None:
        self.message, self.position, self.expected = message, position, expected
        super().__init__(message)


class InputError(MonitorError):
    """This input cannot be used."""


class SettingsError(MonitorError):
    """The environment holds a value that cannot be used."""


class DatabaseError(MonitorError):
    """The database refused."""


class DatabaseUnavailable(DatabaseError):
    """No database server answers."""


class SchemaMismatch(DatabaseError):
    """The database schema does not fit this version of monitor."""


class DataFolderError(MonitorError):
    """The data folder cannot be used."""


class EngineError(MonitorError):
    """A translation engine failed."""


class EngineMissing(EngineError):
    """A translation engine or model is not installed."""


class EngineFailed(EngineError):
    """A translation engine broke while it worked."""


class DeliveryError(MonitorError):
    """A message could not be handed over."""
