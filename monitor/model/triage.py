"""What analysts say of alerts, and what that says of topics and terms."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TriageStatus(StrEnum):
    """How an alert stands with the analysts."""

    NEW = "new"
    RELEVANT = "relevant"
    NOT_RELEVANT = "not-relevant"
    ESCALATED = "escalated"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark on one alert; marks are kept, the newest counts."""

    alert_id: int
    status: TriageStatus
    who: str
    at: datetime
    note: str = ""
    #: the story that was marked as a whole, 0 where it was this alert alone
    story_id: int = 0


@dataclass(frozen=True, slots=True)
class Precision:
    """How many of the judged alerts of a topic, or of one of its terms, were relevant."""

    topic: str
    #: version of the topic's query that raised them, 0 for all versions together
    version: int
    #: "" for the topic as a whole
    term: str
    judged: int
    relevant: int

    @property
    def share(self) -> float:
        """Relevant ones among the judged ones, 0 to 1."""
        return self.relevant / self.judged
