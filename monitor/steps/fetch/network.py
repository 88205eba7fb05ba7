"""Sockets under one deadline, connected only to judged addresses: httpcore's network backend."""

import ssl
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpcore
import httpx

from monitor.steps.fetch.addresses import AddressRules

#: longest wait for one address of a name before the next one is tried, in seconds
CONNECT_SECONDS = 10.0
#: connections that wait open for the next request to their host, and for how long
KEPT, KEPT_SECONDS = 64, 15.0
#: scheme, host and port
_Origin = tuple[bytes, bytes, int]


class Exchange(threading.local):
    """What the sockets need to know of the exchange that the current thread is in."""

    #: moment on the monotonic clock at which everything ends
    ends_at: float = 0.0
    #: whether this exchange opened its own connection, and no other exchange used it before
    opened: bool = False

    def begin(self, seconds: float) -> None:
        """Start the clock."""
        self.ends_at, self.opened = time.monotonic() + seconds, False

    def left(self) -> float:
        """Seconds left, at most 0 when time is over."""
        return self.ends_at - time.monotonic()


class TimedStream(httpcore.NetworkStream):
    """A stream whose every wait ends with the exchange: a byte now and then does not keep it alive."""

    def __init__(self, inner: httpcore.NetworkStream, exchange: Exchange) -> None:
        self._inner, self._exchange = inner, exchange

    def _seconds(self, late: type[httpcore.TimeoutException]) -> float:
        left = self._exchange.left()
        if left <= 0:
            raise late("the time for this exchange is over")
        return left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """As httpcore: the next bytes, b"" at the end."""
        return self._inner.read(max_bytes, self._seconds(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """As httpcore."""
        self._inner.write(buffer, self._seconds(httpcore.WriteTimeout))

    def close(self) -> None:
        """As httpcore."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """As httpcore."""
        left = self._seconds(httpcore.ConnectTimeout)
        return TimedStream(self._inner.start_tls(ssl_context, server_hostname, left), self._exchange)

    def get_extra_info(self, info: str) -> Any:
        """As httpcore."""
        return self._inner.get_extra_info(info)


class CheckedBackend(httpcore.NetworkBackend):
    """Opens connections: resolves the name, judges its addresses, connects to a judged one."""

    def __init__(self, rules: AddressRules, exchange: Exchange) -> None:
        self._rules, self._exchange, self._sockets = rules, exchange, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """As httpcore.

        :raises Failed: where the name cannot be resolved or may not be reached.
        """
        addresses = self._rules.reachable(host, port, self._exchange.left())
        self._exchange.opened = True
        for address in addresses[:-1]:
            try:
                return self._connected(address, port)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connected(addresses[-1], port)

    def _connected(self, address: str, port: int) -> httpcore.NetworkStream:
        left = self._exchange.left()
        if left <= 0:
            raise httpcore.ConnectTimeout("the time for this exchange is over")
        stream = self._sockets.connect_tcp(
            address, port, timeout=min(left, CONNECT_SECONDS), socket_options=[]
        )
        return TimedStream(stream, self._exchange)


class Connections:
    """Open connections, each used by one exchange at a time and kept for the next one to its origin.

    httpcore's own pool looks through all of its connections under one lock, for every request and at its end.
    """

    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self._backend, self._tls = backend, httpx.create_ssl_context()
        self._lock = threading.Lock()
        # the origin whose connection has waited longest first
        self._idle: OrderedDict[_Origin, list[httpcore.HTTPConnection]] = OrderedDict()
        self._waiting = 0

    @contextmanager
    def exchange(self, request: httpcore.Request) -> Iterator[httpcore.Response]:
        """Send a request; the answer is open until the block ends.

        :raises httpcore.NetworkError: and its other errors, as they come.
        """
        url = request.url
        here = (url.scheme, url.host, url.origin.port)
        connection = self._taken(here) or self._new(url.origin)
        try:
            response = connection.handle_request(request)
            yield response
            response.close()
        except BaseException:
            # At once: an HTTP/2 connection would go on receiving what nobody reads
            _close(connection)
            raise
        self._put_back(here, connection)

    def close(self) -> None:
        """Close what waits; what is in use closes when its exchange ends."""
        with self._lock:
            idle, self._idle, self._waiting = self._idle, OrderedDict(), 0
        for held in idle.values():
            for connection in held:
                _close(connection)

    def _new(self, origin: httpcore.Origin) -> httpcore.HTTPConnection:
        return httpcore.HTTPConnection(
            origin, self._tls, KEPT_SECONDS, http2=True, network_backend=self._backend
        )

    def _taken(self, here: _Origin) -> httpcore.HTTPConnection | None:
        """A waiting connection to an origin that is still open, the last one used first."""
        while True:
            with self._lock:
                connection = self._popped(here, -1) if here in self._idle else None
            if connection is None or (connection.is_available() and not connection.has_expired()):
                return connection
            _close(connection)

    def _put_back(self, here: _Origin, connection: httpcore.HTTPConnection) -> None:
        """Keep it for the next exchange, or close it where it is of no more use; the oldest has to go."""
        if not connection.is_idle():
            _close(connection)
            return
        with self._lock:
            self._idle.setdefault(here, []).append(connection)
            self._idle.move_to_end(here)
            self._waiting += 1
            spare = self._popped(next(iter(self._idle)), 0) if self._waiting > KEPT else None
        if spare is not None:
            _close(spare)

    def _popped(self, here: _Origin, at: int) -> httpcore.HTTPConnection:
        """One of an origin's; call it while holding the lock."""
        held = self._idle[here]
        connection = held.pop(at)
        if not held:
            del self._idle[here]
        self._waiting -= 1
        return connection


def _close(connection: httpcore.HTTPConnection) -> None:
    """What goes wrong while a connection is closed says nothing about any exchange."""
    with suppress(Exception):
        connection.close()
