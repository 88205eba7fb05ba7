"""What an HTTP answer means: a page, a redirect, or which failure."""

import re
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
    # We accept every kind of content, so this is no question of the kind: firewalls answer robots with it
    406: FetchFailureKind.BLOCKED,
    407: FetchFailureKind.BLOCKED,
    408: FetchFailureKind.TIMEOUT,
    410: FetchFailureKind.GONE,
    429: FetchFailureKind.RATE_LIMITED,
    451: FetchFailureKind.BLOCKED,
    # No status of HTTP, but some sites deny robots with it
    999: FetchFailureKind.BLOCKED,
}
#: a page of a guard is no longer than this, in bytes; articles are
_GUARD = 60_000
# What only the page of a guard says that wants a browser: Cloudflare, AWS, Imperva, DataDome, HUMAN, Sucuri,
# DDoS-Guard, Anubis. Scripts that they put into every page of a site are none of these.
_GUARDS = re.compile(
    rb"_cf_chl_opt|challenge-platform/h/\w/orchestrate|gokuProps|awsWafCookieDomainList|Incapsula incident ID"
    rb"|captcha-delivery\.com/(?:c|i|captcha)|px-captcha|sucuri_cloudproxy_js|ddos-guard/js-challenge"
    rb"|anubis_challenge"
)
_HTML = re.compile(rb"(?i)\s*<(?:!doctype html|html|head)")


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, body decoded and bounded."""

    status: int
    #: names in lower case; the last of several values counts
    headers: Mapping[str, str]
    #: of an error its beginning, as far as it could be read
    body: bytes
    #: every ``Set-Cookie``
    cookies: tuple[str, ...] = ()

    def header(self, name: str) -> str:
        """A header's value, "" where it is missing."""
        return self.headers.get(name, "")


def page(answer: Answer, request: FetchRequest, final_url: str, now: datetime) -> FetchedPage:
    """The answer as a page.

    :raises Failed: where it is none.
    """
    if answer.status == 304 and not (request.etag or request.last_modified):
        raise Failed(FetchFailureKind.PROTOCOL, "answered 304 although nothing was known of it before", 304)
    if answer.status not in WITH_BODY | {304} or is_challenge(answer):
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
    challenged = is_challenge(answer)
    kind = FetchFailureKind.BLOCKED if challenged else _KINDS.get(status)
    if kind is None:
        kind = FetchFailureKind.SERVER if status >= 500 else FetchFailureKind.CLIENT
        kind = kind if 400 <= status < 600 else FetchFailureKind.PROTOCOL
    reason = f"answered {status}" + (" with a challenge for browsers" if challenged else "")
    return Failed(kind, reason, status, retry_after(answer.header("retry-after"), now))


def is_challenge(answer: Answer) -> bool:
    """Whether a guard answered in the site's place, with a question that only a browser can answer."""
    if answer.header("cf-mitigated") or answer.header("x-amzn-waf-action"):
        return True
    body = answer.body
    return len(body) < _GUARD and bool(_HTML.match(body)) and bool(_GUARDS.search(body))


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
