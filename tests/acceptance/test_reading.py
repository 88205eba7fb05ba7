"""What an analyst does at the command line: stories, marks, digests, briefs, exports."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import cli
from monitor.storage.session import Database
from tests.acceptance.test_mail_smtp import Server, running
from tests.pipeline.stories import CALLAO, SANTOS_ES, SANTOS_PT, tell_all

DIGESTS = """\
digests:
  - name: morning
    recipients: [ana@example.org]
    schedule: {at: "06:30", timezone: America/Bogota}
"""
#: small files: the shipped ones take seconds to read
FILES = {
    "digests.yaml": DIGESTS,
    "watchlist.yaml": "topics:\n  - {id: iran, title: Iran, query: Irán}\n",
    "outlets.yaml": "outlets:\n  - id: infobae\n    name: Infobae\n    language: es\n"
    "    feeds: [{url: https://www.infobae.com/rss}]\n",
    "glossary.yaml": "terms:\n  - term: La Paz\n",
}
Run = Callable[..., Result]


@pytest.fixture
def run(database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a verb on a store with three alerts."""
    tell_all(database, SANTOS_ES, SANTOS_PT, CALLAO)
    (tmp_path / "config").mkdir()
    for name, content in FILES.items():
        (tmp_path / "config" / name).write_text(content, encoding="utf-8")
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("MONITOR_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("MONITOR_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("MONITOR_ENGINE", "embedded")
    monkeypatch.chdir(tmp_path)

    def run_(*arguments: str, fails: str = "") -> Result:
        result = CliRunner().invoke(cli, arguments)
        if fails:
            assert fails in str(result.exception), result.output
        else:
            assert result.exit_code == 0, (result.output, result.exception)
        return result

    return run_


def test_previewing_groups_alerts_into_stories_that_can_be_listed_and_shown(run: Run) -> None:
    assert "No stories" in run("stories", "list").output
    assert SANTOS_ES[4] in " ".join(run("digest", "preview", "--all").output.split())
    assert run("digest", "preview", "morning", "--all", "--html").output.startswith("<!DOCTYPE html>")
    found = json.loads(run("stories", "list", "--json").output)
    assert sorted(len(story["articles"]) for story in found) == [1, 2]
    number = next(story["id"] for story in found if len(story["articles"]) == 2)
    shown = run("stories", "show", str(number)).output
    assert "Folha (BR, independent)" in " ".join(shown.split())
    assert json.loads(run("stories", "show", str(number), "--json").output)["id"] == number
    assert "Callao" in run("stories", "list", "--topic", "iran").output
    run("stories", "show", "99", fails="there is no story 99")
    assert "why" in json.loads(run("stories", "show", str(number), "--why", "--json").output)
    assert " like Folha: " in " ".join(run("stories", "show", str(number), "--why").output.split())

    marked = run(
        "alerts", "mark", str(number), "--story", "--as", "relevant", "--note", "port", "--who", "ana"
    )
    assert "2 alerts" in marked.output
    table = run("alerts", "list", "--status", "relevant").output
    assert "relevant" in table
    listed = json.loads(run("alerts", "list", "--status", "relevant", "--json").output)
    assert str(listed[0]["id"]) in table.split()
    assert len(listed) == 2
    assert {alert["story"] for alert in listed} == {number}
    alert = str(listed[0]["id"])
    assert "ana: relevant port" in run("alerts", "show", alert).output
    assert json.loads(run("alerts", "show", alert, "--json").output)["marks"][0]["who"] == "ana"
    run("alerts", "mark", alert, "--as", "closed")
    run("alerts", "mark", "99", "--as", "closed", fails="there is no alert 99")
    [whole, *_] = json.loads(run("watchlist", "precision", "--json").output)
    assert whole == {
        "topic": "iran", "version": 0, "term": "", "judged": 2, "relevant": 2, "precision": 1.0
    }  # fmt: skip
    assert "few" in run("watchlist", "precision", "--topic", "iran").output
    assert "No alert was marked yet" in run("watchlist", "precision", "--topic", "cuba").output

    brief = run("brief", "--story", str(number)).output
    assert "Folha" in brief
    assert "Machine translation" in brief
    run("brief", "--topic", "iran", "--since", "2026-11-01", "--format", "docx", "--out", "brief.docx")
    assert Path("brief.docx").read_bytes().startswith(b"PK")
    run("brief", fails="name either --topic or --story")


def test_alerts_are_exported(run: Run) -> None:
    lines = run("alerts", "export").output.splitlines()
    assert (lines[0].split(",")[0], len(lines)) == ("alert_id", 4)
    run("alerts", "export", "--format", "jsonl", "--since", "2026-11-01", "--out", "a.jsonl")
    assert len(Path("a.jsonl").read_text(encoding="utf-8").splitlines()) == 3
    run("alerts", "export", "--out", "no/where.csv", fails="cannot be written")


def test_digests_are_tried_sent_listed_and_sent_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("digest", "send", "--to", "me@example.org", fails="no mail server is set")
    assert "would" in run("digest", "send", "--dry-run").output.lower()
    run("digest", "preview", "--eml", "preview.eml")
    assert b"To: ana@example.org" in Path("preview.eml").read_bytes()
    run("digest", "preview", "evening", fails="there is no digest 'evening'")
    run("digest", "resend", fails="name the digests")
    server = Server()
    with running(server) as port:
        monkeypatch.setenv("MONITOR_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("MONITOR_SMTP_PORT", str(port))
        monkeypatch.setenv("MONITOR_SMTP_SECURITY", "none")
        run("digest", "send", fails="MONITOR_SMTP_SENDER")
        monkeypatch.setenv("MONITOR_SMTP_SENDER", "Monitor <monitor@example.org>")
        assert "Trial: me@example.org" in run("digest", "send", "--to", "me@example.org", "--all").output
        # file, feed and mail
        assert "Sent: 3\nFailed: nothing" in run("digest", "send", "morning").output
        [digest] = json.loads(run("digest", "list", "--json").output)["digests"]
        assert {way["state"] for way in digest["deliveries"]} == {"sent"}
        assert "morning" in run("digest", "list").output
        run("digest", "resend", str(digest["id"]))
        run("digest", "resend", str(digest["id"]), "--eml", "stored.eml")
    # nobody listens any more
    unsent = run("digest", "send", "morning", fails="1").output
    assert "Failed: 1\nWhy: monitor digest list" in unsent
    assert len(server.accepted) == 3
    assert digest["message_id"].encode() in Path("stored.eml").read_bytes()
    monkeypatch.setenv("MONITOR_SMTP_PASSWORD_FILE", "none")
    run("digest", "send", fails="MONITOR_SMTP_PASSWORD_FILE")
    monkeypatch.setenv("MONITOR_WEBHOOK_URL", "http://127.0.0.1:9/")
    monkeypatch.delenv("MONITOR_SMTP_HOST")
    monkeypatch.delenv("MONITOR_SMTP_PASSWORD_FILE")
    run("digest", "send", fails="MONITOR_WEBHOOK_SECRET")
