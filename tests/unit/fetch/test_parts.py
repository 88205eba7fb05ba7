"""The parts of the fetcher, each alone."""

import gzip
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime

import brotli
import httpcore
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import SettingsError
from monitor.model import FetchedPage, FetchFailureKind, FetchRequest
from monitor.steps.fetch import robots as robots_module
from monitor.steps.fetch.addresses import AddressRules
from monitor.steps.fetch.answers import LONGEST_WAIT, Answer, failure, max_age, page, retry_after
from monitor.steps.fetch.decoding import bounded, cut, decoded
from monitor.steps.fetch.failures import Failed, converted
from monitor.steps.fetch.network import CheckedBackend, Exchange, TimedStream
from monitor.steps.fetch.rerouting import Gateway
from monitor.steps.fetch.robots import Robots
from monitor.steps.fetch.turns import Turns

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TEXT = ("El jefe del cartel fue detenido. " * 9000).encode()


def _pieces(body: bytes, size: int = 7000):
    yield from (body[start : start + size] for start in range(0, len(body), size))


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("", TEXT),
        ("identity", TEXT),
        ("gzip", gzip.compress(TEXT)),
        ("x-gzip", gzip.compress(TEXT[:9]) + gzip.compress(TEXT[9:])),
        ("gzip", gzip.compress(TEXT) + b"\0\0\0padding"),
        ("gzip", TEXT),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", zlib.compress(TEXT, wbits=-15)),
        ("br", brotli.compress(TEXT)),
        ("zstd", zstandard.compress(TEXT)),
        ("zstd", zstandard.compress(TEXT[:9]) + zstandard.compress(TEXT[9:])),
        ("br, gzip", gzip.compress(brotli.compress(TEXT))),
    ],
    ids=range(12),  # the bytes hold the time, and every worker must know a case by the same name
)
def test_every_packing_is_taken_off(encoding: str, packed: bytes) -> None:
    assert bounded(decoded(_pieces(packed), encoding), len(TEXT)) == TEXT


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", ""])
def test_an_empty_body_is_empty_however_it_is_packed(encoding: str) -> None:
    assert bounded(decoded(iter([b""]), encoding), 10) == b""


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("br", brotli.compress),
        ("zstd", zstandard.compress),
    ],
)
def test_a_packed_body_that_breaks_off_is_an_encoding_failure(encoding: str, pack) -> None:
    with pytest.raises(Failed) as caught:
        bounded(decoded(_pieces(pack(TEXT)[:-5], 50), encoding), len(TEXT))
    assert caught.value.kind is FetchFailureKind.ENCODING


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br", "zstd", "gzip, br", "x"]))
def test_any_bytes_unpack_or_fail_as_a_value(body: bytes, encoding: str) -> None:
    kinds = {None, FetchFailureKind.ENCODING, FetchFailureKind.TOO_LARGE}
    kind = None
    try:
        bounded(decoded(_pieces(body, 11), encoding), 10_000)
    except Failed as failed:
        kind = failed.kind
    assert kind in kinds


def test_a_body_can_be_cut_instead() -> None:
    assert cut(_pieces(TEXT), 10) == TEXT[:10]
    assert cut(_pieces(b"abc"), 10) == b"abc"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("9" * 30, LONGEST_WAIT),
        ("Sun, 22 Nov 2026 12:10:00 GMT", 600.0),
        ("Sun, 22 Nov 2026 12:10:00 -0000", 600.0),
        ("Sun, 22 Nov 2020 12:10:00 GMT", 0.0),
        ("Sun, 22 Nov 2099 12:10:00 GMT", LONGEST_WAIT),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("٣", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(value: str, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("max-age=60", 60),
        ("no-cache, Max-Age=60", 60),
        ("max-age=x", 0),
        ("", 0),
        ("max-age=" + "9" * 40, LONGEST_WAIT),
    ],
)
def test_max_age_is_read_from_cache_control(header: str, seconds: int) -> None:
    assert max_age(Answer(200, {"cache-control": header}, b""), NOW) == seconds


def test_a_304_keeps_the_validators_that_were_sent() -> None:
    got = page(
        Answer(304, {}, b""), FetchRequest("http://x/", etag='"1"', last_modified="today"), "http://x/", NOW
    )
    assert got == FetchedPage("http://x/", "http://x/", 304, b"", etag='"1"', last_modified="today")


@pytest.mark.parametrize(
    ("status", "headers", "kind"),
    [
        (202, {"x-amzn-waf-action": "challenge"}, FetchFailureKind.BLOCKED),
        (206, {}, FetchFailureKind.PROTOCOL),
        (300, {}, FetchFailureKind.PROTOCOL),
        (451, {}, FetchFailureKind.BLOCKED),
        (400, {}, FetchFailureKind.CLIENT),
        (520, {}, FetchFailureKind.SERVER),
        (600, {}, FetchFailureKind.PROTOCOL),
    ],
)
def test_a_status_is_the_failure_it_means(
    status: int, headers: dict[str, str], kind: FetchFailureKind
) -> None:
    assert failure(Answer(status, headers, b""), NOW).kind is kind


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><html>" + b"Hallan armas. " * 5000 + b"px-captcha</html>",  # as long as an article
        b'<!doctype html><script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>Hallan armas',
        b"<rss><channel><item><title>Incapsula incident ID</title></item></channel></rss>",
    ],
)
def test_a_page_that_only_mentions_a_guard_is_no_challenge(body: bytes) -> None:
    assert page(Answer(200, {}, body), FetchRequest("http://x/"), "http://x/", NOW).body == body


def _chained(outer: Exception, inner: Exception) -> Exception:
    outer.__cause__ = inner
    return outer


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpcore.ReadTimeout("x"), FetchFailureKind.TIMEOUT),
        (_chained(httpcore.ConnectError("x"), ssl.SSLError("bad")), FetchFailureKind.TLS),
        (_chained(httpcore.ConnectError("x"), socket.gaierror("bad")), FetchFailureKind.DNS),
        (httpcore.ConnectError("refused"), FetchFailureKind.CONNECT),
        (httpcore.ReadError("reset"), FetchFailureKind.RESET),
        (OSError("odd"), FetchFailureKind.RESET),
        (
            httpcore.RemoteProtocolError("Server disconnected without sending a response."),
            FetchFailureKind.RESET,
        ),
        (httpcore.RemoteProtocolError("illegal status line"), FetchFailureKind.PROTOCOL),
        (httpcore.LocalProtocolError("x"), FetchFailureKind.PROTOCOL),
        (KeyError(7), FetchFailureKind.PROTOCOL),
    ],
)
def test_what_the_library_raises_becomes_the_right_kind(error: Exception, kind: FetchFailureKind) -> None:
    with pytest.raises(Failed) as caught, converted("x.example"):
        raise error
    assert caught.value.kind is kind
    assert caught.value.__cause__ is error


@pytest.mark.parametrize("template", ["http://127.0.0.1:9000/", "ftp://x/{url}", "{url}"])
def test_a_gateway_without_a_place_for_the_address_is_refused(template: str) -> None:
    with pytest.raises(SettingsError):
        Gateway(template)


def test_without_a_gateway_addresses_stay_as_they_are() -> None:
    gateway = Gateway("")
    assert not gateway
    assert gateway.place == ""
    assert gateway.address("http://x/", None) == "http://x/"
    assert gateway.original("/b", "http://x/a", "http://x/a") == "http://x/b"


@pytest.mark.parametrize(
    ("template", "place"),
    [
        ("https://archive.example/{url}", "archive.example:443"),
        ("http://archive.example/{url}", "archive.example:80"),
    ],
)
def test_a_gateway_without_a_port_has_the_scheme_s_own(template: str, place: str) -> None:
    assert Gateway(template).place == place


def test_a_gateway_s_template_takes_the_moment_of_now_where_none_is_asked_for() -> None:
    assert (
        Gateway("http://a.example/{timestamp}/{url}")
        .address("http://x/", None)
        .startswith("http://a.example/20")
    )


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("http://127.0.0.1:9/https://y.example/b", "https://y.example/b"),
        ("/https://y.example/b", "https://y.example/b"),
        ("https://y.example/b", "https://y.example/b"),
        ("/b", "https://x.example/b"),
        ("b", "https://x.example/d/b"),
    ],
)
def test_a_redirect_behind_a_gateway_is_told_in_original_addresses(location: str, expected: str) -> None:
    gateway = Gateway("http://127.0.0.1:9/{url}")
    asked = gateway.address("https://x.example/d/a", None)
    assert gateway.original(location, "https://x.example/d/a", asked) == expected


def _answering(*answers: Answer | Failed):
    waiting = list(answers)

    def ask() -> Answer:
        one = waiting.pop(0)
        if isinstance(one, Failed):
            raise one
        return one

    return ask


ALLOWING = Answer(200, {}, "\ufeffUser-agent: monitor\nAllow: /\nCrawl-delay: 2.5\n".encode())


def test_rules_are_asked_for_again_when_they_are_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots_module, "_FRESH_SECONDS", 0.0)
    robots, ask = Robots("monitor"), _answering(ALLOWING, Answer(200, {}, b"User-agent: *\nDisallow: /"))
    assert robots.spacing("http://x", "http://x/a", ask) == 2.5
    with pytest.raises(Failed, match="does not allow"):
        robots.spacing("http://x", "http://x/a", ask)


def test_an_older_copy_stays_in_force_while_the_origin_is_unreachable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(robots_module, "_FRESH_SECONDS", 0.0)
    robots = Robots("monitor")
    ask = _answering(ALLOWING, Failed(FetchFailureKind.TIMEOUT, "late", retry_after=90.0))
    assert robots.spacing("http://x", "http://x/a", ask) == 2.5
    assert robots.spacing("http://x", "http://x/a", ask) == 2.5


def test_an_unreachable_origin_is_left_alone_for_a_while() -> None:
    robots, ask = Robots("monitor"), _answering(Failed(FetchFailureKind.TIMEOUT, "late"))
    for _ in range(2):
        with pytest.raises(Failed, match=r"robots\.txt: late"):
            robots.spacing("http://x", "http://x/a", ask)


def test_rules_that_cannot_be_read_are_no_rules() -> None:
    ask = _answering(Failed(FetchFailureKind.ENCODING, "broken gzip"))
    assert Robots("monitor").spacing("http://x", "http://x/a", ask) == 0.0


def test_only_so_many_origins_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots_module, "_MOST_ORIGINS", 1)
    robots = Robots("monitor")
    for origin in ("http://x", "http://y", "http://x"):
        assert robots.spacing(origin, f"{origin}/a", _answering(ALLOWING)) == 2.5


def test_two_exchanges_with_a_spaced_host_start_apart() -> None:
    turns = Turns(per_host=2, patience=5.0)
    began = time.monotonic()
    for _ in range(3):
        with turns.turn("x", 0.05):
            pass
    assert time.monotonic() - began >= 0.1


def test_a_host_that_stays_busy_sends_others_away_and_does_not_hold_up_another_host() -> None:
    turns = Turns(per_host=1, patience=0.02)
    with turns.turn("x"), turns.turn("y"), pytest.raises(Failed) as caught, turns.turn("x"):
        pass
    assert caught.value.kind is FetchFailureKind.TIMEOUT


def test_who_waits_gets_the_place_that_becomes_free() -> None:
    turns, order = Turns(per_host=1, patience=5.0), []

    def wait() -> None:
        with turns.turn("x"):
            order.append("second")

    with turns.turn("x"):
        other = threading.Thread(target=wait)
        other.start()
        order.append("first")
    other.join()
    assert order == ["first", "second"]


def test_a_host_is_forgotten_unless_its_next_start_has_to_wait() -> None:
    turns = Turns(per_host=1, patience=1.0)
    for name, spacing in (("quick", 0.0), ("slow", 0.5)):
        with turns.turn(name, spacing):
            pass
    assert list(turns._hosts) == ["slow"]


def _resolve(
    monkeypatch: pytest.MonkeyPatch, name: str, addresses: Callable[[], list[str]], port: int
) -> None:
    """Let the resolver give these addresses for a name, each time it is asked, and its own for others."""
    real = socket.getaddrinfo

    def resolved(host: str, *more: object, **named: object) -> object:
        if host == name:
            return [(2, 1, 6, "", (address, port)) for address in addresses()]
        return real(host, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)


def test_the_next_address_of_a_name_is_tried_when_one_does_not_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exchange = Exchange()
    backend = CheckedBackend(AddressRules(["127.0.0.0/8"]), exchange)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        _resolve(monkeypatch, "two.example", lambda: ["127.0.0.2", "127.0.0.1"], port)
        exchange.begin(2.0)
        stream = backend.connect_tcp("two.example", port)
        assert stream.get_extra_info("server_addr") == ("127.0.0.1", port)
        stream.close()


def test_a_name_that_changes_its_address_after_it_was_judged_is_of_no_use(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The address that was judged is the one connected to; the next connection is judged anew."""
    exchange = Exchange()
    backend = CheckedBackend(AddressRules(["127.0.0.1"]), exchange)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        answers = iter(["127.0.0.1", "10.0.0.1"])
        _resolve(monkeypatch, "rebinds.example", lambda: [next(answers)], port)
        exchange.begin(2.0)
        stream = backend.connect_tcp("rebinds.example", port)
        assert stream.get_extra_info("server_addr") == ("127.0.0.1", port)
        stream.close()
        with pytest.raises(Failed, match="private address"):
            backend.connect_tcp("rebinds.example", port)


def test_a_stream_whose_time_is_over_neither_reads_nor_writes_nor_connects() -> None:
    exchange = Exchange()
    exchange.begin(-1.0)
    stream = TimedStream(httpcore.MockStream([b"x"]), exchange)
    with pytest.raises(httpcore.ReadTimeout):
        stream.read(1)
    with pytest.raises(httpcore.WriteTimeout):
        stream.write(b"x")
    with pytest.raises(httpcore.ConnectTimeout):
        stream.start_tls(ssl.create_default_context())
    with pytest.raises(httpcore.ConnectTimeout):
        CheckedBackend(AddressRules(["127.0.0.1"]), exchange)._connected("127.0.0.1", 1)
