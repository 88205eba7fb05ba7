"""One fetch on its way from address to address."""

from dataclasses import dataclass, field
from functools import lru_cache

import httpx

from monitor.model import FetchFailureKind, FetchRequest
from monitor.steps.fetch.answers import Answer
from monitor.steps.fetch.failures import Failed

_MOST_COOKIES = 20
#: addresses whose parts are remembered: each is wanted several times on its way
_AT_HAND = 1024


@dataclass(slots=True)
class Journey:
    """One fetch on its way: what was asked, where it is now, what time is left."""

    request: FetchRequest
    url: httpx.URL
    left: float
    hops: list[tuple[int, str]]
    #: Basic credentials of the address asked for, sent to its own origin only
    credentials: bytes = b""
    #: origin to the cookies that it set on this journey: sent back to it, forgotten at the end
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)

    def remember(self, answer: Answer) -> None:
        """Take the cookies of an answer: some sites redirect in a circle until one comes back."""
        jar = self.cookies.setdefault(origin(self.url), {})
        for cookie in answer.cookies[:_MOST_COOKIES]:
            name, _, value = cookie.partition(";")[0].partition("=")
            # As with validators: nothing of a server's may smuggle in a header
            if name.strip() and (name + value).isascii() and (name + value).isprintable():
                jar[name.strip()] = value.strip()

    def cookie(self) -> str:
        """The header for where the journey is now, "" for none."""
        jar = self.cookies.get(origin(self.url), {})
        return "; ".join(f"{name}={value}" for name, value in jar.items())


@lru_cache(maxsize=_AT_HAND)
def parsed(address: str) -> httpx.URL:
    """An http or https address in its parts.

    :raises Failed: FORBIDDEN_ADDRESS for anything else.
    """
    try:
        url = httpx.URL(address.strip())
        # A name in Punycode is decoded only when it is asked for, and may be none
        host = url.host
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise Failed(
            FetchFailureKind.FORBIDDEN_ADDRESS, f"this is no address: {address[:80]!r} ({error})"
        ) from error
    if url.scheme not in {"http", "https"} or not host:
        raise Failed(
            FetchFailureKind.FORBIDDEN_ADDRESS, f"only http and https are fetched, not {address[:80]!r}"
        )
    return url


def bare(url: httpx.URL) -> httpx.URL:
    """An address without what is not sent in its request line: credentials and fragment."""
    return url.copy_with(userinfo=b"", fragment=None) if url.userinfo or url.fragment else url


def origin(url: httpx.URL) -> str:
    """Scheme, host and port of an address."""
    return f"{url.scheme}://{url.netloc.decode()}"
