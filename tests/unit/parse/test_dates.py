"""Dates as feeds write them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.steps.parse.dates import when, zone_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # RFC 822 and its relatives
        ("Wed, 14 Oct 2026 10:00:00 -0300", "2026-10-14T13:00:00"),
        ("Wed, 14 Oct 2026 10:00:00 GMT", "2026-10-14T10:00:00"),
        ("Wed Oct 14 10:00:00 UTC 2026", "2026-10-14T10:00:00"),
        ("Wed Oct 14 10:00:00 BRT 2026", "2026-10-14T13:00:00"),
        ("10/14/2026 10:00:00", "2026-10-14T13:00:00"),
        ("14 Oct 26 10:00 EST", "2026-10-14T15:00:00"),
        ("Wed, 14 October 2026 10:00:00 +0100", "2026-10-14T09:00:00"),
        ("Wed, 14-Oct-2026 10:00:00 UTC", "2026-10-14T10:00:00"),
        ("Wed, 14 Oct 2026 10:00:00 BRT", "2026-10-14T13:00:00"),
        ("Wed, 14 Oct 2026 24:00:00 GMT", "2026-10-15T00:00:00"),
        ("Mon, 23 Jul 2018 18:52:07 -0000", "2018-07-23T18:52:07"),
        ("1 Jan 98 10:00 GMT", "1998-01-01T10:00:00"),
        # ISO 8601
        ("2026-10-14T10:00:00Z", "2026-10-14T10:00:00"),
        ("2026-10-14T10:00:00.123-03:00", "2026-10-14T13:00:00"),
        ("2026-10-14T10:00-03", "2026-10-14T13:00:00"),
        ("2026-10-14 10:00:00 UTC", "2026-10-14T10:00:00"),
        ("20261014T100000Z", "2026-10-14T10:00:00"),
        ("20261014", "2026-10-14T03:00:00"),
        ("2026-10-14", "2026-10-14T03:00:00"),
        # no zone: the outlet's
        ("2026-10-14 10:00:00", "2026-10-14T13:00:00"),
        ("Wed, 14 Oct 2026 10:00:00", "2026-10-14T13:00:00"),
        # Portuguese and Spanish
        ("qua, 14 out 2026 10:00:00 -0300", "2026-10-14T13:00:00"),
        ("Qui, 05 Fev 2026 08:30:00 -0300", "2026-02-05T11:30:00"),
        ("mié, 14 oct 2026 10:00:00 -0500", "2026-10-14T15:00:00"),
        ("lun., 5 ene. 2026 10:00:00 +0000", "2026-01-05T10:00:00"),
        ("14 de outubro de 2026 às 10h30", "2026-10-14T13:30:00"),
        ("14 de diciembre del 2025, 10:30 a. m.", "2025-12-14T13:30:00"),
        ("1º de maio de 2026", "2026-05-01T03:00:00"),
        ("14/10/2026 10h30", "2026-10-14T13:30:00"),
        ("14/10/2026 - 10:30 hs", "2026-10-14T13:30:00"),
        ("10h30 - 14/10/2026", "2026-10-14T13:30:00"),
        ("10:30 14 de octubre de 2026", "2026-10-14T13:30:00"),
        # the zone as its distance from UTC, with any dash
        ("mié, 14 oct 2026 10:00:00 GMT-5", "2026-10-14T15:00:00"),
        ("Wed Oct 14 2026 10:00:00 GMT+0000 (Coordinated Universal Time)", "2026-10-14T10:00:00"),
        ("2026-10-14T10:00:00\u221203:00", "2026-10-14T13:00:00"),
        # American, with halves of the day
        ("October 14, 2026 10:05 PM EST", "2026-10-15T03:05:00"),
        ("Oct 14, 2026 12:05 am GMT", "2026-10-14T00:05:00"),
        # since 1970
        ("1760000000", "2025-10-09T08:53:20"),
        ("1760000000000", "2025-10-09T08:53:20"),
        # the last moment that can still be a clock that is fast
        ("2026-11-23T11:59:00Z", "2026-11-23T11:59:00"),
    ],
)
def test_a_date_is_read(text: str, expected: str) -> None:
    moment = when(text, NOW, "America/Sao_Paulo")
    assert moment is not None
    assert moment.replace(tzinfo=None).isoformat(timespec="seconds") == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "yesterday", "31 feb 2026 10:00:00 GMT", "2026-13-01", "2026-10-14T25:00:00Z",
        "2026-10-14T10:77:00Z",
        "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2026-11-24T00:00:00Z", "2099-01-01", "14 xyz 2026",
        "2026-10-14T10:00:00+99:00", "9999999999999",
    ],
)  # fmt: skip
def test_what_is_no_date_or_an_impossible_one_is_none(text: str) -> None:
    assert when(text, NOW) is None


def test_an_unknown_zone_counts_as_utc() -> None:
    assert zone_of("Nowhere/Else") is UTC
    assert zone_of("../etc/passwd") is UTC
    assert when("2026-10-14 10:00 xyz", NOW) == datetime(2026, 10, 14, 10, tzinfo=UTC)


@given(st.text(max_size=120), st.text(max_size=10))
def test_any_text_is_a_moment_or_none(text: str, zone: str) -> None:
    moment = when(text, NOW, zone)
    assert moment is None or moment.tzinfo is UTC
