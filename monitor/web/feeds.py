"""The Atom feeds of alerts."""

import re
from pathlib import Path

from monitor.web.documents import ATOM, Document, below

#: ids of subscriptions are as the schema of digests.yaml wants them, so no name leads out of the folder
_WANTED = re.compile(r"[a-z0-9-]+\.atom")


class Feeds:
    """The feeds that deliveries keep as files.

    :param folder: where they lie.
    :param token: as ``below``.
    """

    def __init__(self, folder: Path, token: str) -> None:
        self._folder, self._token = folder, token

    def read(self, path: str) -> Document | None:
        """What ``/feeds/TOKEN/SUBSCRIPTION.atom`` asks for; None where there is none to show.

        Another path, a wrong token and no such feed are alike: nobody can try which feeds there are.
        """
        wanted = below(path, self._token)
        if not _WANTED.fullmatch(wanted):
            return None
        try:
            return Document((self._folder / wanted).read_bytes(), ATOM)
        except FileNotFoundError:
            return None
