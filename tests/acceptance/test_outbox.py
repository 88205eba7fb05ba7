"""Digests through a real mail server and a real database, with everything going wrong."""

import json
import signal
import subprocess
import sys
from collections import Counter
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.smtp import Envelope, Session

from monitor.pipeline.outbox import listed
from monitor.steps.mail import MailError, WebhookPoster, verify
from monitor.storage.session import Database
from tests.acceptance.test_mail_smtp import Server, running
from tests.pipeline.stories import CALLAO, SANTOS_CU, SANTOS_ES, SANTOS_PT, tell_all

ROOT = Path(__file__).parents[2]
NAMES = ("morning", "urgent", "brasil")
#: composes and sends what is due; counts what it does on the way, and dies at one of these moments
CHILD = """
import os, signal, smtplib, sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from sqlalchemy import event
from monitor.config.digests import Schedule, Subscription
from monitor.config.watchlist import Topic, Watchlist
from monitor.pipeline.context import Context
from monitor.pipeline.deliver import deliver
from monitor.steps.mail import SmtpMailer
from monitor.steps.match import compile_watchlist
from monitor.storage.session import open_database

url, port, data, dies_at, minutes, names = sys.argv[1:]
moments = 0

def moment(*ignored):
    global moments
    moments += 1
    if moments == int(dies_at):
        os.kill(os.getpid(), signal.SIGKILL)

database = open_database(url)
event.listen(database.engine, "commit", moment)
event.listen(database.engine, "checkin", moment)
for name in ("docmd", "send", "getreply"):
    def wrapped(self, *args, _whole=getattr(smtplib.SMTP, name), **more):
        moment()
        answer = _whole(self, *args, **more)
        moment()
        return answer
    setattr(smtplib.SMTP, name, wrapped)

topics = (Topic("iran", "Iran", "iran"),)
hourly = Schedule(tuple(time(hour) for hour in range(24)))
context = Context(
    database=database,
    fetcher=None,
    translator=None,
    matcher=compile_watchlist(topics),
    watchlist=Watchlist(topics, {}),
    versions={"iran": 1},
    outlets={},
    clock=lambda: datetime(2026, 11, 22, 12, tzinfo=UTC) + timedelta(minutes=int(minutes)),
    data=Path(data),
    mailer=SmtpMailer("127.0.0.1", int(port), "none", timeout=2),
    sender="Monitor <monitor@example.org>",
    subscriptions=tuple(
        Subscription(name, hourly, recipients=(f"{name}@example.org",)) for name in names.split(",")
    ),
)
deliver(context)
print(moments)
"""


def work(url: str, port: int, data: Path, *, dies_at: int = 0, minutes: int = 60) -> int | None:
    """One process that delivers; the number of its moments, None where it died on the way."""
    arguments = [url, str(port), str(data), str(dies_at), str(minutes), ",".join(NAMES)]
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *arguments], capture_output=True, text=True, cwd=ROOT, check=False
    )
    if done.returncode == -signal.SIGKILL:
        return None
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[-1])


def arrived(server: Server) -> list[tuple[str, str, str]]:
    """(recipient, Message-ID, text) of every mail the server took."""
    mails = [message_from_bytes(raw, policy=policy.default) for raw in server.accepted]
    return [
        (mail["To"], mail["Message-ID"], mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
        for mail in mails
    ]


def assert_each_got_everything_once(server: Server, addresses: list[str]) -> None:
    texts: dict[tuple[str, str], set[str]] = {}
    for recipient, number, text in arrived(server):
        texts.setdefault((recipient, number), set()).add(" ".join(text.split()))
    assert all(len(said) == 1 for said in texts.values()), "one Message-ID, one content"
    for name in NAMES:
        own = [next(iter(said)) for (to, _), said in texts.items() if to == f"{name}@example.org"]
        for address in addresses:
            assert sum(address in said for said in own) == 1, (name, address)


@pytest.mark.slow
def test_killed_at_ten_moments_every_subscription_gets_every_item(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    whole = Server()
    with running(whole) as port:
        moments = work(database_url, port, tmp_path)
    assert moments is not None
    assert moments > 30
    server, alive = Server(), 0
    with running(server) as port:
        for number in range(10):
            if number % 5 == 0:
                tell_all(database, *((SANTOS_ES, CALLAO) if number else (SANTOS_PT, SANTOS_CU)))
            dies_at = 2 + number * (moments - 2) // 10
            ended = work(database_url, port, tmp_path, dies_at=dies_at, minutes=120 + 60 * number)
            alive += ended is not None
        assert work(database_url, port, tmp_path, minutes=1200) is not None
    assert alive == 0
    assert_each_got_everything_once(
        server, ["folha.example/0", "granma.example/1", "infobae.example/2", "infobae.example/3"]
    )
    states = {way.state for digest in listed(database) for way in digest.deliveries}
    assert states == {"sent"}
    twice = [number for number, count in Counter(one for _, one, _ in arrived(server)).items() if count > 1]
    assert len(twice) <= 10


class Dying(Server):
    """Takes a mail and is gone before it says so."""

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Session, envelope: Envelope
    ) -> str:
        said = await super().handle_DATA(server, session, envelope)
        server.transport.abort()
        return said


@pytest.mark.parametrize("mood", ["refuses", "falls silent", "dies after DATA", "accepts slowly"])
def test_whatever_the_server_does_nothing_is_lost(
    database: Database, database_url: str, tmp_path: Path, mood: str
) -> None:
    tell_all(database, SANTOS_ES)
    bad = Dying() if mood == "dies after DATA" else Server()
    if mood == "refuses":
        bad.mood["data"] = lambda _: "451 busy, later"
    bad.wait = {"falls silent": 3.5, "accepts slowly": 0.4}.get(mood, 0.0)
    with running(bad) as port:
        assert work(database_url, port, tmp_path) is not None
    states = [way.state for digest in listed(database) for way in digest.deliveries if way.channel == "mail"]
    assert states == ["sent" if mood == "accepts slowly" else "composed"] * len(NAMES)
    good = Server()
    with running(good) as port:
        assert work(database_url, port, tmp_path, minutes=118) is not None
    assert len(good.accepted) == (0 if mood == "accepts slowly" else len(NAMES))
    both = Server()
    both.accepted = [*bad.accepted, *good.accepted]
    assert_each_got_everything_once(both, ["infobae.example/0"])


class Receiver(BaseHTTPRequestHandler):
    """Keeps what is posted and answers as it is told."""

    posted: list[tuple[dict[str, str], bytes]]
    status = 204

    def do_POST(self) -> None:
        self.posted.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.mark.parametrize(
    ("status", "permanent"), [(204, None), (302, True), (403, True), (429, False), (503, False)]
)
def test_a_webhook_is_signed_and_its_answer_understood(status: int, permanent: bool | None) -> None:
    handler = type("Handler", (Receiver,), {"posted": [], "status": status})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.handle_request, daemon=True).start()
        poster = WebhookPoster(f"http://127.0.0.1:{server.server_port}/hook", "secret", 5)
        body = json.dumps({"a": 1}).encode()
        if permanent is None:
            poster.post(body, "<1@x>", 1000)
        else:
            with pytest.raises(MailError, match=f"answered {status}") as caught:
                poster.post(body, "<1@x>", 1000)
            assert caught.value.permanent is permanent
    [(headers, got)] = handler.posted  # type: ignore[attr-defined]
    assert (got, headers["Monitor-Delivery"]) == (body, "<1@x>")
    assert verify(got, "secret", headers["Monitor-Signature"], now=1001)


def test_a_webhook_that_is_not_there_or_falls_silent_is_told_apart() -> None:
    with pytest.raises(MailError, match="cannot be reached") as away:
        WebhookPoster("http://127.0.0.1:9/", "s", 5).post(b"", "n", 1)
    assert (away.value.retry, away.value.unknown) == (True, False)
    with pytest.raises(MailError, match="cannot be used as set up") as wrong:
        WebhookPoster("ftp://127.0.0.1/", "s", 5).post(b"", "n", 1)
    assert wrong.value.permanent
    with HTTPServer(("127.0.0.1", 0), Receiver) as silent:
        address = f"http://127.0.0.1:{silent.server_port}/"
        with pytest.raises(MailError, match="fell silent") as doubt:
            WebhookPoster(address, "s", 0.2).post(b"", "n", 1)
    assert doubt.value.unknown
