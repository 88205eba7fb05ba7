"""The health of outlets as plain values, and edits of the catalogue that follow from it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.config.outlets import load_outlets, move_feed
from monitor.errors import ConfigError
from monitor.model import FeedSource, FetchFailureKind, StatusChange
from monitor.pipeline.collect import collect
from monitor.pipeline.health import health, moves, told
from tests.fakes import NOW, failure, page
from tests.pipeline.conftest import INFOBAE, MakeContext, answers, item, rss

FEED, NEW = "https://www.infobae.com/rss", "https://www.infobae.com/feed/"
CATALOGUE = """\
outlets:
  - id: infobae
    name: Infobae
    language: es
    feeds:
      - url: https://www.infobae.com/rss  # ours
      - url: https://www.infobae.com/otro
"""


def test_what_is_broken_and_fixed_again_is_told(make_context: MakeContext) -> None:
    collect(make_context())
    broken = {FEED: failure(FEED, FetchFailureKind.NOT_FOUND)}
    collect(make_context(broken, clock=lambda: NOW + timedelta(hours=1)), everything=True)
    context = make_context(answers(), clock=lambda: NOW + timedelta(hours=9))
    collect(context, everything=True)
    [outlet] = health(context.database, NOW + timedelta(hours=9))
    assert (outlet["id"], outlet["status"], outlet["today"], outlet["usual"]) == ("infobae", "ok", 1, None)
    assert [change["told"] for change in outlet["changes"]] == [
        "ok again, was broken",
        f"broken, was ok: not-found at {FEED}",
    ]
    assert health(context.database, NOW, "nada") == []
    assert told(StatusChange("x", NOW, "ok", "empty", "")) == "empty, was ok"


def test_a_way_in_that_broke_is_told_although_another_answers(make_context: MakeContext) -> None:
    two = replace(INFOBAE, feeds=(*INFOBAE.feeds, FeedSource(NEW)))
    context = make_context(answers(), outlets={INFOBAE.id: two})
    collect(context)
    [outlet] = health(context.database, NOW)
    assert (outlet["status"], outlet["reason"]) == ("ok", "")
    assert outlet["faults"] == [f"{NEW} broken since 2026-11-22 12:00 UTC: not-found at {NEW}"]


def test_a_way_in_that_moved_is_proposed_as_an_edit(make_context: MakeContext, tmp_path: Path) -> None:
    moved = replace(page(FEED, rss(item()), redirects=((301, NEW),)), final_url=NEW)
    context = make_context({FEED: moved})
    collect(context)
    [feed] = moves(context.database, context.outlets.values())
    assert (feed.url, feed.moved_to, feed.moved_since) == (FEED, NEW, NOW)
    path = tmp_path / "outlets.yaml"
    path.write_text(CATALOGUE, encoding="utf-8")
    move_feed(path, feed.outlet_id, feed.url, feed.moved_to)
    assert load_outlets(path)[0].feeds[0].url == NEW
    assert moves(context.database, load_outlets(path)) == []
    assert "# ours" in path.read_text(encoding="utf-8")
    other = "https://www.infobae.com/otro"
    for old, new, said in ((FEED, NEW, "no way in at"), (NEW, other, "already a way in")):
        with pytest.raises(ConfigError, match=said):
            move_feed(path, "infobae", old, new)
