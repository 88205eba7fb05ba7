"""Periods as people write them: 30d, 12h, 2w, or the day they begin."""

import re
from datetime import UTC, datetime, timedelta

import click

from monitor import bootstrap

_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


class Since(click.ParamType[datetime]):
    """A moment in the past, aware and in UTC."""

    name = "PERIOD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """``30d`` counts back from now; ``2026-11-01`` is the start of that day."""
        if isinstance(value, datetime):
            return value
        text = str(value).strip().lower()
        back = re.fullmatch(r"(\d{1,5})([hdw])", text)
        try:
            if back:
                return bootstrap.utc_now() - timedelta(**{_UNITS[back[2]]: int(back[1])})
            moment = datetime.fromisoformat(text)
        except ValueError:
            self.fail(f"{value!r} is no period; write 30d, 12h, 2w or a day such as 2026-11-01", param, ctx)
        return moment.replace(tzinfo=moment.tzinfo or UTC)


SINCE = Since()
