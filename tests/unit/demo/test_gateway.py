"""The replay gateway answers what its manifest says, and explains a manifest that it cannot use."""

import json
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

import pytest

from monitor.demo.gateway import Gateway
from monitor.errors import ConfigError
from monitor.model import (
    FeedKind,
    FeedSource,
    FetchedPage,
    FetchFailure,
    FetchFailureKind,
    FetchRequest,
    OutletKind,
)
from monitor.steps.fetch import HttpFetcher

REAL = Path(__file__).parents[3].parent / "shared" / "real" / "replay.json"
OUTLET = {
    "id": "x",
    "name": "X",
    "language": "es",
    "homepage": "https://x.example/",
    "feeds": ["https://x.example/f"],
}
PAGE = {"file": "page.html", "content_type": "text/html"}


def _manifest(folder: Path, outlets: object = None, responses: object = None) -> Path:
    (folder / "page.html").write_bytes("<p>Año</p>".encode())
    content = {
        "outlets": [OUTLET] if outlets is None else outlets,
        "responses": {"https://x.example/a?b=ñ": PAGE} if responses is None else responses,
    }
    (folder / "replay.json").write_text(json.dumps(content), "utf-8")
    return folder / "replay.json"


def _get(address: str, method: str = "GET") -> tuple[int, bytes, str]:
    with urllib.request.urlopen(urllib.request.Request(address, method=method), timeout=5) as answer:
        return answer.status, answer.read(), answer.headers["Content-Length"]


def test_an_address_is_answered_raw_or_escaped_and_to_head_without_body(tmp_path: Path) -> None:
    address = "https://x.example/a?b=ñ"
    with Gateway(_manifest(tmp_path)) as gateway:
        whole = gateway.template.replace("{url}", quote(address, safe=""))
        half = gateway.template.replace("{url}", quote(address, safe=":/?="))
        assert _get(whole) == _get(half) == (200, "<p>Año</p>".encode(), "11")
        assert _get(half, "HEAD") == (200, b"", "11")


def test_an_unknown_address_is_not_found(tmp_path: Path) -> None:
    with Gateway(_manifest(tmp_path)) as gateway, HttpFetcher("monitor/0.1", gateway.template) as fetcher:
        result = fetcher.fetch(FetchRequest("https://x.example/other"))
    assert isinstance(result, FetchFailure)
    assert result.kind is FetchFailureKind.NOT_FOUND


def test_a_second_request_is_conditional(tmp_path: Path) -> None:
    with Gateway(_manifest(tmp_path)) as gateway, HttpFetcher("monitor/0.1", gateway.template) as fetcher:
        first = fetcher.fetch(FetchRequest("https://x.example/a?b=ñ"))
        assert isinstance(first, FetchedPage)
        second = fetcher.fetch(FetchRequest(first.url, etag=first.etag))
    assert isinstance(second, FetchedPage)
    assert (first.status, second.status) == (200, 304)


def test_status_and_headers_are_those_of_the_manifest(tmp_path: Path) -> None:
    blocked = PAGE | {"status": 403, "headers": {"Retry-After": "7"}}
    manifest = _manifest(tmp_path, responses={"https://x.example/a": blocked})
    with Gateway(manifest) as gateway, HttpFetcher("monitor/0.1", gateway.template) as fetcher:
        result = fetcher.fetch(FetchRequest("https://x.example/a", etag='"1"'))
    assert isinstance(result, FetchFailure)
    assert (result.status, result.retry_after) == (403, 7.0)


def test_a_client_that_goes_away_disturbs_nobody(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with Gateway(_manifest(tmp_path)) as gateway:
        with pytest.raises(urllib.error.HTTPError):
            _get(gateway.template.replace("{url}", "https://x.example/none"))
        gateway._server.handle_error(None, None)
    assert capfd.readouterr() == ("", "")


def test_outlets_are_those_of_the_manifest(tmp_path: Path) -> None:
    more = OUTLET | {"country": "CU", "kind": "state-run", "timezone": "America/Havana"}
    more["feeds"] = [{"url": "https://x.example/s.xml", "kind": "sitemap"}, {"url": "https://x.example/f"}]
    outlet = Gateway(_manifest(tmp_path, [more])).outlets[0]
    assert (outlet.country, outlet.kind, outlet.timezone) == ("CU", OutletKind.STATE_RUN, "America/Havana")
    assert outlet.feeds == (
        FeedSource("https://x.example/s.xml", FeedKind.SITEMAP),
        FeedSource("https://x.example/f"),
    )


@pytest.mark.parametrize(
    ("outlets", "responses", "message"),
    [
        ({}, None, 'a manifest needs "outlets", a JSON list'),
        (None, [], 'a manifest needs "responses", a JSON object'),
        ([{"id": "x"}], None, r'outlets\[0\] needs "name", a JSON string'),
        (["x"], None, r'outlets\[0\] needs "kind"'),
        ([OUTLET | {"kind": "tabloid"}], None, 'not "tabloid"'),
        ([OUTLET | {"feeds": "https://x"}], None, r'needs "feeds", a JSON list'),
        ([OUTLET | {"feeds": [{"url": "x", "kind": "rss"}]}], None, 'not "rss"'),
        ([OUTLET | {"feeds": [7]}], None, r"outlets\[0\].feeds needs"),
        (None, {"https://x": {}}, r'responses\["https://x"\] needs "file"'),
        (None, {"https://x": {"file": "none.html"}}, "there is no file"),
        (None, {"https://x": PAGE | {"status": "200"}}, 'needs "status", a JSON number'),
        (None, {"https://x": PAGE | {"status": True}}, 'needs "status", a JSON number'),
    ],
)
def test_a_manifest_that_cannot_be_used_says_where(
    tmp_path: Path, outlets: object, responses: object, message: str
) -> None:
    manifest = _manifest(tmp_path, outlets, responses)
    with pytest.raises(ConfigError, match=message) as caught:
        Gateway(manifest)
    assert str(manifest) in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"{\n  x", "replay.json:2:3: this is not JSON"), (b'"\xff"', "not UTF-8"), (b"[]", "needs")],
)
def test_a_manifest_that_cannot_be_read_says_why(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "replay.json").write_bytes(content)
    with pytest.raises(ConfigError, match=message):
        Gateway(tmp_path / "replay.json")
    with pytest.raises(ConfigError, match="cannot be read"):
        Gateway(tmp_path / "absent.json")


@pytest.mark.skipif(not REAL.is_file(), reason="the captured material is not here")
def test_every_address_of_the_captured_material_is_served() -> None:
    responses = json.loads(REAL.read_text("utf-8"))["responses"]
    with Gateway(REAL) as gateway, HttpFetcher("monitor/0.1", gateway.template) as fetcher:
        pages = {url: fetcher.fetch(FetchRequest(url)) for url in responses}
        assert len(gateway.outlets) == 32
    for url, given in responses.items():
        page = pages[url]
        assert isinstance(page, FetchedPage)
        assert page.body == (REAL.parent / given["file"]).read_bytes()
