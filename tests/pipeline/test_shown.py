"""The pages that mails link to, on the health port."""

from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from monitor.model import TriageStatus
from monitor.pipeline.report import find_alerts
from monitor.pipeline.stories import find_stories, group_stories
from monitor.pipeline.triage import Judgement, mark_alerts
from monitor.web import HealthServer, Pages
from tests.fakes import NOW
from tests.pipeline.conftest import MakeContext
from tests.pipeline.stories import CALLAO, SANTOS_ES, SANTOS_PT, tell_all


def test_who_knows_the_token_sees_a_story_and_that_of_an_alert_and_nobody_else(
    make_context: MakeContext,
) -> None:
    context = make_context()
    tell_all(context.database, SANTOS_ES, SANTOS_PT, CALLAO)
    group_stories(context)
    story = next(one for one in find_stories(context.database) if len(one.articles) == 2)
    alert = next(one for one in find_alerts(context.database) if one.title == SANTOS_PT[2])
    pages = Pages(lambda: context, "k/3y")
    with HealthServer("127.0.0.1", 0, bytes, bool, readers=[pages.read]) as server:
        base = f"http://127.0.0.1:{server.port}/feeds"
        for place in (f"stories/{story.id}", f"alerts/{alert.id}"):
            with urlopen(f"{base}/k%2F3y/{place}", timeout=5) as response:
                shown = response.read().decode()
                assert response.headers["Content-Type"] == "text/html; charset=utf-8"
                assert response.headers["Referrer-Policy"] == "no-referrer"
                assert "default-src 'none'" in response.headers["Content-Security-Policy"]
            assert SANTOS_ES[2] in shown
            assert SANTOS_PT[2] in shown
        for place in (
            "k%2F3y/stories/99",
            "k%2F3y/alerts/99",
            "k%2F3y/alerts/0",
            "k%2F3y/stories/x",
            f"no/stories/{story.id}",
        ):
            with pytest.raises(HTTPError, match="404") as refused:
                urlopen(f"{base}/{place}", timeout=5)
            refused.value.close()
    assert Pages(lambda: context, "").read(f"/feeds//stories/{story.id}") is None


def test_a_story_that_is_marked_as_not_relevant_is_not_shown(make_context: MakeContext) -> None:
    context = make_context()
    tell_all(context.database, CALLAO)
    group_stories(context)
    [story] = find_stories(context.database)
    pages = Pages(lambda: context, "k3y")
    assert pages.read(f"/feeds/k3y/stories/{story.id}")
    judged = Judgement(TriageStatus.NOT_RELEVANT, "ana")
    mark_alerts(context.database, lambda: NOW, [one.id for one in find_alerts(context.database)], judged)
    assert pages.read(f"/feeds/k3y/stories/{story.id}") is None
