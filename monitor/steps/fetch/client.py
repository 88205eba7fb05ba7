"""The fetcher: one address in, a page or a classified failure out."""

import base64
import threading
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Self

import httpcore
import httpx

from monitor.errors import SettingsError
from monitor.model import FetchedPage, FetchFailure, FetchFailureKind, FetchRequest
from monitor.steps.fetch import answers
from monitor.steps.fetch.addresses import AddressRules
from monitor.steps.fetch.answers import Answer
from monitor.steps.fetch.decoding import bounded, cut, decoded, unpacked
from monitor.steps.fetch.failures import Failed, converted
from monitor.steps.fetch.journey import Journey, bare, origin, parsed
from monitor.steps.fetch.network import CheckedBackend, Connections, Exchange
from monitor.steps.fetch.rerouting import Gateway
from monitor.steps.fetch.robots import MOST_BYTES, Robots
from monitor.steps.fetch.turns import Turns

#: RFC 9309, 2.3.1.2 asks for five for robots.txt; browsers give up after twenty
MOST_REDIRECTS = 10
_ROBOTS_SECONDS = 10.0
_DRAINED = 65_536
_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
    "text/html;q=0.9, */*;q=0.8"
)


class HttpFetcher:
    """Gets addresses over HTTP/1.1 and HTTP/2; safe to call from many threads; implements ``ports.Fetcher``.

    :param user_agent: ASCII, with a contact; robots.txt is read for its first word before the slash.
    :param gateway: reroutes every fetch, ``http://127.0.0.1:9000/{url}``; "" for none.
    :param allow_private: names, addresses (with or without ``:port``) or networks, allowed though private.
    :param connections: most exchanges at a time.
    :param per_host: most exchanges with one host at a time.
    :param patience: longest wait in seconds for a turn at a busy or slow-spaced host; see ``Turns``.
    :raises SettingsError: where an argument cannot be used.
    """

    def __init__(  # noqa: PLR0913  (the keyword-only ones are seams for tests)
        self,
        user_agent: str,
        gateway: str = "",
        allow_private: Collection[str] = (),
        connections: int = 16,
        per_host: int = 2,
        respect_robots: bool = True,
        *,
        patience: float = 300.0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        if not user_agent.strip() or not user_agent.isascii() or not user_agent.isprintable():
            raise SettingsError("the User-Agent must be printable ASCII")
        self._agent, self._clock = user_agent.encode("ascii"), clock
        self._gateway = Gateway(gateway)
        self._robots = Robots(user_agent.partition("/")[0].split(maxsplit=1)[0]) if respect_robots else None
        self._turns, self._slots = Turns(per_host, patience), threading.Semaphore(connections)
        self._exchange = Exchange()
        rules = AddressRules([*allow_private, *([self._gateway.place] if self._gateway else [])])
        self._connections = Connections(CheckedBackend(rules, self._exchange))

    def fetch(self, request: FetchRequest) -> FetchedPage | FetchFailure:
        """One address with its redirects; every failure is a value.

        ``redirects`` of the result holds (status, address it led to) of each redirect followed.
        """
        hops: list[tuple[int, str]] = []
        try:
            return replace(self._page(request, hops), redirects=tuple(hops))
        except Failed as failed:
            return FetchFailure(
                request.url, failed.kind, failed.reason, failed.status, failed.retry_after, tuple(hops)
            )

    def close(self) -> None:
        """Close all connections."""
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _page(self, request: FetchRequest, hops: list[tuple[int, str]]) -> FetchedPage:
        url = parsed(request.url)
        credentials = base64.b64encode(url.userinfo) if url.userinfo else b""
        journey = Journey(request, bare(url), request.deadline, hops, credentials)
        answer = self._travel(journey)
        return answers.page(answer, request, str(journey.url), self._clock())

    def _travel(self, journey: Journey) -> Answer:
        """The answer at the end of the redirects."""
        home, seen = origin(journey.url), {(str(journey.url), "")}
        while True:
            spacing = self._allowed(journey)
            headers = self._headers(journey, trusted=origin(journey.url) == home)
            answer = self._ask(journey, headers, spacing, journey.request.max_bytes)
            if answer.status not in answers.REDIRECTS:
                return answer
            journey.remember(answer)
            self._follow(journey, answer)
            if (str(journey.url), journey.cookie()) in seen or len(journey.hops) > MOST_REDIRECTS:
                raise Failed(
                    FetchFailureKind.REDIRECTS, f"redirects in a circle or more than {MOST_REDIRECTS} times"
                )
            seen.add((str(journey.url), journey.cookie()))

    def _follow(self, journey: Journey, answer: Answer) -> None:
        location = answer.header("location").strip()
        if not location:
            raise Failed(
                FetchFailureKind.REDIRECTS,
                f"answered {answer.status} without saying where to go",
                answer.status,
            )
        asked = self._gateway.address(str(journey.url), journey.request.as_of)
        try:
            target = self._gateway.original(location, str(journey.url), asked)
        except ValueError as error:
            raise Failed(
                FetchFailureKind.REDIRECTS, f"redirects to what is no address: {location[:80]!r}"
            ) from error
        journey.url = bare(parsed(target))
        journey.hops.append((answer.status, str(journey.url)))

    def _allowed(self, journey: Journey) -> float:
        """Seconds between requests as the origin's robots.txt asks.

        :raises Failed: where it does not allow the address or cannot be read.
        """
        if self._robots is None:
            return 0.0
        return self._robots.spacing(origin(journey.url), str(journey.url), lambda: self._robots_txt(journey))

    def _robots_txt(self, journey: Journey) -> Answer:
        url = parsed(f"{origin(journey.url)}/robots.txt")
        side = Journey(
            FetchRequest(str(url), as_of=journey.request.as_of), url, min(journey.left, _ROBOTS_SECONDS), []
        )
        began = side.left
        try:
            while True:
                answer = self._ask(side, self._headers(side), 0.0, -MOST_BYTES)
                if answer.status not in answers.REDIRECTS or len(side.hops) >= MOST_REDIRECTS:
                    return answer
                self._follow(side, answer)
        finally:
            journey.left -= began - side.left

    def _headers(self, journey: Journey, trusted: bool = False) -> list[tuple[bytes, bytes]]:
        request = journey.request
        headers = [
            (b"User-Agent", self._agent),
            (b"Accept", _ACCEPT.encode()),
            (b"Accept-Encoding", b"gzip, deflate, br, zstd"),
            (b"Accept-Language", b"es, pt;q=0.9, en;q=0.5"),
        ]
        conditions = ((b"If-None-Match", request.etag), (b"If-Modified-Since", request.last_modified))
        # A validator comes from a server: one that is not plain ASCII could smuggle in a header
        headers += [
            (name, value.encode())
            for name, value in conditions
            if value.isascii() and value.isprintable() and value
        ]
        if cookie := journey.cookie():
            headers.append((b"Cookie", cookie.encode()))
        if trusted and journey.credentials:
            headers.append((b"Authorization", b"Basic " + journey.credentials))
        return headers

    def _ask(self, journey: Journey, headers: list[tuple[bytes, bytes]], spacing: float, most: int) -> Answer:
        """One exchange, in turn; its time is taken off the journey's."""
        with self._turns.turn(journey.url.netloc.decode(), spacing), self._slots:
            began = time.monotonic()
            try:
                return self._exchanged(journey, headers, most)
            finally:
                journey.left -= time.monotonic() - began

    def _exchanged(self, journey: Journey, headers: list[tuple[bytes, bytes]], most: int) -> Answer:
        url = parsed(self._gateway.address(str(journey.url), journey.request.as_of))
        self._exchange.begin(journey.left)
        try:
            return self._once(url, headers, most)
        except Failed as failed:
            # A kept connection may have been closed under us; that says nothing about the address
            if self._exchange.opened or failed.kind not in {
                FetchFailureKind.RESET,
                FetchFailureKind.PROTOCOL,
            }:
                raise
        return self._once(url, headers, most)

    def _once(self, url: httpx.URL, headers: list[tuple[bytes, bytes]], most: int) -> Answer:
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        sent = httpcore.Request("GET", target, headers=[(b"Host", url.netloc), *headers])
        with converted(url.host), self._connections.exchange(sent) as response:
            return _read(response, most)


def _read(response: httpcore.Response, most: int) -> Answer:
    """The answer with its body; a negative ``most`` cuts the body there instead of failing."""
    headers = {name.decode("latin-1").lower(): _header(value) for name, value in response.headers}
    cookies = tuple(_header(value) for name, value in response.headers if name.lower() == b"set-cookie")
    packing = headers.get("content-encoding", "")
    if response.status not in answers.WITH_BODY:
        # A short error page comes off the connection whole, so that it can be used again; a long one does not
        drained = cut(_chunks(response), _DRAINED + 1)
        return Answer(response.status, headers, unpacked(iter([drained]), packing, _DRAINED), cookies)
    pieces = decoded(_chunks(response), packing)
    body = bounded(pieces, most) if most > 0 else cut(pieces, -most)
    return Answer(response.status, headers, body)


def _chunks(response: httpcore.Response) -> Iterator[bytes]:
    yield from response.iter_stream()


def _header(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
