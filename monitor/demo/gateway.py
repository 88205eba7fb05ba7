"""A day of news on the loopback interface: answers every address from a manifest, as the web once did."""

import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote

from monitor.errors import ConfigError
from monitor.model import FeedKind, FeedSource, Outlet, OutletKind
from monitor.steps.extract import zone_of


@dataclass(frozen=True, slots=True)
class Response:
    """What one address answers."""

    file: Path
    content_type: str
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


class Gateway:
    """Serves a manifest's addresses on a free port of 127.0.0.1 while the context is open.

    The address stands after the first slash, raw or percent-encoded, with its query.

    :param manifest: JSON ``{"outlets": […], "responses": {url: {"file", "content_type", "status"?,
        "headers"?}}}``; files are relative to it.
    :raises ConfigError: where the manifest or one of its files cannot be used.
    """

    def __init__(self, manifest: Path) -> None:
        content = _read(manifest)
        self.outlets = _outlets(content, manifest)
        self._responses = _responses(content, manifest)

    @property
    def template(self) -> str:
        """The setting that sends every fetch here, while the context is open."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/{{url}}"

    def __enter__(self) -> Self:
        self._server = _Server(self._responses)
        self._thread = threading.Thread(target=self._server.serve_forever, name="gateway", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, responses: Mapping[str, Response]) -> None:
        self.responses = responses
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        """Answer with the body."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """Answer without the body."""
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the demonstration's own output stands on this terminal."""

    def _answer(self, with_body: bool) -> None:
        found = _found(self.server.responses, self.path[1:])
        if found is None:
            self._send(404, b"not in the manifest\n", {"Content-Type": "text/plain"}, with_body)
            return
        body = found.file.read_bytes()
        headers = {"Content-Type": found.content_type, "ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"'}
        headers |= dict(found.headers)
        known = found.status == 200 and self.headers.get("If-None-Match", "") == headers["ETag"]
        self._send(304 if known else found.status, b"" if known else body, headers, with_body)

    def _send(self, status: int, body: bytes, headers: Mapping[str, str], with_body: bool) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)


def _found(responses: Mapping[str, Response], asked: str) -> Response | None:
    """The response for an address as it arrived: raw, or escaped as a whole."""
    for address in (asked, unquote(asked)):
        if address in responses:
            return responses[address]
    return None


def _read(manifest: Path) -> Mapping[str, Any]:
    try:
        content = json.loads(manifest.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"the manifest cannot be read: {error.strerror}", manifest) from error
    except json.JSONDecodeError as error:
        raise ConfigError(f"this is not JSON: {error.msg}", manifest, error.lineno, error.colno) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"this is not UTF-8, at byte {error.start}", manifest) from error
    for part, kind in (("outlets", list), ("responses", dict)):
        if not isinstance(content, dict) or not isinstance(content.get(part), kind):
            raise ConfigError(f'a manifest needs "{part}", a JSON {_JSON_NAMES[kind]}', manifest)
    return dict(content)


_JSON_NAMES = {list: "list", dict: "object", str: "string", int: "number"}


def _responses(content: Mapping[str, Any], manifest: Path) -> dict[str, Response]:
    return {
        url: _response(given, f'responses["{url}"]', manifest) for url, given in content["responses"].items()
    }


def _response(given: Any, place: str, manifest: Path) -> Response:
    file = manifest.parent / _value(given, "file", str, place, manifest)
    if not file.is_file():
        raise ConfigError(f"{place}: there is no file {file}", manifest)
    headers = _value(given, "headers", dict, place, manifest, {})
    return Response(
        file,
        _value(given, "content_type", str, place, manifest, "application/octet-stream"),
        _value(given, "status", int, place, manifest, 200),
        tuple((str(name), str(value)) for name, value in headers.items()),
    )


def _outlets(content: Mapping[str, Any], manifest: Path) -> tuple[Outlet, ...]:
    return tuple(
        _outlet(given, f"outlets[{number}]", manifest) for number, given in enumerate(content["outlets"])
    )


def _outlet(given: Any, place: str, manifest: Path) -> Outlet:
    def text(name: str, *default: str) -> str:
        return str(_value(given, name, str, place, manifest, *default))

    kind = text("kind", OutletKind.INDEPENDENT.value)
    if kind not in list(OutletKind):
        raise ConfigError(f'{place}: "kind" is one of {", ".join(OutletKind)}, not "{kind}"', manifest)
    homepage = text("homepage", "")
    return Outlet(
        id=text("id"),
        name=text("name"),
        language=text("language"),
        homepage=homepage,
        country=text("country", ""),
        timezone=text("timezone", zone_of(homepage)),
        kind=OutletKind(kind),
        feeds=tuple(_feed(one, place, manifest) for one in _value(given, "feeds", list, place, manifest)),
    )


def _feed(given: Any, place: str, manifest: Path) -> FeedSource:
    """An address, or an object with ``url`` and ``kind``."""
    if isinstance(given, str):
        return FeedSource(given)
    kind = str(_value(given, "kind", str, f"{place}.feeds", manifest, FeedKind.FEED.value))
    if kind not in list(FeedKind):
        raise ConfigError(
            f'{place}: a feed\'s "kind" is one of {", ".join(FeedKind)}, not "{kind}"', manifest
        )
    return FeedSource(str(_value(given, "url", str, f"{place}.feeds", manifest)), FeedKind(kind))


def _value(given: Any, name: str, kind: type, place: str, manifest: Path, *default: Any) -> Any:
    """One field of a JSON object, checked.

    :raises ConfigError: where it is missing without a default, or of another kind.
    """
    value = given.get(name, *default) if isinstance(given, dict) else None
    if not isinstance(value, kind) or isinstance(value, bool):
        raise ConfigError(f'{place} needs "{name}", a JSON {_JSON_NAMES[kind]}', manifest)
    return value
