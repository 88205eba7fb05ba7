"""What goes to and comes from the network."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """One address to get."""

    url: str
    #: validators of the last answer, for a conditional request
    etag: str = ""
    last_modified: str = ""
    #: upper bound on the body after decompression, in bytes
    max_bytes: int = 10_000_000
    #: upper bound on the whole exchange, in seconds
    deadline: float = 30.0
    #: moment wanted from an archive behind the gateway (back-fill); None: now
    as_of: datetime | None = None


class FetchFailureKind(StrEnum):
    """Why nothing usable came; the policy for each is in ``pipeline.decide``."""

    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    RESET = "reset"
    PROTOCOL = "protocol"
    TOO_LARGE = "too-large"
    ENCODING = "encoding"
    REDIRECTS = "redirects"
    FORBIDDEN_ADDRESS = "forbidden-address"
    ROBOTS = "robots"
    BLOCKED = "blocked"
    GONE = "gone"
    NOT_FOUND = "not-found"
    RATE_LIMITED = "rate-limited"
    SERVER = "server"
    CLIENT = "client"


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A usable answer: 200 with a body, or 304 without."""

    #: address asked for
    url: str
    #: address that answered after redirects
    final_url: str
    #: 200 or 304
    status: int
    #: decoded from gzip, brotli or zstd; characters are not decoded
    body: bytes
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    #: (status, address) of each redirect followed, in order
    redirects: tuple[tuple[int, str], ...] = ()
    #: seconds the server asks to keep it (Cache-Control, Retry-After), 0 where it says nothing
    max_age: int = 0


@dataclass(frozen=True, slots=True)
class FetchFailure:
    """An expected failure, as a value."""

    url: str
    kind: FetchFailureKind
    #: one sentence for people
    reason: str
    #: HTTP status, 0 where none came
    status: int = 0
    #: seconds the server asks to wait, None where it says nothing
    retry_after: float | None = None
    redirects: tuple[tuple[int, str], ...] = field(default=())
