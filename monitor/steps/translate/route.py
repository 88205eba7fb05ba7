"""What an engine offers for one language."""

from abc import ABC, abstractmethod

from monitor.model import Provenance


class Route(ABC):
    """One language into English. Safe to call from many threads."""

    @abstractmethod
    def translate(self, sentence: str) -> str:
        """One sentence in English.

        :param sentence: one line within the caps of ``limits``; it may hold tokens that must survive.
        :raises EngineError: when the engine is missing, hangs or dies; the next call starts it anew.
        """

    @abstractmethod
    def provenance(self) -> Provenance:
        """Engine, model and version."""

    @abstractmethod
    def close(self) -> None:
        """Give back processes and memory."""
