"""Signed JSON to another program, with every way to fail told apart."""

from dataclasses import dataclass

import httpx

from monitor.steps.mail.failures import MailError
from monitor.steps.mail.webhook import signature

#: answers after which the same body may be taken later
PASSING = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class WebhookPoster:
    """Implements ``ports.Poster``. Redirects are not followed: what is signed goes where we were told."""

    url: str
    secret: str
    #: seconds to wait for the answer
    timeout: float = 30.0

    def post(self, body: bytes, name: str, timestamp: int) -> None:
        """Send it; returns once the receiver answered with 2xx.

        :raises MailError: otherwise; it says whether to try again and whether acceptance is unknown.
        """
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Monitor-Delivery": name,
            "Monitor-Signature": signature(body, self.secret, timestamp),
        }
        try:
            answer = httpx.post(
                self.url, content=body, headers=headers, timeout=self.timeout, follow_redirects=False
            )
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise MailError(f"the webhook cannot be used as set up: {error}", permanent=True) from error
        except httpx.ConnectError as error:
            raise MailError(f"the webhook cannot be reached: {error}") from error
        except httpx.HTTPError as error:
            said = str(error) or type(error).__name__
            raise MailError(f"the webhook broke off or fell silent: {said}", unknown=True) from error
        if not answer.is_success:
            passing = answer.status_code >= 500 or answer.status_code in PASSING
            raise MailError(f"the webhook answered {answer.status_code}", permanent=not passing)
