"""The mailer against a real SMTP server on this machine, in every mood."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from monitor.cli import health
from monitor.model import RenderedDigest
from monitor.settings import load
from monitor.steps import mail

DATA = Path(__file__).parents[1] / "data" / "mail"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def message(*recipients: str) -> EmailMessage:
    envelope = mail.Envelope("monitor@example.org", recipients or ("ana@example.org",), "morning", NOW, NOW)
    return mail.build_message(RenderedDigest("Ñ", "<p>ñ</p>", "uno\n.\n..dos\n"), envelope)


class Server:
    """Keeps what it accepts; ``mood`` may answer instead."""

    def __init__(self) -> None:
        self.accepted: list[bytes] = []
        self.recipients: list[list[str]] = []
        self.mood: dict[str, Callable[[str], str | None]] = {}
        self.wait = 0.0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: object, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = self.mood.get("rcpt", lambda _: None)(address)
        if said is None:
            envelope.rcpt_tos.append(address)
        return said or "250 OK"

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: object, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.mood.get("mail", lambda _: None)(address) or "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: object, session: Session, envelope: Envelope
    ) -> str:
        await asyncio.sleep(self.wait)
        said = self.mood.get("data", lambda _: None)("")
        if said is None:
            self.accepted.append(bytes(envelope.content or b""))
            self.recipients.append(envelope.rcpt_tos)
        return said or "250 OK"


@contextmanager
def running(server: Server, **options: Any) -> Iterator[int]:
    controller = Controller(server, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def server_tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(DATA / "test-only-cert.pem", DATA / "test-only-key.pem")
    return context


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(DATA / "test-only-cert.pem"))


def refused(port: int, *recipients: str, **options: Any) -> mail.MailError:
    mailer = mail.SmtpMailer("127.0.0.1", port, **({"security": "none", "timeout": 5.0} | options))
    with pytest.raises(mail.MailError) as caught:
        mailer.send(message(*recipients))
    return caught.value


def test_the_message_arrives_as_it_was_sent_dots_and_all() -> None:
    server = Server()
    with running(server) as port:
        mail.SmtpMailer("127.0.0.1", port, "none").send(message("ana@example.org", "joao@example.com"))
    back = message_from_bytes(server.accepted[0], policy=policy.default)
    assert back.get_body(("plain",)).get_content() == "uno\r\n.\r\n..dos\r\n"  # type: ignore[union-attr]
    assert back["Message-ID"] == message()["Message-ID"]
    assert server.recipients == [["ana@example.org", "joao@example.com"]]


def test_a_server_that_accepts_slowly_is_waited_for() -> None:
    server = Server()
    server.wait = 0.5
    with running(server) as port:
        mail.SmtpMailer("127.0.0.1", port, "none", timeout=5).send(message())
    assert len(server.accepted) == 1


@pytest.mark.parametrize(("answer", "permanent"), [("451 busy, later", False), ("554 no spam here", True)])
@pytest.mark.parametrize("place", ["mail", "rcpt", "data"])
def test_a_refusal_says_whether_to_try_again(place: str, answer: str, permanent: bool) -> None:
    server = Server()
    server.mood[place] = lambda _: answer
    with running(server) as port:
        error = refused(port)
    assert (error.permanent, error.retry, error.unknown, error.delivered) == (
        permanent,
        not permanent,
        False,
        False,
    )
    assert answer[4:] in str(error)
    assert server.accepted == []


def test_one_unknown_recipient_does_not_keep_the_mail_from_the_others() -> None:
    server = Server()
    server.mood["rcpt"] = lambda address: "550 unknown" if "gone" in address else None
    with running(server) as port:
        error = refused(port, "gone@example.org", "ana@example.org")
    assert (error.permanent, error.delivered) == (True, True)
    assert "gone@example.org" in str(error)
    assert server.recipients == [["ana@example.org"]]


def test_a_recipient_refused_for_now_stops_the_message_for_all() -> None:
    server = Server()
    server.mood["rcpt"] = lambda address: "450 greylisted" if "slow" in address else None
    with running(server) as port:
        error = refused(port, "ana@example.org", "slow@example.org")
    assert (error.retry, error.delivered) == (True, False)
    assert server.accepted == []


def test_no_answer_after_the_text_leaves_acceptance_unknown() -> None:
    server = Server()
    server.wait = 1.5
    with running(server) as port:
        error = refused(port, timeout=0.3)
    assert (error.unknown, error.retry) == (True, True)
    assert "may have accepted" in str(error)


def test_nobody_listening_is_worth_another_try() -> None:
    error = refused(free_port())
    assert (error.retry, error.unknown) == (True, False)


def scripted(*answers: bytes) -> tuple[int, Thread]:
    """A server that says these answers, one for each thing it hears, and then hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener, listener.accept()[0] as client, client.makefile("rb") as heard:
            for number, answer in enumerate(answers):
                client.sendall(answer)
                waiting_for_dot = answer.startswith(b"354")
                while (line := heard.readline()) and waiting_for_dot and line != b".\r\n":
                    pass
                assert line or number == len(answers) - 1

    thread = Thread(target=serve)
    thread.start()
    return int(listener.getsockname()[1]), thread


OPENING = (b"220 here\r\n", b"250 hello\r\n", b"250 ok\r\n", b"250 ok\r\n")


@pytest.mark.parametrize(
    ("answers", "unknown", "permanent"),
    [
        ((b"220 here\r\n",), False, False),
        (OPENING[:3], False, False),
        (OPENING, False, False),
        ((*OPENING, b"354 go on\r\n"), True, False),
        ((*OPENING, b"552 too large\r\n"), False, True),
        ((b"554 closed for good\r\n",), False, True),
        ((b"421 too many\r\n",), False, False),
    ],
    ids=[
        "at once",
        "in the middle",
        "before DATA",
        "after DATA",
        "DATA refused",
        "banner refuses",
        "banner busy",
    ],
)
def test_a_server_that_dies_leaves_doubt_only_after_the_text(
    answers: tuple[bytes, ...], unknown: bool, permanent: bool
) -> None:
    port, thread = scripted(*answers)
    error = refused(port)
    thread.join(5)
    assert (error.unknown, error.permanent) == (unknown, permanent)


def test_a_server_that_falls_silent_in_the_middle_is_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        error = refused(int(listener.getsockname()[1]), timeout=0.3)
    assert (error.retry, error.unknown) == (True, False)


def test_starttls_and_login_hand_the_message_over() -> None:
    def check(*parts: object) -> AuthResult:
        given = parts[-1]
        assert isinstance(given, LoginPassword)
        return AuthResult(success=given.password == b"right", handled=False)

    server = Server()
    options = {
        "tls_context": server_tls(),
        "require_starttls": True,
        "authenticator": check,
        "auth_required": True,
    }
    with running(server, **options) as port:
        secure = {"security": "starttls", "context": trusting(), "user": "ana"}
        mail.SmtpMailer("127.0.0.1", port, password="right", **secure).send(message())  # type: ignore[arg-type]
        error = refused(port, password="wrong", **secure)
        mail.SmtpMailer("127.0.0.1", port, password="right", **secure).greet()  # type: ignore[arg-type]
    assert len(server.accepted) == 1
    assert error.permanent
    assert "check user and password" in str(error)
    assert "wrong" not in str(error)


def test_the_doctor_says_whether_the_mail_server_lets_us_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("MONITOR_SMTP_SENDER", "monitor@example.org")
    monkeypatch.setenv("MONITOR_SMTP_SECURITY", "none")
    server = Server()
    with running(server) as port:
        monkeypatch.setenv("MONITOR_SMTP_PORT", str(port))
        assert health.mail(load()) == health.Check("mail", health.OK, f"127.0.0.1:{port} lets us in")
        monkeypatch.setenv("MONITOR_SMTP_SECURITY", "starttls")
        check = health.mail(load())
    assert (check.status, server.accepted) == (health.FAILED, [])
    assert "cannot be used as set up" in check.found
    assert check.mend


def test_tls_from_the_first_byte_hands_the_message_over() -> None:
    server = Server()
    with running(server, ssl_context=server_tls()) as port:
        mail.SmtpMailer("127.0.0.1", port, "tls", context=trusting()).send(message())
    assert len(server.accepted) == 1


def test_a_certificate_nobody_knows_and_a_server_without_starttls_are_refused_for_good() -> None:
    server = Server()
    with running(server, tls_context=server_tls()) as port:
        assert refused(port, security="starttls").permanent
    with running(server) as port:
        assert refused(port, security="starttls").permanent
    assert server.accepted == []
