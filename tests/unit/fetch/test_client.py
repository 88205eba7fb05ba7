"""The fetcher as a whole, against a real server on the loopback interface."""

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from monitor.errors import SettingsError
from monitor.model import FetchedPage, FetchFailure, FetchFailureKind, FetchRequest
from monitor.steps.fetch import HttpFetcher
from tests.unit.fetch.answering import Answer, Server, http, redirects, serves, serving

AGENT = "monitor/0.1 (+mailto:desk@example.org)"


class Site:
    """Answers by path, counts what is asked, keeps connections open where told to."""

    def __init__(self, **answers: Answer) -> None:
        self.answers = answers

    def __call__(self, connection: socket.socket, path: str) -> None:
        name = path.strip("/").replace(".", "_").split("?")[0]
        self.answers.get(name, serves("not here", status="404 Not Found"))(connection, path)


class SiteServer(Server):
    """One ``Site`` for every path; a kept connection is closed after ``lasts`` requests."""

    def __init__(self, site: Site, lasts: int = 1) -> None:
        super().__init__([])
        self.site, self.lasts, self.connections = site, lasts, 0

    def _converse(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(5)
            self.connections += 1
            for _ in range(self.lasts):
                request = connection.recv(65_536)
                if not request:
                    return
                self.requests.append(request)
                self.site(connection, request.split(b" ")[1].decode())


@pytest.fixture
def start() -> Iterator[object]:
    running: list[tuple[SiteServer, threading.Thread]] = []

    def begin(lasts: int = 1, **answers: Answer) -> SiteServer:
        server = SiteServer(Site(**answers), lasts)
        thread = threading.Thread(target=server.serve, daemon=True)
        thread.start()
        running.append((server, thread))
        return server

    yield begin
    for server, thread in running:
        server.close()
        thread.join()


def _fetcher(*servers: Server, robots: bool = False, **more: object) -> HttpFetcher:
    allowed = [f"127.0.0.1:{server.port}" for server in servers]
    return HttpFetcher(AGENT, allow_private=allowed, respect_robots=robots, **more)  # type: ignore[arg-type]


def _get(
    fetcher: HttpFetcher, server: Server, path: str = "/page", **more: str
) -> FetchedPage | FetchFailure:
    return fetcher.fetch(FetchRequest(f"http://127.0.0.1:{server.port}{path}", deadline=2.0, **more))  # type: ignore[arg-type]


def _failed(result: FetchedPage | FetchFailure) -> FetchFailureKind:
    assert isinstance(result, FetchFailure), result
    return result.kind


def test_a_page_comes_with_everything_its_headers_say(start) -> None:
    server = start(
        page=serves("hola", ETag='"7"', Last_Modified="Sun, 22 Nov 2026 10:00:00 GMT",
                    Content_Type="text/html", Cache_Control='private, max-age="300"')
    )  # fmt: skip
    with _fetcher(server) as fetcher:
        page = _get(fetcher, server)
    assert page == FetchedPage(
        url=f"http://127.0.0.1:{server.port}/page",
        final_url=f"http://127.0.0.1:{server.port}/page",
        status=200,
        body=b"hola",
        content_type="text/html",
        etag='"7"',
        last_modified="Sun, 22 Nov 2026 10:00:00 GMT",
        max_age=300,
    )  # fmt: skip


def test_a_request_names_us_and_asks_conditionally(start) -> None:
    server = start(page=serves("hola"))
    with _fetcher(server) as fetcher:
        _get(fetcher, server, etag='W/"ä\r\nX: 1"', last_modified="yesterday")
    sent = server.requests[0].decode()
    assert f"User-Agent: {AGENT}\r\n" in sent
    assert f"Host: 127.0.0.1:{server.port}\r\n" in sent
    assert "If-Modified-Since: yesterday\r\n" in sent
    assert "If-None-Match" not in sent  # it would have smuggled in a header
    assert "Cookie" not in sent


def test_a_header_that_is_neither_ascii_nor_utf8_is_read_as_latin_1(start) -> None:
    raw = http("x", ETag="?").replace(b"?", "ñ".encode("latin-1"))
    server = start(page=lambda connection, _: connection.sendall(raw))
    with _fetcher(server) as fetcher:
        page = _get(fetcher, server)
    assert isinstance(page, FetchedPage)
    assert page.etag == "ñ"


def test_redirects_are_told_with_status_and_address(start) -> None:
    server = start(page=redirects("/moved?a=1#part", "301 Moved"), moved=serves("hola"))
    with _fetcher(server) as fetcher:
        page = _get(fetcher, server)
    target = f"http://127.0.0.1:{server.port}/moved?a=1"
    assert isinstance(page, FetchedPage)
    assert (page.final_url, page.redirects) == (target, ((301, target),))


def test_credentials_go_to_their_own_host_only(start) -> None:
    other = start(page=serves("hola"))
    server = start(page=redirects(f"http://127.0.0.1:{other.port}/page"))
    with _fetcher(server, other) as fetcher:
        page = fetcher.fetch(FetchRequest(f"http://user:secret@127.0.0.1:{server.port}/page"))
    assert isinstance(page, FetchedPage)
    assert "secret" not in page.final_url
    assert b"Authorization: Basic dXNlcjpzZWNyZXQ=" in server.requests[0]
    assert b"Authorization" not in other.requests[0]


def test_a_cookie_goes_back_to_its_own_host_only_and_is_forgotten_afterwards(start) -> None:
    other = start(page=serves("hola"))
    asked: list[SiteServer] = []
    away = redirects(f"http://127.0.0.1:{other.port}/page")
    circle = http(status="302 Found", Location="/page").replace(
        b"Connection",
        b"Set-Cookie: visto=1; Path=/\r\nSet-Cookie: n=\xc3\xb1\r\nSet-Cookie: b=2\r\nConnection",
    )

    def answer(connection: socket.socket, path: str) -> None:
        away(connection, path) if b"Cookie" in asked[0].requests[-1] else connection.sendall(circle)

    server = start(page=answer)
    asked.append(server)
    with _fetcher(server, other) as fetcher:
        pages = [_get(fetcher, server) for _ in range(2)]
    assert all(isinstance(page, FetchedPage) and page.body == b"hola" for page in pages)
    sent = [b"Cookie: visto=1; b=2\r\n" in request for request in server.requests]
    assert sent == [False, True, False, True]
    assert not any(b"Cookie" in request for request in other.requests)


def test_a_kept_connection_that_the_server_closed_is_replaced(start) -> None:
    kept = http("hola").replace(b"Connection: close\r\n", b"")

    def once(connection: socket.socket, path: str) -> None:
        # the second request on a connection finds it closed without an answer
        if len(server.requests) % 2:
            connection.sendall(kept)

    server = start(lasts=2, page=once)
    with _fetcher(server) as fetcher:
        assert isinstance(_get(fetcher, server), FetchedPage)
        assert isinstance(_get(fetcher, server), FetchedPage)
    assert len(server.requests) == 3


def test_a_connection_serves_again_and_of_too_many_the_longest_idle_one_is_closed(
    start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.steps.fetch.network.KEPT", 1)
    kept = http("hola").replace(b"Connection: close\r\n", b"")
    one, other = (start(lasts=3, page=lambda connection, _: connection.sendall(kept)) for _ in range(2))
    with _fetcher(one, other) as fetcher:
        for server in (one, one, other, other, one):
            assert isinstance(_get(fetcher, server), FetchedPage)
    assert (one.connections, other.connections) == (2, 1)


def test_what_robots_txt_forbids_is_not_fetched(start) -> None:
    server = start(robots_txt=serves("User-agent: monitor\nDisallow: /private\n"), page=serves("hola"))
    with _fetcher(server, robots=True) as fetcher:
        assert isinstance(_get(fetcher, server), FetchedPage)
        assert _failed(_get(fetcher, server, "/private/1")) is FetchFailureKind.ROBOTS
    assert len(server.requests) == 2  # robots.txt was asked for once


@pytest.mark.parametrize("status", ["403 Forbidden", "404 Not Found"])
def test_an_origin_that_refuses_its_robots_txt_may_be_fetched(start, status: str) -> None:
    server = start(robots_txt=serves("", status=status), page=serves("hola"))
    with _fetcher(server, robots=True) as fetcher:
        assert isinstance(_get(fetcher, server), FetchedPage)


@pytest.mark.parametrize(
    ("status", "kind"),
    [("503 Later", FetchFailureKind.SERVER), ("429 Slower", FetchFailureKind.RATE_LIMITED)],
)
def test_an_origin_whose_robots_txt_is_to_be_asked_later_may_not_be_fetched(
    start, status: str, kind: FetchFailureKind
) -> None:
    server = start(robots_txt=serves("", status=status, retry_after="900"), page=serves("hola"))
    with _fetcher(server, robots=True) as fetcher:
        first = _get(fetcher, server)
        assert (_failed(first), first.retry_after) == (kind, 900)
        assert _failed(_get(fetcher, server)) is kind
    assert len(server.requests) == 1  # and is not asked again at once


def test_robots_txt_is_read_at_the_end_of_its_redirects_and_only_so_far(start) -> None:
    rules = b"User-agent: *\nDisallow: /page\n" + b"#" * 600_000
    server = start(robots_txt=redirects("/rules"), rules=serves(rules), page=serves("hola"))
    with _fetcher(server, robots=True) as fetcher:
        assert _failed(_get(fetcher, server)) is FetchFailureKind.ROBOTS


def test_robots_txt_that_redirects_in_a_circle_is_none(start) -> None:
    server = start(robots_txt=redirects("/robots.txt"), page=serves("hola"))
    with _fetcher(server, robots=True) as fetcher:
        assert isinstance(_get(fetcher, server), FetchedPage)


def test_a_crawl_delay_is_kept_and_a_long_one_sends_us_away(start) -> None:
    server = start(robots_txt=serves("User-agent: *\nCrawl-delay: 30\n"), page=serves("hola"))
    with _fetcher(server, robots=True, patience=5.0) as fetcher:
        assert isinstance(_get(fetcher, server), FetchedPage)
        second = _get(fetcher, server)
    assert isinstance(second, FetchFailure)
    assert second.kind is FetchFailureKind.RATE_LIMITED
    assert 25 < (second.retry_after or 0) <= 30


@pytest.mark.parametrize(
    "address", ["ftp://x.example/", "nonsense", "http://", "http://x:y/", "http://xn--/", ""]
)
def test_what_is_no_http_address_is_refused(address: str) -> None:
    with HttpFetcher(AGENT) as fetcher:
        assert _failed(fetcher.fetch(FetchRequest(address))) is FetchFailureKind.FORBIDDEN_ADDRESS


@pytest.mark.parametrize("agent", ["", "  ", "Año/1", "a\r\nX: 1"])
def test_a_user_agent_that_would_not_pass_is_refused(agent: str) -> None:
    with pytest.raises(SettingsError):
        HttpFetcher(agent)


def test_a_gateway_answers_for_every_address_and_stays_invisible(start) -> None:
    def gateway(connection: socket.socket, path: str) -> None:
        leads = {"/20200102030405/https://diario.example/a?x=1": "/20200102030406id_/https:/diario.example/b"}
        place = leads.get(path)
        connection.sendall(http(status="302 Found", Location=place) if place else http(path))

    server = start()
    server.site = gateway
    asked = FetchRequest("https://diario.example/a?x=1", as_of=datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC))
    with HttpFetcher(
        AGENT, f"http://127.0.0.1:{server.port}/{{timestamp}}/{{url}}", respect_robots=False
    ) as fetcher:
        page = fetcher.fetch(asked)
    assert isinstance(page, FetchedPage)
    assert page.final_url == "https://diario.example/b"
    assert page.redirects == ((302, "https://diario.example/b"),)
    assert page.body == b"/20200102030405/https://diario.example/b"


def test_a_deadline_that_is_over_before_it_begins_is_a_timeout(start) -> None:
    server = start(page=serves("hola"))
    with _fetcher(server) as fetcher:
        late = fetcher.fetch(FetchRequest(f"http://127.0.0.1:{server.port}/page", deadline=0.0))
    assert _failed(late) is FetchFailureKind.TIMEOUT


def test_a_server_of_the_table_can_stand_alone() -> None:
    with serving([serves("hola")]) as server, _fetcher(server) as fetcher:
        assert isinstance(_get(fetcher, server, "/0"), FetchedPage)
