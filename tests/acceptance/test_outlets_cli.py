"""``monitor outlets``, ``backfill`` and ``ingest`` as typed, over the loopback interface."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from monitor.cli import cli
from monitor.config.outlets import load_outlets
from monitor.demo.gateway import Gateway

OUTLETS = """\
# our own list
outlets:
  - id: diario
    name: El Diario
    language: es
    homepage: https://diario.test
    feeds:
      - url: https://diario.test/rss  # the whole site
    archives:
      - url: "https://diario.test/mapa-{YYYYMM}.xml"
        kind: sitemap
"""
RSS = """<rss version="2.0"><channel><title>D</title><item><title>Cuba firma un convenio</title>
<link>https://{host}/nota-sobre-el-convenio-1</link><pubDate>Sun, 22 Nov 2026 10:00:00 GMT</pubDate></item>
</channel></rss>"""
MAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url>
<loc>https://diario.test/nota-vieja-de-septiembre</loc><lastmod>2026-09-03</lastmod></url></urlset>"""
SEPTEMBER = ("--outlet", "diario", "--from", "2026-09-01", "--to", "2026-09-30")
PAGE = "<html lang='es'><body><article><h1>Nota</h1>" + "<p>El Gobierno habló del convenio.</p>" * 5


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Any:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "outlets.yaml").write_text(OUTLETS, encoding="utf-8")
    bodies = {
        "https://diario.test/rss": RSS.format(host="diario.test"),
        "https://diario.test/mapa-202609.xml": MAP,
        "https://diario.test/nota-vieja-de-septiembre": PAGE,
        "https://diario.test/suelta": PAGE,
        "https://nuevo.test/": "<html><link rel='alternate' type='application/rss+xml' href='/f'></html>",
        "https://nuevo.test/f": RSS.format(host="nuevo.test"),
    }
    responses = {}
    for number, (url, body) in enumerate(bodies.items()):
        (tmp_path / str(number)).write_text(body, encoding="utf-8")
        responses[url] = {"file": str(number), "content_type": "text/html"}
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"outlets": [], "responses": responses}), encoding="utf-8")
    with Gateway(manifest) as gateway:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("MONITOR_GATEWAY", gateway.template)
        monkeypatch.setenv("DATABASE_URL", database_url)
        yield tmp_path / "config" / "outlets.yaml"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def test_an_outlet_is_found_shown_and_only_then_written(files: Path) -> None:
    dry = run("outlets", "add", "https://nuevo.test/", "--json")
    assert dry.exit_code == 0, dry.output
    assert json.loads(dry.stdout)["outlet"]["feeds"] == [{"url": "https://nuevo.test/f"}]
    assert files.read_text(encoding="utf-8") == OUTLETS
    written = run("outlets", "add", "https://nuevo.test/", "--yes")
    assert "written to" in written.stdout
    assert [outlet.id for outlet in load_outlets(files)] == ["diario", "nuevo"]
    assert "# the whole site" in files.read_text(encoding="utf-8")


def test_an_outlet_is_switched_off_with_a_reason_and_on_again(files: Path) -> None:
    assert "nothing written" in run("outlets", "disable", "diario", "--reason", "trial").stdout
    assert load_outlets(files)[0].enabled
    assert "1 more in the catalogue, 0 of them switched off" in run("outlets", "list").stdout
    [waiting] = json.loads(run("outlets", "list", "--all", "--json").stdout)
    assert (waiting["id"], waiting["status"]) == ("diario", "")
    run("outlets", "disable", "diario", "--reason", "trial", "--yes")
    [off] = json.loads(run("outlets", "list", "--all", "--json").stdout)
    assert (off["status"], off["error"]) == ("off", "trial")
    assert (load_outlets(files)[0].enabled, load_outlets(files)[0].note) == (False, "trial")
    run("outlets", "enable", "diario", "--yes")
    assert load_outlets(files)[0].enabled
    assert "no outlet 'nada'" in str(run("outlets", "enable", "nada").exception)


def test_the_list_goes_out_and_comes_in_as_opml(files: Path, tmp_path: Path) -> None:
    opml = run("outlets", "export").stdout
    assert "https://diario.test/rss" in opml
    other = tmp_path / "other.opml"
    other.write_text(
        opml.replace("diario.test", "otro.test").replace("El Diario", "El Otro"), encoding="utf-8"
    )
    assert "nothing written" in run("outlets", "import", str(other)).stdout
    run("outlets", "import", str(other), "--yes")
    assert [outlet.id for outlet in load_outlets(files)] == ["diario", "el-otro"]
    assert "is there already" in run("outlets", "import", str(other), "--yes").stdout
    feed = '<outline text="{0}" htmlUrl="https://{0}.test" xmlUrl="https://tres.test/rss"/>'
    other.write_text(
        f"<opml><body>{feed.format('tres')}{feed.format('cuatro')}</body></opml>", encoding="utf-8"
    )
    twice = run("outlets", "import", str(other), "--yes")
    assert "cuatro: is there already" in twice.stdout, twice.output
    assert [outlet.id for outlet in load_outlets(files)] == ["diario", "el-otro", "tres"]
    assert "cannot be read" in str(run("outlets", "import", "nowhere.opml").exception)


def test_ways_in_are_checked_articles_got_and_their_health_told(files: Path) -> None:
    checked = run("outlets", "check", "--json")
    assert checked.exit_code == 0, checked.output
    [outlet] = json.loads(checked.stdout)
    assert (outlet["ways"][0]["status"], outlet["ways"][0]["entries"]) == ("ok", 1)
    assert "diario" in run("outlets", "check", "diario").stdout
    filled = run("backfill", *SEPTEMBER, "--json")
    assert json.loads(filled.stdout)["articles"] == 1, filled.output
    again = run(
        "backfill", "--outlet", "diario", "--from", "2026-09-01", "--to", "2026-09-30", "--collect-only"
    )
    assert "0 new articles, 0 new alerts, 1 addresses read before" in again.stdout
    archived = run(
        "backfill", "--outlet", "diario", "--from", "2026-09-01", "--to", "2026-09-30", "--archive"
    )
    assert "{timestamp}" in str(archived.exception)
    got = run("ingest", "https://diario.test/suelta", "--json")
    assert json.loads(got.stdout)["articles"] == 1, got.output
    assert "give addresses" in str(run("ingest").exception)
    [told] = json.loads(run("outlets", "health", "--json").stdout)
    assert (told["id"], told["articles"], told["usual"]) == ("diario", 2, None)
    assert "diario" in run("outlets", "health").stdout
    assert "never collected" in str(run("outlets", "health", "nada").exception)
    assert "No way in has moved." in run("outlets", "moved").stdout
