"""A changed file is picked up without a restart; a bad one never is."""

import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.config.digests import Schedule, Subscription
from monitor.config.outlets import load_outlets
from monitor.errors import ConfigError
from monitor.model import ArticleForMatch, Glossary
from monitor.pipeline.compose import DigestWanted, compose
from monitor.pipeline.files import apply_text
from monitor.pipeline.reload import (
    Reloader,
    WatchedFile,
    exemplars_file,
    glossary_file,
    outlets_file,
    watchlist_file,
)
from monitor.pipeline.report import status
from monitor.pipeline.topics import topics_of
from monitor.steps.digest import render_digest
from monitor.storage.session import Database
from tests.fakes import NOW, FakeEmbedder
from tests.pipeline.conftest import WATCHLIST, MakeContext

EDITED = WATCHLIST.replace("query: Cuba", "query: Cuba OR Habana")
HAVANA = ArticleForMatch("1", "es", "Un apagón deja a oscuras La Habana", "")
OUTLETS = """\
outlets:
  - id: infobae
    name: Infobae
    language: es
    feeds: [{url: "https://www.infobae.com/rss"}]
"""


class FakeEngine:
    def __init__(self) -> None:
        self.used: list[Glossary] = []

    def use(self, glossary: Glossary) -> None:
        self.used.append(glossary)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "watchlist.yaml"


@pytest.fixture
def reloader(make_context: MakeContext, path: Path) -> Reloader:
    """Watches the file of the context and asks Postgres every time."""
    return Reloader(make_context(), [watchlist_file(lambda: path, "ana")], every=0)


def topics(reloader: Reloader) -> list[str]:
    return [match.topic for match in reloader.current().matcher.match(HAVANA)]


def test_while_nothing_changes_the_context_stays_the_same(reloader: Reloader) -> None:
    assert reloader.current() is reloader.current()


def test_an_edit_is_picked_up_and_gets_a_version(reloader: Reloader, path: Path) -> None:
    assert topics(reloader) == []
    path.write_text(EDITED, encoding="utf-8")
    assert topics(reloader) == ["cuba"]
    assert reloader.current().versions == {"iran": 1, "cuba": 2}


def test_an_edit_of_words_for_people_keeps_the_matcher(reloader: Reloader, path: Path) -> None:
    before = reloader.current()
    path.write_text(WATCHLIST.replace("title: Cuba", "title: Cuba today"), encoding="utf-8")
    after = reloader.current()
    assert after.matcher is before.matcher
    assert after.watchlist.topics[1].title == "Cuba today"


def test_a_file_only_touched_is_not_read_again(
    reloader: Reloader, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = reloader.current()
    monkeypatch.setattr("monitor.pipeline.reload.watchlist_in_force", None)
    path.write_text(WATCHLIST, encoding="utf-8")
    assert reloader.current() is before


def test_a_bad_edit_is_told_in_status_and_digest_until_it_is_mended(
    reloader: Reloader, path: Path, database: Database
) -> None:
    reloader.current()
    path.write_text(EDITED.replace("Cuba OR", "Cuba OR OR"), encoding="utf-8")
    context = reloader.current()
    assert context.watchlist.topics[1].query == "Cuba"
    (error,) = context.config_errors
    assert "watchlist.yaml:7:" in error
    assert status(database, NOW)["config_errors"] == {"watchlist.yaml": error}
    content = compose(context, DigestWanted(Subscription("daily", Schedule(())), NOW, NOW))
    assert content.coverage.config_errors == (error,)
    assert "".join(error.split()) in "".join(render_digest(content).text.split())
    path.write_text(EDITED, encoding="utf-8")
    assert reloader.current().config_errors == ()
    assert topics(reloader) == ["cuba"]
    assert status(database, NOW)["config_errors"] == {}


def test_a_file_that_vanishes_leaves_what_was_in_force(reloader: Reloader, path: Path) -> None:
    reloader.current()
    path.unlink()
    assert "there is no such file" in reloader.current().config_errors[0]
    assert len(reloader.current().watchlist.topics) == 2


def test_a_version_that_another_process_applied_is_in_force_here_too(
    reloader: Reloader, path: Path, database: Database, tmp_path: Path
) -> None:
    assert topics(reloader) == []
    copy = tmp_path / "elsewhere" / "watchlist.yaml"
    copy.parent.mkdir()
    copy.write_text(EDITED, encoding="utf-8")
    # a clock ahead of this file's time, as for an edit made after it
    program = f"""
from datetime import UTC, datetime
from pathlib import Path
from monitor.pipeline.files import watchlist_in_force
from monitor.storage.session import open_database
database, now = open_database({database.url!r}), datetime(2100, 1, 1, tzinfo=UTC)
watchlist_in_force(database, Path({str(copy)!r}), "eva", now)
"""
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parents[2])
    assert topics(reloader) == ["cuba"]
    (error,) = reloader.current().config_errors
    assert "which eva applied" in error
    path.write_text(WATCHLIST.replace("query: Cuba", "query: Habana AND apagón"), encoding="utf-8")
    assert topics(reloader) == ["cuba"]


def test_a_changed_file_of_another_kind_asks_nothing_of_postgres(
    make_context: MakeContext, tmp_path: Path
) -> None:
    path = tmp_path / "outlets.yaml"
    path.write_text(OUTLETS, encoding="utf-8")
    reloader = Reloader(make_context(), [outlets_file(lambda: path)], every=0)
    assert reloader.current() is reloader.current()


def test_postgres_is_not_asked_all_the_time(
    make_context: MakeContext, path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    reloader = Reloader(make_context(), [watchlist_file(lambda: path, "ana")])
    first = reloader.current()
    monkeypatch.setattr("monitor.pipeline.reload.newest_hash", None)
    assert reloader.current() is first


def test_the_catalogue_of_outlets_is_picked_up(make_context: MakeContext, tmp_path: Path) -> None:
    path = tmp_path / "outlets.yaml"
    path.write_text(OUTLETS, encoding="utf-8")
    reloader = Reloader(make_context(outlets={}), [outlets_file(lambda: path)])
    assert list(reloader.current().outlets.values()) == list(load_outlets(path))
    path.write_text(OUTLETS.replace("name: Infobae", "name: El Portal"), encoding="utf-8")
    assert reloader.current().outlets["infobae"].name == "El Portal"


def test_known_reports_are_picked_up(make_context: MakeContext, tmp_path: Path) -> None:
    path = tmp_path / "exemplars.tsv"
    path.write_text("topics\ttitle\ttext\ncuba\tUn apagón\t\ncuba\tOtro apagón\t\n", encoding="utf-8")
    context = make_context(embedder=FakeEmbedder({"apagón": 1}))
    reloader = Reloader(context, [exemplars_file(lambda: path)], every=0)
    article = ArticleForMatch("1", "es", "La Habana sin luz: apagón", "")
    assert [match.topic for match in topics_of(reloader.current(), article)] == ["cuba"]
    path.write_text("topics\ttitle\ttext\n\tUn apagón\t\n", encoding="utf-8")
    assert topics_of(reloader.current(), article) == ()
    path.write_text("nonsense", encoding="utf-8")
    assert "exemplars.tsv:1" in reloader.current().config_errors[0]
    assert topics_of(reloader.current(), article) == ()


def test_without_an_encoder_the_queries_decide_alone(make_context: MakeContext, tmp_path: Path) -> None:
    path = tmp_path / "exemplars.tsv"
    path.write_text("topics\ttitle\ttext\ncuba\tUn apagón\t\n", encoding="utf-8")
    reloader = Reloader(make_context(), [exemplars_file(lambda: path)])
    assert reloader.current().likeness is None
    assert topics_of(reloader.current(), ArticleForMatch("1", "es", "Un apagón", "")) == ()


def test_the_glossary_changes_under_the_engine(make_context: MakeContext, tmp_path: Path) -> None:
    path, engine = tmp_path / "glossary.yaml", FakeEngine()
    path.write_text("terms: [{term: Clan del Golfo, english: Gulf Clan}]", encoding="utf-8")
    reloader = Reloader(make_context(), [glossary_file(lambda: path, engine)])
    reloader.current()
    path.write_text("terms: [{term: Clan del Golfo}]", encoding="utf-8")
    reloader.current()
    assert [glossary.entries[0].english for glossary in engine.used] == ["Gulf Clan", ""]


def test_a_bad_first_file_is_an_error_and_a_later_one_is_not(
    make_context: MakeContext, tmp_path: Path
) -> None:
    path = tmp_path / "file.yaml"
    path.write_text("good", encoding="utf-8")
    bad = []

    def read(context: object, path: Path) -> tuple[object, str]:
        if bad:
            raise ConfigError("nothing good was kept", path)
        return context, ""

    watched = WatchedFile(lambda: path, read)  # type: ignore[arg-type]
    reloader = Reloader(make_context(), [watched])
    reloader.current()
    bad.append(True)
    path.write_text("bad", encoding="utf-8")
    assert reloader.current().config_errors == (f"{path}: nothing good was kept",)
    with pytest.raises(ConfigError):
        Reloader(make_context(), [watched]).current()


def test_what_one_file_gave_stays_when_the_next_cannot_be_read(
    make_context: MakeContext, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text("", encoding="utf-8")
    second.write_text("", encoding="utf-8")
    broken = [False]

    def count(context: object, path: Path) -> tuple[object, str]:
        return replace(context, connections=context.connections + 1), ""  # type: ignore[type-var, attr-defined]

    def fail(context: object, path: Path) -> tuple[object, str]:
        if broken[0]:
            raise RuntimeError("no database")
        return context, ""

    files = [WatchedFile(lambda: first, count), WatchedFile(lambda: second, fail)]  # type: ignore[arg-type]
    reloader = Reloader(make_context(), files)
    before = make_context().connections
    assert reloader.current().connections == before + 1
    for file in (first, second):
        file.write_text("new", encoding="utf-8")
    broken[0] = True
    with pytest.raises(RuntimeError):
        reloader.current()
    broken[0] = False
    assert reloader.current().connections == before + 2


def test_while_one_thread_reads_the_others_go_on(make_context: MakeContext, tmp_path: Path) -> None:
    path, reading, go_on = tmp_path / "file", threading.Event(), threading.Event()
    path.write_text("1", encoding="utf-8")
    slow = [False]

    def read(context: object, path: Path) -> tuple[object, str]:
        if slow[0]:
            reading.set()
            assert go_on.wait(20)
        return replace(context, connections=context.connections + 1), ""  # type: ignore[type-var, attr-defined]

    reloader = Reloader(make_context(), [WatchedFile(lambda: path, read)])  # type: ignore[arg-type]
    before = reloader.current()
    slow[0] = True
    path.write_text("2", encoding="utf-8")
    thread = threading.Thread(target=reloader.current)
    thread.start()
    assert reading.wait(20)
    assert reloader.current() is before
    go_on.set()
    thread.join(20)
    assert reloader.current().connections == before.connections + 1


def test_a_text_applied_by_hand_is_picked_up(
    reloader: Reloader, path: Path, database: Database, tmp_path: Path
) -> None:
    first = reloader.current()
    assert not apply_text(database, first.watchlist, WATCHLIST, "ana", NOW).new
    assert reloader.current() is first
