"""The room's own exception: raised where a fetch goes wrong, turned into a ``FetchFailure`` at the door."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import httpcore

from monitor.model import FetchFailureKind


class Failed(Exception):
    """One fetch ended without a usable answer."""

    def __init__(
        self, kind: FetchFailureKind, reason: str, status: int = 0, retry_after: float | None = None
    ) -> None:
        self.kind, self.reason, self.status, self.retry_after = kind, reason, status, retry_after
        super().__init__(reason)


@contextmanager
def converted(host: str) -> Iterator[None]:
    """Whatever the network and its library raise becomes ``Failed`` with the right kind.

    :raises Failed: with the cause kept.
    """
    try:
        yield
    except httpcore.TimeoutException as error:
        raise Failed(FetchFailureKind.TIMEOUT, f"{host} did not answer in time") from error
    except (httpcore.NetworkError, OSError) as error:
        raise _network_failure(host, error) from error
    except httpcore.RemoteProtocolError as error:
        silent = "without sending a response" in str(error)
        kind = FetchFailureKind.RESET if silent else FetchFailureKind.PROTOCOL
        raise Failed(kind, f"{host} broke off: {error}") from error
    # h2 and hpack raise their own trees and plain ValueError or KeyError for frames that make no sense
    except (
        httpcore.ProtocolError,
        httpcore.UnsupportedProtocol,
        ValueError,
        LookupError,
        RuntimeError,
    ) as error:
        raise Failed(FetchFailureKind.PROTOCOL, f"{host} does not speak HTTP properly: {error}") from error


def _network_failure(host: str, error: BaseException) -> Failed:
    chain = _causes(error)
    if any(isinstance(one, ssl.SSLError) for one in chain):
        return Failed(FetchFailureKind.TLS, f"no secure connection to {host}: {chain[-1]}")
    if any(isinstance(one, socket.gaierror) for one in chain):
        return Failed(FetchFailureKind.DNS, f"the name {host} is not known")
    if isinstance(error, httpcore.ConnectError):
        return Failed(FetchFailureKind.CONNECT, f"no connection to {host}: {error}")
    return Failed(FetchFailureKind.RESET, f"{host} closed the connection: {error}")


def _causes(error: BaseException) -> list[BaseException]:
    chain = [error]
    while (following := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(following)
    return chain
