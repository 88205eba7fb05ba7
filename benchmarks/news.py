"""Outlets, feeds and pages for benchmarks, served by a gateway in a process of its own."""

import html
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SERVE = """
import signal, sys
from pathlib import Path
from monitor.demo.gateway import Gateway
with Gateway(Path(sys.argv[1])) as gateway:
    print(gateway.template, flush=True)
    signal.pause()
"""
NAVIGATION = "".join(f"<li><a href='/seccion-{number}'>Sección {number}</a></li>" for number in range(30))


@dataclass(frozen=True)
class Piece:
    """One article of one outlet: its host, its path, its headline and its page."""

    host: str
    path: str
    title: str
    page: bytes

    @property
    def url(self) -> str:
        """Where it is found."""
        return f"https://{self.host}/{self.path}"


def made_page(title: str, paragraphs: Sequence[str], language: str) -> bytes:
    """A plain page with headline, navigation, text and footer."""
    title = html.escape(title)
    body = "".join(f"<p>{html.escape(one)}</p>\n" for one in paragraphs)
    return (
        f"<!DOCTYPE html><html lang='{language}'><head><meta charset='utf-8'><title>{title}</title></head>"
        "<body>"
        f"<nav><ul>{NAVIGATION}</ul></nav><main><article><h1>{title}</h1>{body}</article></main>"
        f"<footer><ul>{NAVIGATION}</ul></footer></body></html>"
    ).encode()


def feed_of(pieces: Sequence[Piece]) -> str:
    """An RSS feed that lists some articles."""
    items = "".join(
        f"<item><title>{html.escape(one.title)}</title><link>{one.url}</link></item>" for one in pieces
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'


def write_news(folder: Path, pieces: Sequence[Piece], config: Mapping[str, Any]) -> Path:
    """A manifest for the gateway, one outlet with one feed a host, and the analysts' files beside it.

    :param config: name of a file without ending → its content; outlets are added.
    :returns: the manifest; ``config/`` lies beside it.
    """
    folder.mkdir(parents=True)
    responses: dict[str, dict[str, str]] = {}
    listed: dict[str, list[Piece]] = {}
    for number, piece in enumerate(pieces):
        (folder / f"{number}.html").write_bytes(piece.page)
        responses[piece.url] = {"file": f"{number}.html", "content_type": "text/html; charset=utf-8"}
        listed.setdefault(piece.host, []).append(piece)
    outlets = []
    for number, (host, own) in enumerate(listed.items()):
        (folder / f"feed{number}.xml").write_text(feed_of(own))
        url = f"https://{host}/rss"
        responses[url] = {"file": f"feed{number}.xml", "content_type": "application/rss+xml"}
        declared = {"language": "es", "country": "AR", "kind": "independent", "timezone": "UTC"}
        outlets.append(declared | {"id": f"o{number}", "name": f"Diario {number}", "feeds": [{"url": url}]})
    (folder / "manifest.json").write_text(json.dumps({"outlets": outlets, "responses": responses}))
    (folder / "config").mkdir()
    for name, content in (config | {"outlets": {"outlets": outlets}}).items():
        (folder / "config" / f"{name}.yaml").write_text(json.dumps(content))
    return folder / "manifest.json"


@contextmanager
def served(manifest: Path) -> Iterator[str]:
    """The gateway's template, for ``MONITOR_GATEWAY``."""
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, manifest], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
