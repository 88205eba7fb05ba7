"""A server for the tests, and the answers it gives: well and ill behaved ones."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

Answer = Callable[[socket.socket, str], None]


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


def drips(before: bytes, drop: bytes, pause: float = 0.05) -> Answer:
    """One drop after the other, for as long as anybody listens.

    :param pause: seconds between two.
    """

    def answer(connection: socket.socket, _: str) -> None:
        connection.sendall(before)
        while True:
            connection.sendall(drop)
            time.sleep(pause)

    return answer


def floods(before: bytes, piece: bytes) -> Answer:
    """The same without a pause."""
    return drips(before, piece, pause=0)


def wants_another_cookie(connection: socket.socket, path: str) -> None:
    connection.sendall(http(status="302 Found", Location=path, Set_Cookie=f"seen={time.monotonic()}"))


def to_an_unquoted_place(connection: socket.socket, path: str) -> None:
    inside = "/" in path.strip("/")
    connection.sendall(http(rss()) if inside else http(status="302 Found", Location=f"{path}/un año.xml"))


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
