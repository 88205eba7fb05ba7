"""What servers on the web do, and what each must end as."""

import gzip
import lzma
import zlib
from dataclasses import dataclass

import brotli
import zstandard

from monitor.model import FetchFailureKind as Kind
from tests.unit.fetch.answering import (
    Answer,
    breaks_off,
    chain,
    drips,
    floods,
    http,
    item,
    redirects,
    resets,
    rss,
    says,
    serves,
    silent,
    to_an_unquoted_place,
    wants_another_cookie,
)

#: one exchange with a hostile server takes no longer than this in the tests, in seconds
DEADLINE = 2.5
MOST_BYTES = 200_000


@dataclass(frozen=True)
class Feed:
    """The answer is a page that reads as a feed with these headlines."""

    titles: tuple[str, ...]
    #: stands in one of the problems noted
    problem: str = ""
    redirects: int = 0


@dataclass(frozen=True)
class NoFeed:
    """The answer is a page that is no feed."""

    looks_like: str


@dataclass(frozen=True)
class NotModified:
    """The server says that nothing changed."""


@dataclass(frozen=True)
class Failure:
    """The fetch ends as this failure."""

    kind: Kind
    retry_after: float | None = None


Outcome = Feed | NoFeed | NotModified | Failure


@dataclass(frozen=True)
class Misbehaviour:
    """What the server does, and where the fetch must end."""

    answer: Answer
    outcome: Outcome
    #: validator sent with the request
    etag: str = ""
    #: asked instead of the server's own address
    url: str = ""


def _layers(body: bytes, count: int) -> bytes:
    for _ in range(count):
        body = gzip.compress(body)
    return body


_ZEROS = b"0" * 20_000_000
_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ja">'
    + "".join(f'<!ENTITY {n} "{f"&{m};" * 10}">' for m, n in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
_LATIN = rss(item("Años de plomo en Asunción"))
_LATIN_HEAD = _LATIN.replace("UTF-8", "ISO-8859-1")
_ONE = ("Hallan armas",)
_CHALLENGE = (
    "<!DOCTYPE html><html><head><title>Un momento…</title></head><body><script>window._cf_chl_opt = {};"
    "</script></body></html>"
)
_PACKED = gzip.compress(rss().encode())

#: every kind of misbehaviour by name
TABLE: dict[str, Misbehaviour] = {
    # time and size
    "slow loris in the headers": Misbehaviour(drips(b"HTTP/1.1 200 OK\r\n", b"X"), Failure(Kind.TIMEOUT)),
    "slow loris in the body": Misbehaviour(drips(http(length=99_999), b"x"), Failure(Kind.TIMEOUT)),
    "accepts and never answers": Misbehaviour(silent, Failure(Kind.TIMEOUT)),
    "endless body": Misbehaviour(floods(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65_536), Failure(Kind.TOO_LARGE)),
    "endless chunks": Misbehaviour(
        floods(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"400\r\n" + b"x" * 1024 + b"\r\n"),
        Failure(Kind.TOO_LARGE),
    ),
    "chunks that stop": Misbehaviour(
        says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100\r\n<rss>"), Failure(Kind.PROTOCOL)
    ),
    "chunks without a size": Misbehaviour(
        says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nmany\r\n<rss>"), Failure(Kind.PROTOCOL)
    ),
    "two lengths": Misbehaviour(
        says(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n<rss>"),
        Failure(Kind.PROTOCOL),
    ),
    "endless headers": Misbehaviour(
        floods(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 1000), Failure(Kind.PROTOCOL)
    ),
    "endless error page": Misbehaviour(
        floods(b"HTTP/1.1 404 No\r\n\r\n", b"x" * 65_536), Failure(Kind.NOT_FOUND)
    ),
    "length too long": Misbehaviour(says(http(rss(), length=5000)), Failure(Kind.PROTOCOL)),
    "length too short": Misbehaviour(
        says(http(rss(item(), item("Cortada", "https://x.example/2")), length=180)), Feed(_ONE, "recovery")
    ),
    # packing
    "gzip bomb": Misbehaviour(
        serves(gzip.compress(_ZEROS), Content_Encoding="gzip"), Failure(Kind.TOO_LARGE)
    ),
    "brotli bomb": Misbehaviour(
        serves(brotli.compress(_ZEROS, quality=1), Content_Encoding="br"), Failure(Kind.TOO_LARGE)
    ),
    "zstd bomb": Misbehaviour(
        serves(zstandard.compress(_ZEROS), Content_Encoding="zstd"), Failure(Kind.TOO_LARGE)
    ),
    "packed ten times": Misbehaviour(
        serves(_layers(b"x", 10), Content_Encoding=", ".join(["gzip"] * 10)), Failure(Kind.ENCODING)
    ),
    "truncated gzip": Misbehaviour(serves(_PACKED[:-12], Content_Encoding="gzip"), Failure(Kind.ENCODING)),
    "damaged gzip": Misbehaviour(
        serves(_PACKED[:20] + b"\xff" * 20 + _PACKED[40:], Content_Encoding="gzip"), Failure(Kind.ENCODING)
    ),
    "gzip declared, plain sent": Misbehaviour(serves(rss(), Content_Encoding="gzip"), Feed(_ONE)),
    "deflate without its header": Misbehaviour(
        serves(zlib.compress(rss().encode(), wbits=-15), Content_Encoding="deflate"), Feed(_ONE)
    ),
    "brotli declared, plain sent": Misbehaviour(serves(rss(), Content_Encoding="br"), Feed(_ONE)),
    "zstd declared, gzip sent": Misbehaviour(serves(_PACKED, Content_Encoding="zstd"), Feed(_ONE)),
    "gzip declared, brotli sent": Misbehaviour(
        serves(brotli.compress(rss().encode()), Content_Encoding="gzip"), Failure(Kind.ENCODING)
    ),
    "unknown packing declared, plain sent": Misbehaviour(
        serves(rss(), Content_Encoding="aws-chunked"), Feed(_ONE)
    ),
    "unknown packing": Misbehaviour(
        serves(lzma.compress(rss().encode()), Content_Encoding="lzma"), Failure(Kind.ENCODING)
    ),
    # redirects
    "redirect loop": Misbehaviour(redirects("{path}"), Failure(Kind.REDIRECTS)),
    "redirects without end": Misbehaviour(redirects("{path}x"), Failure(Kind.REDIRECTS)),
    "301 chain": Misbehaviour(chain, Feed(_ONE, redirects=3)),
    "redirect to 127.0.0.1": Misbehaviour(redirects("http://127.0.0.1:1/"), Failure(Kind.FORBIDDEN_ADDRESS)),
    "redirect to a cloud's metadata": Misbehaviour(
        redirects("http://169.254.169.254/latest/"), Failure(Kind.FORBIDDEN_ADDRESS)
    ),
    "redirect to a mail server": Misbehaviour(
        redirects("http://8.8.8.8:25/"), Failure(Kind.FORBIDDEN_ADDRESS)
    ),
    "redirect to a number": Misbehaviour(redirects("http://2130706433/"), Failure(Kind.FORBIDDEN_ADDRESS)),
    "redirect in a circle with ever new cookies": Misbehaviour(wants_another_cookie, Failure(Kind.REDIRECTS)),
    "redirect with blanks and accents": Misbehaviour(to_an_unquoted_place, Feed(_ONE, redirects=1)),
    "redirect to a file": Misbehaviour(redirects("file:///etc/passwd"), Failure(Kind.FORBIDDEN_ADDRESS)),
    "redirect to nowhere": Misbehaviour(says(http(status="302 Found")), Failure(Kind.REDIRECTS)),
    "redirect to what is no address": Misbehaviour(redirects("http://[half/"), Failure(Kind.REDIRECTS)),
    # status
    "304 that nobody asked for": Misbehaviour(says(http(status="304 Not Modified")), Failure(Kind.PROTOCOL)),
    "304 with a body": Misbehaviour(
        says(http("Hallan", status="304 Not Modified", ETag='"1"')), NotModified(), etag='"1"'
    ),
    "206 that nobody asked for": Misbehaviour(
        says(http(rss(), status="206 Partial Content")), Failure(Kind.PROTOCOL)
    ),
    "304 without ETag": Misbehaviour(says(http(status="304 Not Modified")), NotModified(), etag='"1"'),
    "ETag that lies": Misbehaviour(serves(rss(), ETag='"1"'), Feed(_ONE), etag='"1"'),
    "401": Misbehaviour(says(http(status="401 Unauthorized")), Failure(Kind.BLOCKED)),
    "403": Misbehaviour(says(http(status="403 Forbidden")), Failure(Kind.BLOCKED)),
    "404": Misbehaviour(says(http(status="404 Not Found")), Failure(Kind.NOT_FOUND)),
    "406 of a firewall": Misbehaviour(says(http(status="406 Not Acceptable")), Failure(Kind.BLOCKED)),
    "408": Misbehaviour(says(http(status="408 Request Timeout")), Failure(Kind.TIMEOUT)),
    "451": Misbehaviour(says(http(status="451 Unavailable")), Failure(Kind.BLOCKED)),
    "999": Misbehaviour(says(http(status="999 Request denied")), Failure(Kind.BLOCKED)),
    "a status that is none": Misbehaviour(says(http(status="777 Lucky")), Failure(Kind.PROTOCOL)),
    "429 with a date that is over": Misbehaviour(
        says(http(status="429 Slow", Retry_After="Sun, 22 Nov 2020 12:10:00 GMT")),
        Failure(Kind.RATE_LIMITED, 0.0),
    ),
    "429 with seconds below zero": Misbehaviour(
        says(http(status="429 Slow", Retry_After="-5")), Failure(Kind.RATE_LIMITED)
    ),
    "200 with a challenge": Misbehaviour(serves(_CHALLENGE), Failure(Kind.BLOCKED)),
    "403 with a challenge, packed": Misbehaviour(
        says(http(gzip.compress(_CHALLENGE.encode()), status="403 Forbidden", Content_Encoding="gzip")),
        Failure(Kind.BLOCKED),
    ),
    "405 with a puzzle": Misbehaviour(
        says(http(status="405 Not Allowed", X_Amzn_Waf_Action="captcha")), Failure(Kind.BLOCKED)
    ),
    "503 with a challenge in its page": Misbehaviour(
        says(http(_CHALLENGE, status="503 Service Unavailable")), Failure(Kind.BLOCKED)
    ),
    "503 whose page cannot be unpacked": Misbehaviour(
        says(http("x\0", status="503 Service Unavailable", Content_Encoding="br")), Failure(Kind.SERVER)
    ),
    "410": Misbehaviour(says(http(status="410 Gone")), Failure(Kind.GONE)),
    "418": Misbehaviour(says(http(status="418 I'm a teapot")), Failure(Kind.CLIENT)),
    "429 with seconds": Misbehaviour(
        says(http(status="429 Too Many Requests", Retry_After="120")), Failure(Kind.RATE_LIMITED, 120.0)
    ),
    "429 with a date": Misbehaviour(
        says(http(status="429 Too Many Requests", Retry_After="Sun, 22 Nov 2026 12:10:00 GMT")),
        Failure(Kind.RATE_LIMITED, 600.0),
    ),
    "503 storm": Misbehaviour(
        says(http(status="503 Service Unavailable", Retry_After="soon")), Failure(Kind.SERVER)
    ),
    "503 with a challenge": Misbehaviour(
        says(http(status="503 Service Unavailable", CF_Mitigated="challenge")), Failure(Kind.BLOCKED)
    ),
    "203 by a proxy": Misbehaviour(says(http(rss(), status="203 Non-Authoritative Information")), Feed(_ONE)),
    "redirect to a broken name": Misbehaviour(redirects("http://xn--/"), Failure(Kind.FORBIDDEN_ADDRESS)),
    "204 without content": Misbehaviour(says(b"HTTP/1.1 204 No Content\r\n\r\n"), Failure(Kind.PROTOCOL)),
    # connection
    "connection reset": Misbehaviour(resets, Failure(Kind.RESET)),
    "closes without a word": Misbehaviour(lambda *_: None, Failure(Kind.RESET)),
    "reset in the body": Misbehaviour(breaks_off, Failure(Kind.RESET)),
    "another protocol": Misbehaviour(says(b"SSH-2.0-OpenSSH_9.2\r\n\0\0\r\n\r\n"), Failure(Kind.PROTOCOL)),
    "TLS failure": Misbehaviour(says(b"plain"), Failure(Kind.TLS), url="https://127.0.0.1:{port}/"),
    "DNS failure": Misbehaviour(silent, Failure(Kind.DNS), url="http://nobody.invalid/"),
    "nobody listens": Misbehaviour(silent, Failure(Kind.CONNECT), url="http://127.0.0.1:{closed}/"),
    # content
    "200 with HTML": Misbehaviour(serves("<!doctype html><html><body>Portada</body></html>"), NoFeed("html")),
    "200 without anything": Misbehaviour(serves(""), NoFeed("empty")),
    "billion laughs": Misbehaviour(serves(rss(item("&i;"), head=_LAUGHS)), NoFeed("entities")),
    "latin-1 declared as UTF-8": Misbehaviour(
        serves(_LATIN.encode("latin-1")), Feed(("Años de plomo en Asunción",), "Windows-1252")
    ),
    "UTF-8 declared as latin-1": Misbehaviour(
        serves(_LATIN_HEAD.encode()), Feed(("Años de plomo en Asunción",), "but it is UTF-8")
    ),
    "UTF-16 without a mark": Misbehaviour(
        serves(_LATIN.encode("utf-16-le")), Feed(("Años de plomo en Asunción",))
    ),
    "cookies to be accepted first": Misbehaviour(
        serves("<html><body><form>Acepta las cookies para continuar</form></body></html>"), NoFeed("html")
    ),
    "byte order mark": Misbehaviour(serves(b"\xef\xbb\xbf" + rss().encode()), Feed(_ONE)),
    "white space before XML": Misbehaviour(serves("\r\n \n" + rss()), Feed(_ONE)),
    "warning before XML": Misbehaviour(
        serves("<br />Warning: x on line 3<br />" + rss()), Feed(_ONE, "before")
    ),
    "CDATA": Misbehaviour(
        serves(rss(item("<![CDATA[Hallan armas & <b>drogas</b>]]>"))), Feed(("Hallan armas & drogas",))
    ),
    "escaped twice": Misbehaviour(
        serves(rss(item("Hallan &amp;quot;armas&amp;quot;"))), Feed(('Hallan "armas"',))
    ),
    "future dates": Misbehaviour(
        serves(rss(item(extra="<pubDate>Sun, 22 Nov 2099 12:00:00 GMT</pubDate>"))),
        Feed(_ONE, "future dates"),
    ),
    "duplicate GUIDs": Misbehaviour(
        serves(rss(item(extra="<guid>1</guid>"), item(extra="<guid>1</guid>"))), Feed(_ONE, "given twice")
    ),
    "GUID reuse": Misbehaviour(
        serves(rss(item(extra="<guid>1</guid>"), item("Otra", "https://x.example/2", "<guid>1</guid>"))),
        Feed(("Hallan armas", "Otra")),
    ),
    "missing end tags": Misbehaviour(
        serves(rss("<item><title>Hallan armas<link>https://x.example/1</link>")), Feed(_ONE, "recovery")
    ),
}
