"""Whose turn it is at a host: few at a time, spaced as its robots.txt asks. No host waits for another."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from monitor.model import FetchFailureKind
from monitor.steps.fetch.failures import Failed


class _Host:
    def __init__(self, lock: threading.Lock) -> None:
        self.free = threading.Condition(lock)
        self.users = 0
        self.running = 0
        self.next_at = 0.0


class Turns:
    """Hands out turns.

    :param per_host: most exchanges with one host at a time.
    :param patience: longest wait for a turn in seconds; beyond it the caller is told when to come back.
    """

    def __init__(self, per_host: int, patience: float) -> None:
        self._per_host, self._patience = per_host, patience
        self._lock = threading.Lock()
        self._hosts: dict[str, _Host] = {}

    @contextmanager
    def turn(self, name: str, spacing: float = 0.0) -> Iterator[None]:
        """Wait for a turn at a host and hold it.

        :param spacing: seconds between the starts of two exchanges.
        :raises Failed: RATE_LIMITED or TIMEOUT when the wait would be longer than patience.
        """
        host = self._arrive(name)
        try:
            self._wait_for_start(host, name, spacing)
            self._wait_for_place(host, name)
            try:
                yield
            finally:
                self._free(host)
        finally:
            self._leave(name, host)

    def _arrive(self, name: str) -> _Host:
        with self._lock:
            host = self._hosts.setdefault(name, _Host(self._lock))
            host.users += 1
            return host

    def _wait_for_start(self, host: _Host, name: str, spacing: float) -> None:
        if spacing <= 0:
            return
        with self._lock:
            now = time.monotonic()
            start = max(now, host.next_at)
            if start - now > self._patience:
                reason = f"{name} asks for {spacing:g} s between requests, and others are before this one"
                raise Failed(FetchFailureKind.RATE_LIMITED, reason, retry_after=start - now)
            host.next_at = start + spacing
        time.sleep(start - now)

    def _wait_for_place(self, host: _Host, name: str) -> None:
        with self._lock:
            if not host.free.wait_for(lambda: host.running < self._per_host, self._patience):
                raise Failed(FetchFailureKind.TIMEOUT, f"{name} is still busy with earlier requests")
            host.running += 1

    def _free(self, host: _Host) -> None:
        with self._lock:
            host.running -= 1
            host.free.notify()

    def _leave(self, name: str, host: _Host) -> None:
        """Forget a host that nobody asks, unless its next start still has to wait."""
        with self._lock:
            host.users -= 1
            if not host.users and host.next_at <= time.monotonic():
                del self._hosts[name]
