"""Protocols for what is slow or outside; `bootstrap` builds real ones, `tests/fakes.py` has fakes."""

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from typing import Protocol

from monitor.model import FetchedPage, FetchFailure, FetchRequest, Provenance


class Clock(Protocol):
    """Tells the time, aware and in UTC."""

    def __call__(self) -> datetime: ...


class Fetcher(Protocol):
    """Gets one address. Safe to call from many threads; never raises for what the network does."""

    def fetch(self, request: FetchRequest) -> FetchedPage | FetchFailure: ...


class Translator(Protocol):
    """Turns sentences into English. Safe to call from many threads."""

    def translate(self, sentences: Sequence[str], language: str) -> list[str]:
        """One English sentence for each source sentence, in order.

        :raises EngineError: when the engine is missing, hangs or dies; nothing is half translated.
        """
        ...

    def provenance(self, language: str) -> Provenance:
        """Which engine and model serve this language."""
        ...

    def close(self) -> None:
        """End what it started; it is not used afterwards."""
        ...


class Embedder(Protocol):
    """Turns texts of any of our languages into vectors of one space."""

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One unit vector for each text."""
        ...


class Mailer(Protocol):
    """Hands one message to a mail server."""

    def send(self, message: EmailMessage) -> None:
        """:raises DeliveryError: when the server did not accept it."""
        ...


class Poster(Protocol):
    """Hands one signed body to another program."""

    def post(self, body: bytes, name: str, timestamp: int) -> None:
        """Send it.

        :param name: the same for the same content for ever, so that the receiver can drop a repeated one.
        :param timestamp: seconds since 1970, signed with the body.
        :raises DeliveryError: when the other program did not accept it.
        """
        ...
