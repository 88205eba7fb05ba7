"""robots.txt, read once a day for each origin (RFC 9309), by protego."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from protego import Protego

from monitor.model import FetchFailureKind
from monitor.steps.fetch.answers import Answer, retry_after
from monitor.steps.fetch.failures import Failed

#: RFC 9309, 2.5: at least 500 kibibytes must be read; what follows is ignored
MOST_BYTES = 512 * 1024
_FRESH_SECONDS = 86_400.0
#: a host that could not be asked is asked again after this
_RETRY_SECONDS = 60.0
# With fewer places than hosts, each would be asked again at every poll
_MOST_ORIGINS = 20_000
_NO_RULES = Protego.parse("")
# The origin answered, but with nothing that could be rules: as if it had none (RFC 9309, 2.3.1.2 and 2.3.1.3)
_NO_ROBOTS = frozenset(
    {FetchFailureKind.REDIRECTS, FetchFailureKind.ENCODING, FetchFailureKind.FORBIDDEN_ADDRESS}
)


@dataclass(slots=True)
class _Rules:
    lock: threading.Lock = field(default_factory=threading.Lock)
    parsed: Any = None
    problem: Failed | None = None
    until: float = 0.0


class Robots:
    """What each origin allows.

    :param agent: product token of the User-Agent ("monitor").
    """

    def __init__(self, agent: str) -> None:
        self._agent = agent
        self._lock = threading.Lock()
        self._origins: OrderedDict[str, _Rules] = OrderedDict()

    def spacing(self, origin: str, url: str, ask: Callable[[], Answer]) -> float:
        """Seconds to leave between two requests to the origin, 0 where it does not say.

        :param ask: gets the origin's robots.txt; raises Failed where it cannot.
        :raises Failed: ROBOTS where ``url`` may not be fetched; the origin's own failure where its robots.txt
            cannot be reached, since then nothing may be fetched (RFC 9309, 2.3.1.4).
        """
        rules = self._rules(origin)
        with rules.lock:
            if time.monotonic() >= rules.until:
                self._refresh(rules, ask)
            if rules.problem is not None:
                problem = rules.problem
                raise Failed(
                    problem.kind, f"robots.txt: {problem.reason}", problem.status, problem.retry_after
                )
            if rules.parsed is None:
                return 0.0
            if not rules.parsed.can_fetch(url, self._agent):
                raise Failed(FetchFailureKind.ROBOTS, f"{origin}/robots.txt does not allow this address")
            return float(rules.parsed.crawl_delay(self._agent) or 0.0)

    def _rules(self, origin: str) -> _Rules:
        with self._lock:
            rules = self._origins.setdefault(origin, _Rules())
            self._origins.move_to_end(origin)
            if len(self._origins) > _MOST_ORIGINS:
                self._origins.popitem(last=False)
            return rules

    def _refresh(self, rules: _Rules, ask: Callable[[], Answer]) -> None:
        try:
            rules.parsed = _parsed(ask())
            rules.problem, rules.until = None, time.monotonic() + _FRESH_SECONDS
        except Failed as failed:
            rules.until = time.monotonic() + max(
                _RETRY_SECONDS, min(failed.retry_after or 0.0, _FRESH_SECONDS)
            )
            # An older copy stays in force; without one nothing may be fetched
            unreachable = rules.parsed is None and failed.kind not in _NO_ROBOTS
            rules.problem = failed if unreachable else None


def _parsed(answer: Answer) -> Any:
    """Rules of an answer; none where the origin has no robots.txt or refuses to show it (4xx).

    429 is no refusal: whoever asks to be asked less is not to be read without his rules.
    """
    if answer.status >= 500 or answer.status == 429:
        kind = FetchFailureKind.SERVER if answer.status >= 500 else FetchFailureKind.RATE_LIMITED
        reason = f"answered {answer.status}, so nothing may be fetched now"
        wait = retry_after(answer.header("retry-after"), datetime.now(UTC))
        raise Failed(kind, reason, answer.status, wait)
    if answer.status != 200:
        return _NO_RULES
    return Protego.parse(answer.body.decode("utf-8", "replace").removeprefix("\ufeff"))
