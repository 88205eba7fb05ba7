"""Real objects from settings."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr

from monitor import bootstrap
from monitor.settings import load
from monitor.web.documents import below

WATCHLIST = "topics:\n  - id: iran\n    title: Iran\n    query: drones\n"
OUTLETS = """\
outlets:
  - id: diario
    name: El Diario
    language: es
    homepage: https://diario.test
    feeds:
      - url: https://diario.test/rss
"""
DIGESTS = """\
digests:
  - name: morning
    recipients: [ana@example.org]
    topics: [iran]
    outlets: [diario]
    schedule: {at: "07:00", timezone: America/Bogota}
"""


def test_a_subscription_may_name_the_topics_and_outlets_of_the_other_files(
    tmp_path: Path, database_url: str
) -> None:
    for name, text in (("watchlist", WATCHLIST), ("outlets", OUTLETS), ("digests", DIGESTS)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    settings = load(data=tmp_path / "data", config=tmp_path)
    settings = settings.model_copy(update={"database_url": SecretStr(database_url)})
    with bootstrap.monitor(settings) as context:
        assert [one.outlets for one in context.subscriptions] == [("diario",)]
        assert context.config_errors == ()


@pytest.mark.parametrize(
    ("base", "token", "shown"),
    [
        ("https://monitor.example.org/", "k3y", "https://monitor.example.org/feeds/k3y"),
        ("https://monitor.example.org", "k/y", "https://monitor.example.org/feeds/k%2Fy"),
        ("https://monitor.example.org", "", "https://monitor.example.org"),
        ("", "k3y", ""),
    ],
)
def test_links_in_mails_hold_the_token_that_opens_them(base: str, token: str, shown: str) -> None:
    settings = load(base_url=base, feed_token=SecretStr(token))
    assert bootstrap.shown_at(settings) == shown
    opened = below(urlsplit(f"{shown}/stories/1").path, token)
    assert opened == ("stories/1" if base and token else "")
