"""Sockets under one deadline, connected only to judged addresses: httpcore's network backend."""

import ssl
import threading
import time
import zlib
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

from monitor.steps.fetch.addresses import AddressRules

#: longest wait for one address of a name before the next one is tried, in seconds
CONNECT_SECONDS = 10.0
#: connections that wait open for the next request to their host, over all pools, and the number of pools
KEPT, POOLS = 64, 16


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


class Pools:
    """Connections, spread over pools by the name of their host.

    A pool looks through all of its connections under one lock for every request and at its end; with all in
    one, that and the waiting for it was an eighth of the time of a run over 1,000 hosts.

    :param connections: most exchanges at a time, which may all fall into one pool.
    """

    def __init__(self, connections: int, backend: httpcore.NetworkBackend) -> None:
        context = httpx.create_ssl_context()
        self._pools = [
            httpcore.ConnectionPool(
                ssl_context=context,
                max_connections=connections,
                max_keepalive_connections=max(1, KEPT // POOLS),
                keepalive_expiry=15.0,
                http2=True,
                network_backend=backend,
            )
            for _ in range(POOLS)
        ]

    def of(self, host: str) -> httpcore.ConnectionPool:
        """The pool that has this host's connections."""
        return self._pools[zlib.crc32(host.encode()) % POOLS]

    def close(self) -> None:
        """Close all connections."""
        for pool in self._pools:
            pool.close()
