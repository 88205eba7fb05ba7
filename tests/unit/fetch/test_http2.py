"""HTTP/2 over TLS against a server made of the h2 library. The key in tests/data is for these tests only."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import pytest

from monitor.model import FetchedPage, FetchFailure, FetchFailureKind, FetchRequest
from monitor.steps.fetch import HttpFetcher

PEM = Path(__file__).parents[2] / "data" / "fetch" / "localhost.pem"


class Server:
    """Answers /small, /large, /reset, and with a goodbye /last, /half and /goaway."""

    def __init__(self) -> None:
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(PEM)
        self.context.set_alpn_protocols(["h2"])
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.connections = 0

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                plain, _ = self.socket.accept()
                self.connections += 1
                threading.Thread(target=self._converse, args=(plain,), daemon=True).start()

    def _converse(self, plain: socket.socket) -> None:
        with (
            suppress(OSError, h2.exceptions.ProtocolError),
            self.context.wrap_socket(plain, server_side=True) as stream,
        ):
            http = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
            http.initiate_connection()
            stream.sendall(http.data_to_send())
            while data := stream.recv(65_536):
                for event in http.receive_data(data):
                    if isinstance(event, h2.events.RequestReceived):
                        self._answer(http, event)
                stream.sendall(http.data_to_send())

    def _answer(self, http: h2.connection.H2Connection, event: h2.events.RequestReceived) -> None:
        path = dict(event.headers)[b":path"].decode()
        if path == "/reset":
            http.reset_stream(event.stream_id)
            return
        if path == "/goaway":
            http.close_connection(last_stream_id=0)
            return
        http.send_headers(
            event.stream_id, [(":status", "200"), ("etag", '"1"'), ("content-type", "text/plain")]
        )
        http.send_data(
            event.stream_id,
            b"x" * (16_000 if path == "/large" else 10),
            end_stream=path not in {"/large", "/half"},
        )
        if path in {"/last", "/half"}:
            http.close_connection(last_stream_id=event.stream_id)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("SSL_CERT_FILE", str(PEM))
    running = Server()
    thread = threading.Thread(target=running.serve, daemon=True)
    thread.start()
    yield running
    running.socket.shutdown(socket.SHUT_RDWR)
    running.socket.close()
    thread.join()


@pytest.fixture
def fetcher(server: Server) -> Iterator[HttpFetcher]:
    with HttpFetcher("monitor/0.1", allow_private=["127.0.0.0/8"], respect_robots=False) as made:
        yield made


def _get(fetcher: HttpFetcher, server: Server, path: str) -> FetchedPage | FetchFailure:
    return fetcher.fetch(FetchRequest(f"https://localhost:{server.port}{path}", deadline=2.0, max_bytes=1000))


def test_pages_come_over_one_http2_connection(server: Server, fetcher: HttpFetcher) -> None:
    pages = [_get(fetcher, server, "/small") for _ in range(3)]
    assert [page.body for page in pages if isinstance(page, FetchedPage)] == [b"x" * 10] * 3
    assert server.connections == 1


def test_a_body_cut_off_does_not_block_the_next_page(server: Server, fetcher: HttpFetcher) -> None:
    for _ in range(6):  # more than one flow-control window of what nobody reads
        large = _get(fetcher, server, "/large")
        assert isinstance(large, FetchFailure)
        assert large.kind is FetchFailureKind.TOO_LARGE
    assert isinstance(_get(fetcher, server, "/small"), FetchedPage)


def test_a_stream_that_the_server_resets_is_a_protocol_failure(server: Server, fetcher: HttpFetcher) -> None:
    result = _get(fetcher, server, "/reset")
    assert isinstance(result, FetchFailure)
    assert result.kind is FetchFailureKind.PROTOCOL


def test_a_server_that_says_goodbye_costs_no_page_but_the_one_it_breaks(
    server: Server, fetcher: HttpFetcher
) -> None:
    results = [_get(fetcher, server, path) for path in ("/last", "/small", "/half", "/goaway", "/small")]
    kinds = [result.kind if isinstance(result, FetchFailure) else None for result in results]
    assert kinds == [None, None, FetchFailureKind.PROTOCOL, FetchFailureKind.PROTOCOL, None]


def test_a_certificate_that_nobody_vouches_for_is_refused(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with HttpFetcher("monitor/0.1", allow_private=["localhost"], respect_robots=False) as strict:
        result = _get(strict, server, "/small")
    assert isinstance(result, FetchFailure)
    assert result.kind is FetchFailureKind.TLS
