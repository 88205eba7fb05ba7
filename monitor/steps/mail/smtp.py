"""One message to one mail server, with every way to fail told apart."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Literal

from monitor.steps.mail.failures import MailError

Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Implements ``ports.Mailer``. One connection a message; nothing is kept between them."""

    host: str
    port: int
    #: "starttls" and "tls" check the server's certificate; "none" is for a relay on this machine
    security: Security = "starttls"
    user: str = ""
    password: str = ""
    #: seconds to wait for each answer of the server
    timeout: float = 30.0
    #: certificates to trust; None: those of the system
    context: ssl.SSLContext | None = None

    def send(self, message: EmailMessage) -> None:
        """Hand it over; returns once the server has accepted it for every recipient.

        :raises MailError: otherwise; it says whether to try again and whether acceptance is unknown.
        """
        with self._introduced() as connection:
            with self._failures():
                refused = self._recipients(connection, message)
            self._data(connection, message.as_bytes())
        if refused:
            text = f"mail server {self.host}:{self.port} took the message but {'; '.join(refused)}"
            raise MailError(text, permanent=True, delivered=True)

    def greet(self) -> None:
        """Connect, secure the connection and log in, as before a message, and leave again without one.

        :raises MailError: where one of these fails.
        """
        with self._introduced():
            pass

    @contextmanager
    def _introduced(self) -> Iterator[smtplib.SMTP]:
        """A connection that is secured and logged in; politely left where nothing went wrong."""
        with self._failures():
            connection = self._connect()
        try:
            with self._failures():
                self._introduce(connection)
            yield connection
            with suppress(OSError, smtplib.SMTPException):
                connection.putcmd("QUIT")
        finally:
            connection.close()

    def _connect(self) -> smtplib.SMTP:
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=self._trust())
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout)

    def _trust(self) -> ssl.SSLContext:
        return self.context or ssl.create_default_context()

    def _introduce(self, connection: smtplib.SMTP) -> None:
        if self.security == "starttls":
            connection.starttls(context=self._trust())
        connection.ehlo_or_helo_if_needed()
        if self.user:
            connection.login(self.user, self.password)

    def _recipients(self, connection: smtplib.SMTP, message: EmailMessage) -> list[str]:
        """Name the sender and the recipients; what was refused for good, as long as one was taken.

        A passing refusal stops the message for all: the next attempt then reaches everyone once.
        """
        sender, *_ = _addresses(message, "From")
        _expect(connection.mail(sender), f"the sender {sender}")
        refused, recipients = [], _addresses(message, "To", "Cc", "Bcc")
        for recipient in recipients:
            reply = connection.rcpt(recipient)
            try:
                _expect(reply, f"the recipient {recipient}")
            except MailError as error:
                refused.append(str(error))
                if not error.permanent or len(refused) == len(recipients):
                    raise
        return refused

    def _data(self, connection: smtplib.SMTP, raw: bytes) -> None:
        """Once the text is on its way, silence no longer means that nothing was accepted."""
        sent = False
        with self._failures():
            code, answer = connection.docmd("DATA")
            if code != 354:
                _expect((code, answer), "the message")
            sent = True
        with self._failures(unknown=sent):
            connection.send(_dotted(raw))
            _expect(connection.getreply(), "the message")

    @contextmanager
    def _failures(self, unknown: bool = False) -> Iterator[None]:
        """Turn every failure into one of ours."""
        where = f"mail server {self.host}:{self.port}"
        maybe = "; it may have accepted the message" if unknown else ""
        try:
            yield
        except MailError as error:
            raise MailError(f"{where} {error}", permanent=error.permanent, unknown=error.unknown) from error
        except smtplib.SMTPAuthenticationError as error:
            text = f"{where} refused the login of {self.user!r}: check user and password"
            raise MailError(text, permanent=error.smtp_code >= 500) from error
        except (smtplib.SMTPNotSupportedError, ssl.SSLCertVerificationError) as error:
            raise MailError(f"{where} cannot be used as set up: {error}", permanent=True) from error
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code, error.smtp_error, f"{where} refused the connection") from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailError(
                f"{where} broke off or fell silent: {error or 'no reason'}{maybe}", unknown=unknown
            ) from error


def _addresses(message: EmailMessage, *headers: str) -> list[str]:
    values = [str(value) for header in headers for value in message.get_all(header, [])]
    return [spec for _, spec in getaddresses(values) if spec]


def _expect(reply: tuple[int, bytes], what: str) -> None:
    code, answer = reply
    if not 200 <= code < 300:
        raise _refusal(code, answer, f"refused {what}")


def _refusal(code: int, answer: bytes | str, what: str) -> MailError:
    """A refusal is an answer: nothing was accepted. From 500 on it is final (RFC 5321, 4.2.1)."""
    said = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return MailError(f"{what}: {code} {' '.join(said.split())}", permanent=code >= 500)


def _dotted(raw: bytes) -> bytes:
    """The text as DATA wants it: CRLF, a second dot before a dot that begins a line, and the end."""
    body = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n.", b"\n..")
    body = b"." + body if body.startswith(b".") else body
    return body.rstrip(b"\n").replace(b"\n", b"\r\n") + b"\r\n.\r\n"
