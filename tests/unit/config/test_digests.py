from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.config.digests import (
    Known,
    Period,
    Schedule,
    Subscription,
    due_periods,
    load_digests,
    next_moment,
)
from monitor.config.watchlist import Topic, Watchlist
from monitor.errors import ConfigError

ROOT = Path(__file__).parents[3]
ZONES = ("America/Santiago", "America/Sao_Paulo", "Europe/Madrid", "America/New_York")
#: years in which São Paulo, too, changed its clocks; the others still do
YEARS = (2018, 2026)


def subscription(
    zone: str = "UTC", *at: time, weekdays: frozenset[int] = frozenset(range(7))
) -> Subscription:
    return Subscription("morning", Schedule(at or (time(7),), zone, weekdays))


def write(folder: Path, text: str) -> Path:
    path = folder / "digests.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@cache
def changes(zone: str, year: int) -> list[datetime]:
    """The hours after which the clock of a zone stands differently."""
    start = datetime(year, 1, 1, tzinfo=UTC)
    hours = [start + timedelta(hours=number) for number in range(366 * 24)]
    offset = ZoneInfo(zone).utcoffset
    return [
        a
        for a, b in pairwise(hours)
        if offset(a.astimezone(ZoneInfo(zone))) != offset(b.astimezone(ZoneInfo(zone)))
    ]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at", [time(0, 30), time(2, 30), time(7, 0), time(23, 45)])
@pytest.mark.parametrize("year", YEARS)
def test_a_digest_comes_once_a_day_over_every_change_of_the_clocks(zone: str, at: time, year: int) -> None:
    for change in changes(zone, year):
        wanted, now, last = subscription(zone, at), change - timedelta(days=3), None
        periods: list[Period] = []
        while now < change + timedelta(days=3):
            for period in due_periods(wanted, last, now):
                periods.append(period)
                last = period.end
            now += timedelta(minutes=45)
        local = [period.end.astimezone(ZoneInfo(zone)) for period in periods]
        assert len({moment.date() for moment in local}) == len(periods) >= 6
        assert all(a.end == b.start for a, b in pairwise(periods))
        moved = [moment for moment in local if moment.time() != at]
        assert [(moment.hour, moment.minute) for moment in moved] in ([], [(at.hour + 1, at.minute)])
        assert all(
            timedelta(hours=22) <= period.end - period.start <= timedelta(hours=26) for period in periods
        )


def test_every_zone_of_the_test_changed_its_clocks_twice_in_some_year() -> None:
    assert {zone: max(len(changes(zone, year)) for year in YEARS) for zone in ZONES} == dict.fromkeys(
        ZONES, 2
    )


def test_a_skipped_local_time_counts_an_hour_later_and_a_doubled_one_once() -> None:
    spring = due_periods(
        subscription("Europe/Madrid", time(2, 30)), None, datetime(2026, 3, 29, 12, tzinfo=UTC)
    )
    assert spring[0].end == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    autumn = subscription("Europe/Madrid", time(2, 30))
    first = due_periods(autumn, None, datetime(2026, 10, 25, 0, 45, tzinfo=UTC))
    assert first[0].end == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert due_periods(autumn, first[0].end, datetime(2026, 10, 25, 1, 45, tzinfo=UTC)) == ()


def test_missed_digests_are_caught_up_in_one_that_loses_nothing() -> None:
    last = datetime(2026, 11, 10, 7, tzinfo=UTC)
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert due_periods(subscription(), last, now) == (Period(last, datetime(2026, 11, 22, 7, tzinfo=UTC)),)
    assert due_periods(subscription(), datetime(2026, 11, 22, 7, tzinfo=UTC), now) == ()
    assert due_periods(subscription(), now + timedelta(days=2), now) == ()


def test_mondays_digest_holds_the_weekend() -> None:
    working = subscription("UTC", weekdays=frozenset(range(5)))
    friday, monday = datetime(2026, 11, 20, 7, tzinfo=UTC), datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert due_periods(working, friday, monday - timedelta(seconds=1)) == ()
    assert due_periods(working, friday, monday) == (Period(friday, monday),)
    assert due_periods(working, None, monday) == (Period(friday, monday),)
    assert next_moment(working, friday) == monday


def test_a_weekly_digest_of_a_new_reader_covers_the_week_before() -> None:
    sundays = subscription("UTC", weekdays=frozenset({6}))
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert due_periods(sundays, None, now) == (
        Period(datetime(2026, 11, 8, 7, tzinfo=UTC), datetime(2026, 11, 15, 7, tzinfo=UTC)),
    )
    assert next_moment(sundays, now) == datetime(2026, 11, 22, 7, tzinfo=UTC)


def test_two_digests_a_day_share_the_day() -> None:
    twice = subscription("UTC", time(7), time(19))
    day = datetime(2026, 11, 22, tzinfo=UTC)
    assert due_periods(twice, None, day.replace(hour=20)) == (
        Period(day.replace(hour=7), day.replace(hour=19)),
    )


def test_the_shipped_file_is_sound_and_says_something_when_there_is_nothing() -> None:
    first, *_ = load_digests(ROOT / "config" / "digests.yaml")
    assert (first.name, first.empty, first.enabled) == ("morning", "send", True)


def test_a_file_is_read_with_its_defaults(tmp_path: Path) -> None:
    text = """
digests:
  - name: early-birds
    recipients: ["Ana <ana@example.org>"]
    topics: [drugs]
    query: cocaína
    outlets: [infobae]
    schedule: {at: ["19:00", "07:00"], timezone: America/Bogota, weekdays: [mon, sun]}
  - {name: short, title: Corto, schedule: {at: "07:00"}, language: es, empty: skip, limit: 5, enabled: false}
"""
    watchlist = Watchlist((Topic("drugs", "Drugs", "droga"),), {})
    first, second = load_digests(write(tmp_path, text), Known(watchlist, frozenset({"infobae"})))
    assert first.title == "Early birds"
    assert first.schedule == Schedule((time(7), time(19)), "America/Bogota", frozenset({0, 6}))
    assert (first.recipients, first.query) == (("Ana <ana@example.org>",), "cocaína")
    assert (second.language, second.empty, second.limit, second.enabled) == ("es", "skip", 5, False)
    assert second.schedule == Schedule((time(7),))


def test_a_subscription_takes_its_topics_or_priorities_from_its_outlets() -> None:
    schedule = Schedule((time(7),))
    assert Subscription("a", schedule).wants("drugs", "low", "infobae")
    chosen = Subscription("a", schedule, topics=("drugs",), priorities=("high",), outlets=("infobae",))
    assert chosen.wants("drugs", "low", "infobae")
    assert chosen.wants("iran", "high", "infobae")
    assert not chosen.wants("iran", "low", "infobae")
    assert not chosen.wants("drugs", "low", "g1")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("recipients: [ana]", "no mail address"),
        ("schedule: {at: '07:00', timezone: America/Bogotá}", "unknown zone"),
        ("schedule: {at: '7 am'}", "at"),
        ("schedule: {at: '07:00', weekdays: [monday]}", "monday"),
        ("topics: [drug]", "did you mean 'drugs'"),
        ("outlets: [infobea]", "did you mean 'infobae'"),
        ("query: 'cocaína AND ('", ""),
        ("limit: 0", "0"),
        ("langage: es", "language"),
    ],
)
def test_an_error_names_the_line_and_what_to_write(tmp_path: Path, line: str, said: str) -> None:
    schedule = "" if line.startswith("schedule") else "    schedule: {at: '07:00'}\n"
    path = write(tmp_path, f"digests:\n  - name: morning\n    {line}\n{schedule}")
    watchlist = Watchlist((Topic("drugs", "Drugs", "droga"),), {})
    with pytest.raises(ConfigError) as caught:
        load_digests(path, Known(watchlist, frozenset({"infobae"})))
    assert said in caught.value.message
    assert (caught.value.line, caught.value.path) == (3, str(path))


def test_two_digests_of_one_name_are_refused(tmp_path: Path) -> None:
    one = "  - {name: a, schedule: {at: '07:00'}}\n"
    with pytest.raises(ConfigError):
        load_digests(write(tmp_path, f"digests:\n{one}{one}"))


def test_names_and_queries_are_not_checked_against_what_is_not_known(tmp_path: Path) -> None:
    text = "digests:\n  - {name: a, topics: [x], outlets: [y], query: '@z', schedule: {at: '07:00'}}\n"
    assert load_digests(write(tmp_path, text))[0].topics == ("x",)
