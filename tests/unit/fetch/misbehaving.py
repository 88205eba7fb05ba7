"""A server that does what servers on the web do, and the table of what each must end as."""

import gzip
import socket
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import brotli
import zstandard

from monitor.model import FetchFailureKind as Kind

#: one exchange with a hostile server takes no longer than this in the tests, in seconds
DEADLINE = 2.5
MOST_BYTES = 200_000


@dataclass(frozen=True)
class Feed:
    """The answer is a page that reads as a feed with these headlines."""

    titles: tuple[str, ...]
    #: stands in one of the problems noted
    problem: str = ""
    redirects: int = 0


@dataclass(frozen=True)
class NoFeed:
    """The answer is a page that is no feed."""

    looks_like: str


@dataclass(frozen=True)
class NotModified:
    """The server says that nothing changed."""


@dataclass(frozen=True)
class Failure:
    """The fetch ends as this failure."""

    kind: Kind
    retry_after: float | None = None


Answer = Callable[[socket.socket, str], None]
Outcome = Feed | NoFeed | NotModified | Failure


@dataclass(frozen=True)
class Misbehaviour:
    """What the server does, and where the fetch must end."""

    answer: Answer
    outcome: Outcome
    #: validator sent with the request
    etag: str = ""
    #: asked instead of the server's own address
    url: str = ""


def item(title: str = "Hallan armas", link: str = "https://x.example/1", extra: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{extra}</item>"


def rss(*items: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> str:
    return (
        f'{head}<rss version="2.0"><channel><title>Diario</title>{"".join(items or [item()])}</channel></rss>'
    )


def http(body: bytes | str = b"", status: str = "200 OK", length: int | None = None, **headers: str) -> bytes:
    raw = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(raw) if length is None else length}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + raw


def says(raw: bytes) -> Answer:
    return lambda connection, _: connection.sendall(raw)


def serves(body: bytes | str, **headers: str) -> Answer:
    return says(http(body, **headers))


def redirects(location: str, status: str = "302 Found") -> Answer:
    """To a place in which ``{port}`` is the server's port and ``{path}`` the path asked for."""

    def answer(connection: socket.socket, path: str) -> None:
        port = connection.getsockname()[1]
        connection.sendall(http(status=status, Location=location.format(port=port, path=path)))

    return answer


def drips(before: bytes, drop: bytes) -> Answer:
    """One drop after the other, for as long as anybody listens."""

    def answer(connection: socket.socket, _: str) -> None:
        connection.sendall(before)
        while True:
            connection.sendall(drop)
            time.sleep(0.05)

    return answer


def floods(before: bytes, piece: bytes) -> Answer:
    def answer(connection: socket.socket, _: str) -> None:
        connection.sendall(before)
        while True:
            connection.sendall(piece)

    return answer


def silent(connection: socket.socket, _: str) -> None:
    connection.recv(1)


def resets(connection: socket.socket, _: str) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def breaks_off(connection: socket.socket, _: str) -> None:
    connection.sendall(http(rss(), length=5000)[:150])
    resets(connection, _)


def chain(connection: socket.socket, path: str) -> None:
    """/chain → /chain/1 → /chain/2 → /chain/3, which answers."""
    step = path.count("/x")
    whole = http(rss()) if step == 3 else http(status="301 Moved Permanently", Location=f"{path}/x")
    connection.sendall(whole)


def _layers(body: bytes, count: int) -> bytes:
    for _ in range(count):
        body = gzip.compress(body)
    return body


_ZEROS = b"0" * 20_000_000
_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ja">'
    + "".join(f'<!ENTITY {n} "{f"&{m};" * 10}">' for m, n in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
_LATIN = rss(item("Años de plomo en Asunción"))
_LATIN_HEAD = _LATIN.replace("UTF-8", "ISO-8859-1")
_ONE = ("Hallan armas",)
_PACKED = gzip.compress(rss().encode())

#: every kind of misbehaviour by name
TABLE: dict[str, Misbehaviour] = {
    # time and size
    "slow loris in the headers": Misbehaviour(drips(b"HTTP/1.1 200 OK\r\n", b"X"), Failure(Kind.TIMEOUT)),
    "slow loris in the body": Misbehaviour(drips(http(length=99_999), b"x"), Failure(Kind.TIMEOUT)),
    "accepts and never answers": Misbehaviour(silent, Failure(Kind.TIMEOUT)),
    "endless body": Misbehaviour(floods(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65_536), Failure(Kind.TOO_LARGE)),
    "endless chunks": Misbehaviour(
        floods(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"400\r\n" + b"x" * 1024 + b"\r\n"),
        Failure(Kind.TOO_LARGE),
    ),
    "endless headers": Misbehaviour(
        floods(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 1000), Failure(Kind.PROTOCOL)
    ),
    "endless error page": Misbehaviour(
        floods(b"HTTP/1.1 404 No\r\n\r\n", b"x" * 65_536), Failure(Kind.NOT_FOUND)
    ),
    "length too long": Misbehaviour(says(http(rss(), length=5000)), Failure(Kind.PROTOCOL)),
    "length too short": Misbehaviour(
        says(http(rss(item(), item("Cortada", "https://x.example/2")), length=180)), Feed(_ONE, "recovery")
    ),
    # packing
    "gzip bomb": Misbehaviour(
        serves(gzip.compress(_ZEROS), Content_Encoding="gzip"), Failure(Kind.TOO_LARGE)
    ),
    "brotli bomb": Misbehaviour(
        serves(brotli.compress(_ZEROS, quality=1), Content_Encoding="br"), Failure(Kind.TOO_LARGE)
    ),
    "zstd bomb": Misbehaviour(
        serves(zstandard.compress(_ZEROS), Content_Encoding="zstd"), Failure(Kind.TOO_LARGE)
    ),
    "packed ten times": Misbehaviour(
        serves(_layers(b"x", 10), Content_Encoding=", ".join(["gzip"] * 10)), Failure(Kind.ENCODING)
    ),
    "truncated gzip": Misbehaviour(serves(_PACKED[:-12], Content_Encoding="gzip"), Failure(Kind.ENCODING)),
    "damaged gzip": Misbehaviour(
        serves(_PACKED[:20] + b"\xff" * 20 + _PACKED[40:], Content_Encoding="gzip"), Failure(Kind.ENCODING)
    ),
    "gzip declared, plain sent": Misbehaviour(serves(rss(), Content_Encoding="gzip"), Feed(_ONE)),
    "deflate without its header": Misbehaviour(
        serves(zlib.compress(rss().encode(), wbits=-15), Content_Encoding="deflate"), Feed(_ONE)
    ),
    "unknown packing": Misbehaviour(serves(rss(), Content_Encoding="lzma"), Failure(Kind.ENCODING)),
    # redirects
    "redirect loop": Misbehaviour(redirects("{path}"), Failure(Kind.REDIRECTS)),
    "redirects without end": Misbehaviour(redirects("{path}x"), Failure(Kind.REDIRECTS)),
    "301 chain": Misbehaviour(chain, Feed(_ONE, redirects=3)),
    "redirect to 127.0.0.1": Misbehaviour(redirects("http://127.0.0.1:1/"), Failure(Kind.FORBIDDEN_ADDRESS)),
    "redirect to a cloud's metadata": Misbehaviour(
        redirects("http://169.254.169.254/latest/"), Failure(Kind.FORBIDDEN_ADDRESS)
    ),
    "redirect to a file": Misbehaviour(redirects("file:///etc/passwd"), Failure(Kind.FORBIDDEN_ADDRESS)),
    "redirect to nowhere": Misbehaviour(says(http(status="302 Found")), Failure(Kind.REDIRECTS)),
    "redirect to what is no address": Misbehaviour(redirects("http://[half/"), Failure(Kind.REDIRECTS)),
    # status
    "304 that nobody asked for": Misbehaviour(says(http(status="304 Not Modified")), Failure(Kind.PROTOCOL)),
    "304 without ETag": Misbehaviour(says(http(status="304 Not Modified")), NotModified(), etag='"1"'),
    "ETag that lies": Misbehaviour(serves(rss(), ETag='"1"'), Feed(_ONE), etag='"1"'),
    "401": Misbehaviour(says(http(status="401 Unauthorized")), Failure(Kind.BLOCKED)),
    "403": Misbehaviour(says(http(status="403 Forbidden")), Failure(Kind.BLOCKED)),
    "404": Misbehaviour(says(http(status="404 Not Found")), Failure(Kind.NOT_FOUND)),
    "410": Misbehaviour(says(http(status="410 Gone")), Failure(Kind.GONE)),
    "418": Misbehaviour(says(http(status="418 I'm a teapot")), Failure(Kind.CLIENT)),
    "429 with seconds": Misbehaviour(
        says(http(status="429 Too Many Requests", Retry_After="120")), Failure(Kind.RATE_LIMITED, 120.0)
    ),
    "429 with a date": Misbehaviour(
        says(http(status="429 Too Many Requests", Retry_After="Sun, 22 Nov 2026 12:10:00 GMT")),
        Failure(Kind.RATE_LIMITED, 600.0),
    ),
    "503 storm": Misbehaviour(
        says(http(status="503 Service Unavailable", Retry_After="soon")), Failure(Kind.SERVER)
    ),
    "503 with a challenge": Misbehaviour(
        says(http(status="503 Service Unavailable", CF_Mitigated="challenge")), Failure(Kind.BLOCKED)
    ),
    "203 by a proxy": Misbehaviour(says(http(rss(), status="203 Non-Authoritative Information")), Feed(_ONE)),
    "redirect to a broken name": Misbehaviour(redirects("http://xn--/"), Failure(Kind.FORBIDDEN_ADDRESS)),
    "204 without content": Misbehaviour(says(b"HTTP/1.1 204 No Content\r\n\r\n"), Failure(Kind.PROTOCOL)),
    # connection
    "connection reset": Misbehaviour(resets, Failure(Kind.RESET)),
    "closes without a word": Misbehaviour(lambda *_: None, Failure(Kind.RESET)),
    "reset in the body": Misbehaviour(breaks_off, Failure(Kind.RESET)),
    "another protocol": Misbehaviour(says(b"SSH-2.0-OpenSSH_9.2\r\n\0\0\r\n\r\n"), Failure(Kind.PROTOCOL)),
    "TLS failure": Misbehaviour(says(b"plain"), Failure(Kind.TLS), url="https://127.0.0.1:{port}/"),
    "DNS failure": Misbehaviour(silent, Failure(Kind.DNS), url="http://nobody.invalid/"),
    "nobody listens": Misbehaviour(silent, Failure(Kind.CONNECT), url="http://127.0.0.1:{closed}/"),
    # content
    "200 with HTML": Misbehaviour(serves("<!doctype html><html><body>Portada</body></html>"), NoFeed("html")),
    "200 without anything": Misbehaviour(serves(""), NoFeed("empty")),
    "billion laughs": Misbehaviour(serves(rss(item("&i;"), head=_LAUGHS)), NoFeed("entities")),
    "latin-1 declared as UTF-8": Misbehaviour(
        serves(_LATIN.encode("latin-1")), Feed(("Años de plomo en Asunción",), "Windows-1252")
    ),
    "UTF-8 declared as latin-1": Misbehaviour(
        serves(_LATIN_HEAD.encode()), Feed(("Años de plomo en Asunción",), "but it is UTF-8")
    ),
    "byte order mark": Misbehaviour(serves(b"\xef\xbb\xbf" + rss().encode()), Feed(_ONE)),
    "white space before XML": Misbehaviour(serves("\r\n \n" + rss()), Feed(_ONE)),
    "warning before XML": Misbehaviour(
        serves("<br />Warning: x on line 3<br />" + rss()), Feed(_ONE, "before")
    ),
    "CDATA": Misbehaviour(
        serves(rss(item("<![CDATA[Hallan armas & <b>drogas</b>]]>"))), Feed(("Hallan armas & drogas",))
    ),
    "escaped twice": Misbehaviour(
        serves(rss(item("Hallan &amp;quot;armas&amp;quot;"))), Feed(('Hallan "armas"',))
    ),
    "future dates": Misbehaviour(
        serves(rss(item(extra="<pubDate>Sun, 22 Nov 2099 12:00:00 GMT</pubDate>"))),
        Feed(_ONE, "future dates"),
    ),
    "duplicate GUIDs": Misbehaviour(
        serves(rss(item(extra="<guid>1</guid>"), item(extra="<guid>1</guid>"))), Feed(_ONE, "given twice")
    ),
    "GUID reuse": Misbehaviour(
        serves(rss(item(extra="<guid>1</guid>"), item("Otra", "https://x.example/2", "<guid>1</guid>"))),
        Feed(("Hallan armas", "Otra")),
    ),
    "missing end tags": Misbehaviour(
        serves(rss("<item><title>Hallan armas<link>https://x.example/1</link>")), Feed(_ONE, "recovery")
    ),
}


class Server:
    """Answers ``/<number of the misbehaviour in the table>`` accordingly; one thread for each connection."""

    def __init__(self, answers: list[Answer]) -> None:
        self._answers = answers
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._socket.getsockname()[1]
        self.requests: list[bytes] = []

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:  # closed: the tests are over
                return
            threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def _converse(self, connection: socket.socket) -> None:
        with connection, suppress(OSError, ValueError, IndexError):
            connection.settimeout(5)
            request = connection.recv(65_536)
            self.requests.append(request)
            path = request.split(b" ")[1].decode() if request.startswith(b"GET") else "/0"
            self._answers[int(path.strip("/").split("/")[0].rstrip("x") or 0)](connection, path)

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@contextmanager
def serving(answers: list[Answer]) -> Iterator[Server]:
    """A server for these answers, by number."""
    server = Server(answers)
    thread: Any = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join()
