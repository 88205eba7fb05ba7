"""Where each setting comes from, and that secrets stay hidden."""

from pathlib import Path

import pytest

from monitor.errors import SettingsError
from monitor.settings import listed, load


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)


def test_a_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret\n")
    monkeypatch.setenv("MONITOR_WEBHOOK_SECRET_FILE", str(tmp_path / "secret"))
    assert load().webhook_secret.get_secret_value() == "s3cret"


def test_the_file_of_a_secret_may_be_named_in_dotenv(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://a:b@c/d\n")
    (tmp_path / ".env").write_text(f"DATABASE_URL_FILE={tmp_path / 'url'}\n")
    assert load().database_url.get_secret_value() == "postgresql://a:b@c/d"


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MONITOR_WEBHOOK_SECRET", "mine")
    monkeypatch.setenv("MONITOR_WEBHOOK_SECRET_FILE", str(tmp_path / "missing"))
    (tmp_path / "missing").write_text("other")
    assert load().webhook_secret.get_secret_value() == "mine"


def test_a_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_DATABASE_PASSWORD_FILE", "/nowhere/at/all")
    with pytest.raises(SettingsError, match="MONITOR_DATABASE_PASSWORD_FILE: /nowhere/at/all cannot be read"):
        load()


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        ("postgresql://me@db:5432/x", "postgresql://me:p%40ss%2F@db:5432/x"),
        ("postgresql://me:own@db/x", "postgresql://me:own@db/x"),
        ("postgresql://db/x", "postgresql://db/x"),
    ],
)
def test_the_password_goes_into_an_address_that_has_none(
    monkeypatch: pytest.MonkeyPatch, url: str, whole: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("MONITOR_DATABASE_PASSWORD", "p@ss/")
    assert load().database_url.get_secret_value() == whole


def test_each_setting_says_where_it_came_from_and_hides_secrets(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("from-file")
    (tmp_path / ".env").write_text("MONITOR_CONTACT=me@example.org\n")
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:hush@db/x")
    monkeypatch.setenv("MONITOR_WEBHOOK_SECRET_FILE", str(tmp_path / "secret"))
    shown = {one.variable: one for one in listed(load(gateway="http://127.0.0.1/{url}"))}
    assert shown["DATABASE_URL"].origin == "environment"
    assert shown["MONITOR_CONTACT"].origin == ".env"
    assert shown["MONITOR_WEBHOOK_SECRET"].origin == "file"
    assert shown["MONITOR_GATEWAY"].origin == "command"
    assert (shown["MONITOR_KEEP_DAYS"].value, shown["MONITOR_KEEP_DAYS"].origin) == ("0", "default")
    everything = " ".join(one.value for one in shown.values())
    assert "hush" not in everything
    assert "from-file" not in everything


def test_a_bad_value_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_KEEP_DAYS", "-1")
    with pytest.raises(SettingsError, match="MONITOR_KEEP_DAYS"):
        load()
