"""What an outlet's entry says of its pages, tried before it is believed."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from monitor.errors import InputError


def unreadable_hints(entry: Mapping[str, Any]) -> Iterator[tuple[str, *tuple[str | int, ...]]]:
    """The hints of one outlet that extraction could not use, as (message, key, …).

    Every page of the outlet would be given up for one of them, so they are errors of the file.
    """
    if not entry.keys() & {"keep", "drop", "date_format"}:
        return
    # most outlets have no hints, and then the reading of pages need not be loaded to check the file
    from monitor.steps.extract import check_selector, date_pattern

    for key in ("keep", "drop"):
        for place, selector in enumerate(entry.get(key, ())):
            if fault := _fault_of(check_selector, selector):
                yield fault, key, place
    if "date_format" in entry and (fault := _fault_of(date_pattern, entry["date_format"])):
        yield fault, "date_format"


def _fault_of(read: Callable[[str], object], value: str) -> str:
    try:
        read(value)
    except InputError as error:
        return str(error)
    return ""
