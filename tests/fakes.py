"""Fakes of the outside world, and short ways to make records. Append only; nothing else is faked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock

from monitor.model import FetchedPage, FetchFailure, FetchFailureKind, FetchRequest, Provenance

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass
class FakeFetcher:
    """Answers from a table of addresses; everything else is 404. Keeps what it was asked."""

    answers: Mapping[str, FetchedPage | FetchFailure] = field(default_factory=dict)
    asked: list[FetchRequest] = field(default_factory=list)

    def fetch(self, request: FetchRequest) -> FetchedPage | FetchFailure:
        self.asked.append(request)
        missing = failure(request.url, FetchFailureKind.NOT_FOUND, status=404)
        return self.answers.get(request.url, missing)


@dataclass
class FakeTranslator:
    """Puts ``EN:`` before every sentence; raises what it is told to raise first."""

    errors: list[Exception] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def translate(self, sentences: Sequence[str], language: str) -> list[str]:
        with self.lock:
            if self.errors:
                raise self.errors.pop(0)
            self.sentences.extend(sentences)
        return [f"EN:{sentence}" for sentence in sentences]

    def provenance(self, language: str) -> Provenance:
        return Provenance("fake", f"{language}-en", "1")


def page(url: str, body: bytes = b"", **more: object) -> FetchedPage:
    """An answer with status 200."""
    return FetchedPage(url=url, final_url=url, **({"status": 200, "body": body} | more))  # type: ignore[arg-type]


def failure(url: str, kind: FetchFailureKind, **more: object) -> FetchFailure:
    """A failure of a kind."""
    return FetchFailure(url=url, kind=kind, reason=f"{kind.value} at {url}", **more)  # type: ignore[arg-type]


@dataclass
class FakeEmbedder:
    """A text has the vector of the first word of the table that it holds. Raises what it is told to."""

    words: Mapping[str, int] = field(default_factory=dict)
    errors: list[Exception] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        if self.errors:
            raise self.errors.pop(0)
        self.texts.extend(texts)
        return [self._vector(text) for text in texts]

    def _vector(self, text: str) -> list[float]:
        place = next((place for word, place in self.words.items() if word in text), 511)
        return [1.0 if number == place else 0.0 for number in range(512)]
