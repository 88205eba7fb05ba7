"""One item as its feed gives it, before anything is decided about it."""

from dataclasses import dataclass


@dataclass(slots=True)
class RawItem:
    """Strings as found; "" and empty tuples where there was nothing."""

    guid: str = ""
    link: str = ""
    #: relative links are relative to this
    base: str = ""
    title: str = ""
    summary: str = ""
    html: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    updated: str = ""
    categories: tuple[str, ...] = ()
    language: str = ""
