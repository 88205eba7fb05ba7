"""What is usual of an outlet, and what is not."""

from datetime import timedelta

import pytest

from monitor.pipeline.volume import Usual, Verdict, judge, usual
from tests.fakes import NOW

TODAY = NOW.date()
YESTERDAY = TODAY - timedelta(days=1)


def weeks(weekday: int, weekend: int, **odd: int) -> dict[object, int]:
    """Eight weeks of an outlet that gives less on Saturdays and Sundays; ``yesterday`` may differ."""
    days = [TODAY - timedelta(days=ago) for ago in range(56, 0, -1)]
    counted = {day: weekend if day.weekday() > 4 else weekday for day in days}
    return counted | ({YESTERDAY: odd["yesterday"]} if odd else {})


def test_too_little_is_known_to_conclude_anything() -> None:
    few = {TODAY - timedelta(days=ago): 50 for ago in range(7, 0, -1)}
    assert judge(few, NOW - timedelta(days=6), NOW) == Verdict()
    assert usual({YESTERDAY: 3}, YESTERDAY) is None


def test_a_weekday_is_compared_with_its_like() -> None:
    # Yesterday was a Saturday.
    assert usual(weeks(100, 20), YESTERDAY) == Usual(7, 33)  # type: ignore[arg-type]
    assert judge(weeks(100, 20), NOW, NOW) == Verdict()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("articles", "said"),
    [
        (2, "unusually few: 2 articles on Saturday 2026-11-21, 7 to 33 are usual"),
        (90, "unusually many: 90 articles on Saturday 2026-11-21, 7 to 33 are usual"),
        (25, ""),
    ],
)
def test_a_day_outside_what_was_learned_is_an_alarm(articles: int, said: str) -> None:
    assert judge(weeks(100, 20, yesterday=articles), NOW, NOW).alarm == said  # type: ignore[arg-type]


def test_a_few_more_of_very_little_are_no_alarm() -> None:
    assert judge(weeks(1, 0, yesterday=8), NOW, NOW).alarm == ""  # type: ignore[arg-type]


def test_a_day_on_which_the_outlet_was_not_watched_is_no_evidence() -> None:
    days = weeks(100, 20)
    del days[YESTERDAY]
    assert judge(days, NOW - timedelta(hours=30), NOW).alarm == ""  # type: ignore[arg-type]


def test_silence_is_told_when_articles_should_have_come() -> None:
    days = weeks(10, 10) | {TODAY - timedelta(days=ago): 0 for ago in (1, 2)}
    told = judge(days, NOW - timedelta(days=2, hours=13), NOW).silence  # type: ignore[arg-type]
    assert told == "nothing new since 2026-11-19 23:00 UTC, about 25 articles would be usual"
    assert judge(days, NOW - timedelta(hours=23), NOW).silence == ""  # type: ignore[arg-type]
    assert judge(weeks(1, 0), NOW - timedelta(days=2), NOW).silence == ""  # type: ignore[arg-type]
    assert judge(weeks(9, 9), NOW - timedelta(days=99), NOW).silence == ""  # type: ignore[arg-type]


def test_a_weekend_without_news_is_no_silence_where_weekends_are_quiet() -> None:
    friday_evening = NOW - timedelta(hours=37)
    assert judge(weeks(20, 0), friday_evening, NOW).silence == ""  # type: ignore[arg-type]
    busy = weeks(20, 20) | {YESTERDAY: 0}
    assert judge(busy, friday_evening, NOW).silence.startswith("nothing new since 2026-11-20 23:00 UTC")  # type: ignore[arg-type]
