"""The way through a gateway: it is asked for every address, and its answers are told of the original ones."""

import re
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from monitor.errors import SettingsError


class Gateway:
    """A template such as ``http://127.0.0.1:9000/{url}`` or an archive's with ``{timestamp}``; "" for none.

    :raises SettingsError: where the template has no place for the address.
    """

    def __init__(self, template: str) -> None:
        if template and ("{url}" not in template or urlsplit(template).scheme not in {"http", "https"}):
            raise SettingsError("the gateway needs a place for the address: http://127.0.0.1:9000/{url}")
        self._template = template
        pattern = re.escape(template).replace(r"\{url\}", "(?P<url>https?:/.*)")
        self._pattern = re.compile(pattern.replace(r"\{timestamp\}", r"\d{1,14}(?:[a-z]{2}_)?"), re.I | re.S)

    def __bool__(self) -> bool:
        return bool(self._template)

    @property
    def place(self) -> str:
        """Host and port of the gateway itself, which may be private."""
        parts = urlsplit(self._template)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        return f"{parts.hostname}:{port}" if self._template else ""

    def address(self, url: str, as_of: datetime | None) -> str:
        """What to ask for instead of ``url``."""
        if not self._template:
            return url
        moment = (as_of or datetime.now(UTC)).astimezone(UTC).strftime("%Y%m%d%H%M%S")
        return self._template.replace("{timestamp}", moment).replace("{url}", url)

    def original(self, location: str, url: str, asked: str) -> str:
        """Where a redirect leads, in terms of original addresses.

        :param location: the header as given, perhaps relative, perhaps leading through the gateway.
        :param url: the original address that was asked for, through the gateway as ``asked``.
        """
        through = self._pattern.fullmatch(urljoin(asked, location)) if self._template else None
        if through:
            return re.sub(r"^(?i:(https?):/+)", r"\1://", through.group("url"))
        return urljoin(url, location)
