"""Outlets from and to OPML."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import opml
from monitor.config.opml import read_opml, write_opml
from monitor.config.outlets import load_outlets
from monitor.errors import InputError
from monitor.model import FeedKind, FeedSource, Outlet

ROOT = Path(__file__).parents[3]


def test_feeds_come_back_as_they_went_out() -> None:
    feeds = (FeedSource("https://a.example/rss"), FeedSource("https://a.example/mundo.rss", section="Mundo"))
    outlet = Outlet("a-ver", "A ver", "pt", homepage="https://a.example", feeds=feeds)
    assert read_opml(write_opml([outlet]).encode()) == (outlet,)


def test_sitemaps_are_not_written() -> None:
    outlet = Outlet("a", "A", "es", feeds=(FeedSource("https://a.example/s.xml", FeedKind.SITEMAP),))
    assert read_opml(write_opml([outlet]).encode()) == ()


def test_the_shipped_catalogue_comes_back_with_every_feed() -> None:
    shipped = load_outlets(ROOT / "config" / "outlets.yaml")
    back = read_opml(write_opml(shipped).encode())
    feeds = {source.url for outlet in shipped for source in outlet.feeds if source.kind is FeedKind.FEED}
    assert {source.url for outlet in back for source in outlet.feeds} == feeds
    assert len({outlet.id for outlet in back}) == len(back)


def test_a_list_of_another_reader_is_read() -> None:
    data = b"""  <opml version="1.0"><body><outline text="News">
      <outline text="Uno" xmlUrl="https://www.uno.example/rss"/>
      <outline text="Uno: otra" xmlUrl="https://uno.example/otra" language="pt-BR"/>
      <outline text="Uno" xmlUrl="https://dos.example/rss" htmlUrl="javascript:alert(1)"/>
      <outline text="Uno" xmlUrl="https://dos.example/rss"/>
      <outline xmlUrl="https://tres.example/rss"/>
      <outline text="***" xmlUrl="https://cuatro.example/rss"/>
      <outline text="No" xmlUrl="file:///etc/passwd"/></outline></body></opml>"""
    uno, dos, tres, cuatro = read_opml(data, language="es")
    assert [source.section for source in uno.feeds] == ["", "otra"]
    assert (dos.id, len(dos.feeds), dos.homepage) == ("uno-2", 1, "")
    assert tres.name == "tres.example"
    assert cuatro.id == "outlet"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<!DOCTYPE lolz [<!ENTITY a 'b'>]><opml/>", "document type"),
        ("<!DOCTYPE x []><opml/>".encode("utf-16"), "document type"),
        (b"<rss/>", "not <opml>"),
        (b"not xml", "not OPML"),
        (b"", "not OPML"),
    ],
)
def test_what_is_not_a_plain_list_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_opml(data)


def test_a_giant_file_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opml, "MOST_BYTES", 10)
    with pytest.raises(InputError, match="split it"):
        read_opml(b"<opml>" + b" " * 10 + b"</opml>")


@given(st.binary(max_size=300) | st.text(max_size=80).map(lambda text: f"<opml>{text}</opml>".encode()))
def test_any_bytes_give_outlets_or_our_error(data: bytes) -> None:
    with contextlib.suppress(InputError):
        assert isinstance(read_opml(data), tuple)


def test_outlets_keep_their_ids_and_old_spellings_of_addresses_are_read() -> None:
    given = (
        '<opml version="2.0"><body><outline text="La diaria" xmlUrl="feed://a.test/f" outlet="la-diaria-uy"/>'
        '<outline text="La diaria" xmlUrl="feed:https://b.test/f" outlet="la-diaria-uy"/>'
        '<outline text="Otra" xmlUrl="https://c.test/f" outlet="No good"/></body></opml>'
    )
    found = read_opml(given.encode())
    assert [(outlet.id, [source.url for source in outlet.feeds]) for outlet in found] == [
        ("la-diaria-uy", ["http://a.test/f", "https://b.test/f"]),
        ("otra", ["https://c.test/f"]),
    ]
