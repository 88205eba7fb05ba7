"""The health port."""

from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from monitor.errors import DatabaseUnavailable, SettingsError
from monitor.model import OutletStatus
from monitor.storage.session import Database
from monitor.storage.tables import FeedRow, OutletRow
from monitor.web import Feeds, Figures, HealthServer
from monitor.web.figures import MeasuredTranslator
from tests.fakes import NOW, FakeTranslator


def answer(server: HealthServer, path: str) -> tuple[int, str]:
    try:
        with urlopen(f"http://127.0.0.1:{server.port}{path}", timeout=5) as response:
            return response.status, response.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.fixture
def figures(database: Database) -> Figures:
    return Figures(database, lambda: NOW, lambda: [("process", "todo", 7, 12.5)], lambda: True)


@pytest.fixture
def server(figures: Figures, database: Database) -> Iterator[HealthServer]:
    with HealthServer("127.0.0.1", 0, figures.text, database.check_schema) as made:
        yield made


def test_a_service_that_can_work_says_so(server: HealthServer) -> None:
    assert answer(server, "/healthz") == (200, "ok\n")
    assert answer(server, "/readyz") == (200, "ok\n")
    assert answer(server, "/etc/passwd")[0] == 404


def test_the_figures_tell_of_store_queues_and_translation(
    server: HealthServer, figures: Figures, database: Database
) -> None:
    with database.session() as session:
        outlet = OutletRow(id="a", name="A", language="es", country="AR", kind="independent", homepage="")
        session.add(outlet)
        session.flush()
        ok = OutletStatus.OK.value
        session.add(
            FeedRow(outlet_id="a", url="https://a.example/rss", kind="feed", status=ok, succeeded_at=NOW)
        )
        session.commit()
    translator = MeasuredTranslator(FakeTranslator(), figures)  # type: ignore[arg-type]
    assert translator.translate(["Uno dos tres."], "es") == ["EN:Uno dos tres."]
    assert translator.provenance("es").engine == "fake"
    figures.duty("article", 0.2, True)
    figures.duty("article", 0.2, False)
    status, text = answer(server, "/metrics")
    assert status == 200
    for line in (
        'monitor_feeds{status="ok"} 1.0',
        'monitor_jobs{queue="process",state="todo"} 7.0',
        'monitor_jobs_oldest_seconds{queue="process",state="todo"} 12.5',
        'monitor_translated_words_total{language="es"} 3.0',
        'monitor_seconds_since_success{step="collect"} 0.0',
        'monitor_duty_seconds_count{kind="article",outcome="failed"} 1.0',
        "monitor_scheduler_leads 1.0",
        "monitor_deliveries_late 0.0",
    ):
        assert line in text


def test_a_feed_is_served_to_who_knows_the_token_and_to_nobody_else(tmp_path: Path) -> None:
    (tmp_path / "digests").mkdir()
    (tmp_path / "digests" / "morning.atom").write_text("<feed/>")
    (tmp_path / "secret.atom").write_text("no")
    feeds = Feeds(tmp_path / "digests", "k3y")
    with HealthServer("127.0.0.1", 0, bytes, bool, readers=[feeds.read]) as server:
        assert answer(server, "/feeds/k3y/morning.atom") == (200, "<feed/>")
        missing = answer(server, "/nothing")
        for path in (
            "/feeds/wrong/morning.atom",
            "/feeds/morning.atom",
            "/feeds//morning.atom",
            "/feeds/k3y/evening.atom",
            "/feeds/k3y/../secret.atom",
            "/feeds/k3y/%2e%2e%2fsecret.atom",
            "/feeds/k3y/morning.html",
            "/feeds/k3y/",
        ):
            assert answer(server, path) == missing == (404, "not here\n")
    assert Feeds(tmp_path / "digests", "").read("/feeds//morning.atom") is None
    assert Feeds(tmp_path / "digests", "").read("/feeds/x/morning.atom") is None


def test_a_service_without_a_database_is_alive_but_not_ready() -> None:
    def away() -> None:
        raise DatabaseUnavailable("no server answers")

    def broken() -> bytes:
        raise ValueError

    with HealthServer("127.0.0.1", 0, broken, away, lambda: False) as server:
        assert answer(server, "/healthz")[0] == 503
        assert answer(server, "/readyz") == (503, "no server answers\n")
        assert answer(server, "/metrics")[0] == 500


def test_a_port_that_is_taken_is_said_and_none_may_be_wanted() -> None:
    with (
        HealthServer("127.0.0.1", 0, bytes, bool) as server,
        pytest.raises(SettingsError, match="choose another with MONITOR_HEALTH_PORT"),
    ):
        HealthServer("127.0.0.1", server.port, bytes, bool).__enter__()
    with HealthServer("", 0, bytes, bool) as nowhere:
        assert nowhere.port == 0
