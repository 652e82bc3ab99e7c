"""Every way of writing a moment becomes the same moment, and what is none is told."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from app.vendors.reader import ReadError, ReadErrorKind
from app.vendors.times import is_unset, parse_time, parse_wall_span, parse_wall_time
from tests.vendors.documents import at


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        pytest.param("2026-06-16T18:15:46.872Z", "2026-06-16T18:15:46.872", id="ISO with Z"),
        pytest.param("2019-02-21T08:31:24.239-06:00", "2019-02-21T14:31:24.239", id="ISO with an offset"),
        pytest.param("2026-07-15T23:57:00+0000", "2026-07-15T23:57", id="an offset without its colon"),
        pytest.param("2026-07-15 23:57:00 UTC", "2026-07-15T23:57", id="ISO with a word"),
        pytest.param("2026-07-15T23:57:00", "2026-07-15T23:57", id="ISO without a zone"),
        pytest.param("2026-07-15", "2026-07-15T00:00", id="a day"),
        pytest.param("2026-01-30T11:21:05.2Z", "2026-01-30T11:21:05.200", id="a tenth of a second"),
        pytest.param("2026-01-30T11:21:05.123456789Z", "2026-01-30T11:21:05.123456", id="nanoseconds"),
        pytest.param("Thu, 18 Sep 2025 22:20:00 +0800", "2025-09-18T14:20", id="RFC 822"),
        pytest.param("Mon, 18 May 2026 02:29:34 GMT", "2026-05-18T02:29:34", id="RFC 822 in GMT"),
        pytest.param("Fri, 31 Jul 2026 00:12:00 Z", "2026-07-31T00:12", id="RFC 822 with a Z that is not of it"),
        pytest.param("18 May 26 02:29 PDT", "2026-05-18T09:29", id="RFC 822 as short as it may be"),
        pytest.param(
            "Sat Jun 11 2022 18:55:50 GMT-0700 (Pacific Daylight Time)", "2022-06-12T01:55:50", id="JavaScript"
        ),
        pytest.param(1750000000, "2025-06-15T15:06:40", id="seconds"),
        pytest.param("1750000000", "2025-06-15T15:06:40", id="seconds as text"),
        pytest.param(1750000000123, "2025-06-15T15:06:40.123", id="milliseconds"),
        pytest.param("1750000000123456", "2025-06-15T15:06:40.123456", id="microseconds as text"),
        pytest.param(1750000000.5, "2025-06-15T15:06:40.500", id="a fraction"),
    ],
)
def test_a_moment_is_read(told: Any, moment: str) -> None:
    assert parse_time(told, "") == at(moment)


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        pytest.param("soon", "'soon'", id="a word"),
        pytest.param("2026-02-30T00:00:00Z", "'2026-02-30T00:00:00Z'", id="a day that is none"),
        pytest.param("0000-01-01T00:00:00Z", "'0000-01-01T00:00:00Z'", id="the year zero"),
        pytest.param("1969-07-20T20:17:00Z", "'1969-07-20T20:17:00Z'", id="before there were pages"),
        pytest.param("9998-12-31T23:59:59-12:00", "'9998-12-31T23:59:59-12:00'", id="the far future"),
        pytest.param(
            "9999-12-31T23:59:59-12:00", "'9999-12-31T23:59:59-12:00'", id="after the end of the calendar"
        ),
        pytest.param("Mon, 18 May 2026 02:29:34 XYZ", "'Mon, 18 May 2026 02:29:34 XYZ'", id="a zone of nobody's"),
        pytest.param("Mon, 18 May 2026 02:29:34 +9999", "'Mon, 18 May 2026 02:29:34 +9999'", id="no such offset"),
        pytest.param("Mon, 18 Foo 2026 02:29:34 GMT", "'Mon, 18 Foo 2026 02:29:34 GMT'", id="no such month"),
        pytest.param("\u0662\u0660\u0662\u0666-01-01", "'\u0662\u0660\u0662\u0666-01-01'", id="foreign digits"),
        pytest.param("9" * 4000, f"'{'9' * 40}'", id="a very long number"),
        pytest.param(10**300, "a number", id="a huge number"),
        pytest.param(-1750000000, "-1750000000", id="a negative number"),
        pytest.param(float("nan"), "a number", id="not a number"),
        pytest.param(float("inf"), "a number", id="infinity"),
        pytest.param(True, "a number", id="true"),
        pytest.param(["2026"], "no text", id="a list"),
    ],
)
def test_what_is_no_moment_is_told_with_its_place(told: Any, shown: str) -> None:
    with pytest.raises(ReadError) as caught:
        parse_time(told, "incidents[3].created_at")
    assert (caught.value.kind, str(caught.value)) == (
        ReadErrorKind.BAD_TIMESTAMP,
        f"incidents[3].created_at: {shown} is no moment (bad_timestamp)",
    )


def test_a_time_without_a_zone_is_in_the_zone_of_its_page() -> None:
    assert parse_time("2026-06-16T18:00:00", "", zone=timezone(timedelta(hours=-7))) == at("2026-06-17T01:00")


@pytest.mark.parametrize(
    ("told", "unset"),
    [
        (None, True),
        ("", True),
        (0, True),
        ("0", True),
        ("0001-01-01T00:00:00Z", True),
        ("9999-12-31T23:59:59.999Z", True),
        ("2026-06-16T18:00:00Z", False),
        (1750000000, False),
    ],
)
def test_what_stands_for_no_time_is_none(told: Any, *, unset: bool) -> None:
    assert is_unset(told) is unset


@pytest.mark.parametrize(
    ("told", "latest", "moment"),
    [
        pytest.param("Aug 21, 00:37 UTC", "2026-09-01", "2026-08-21T00:37", id="this year"),
        pytest.param("Dec 31, 23:55 UTC", "2026-01-02", "2025-12-31T23:55", id="last year"),
        pytest.param("Dec 31, 23:50 PST", "2026-01-02", "2026-01-01T07:50", id="another year there"),
        pytest.param("Sep 1, 20:00 UTC", "2026-09-01", "2026-09-01T20:00", id="a clock that goes ahead"),
        pytest.param("Aug  5, 12:05 AM UTC", "2026-09-01", "2026-08-05T00:05", id="after midnight"),
        pytest.param("Aug 5, 12:05 PM UTC", "2026-09-01", "2026-08-05T12:05", id="after noon"),
        pytest.param("Aug 5, 2024, 10:10 PDT", "2026-09-01", "2024-08-05T17:10", id="a year that is told"),
    ],
)
def test_wall_time_is_the_last_such_moment(told: str, latest: str, moment: str) -> None:
    assert parse_wall_time(told, "", latest=at(latest)) == at(moment)


@pytest.mark.parametrize(
    "told", ["Aug 21", "Foo 21, 00:37 UTC", "Aug 21, 25:00 UTC", "Feb 29, 10:00 UTC", "Aug 21, 00:37 QQQ"]
)
def test_wall_time_that_was_never_is_told(told: str) -> None:
    with pytest.raises(ReadError, match="is no moment"):
        parse_wall_time(told, "entry[0]", latest=at("2026-09-01"))


@pytest.mark.parametrize(
    ("told", "ends"),
    [
        pytest.param("Aug 10, 00:17 - 01:30 UTC", ("2026-08-10T00:17", "2026-08-10T01:30"), id="within a day"),
        pytest.param("Aug 20, 23:43 - 00:37 UTC", ("2026-08-20T23:43", "2026-08-21T00:37"), id="over midnight"),
        pytest.param("Aug 20, 14:43 - Aug 22, 00:37 UTC", ("2026-08-20T14:43", "2026-08-22T00:37"), id="of days"),
        pytest.param("Dec 31, 23:00 - Jan 1, 01:00 PST", ("2026-01-01T07:00", "2026-01-01T09:00"), id="of years"),
        pytest.param(
            "Dec 31, 23:00 - 23:30 PST", ("2026-01-01T07:00", "2026-01-01T07:30"), id="a year later here"
        ),
        pytest.param(
            "on Jun 29, 6:00 PM - 8:00 PM UTC we", ("2026-06-29T18:00", "2026-06-29T20:00"), id="in a text"
        ),
    ],
)
def test_a_span_of_wall_time_has_both_ends(told: str, ends: tuple[str, str]) -> None:
    assert parse_wall_span(told, "", latest=at("2026-09-01")) == (at(ends[0]), at(ends[1]))


def test_one_end_is_no_span() -> None:
    assert parse_wall_span("Aug 21, 00:37 UTC", "", latest=datetime(2026, 9, 1, tzinfo=UTC)) is None


def test_a_span_whose_end_is_no_time_is_told() -> None:
    with pytest.raises(ReadError, match="is no moment"):
        parse_wall_span("Aug 21, 00:37 - 25:99 UTC", "months[0]", latest=at("2026-09-01"))
