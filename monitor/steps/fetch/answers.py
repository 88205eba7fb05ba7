"""What an HTTP answer means: a page, a redirect, or which failure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from monitor.model import FetchedPage, FetchFailureKind, FetchRequest
from monitor.steps.fetch.failures import Failed

REDIRECTS = frozenset({301, 302, 303, 307, 308})
#: answers whose body is what was asked for; 203: changed by a proxy on the way
WITH_BODY = frozenset({200, 203})
#: no server's wish to be left alone is taken for longer than this, in seconds
LONGEST_WAIT = 30 * 86_400
_KINDS = {
    401: FetchFailureKind.BLOCKED,
    402: FetchFailureKind.BLOCKED,
    403: FetchFailureKind.BLOCKED,
    404: FetchFailureKind.NOT_FOUND,
    407: FetchFailureKind.BLOCKED,
    410: FetchFailureKind.GONE,
    429: FetchFailureKind.RATE_LIMITED,
    451: FetchFailureKind.BLOCKED,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, body decoded and bounded."""

    status: int
    #: names in lower case; the last of several values counts
    headers: Mapping[str, str]
    body: bytes

    def header(self, name: str) -> str:
        """A header's value, "" where it is missing."""
        return self.headers.get(name, "")


def page(answer: Answer, request: FetchRequest, final_url: str, now: datetime) -> FetchedPage:
    """The answer as a page.

    :raises Failed: where it is none.
    """
    if answer.status == 304 and not (request.etag or request.last_modified):
        raise Failed(FetchFailureKind.PROTOCOL, "answered 304 although nothing was known of it before", 304)
    if answer.status not in WITH_BODY | {304}:
        raise failure(answer, now)
    known = answer.status == 304
    return FetchedPage(
        url=request.url,
        final_url=final_url,
        status=304 if known else 200,
        body=b"" if known else answer.body,
        content_type=answer.header("content-type"),
        etag=answer.header("etag") or (request.etag if known else ""),
        last_modified=answer.header("last-modified") or (request.last_modified if known else ""),
        max_age=max_age(answer, now),
    )


def failure(answer: Answer, now: datetime) -> Failed:
    """Which failure a status is."""
    status = answer.status
    challenged = "challenge" in answer.header("cf-mitigated") + answer.header("x-amzn-waf-action")
    kind = FetchFailureKind.BLOCKED if challenged else _KINDS.get(status)
    if kind is None:
        kind = FetchFailureKind.SERVER if status >= 500 else FetchFailureKind.CLIENT
        kind = FetchFailureKind.PROTOCOL if status < 400 else kind
    reason = f"answered {status}" + (" with a challenge for browsers" if challenged else "")
    return Failed(kind, reason, status, retry_after(answer.header("retry-after"), now))


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds to wait, from a number or an HTTP date; None where the header says nothing."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(min(int(value[:12]), LONGEST_WAIT))
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), LONGEST_WAIT)


def max_age(answer: Answer, now: datetime) -> int:
    """Seconds for which the server asks not to come back, 0 where it says nothing."""
    ages = [0.0, retry_after(answer.header("retry-after"), now) or 0.0]
    for part in answer.header("cache-control").lower().split(","):
        name, _, value = part.strip().partition("=")
        if name == "max-age" and value.strip('"').isdecimal() and value.isascii():
            ages.append(float(value.strip('"')[:12]))
    return int(min(max(ages), LONGEST_WAIT))
