"""The pages that mails link to: a story with its sources, as a brief drafts it."""

import re
from collections.abc import Callable

from monitor.errors import InputError
from monitor.pipeline.briefs import BriefWanted, draft
from monitor.pipeline.context import Context
from monitor.pipeline.report import find_alerts
from monitor.steps.digest import render_brief
from monitor.web.documents import HTML, Document, below

_WANTED = re.compile(r"(stories|alerts)/(\d{1,18})")


class Pages:
    """Stories, read when they are asked for.

    :param context: gives the one in force.
    :param token: as ``below``.
    """

    def __init__(self, context: Callable[[], Context], token: str) -> None:
        self._context, self._token = context, token

    def read(self, path: str) -> Document | None:
        """What ``/feeds/TOKEN/stories/N`` asks for or, with the story of an alert, ``/feeds/TOKEN/alerts/N``.

        None where there is none, where all of it is marked as not relevant, and for any other path or token.

        :raises DatabaseUnavailable: when the store cannot be read.
        """
        wanted = _WANTED.fullmatch(below(path, self._token))
        if not wanted:
            return None
        context, number = self._context(), int(wanted[2])
        story = number if wanted[1] == "stories" else _story_of(context, number)
        if not story:
            return None
        try:
            return Document(render_brief(draft(context, BriefWanted(story=story)), "html"), HTML)
        except InputError:
            return None


def _story_of(context: Context, alert: int) -> int:
    """The story that an alert belongs to, 0 for none."""
    found = find_alerts(context.database, alert_id=alert) if alert else []
    return found[0].story_id if found else 0
