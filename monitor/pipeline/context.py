"""What every use-case works with, built once in ``bootstrap``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from monitor.config.digests import Subscription
from monitor.config.watchlist import Watchlist
from monitor.errors import InputError
from monitor.model import Outlet
from monitor.ports import Clock, Embedder, Fetcher, Mailer, Poster, Translator
from monitor.steps.match import Likeness, Matcher
from monitor.storage.session import Database

#: called with the step, how many are done and how many there are
Progress = Callable[[str, int, int], None]


def silent(step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Context:
    """Everything slow or outside, and the analysts' files in force."""

    database: Database
    fetcher: Fetcher
    translator: Translator
    matcher: Matcher
    watchlist: Watchlist
    #: topic → version of its query in force
    versions: Mapping[str, int]
    #: id → outlet
    outlets: Mapping[str, Outlet]
    clock: Clock
    #: where digests are written
    data: Path
    #: articles read at a time
    workers: int = 2
    #: hosts fetched from at a time
    connections: int = 32
    #: errors in the analysts' files, for status and digest
    config_errors: tuple[str, ...] = ()
    progress: Progress = field(default=silent)
    #: None: stories are told apart by words and names alone
    embedder: Embedder | None = None
    #: None: articles are told by the queries alone
    likeness: Likeness | None = None
    #: who gets which digests, and when
    subscriptions: tuple[Subscription, ...] = ()
    #: None: no mail server is set
    mailer: Mailer | None = None
    #: who mails come from: "Monitor <monitor@example.org>"
    sender: str = ""
    #: None: no webhook is set
    poster: Poster | None = None
    #: address of the web pages, for links in mails
    base_url: str = ""

    def outlet(self, outlet_id: str) -> Outlet:
        """The outlet of this id.

        :raises InputError: when there is none.
        """
        if outlet_id not in self.outlets:
            raise InputError(f"there is no outlet {outlet_id!r}; see: monitor outlets list")
        return self.outlets[outlet_id]
