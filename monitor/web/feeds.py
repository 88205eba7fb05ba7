"""The Atom feeds of alerts, to whoever knows the token: what is watched is nobody else's business."""

import hmac
import re
from pathlib import Path

#: ids of subscriptions are as the schema of digests.yaml wants them, so no name leads out of the folder
_WANTED = re.compile(r"/feeds/([^/]+)/([a-z0-9-]+\.atom)")


class Feeds:
    """The feeds that deliveries keep as files.

    :param folder: where they lie.
    :param token: what an address must hold; "" shows nothing to anybody.
    """

    def __init__(self, folder: Path, token: str) -> None:
        self._folder, self._token = folder, token

    def read(self, path: str) -> bytes | None:
        """What ``/feeds/TOKEN/SUBSCRIPTION.atom`` asks for; None where there is none to show.

        Another path, a wrong token and no such feed are alike: nobody can try which feeds there are.
        """
        wanted = _WANTED.fullmatch(path)
        if not (wanted and self._token and hmac.compare_digest(wanted[1].encode(), self._token.encode())):
            return None
        try:
            return (self._folder / wanted[2]).read_bytes()
        except FileNotFoundError:
            return None
