"""Real objects from settings."""

from pathlib import Path

from pydantic import SecretStr

from monitor import bootstrap
from monitor.settings import load

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
