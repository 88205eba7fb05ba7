"""``/healthz``: the process is alive; ``/readyz``: it can work; ``/metrics``: figures; ``/feeds``: alerts."""

import threading
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

import structlog
from prometheus_client import CONTENT_TYPE_LATEST

from monitor.errors import MonitorError, SettingsError
from monitor.web.documents import Document

log = structlog.get_logger(__name__)

PLAIN = "text/plain; charset=utf-8"
#: what is shown runs nothing and loads nothing, its address (which holds the token) goes to nobody
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class HealthServer:
    """Answers on one port while a ``with`` block lasts.

    :param host: "" for nowhere.
    :param port: 0 for any free one.
    :param ready: raises MonitorError with the reason while the process cannot work.
    :param alive: says that the process does what it is for.
    :param readers: each gives the document at a path, None where it has none.
    """

    def __init__(
        self,
        host: str,
        port: int,
        metrics: Callable[[], bytes],
        ready: Callable[[], object],
        alive: Callable[[], bool] = lambda: True,
        readers: Sequence[Callable[[str], Document | None]] = (),
    ) -> None:
        self._host, self._port, self._readers = host, port, readers
        self._answers: dict[str, Callable[[], tuple[int, bytes, str]]] = {
            "/healthz": lambda: (200, b"ok\n", PLAIN) if alive() else (503, b"stuck\n", PLAIN),
            "/readyz": lambda: (ready(), (200, b"ok\n", PLAIN))[1],
            "/metrics": lambda: (200, metrics(), CONTENT_TYPE_LATEST),
        }
        self._server: ThreadingHTTPServer | None = None

    def _answer(self, path: str) -> tuple[int, bytes, str]:
        if path in self._answers:
            return self._answers[path]()
        found = next(filter(None, (read(path) for read in self._readers)), None)
        return (200, *found) if found else (404, b"not here\n", PLAIN)

    @property
    def port(self) -> int:
        """Where it listens, 0 for nowhere."""
        return int(self._server.server_address[1]) if self._server else 0

    def __enter__(self) -> Self:
        """Begin to answer.

        :raises SettingsError: when the port cannot be had.
        """
        if not self._host:
            return self
        try:
            self._server = ThreadingHTTPServer((self._host, self._port), _handler(self._answer))
        except OSError as error:
            place = f"{self._host}:{self._port}"
            raise SettingsError(
                f"cannot listen on {place}: {error.strerror}; choose another with MONITOR_HEALTH_PORT, "
                "or set MONITOR_HEALTH_HOST to nothing"
            ) from error
        threading.Thread(target=self._server.serve_forever, name="health", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the port."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()


def _handler(answer: Callable[[str], tuple[int, bytes, str]]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One request."""

        #: a client that says nothing is let go
        timeout = 10

        def do_GET(self) -> None:
            """Answer, or say why not."""
            try:
                status, body, form = answer(self.path)
            except MonitorError as error:
                status, body, form = 503, f"{error}\n".encode(), PLAIN
            except Exception as error:  # a figure that cannot be read must not end the service
                # only the beginning of the path: a token may stand in the rest
                log.error("health", status="broke", page=self.path.split("/")[1:2], exc_info=error)
                status, body, form = 500, b"broken; see the log\n", PLAIN
            self.send_response(status)
            self.send_header("Content-Type", form)
            self.send_header("Content-Length", str(len(body)))
            for name, value in _HEADERS.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing of each request."""

    return Handler
