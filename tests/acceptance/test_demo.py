"""The whole way from feed to digest, through the command line, on the sample day that ships."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.demo.sample_day import write_sample_day
from monitor.demo.sample_news import sample_articles
from monitor.text.urls import canonical_url

ROOT = Path(__file__).resolve().parents[2]
#: moments of a run at which it is killed, and the outlets it reads
KILLS = 10
PART = {"la-nacion-ar", "semana", "la-tercera", "infobae", "dw-es", "france24-es", "primicias", "el-faro"}


def start(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "monitor", "demo", "--json", "--data", str(folder), *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")}
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    )


def run(folder: Path, *arguments: str) -> dict[str, Any]:
    process = start(folder, *arguments)
    out, err = process.communicate(timeout=280)
    assert process.returncode == 0, err
    return json.loads(out)  # type: ignore[no-any-return]


def essence(report: dict[str, Any]) -> dict[str, Any]:
    """What must not depend on when a run was killed."""
    return {
        "outlets": {outlet["id"]: (outlet["status"], outlet["entries"]) for outlet in report["outlets"]},
        "articles": sorted(
            (a["url"], a["state"], a["language"], a["title"], a["title_en"], a["words"], a["content"])
            for a in report["articles"]
        ),
        "alerts": sorted(
            (alert["url"], alert["topic"], alert["score"], json.dumps(alert["evidence"]))
            for alert in report["alerts"]
        ),
        "stories": stories(report),
    }


def stories(report: dict[str, Any]) -> set[frozenset[str]]:
    """The addresses that are told together; the stories' numbers may differ."""
    found: dict[int, set[str]] = {}
    for alert in report["alerts"]:
        found.setdefault(alert["story"], set()).add(alert["url"])
    return {frozenset(urls) for urls in found.values()}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("undisturbed") / "data"
    return folder, run(folder)


def test_the_sample_day_raises_alerts_for_five_topics(
    undisturbed: tuple[Path, dict[str, Any]],
) -> None:
    _, report = undisturbed
    topics = Counter(alert["topic"] for alert in report["alerts"])
    assert len(topics) >= 5
    assert max(map(len, stories(report))) >= 2
    for alert in report["alerts"]:
        assert alert["evidence"], alert["url"]
        assert alert["title_en"], alert["url"]


def test_every_article_of_the_sample_day_ends_matched(
    undisturbed: tuple[Path, dict[str, Any]],
) -> None:
    _, report = undisturbed
    assert {article["state"] for article in report["articles"]} == {"matched"}
    assert {article["language"] for article in report["articles"]} == {"es", "pt"}
    assert {article["content"] for article in report["articles"]} == {"page", "feed", "summary"}


def test_watched_articles_of_the_sample_day_raise_their_topic_and_the_rest_stays_silent(
    undisturbed: tuple[Path, dict[str, Any]],
) -> None:
    _, report = undisturbed
    raised: dict[str, set[str]] = {}
    for alert in report["alerts"]:
        raised.setdefault(alert["url"], set()).add(alert["topic"])
    for article in sample_articles(datetime.now(UTC)):
        found = raised.get(canonical_url(article.url), set())
        assert bool(found) == bool(article.topics), (article.headline, found)
        assert not article.topics or found & set(article.topics), (article.headline, found)


def test_every_kind_of_outlet_status_is_told(undisturbed: tuple[Path, dict[str, Any]]) -> None:
    _, report = undisturbed
    by_status: dict[str, list[dict[str, Any]]] = {}
    for outlet in report["outlets"]:
        by_status.setdefault(outlet["status"], []).append(outlet)
    assert set(by_status) == {"ok", "empty", "broken", "blocked"}
    assert all(outlet["error"] for status in ("broken", "blocked") for outlet in by_status[status])


def test_a_second_run_finds_nothing_new_and_loses_nothing(
    undisturbed: tuple[Path, dict[str, Any]],
) -> None:
    folder, report = undisturbed
    again = run(folder)
    assert essence(again) == essence(report)
    assert [alert["id"] for alert in again["alerts"]] == [alert["id"] for alert in report["alerts"]]


def test_the_digest_is_written_and_names_the_alerts(undisturbed: tuple[Path, dict[str, Any]]) -> None:
    _, report = undisturbed
    html = Path(ROOT / report["digest"]).read_text()
    text = Path(ROOT / report["digest"]).with_suffix(".txt").read_text()
    assert report["alerts"][0]["url"] in html
    assert report["alerts"][0]["url"] in text


@pytest.fixture
def part_of_the_day(tmp_path: Path) -> Path:
    """A manifest of some outlets: a wire story in three of them, an event in two, one feed that is broken."""
    manifest = write_sample_day(tmp_path / "sample", datetime.now(UTC))
    day = json.loads(manifest.read_text())
    day["outlets"] = [outlet for outlet in day["outlets"] if outlet["id"] in PART]
    assert len(day["outlets"]) == len(PART)
    manifest.write_text(json.dumps(day))
    return manifest


@pytest.mark.slow
def test_a_run_killed_at_ten_random_moments_ends_like_an_undisturbed_one(
    part_of_the_day: Path, tmp_path: Path
) -> None:
    replay = ("--replay", str(part_of_the_day))
    began = time.monotonic()
    expected = run(tmp_path / "undisturbed", *replay)
    duration = time.monotonic() - began
    assert max(map(len, stories(expected))) >= 2
    chance = random.Random()
    folder, killed, chain = tmp_path / "chain-0", 0, 0
    while killed < KILLS:
        process = start(folder, *replay)
        try:
            process.communicate(timeout=chance.uniform(0.3, duration * 0.8))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
            killed += 1
            continue
        # It ended before its moment came: a new run on a new folder for the kills that are left.
        chain += 1
        folder = tmp_path / f"chain-{chain}"
    assert essence(run(folder, *replay)) == essence(expected)
