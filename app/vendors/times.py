"""Every way in which status pages write a moment, read into aware UTC.

ISO 8601 with `Z`, an offset or neither; RFC 822 as feeds write it, wrong zones included; JavaScript's
`Date.toString()`; Unix seconds, milliseconds or microseconds, as numbers or as text; and wall time without a year,
as history feeds print it. What is none of these, or lies where no status page can have been, is a stated
`ReadError`.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

from app.vendors.reader import ReadError, ReadErrorKind

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_LONGEST = 80
_USUAL = len("2026-04-02T11:00:00.000000Z")
_LONGEST_SPAN = 400
_SHOWN = 40
_A_YEAR = timedelta(days=365)
_MOST_SHOWN = 10**30
# Seconds stay below this until the year 5138, and milliseconds were above it by 1973.
_MOST_SECONDS = 10**11
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_UNSET = frozenset({"", "0", "null"})
# What Go writes for no time at all, and what databases are given for "until further notice".
_NEVER = ("0001-01-01", "9999-12-31")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
# Abbreviations mean different things in different countries; these are what status pages print.
_ZONE_HOURS: Mapping[str, float] = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0,
    "bst": 1, "cet": 1, "west": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3, "ist": 5.5,
    "sgt": 8, "hkt": 8, "awst": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "akst": -9, "akdt": -8, "hst": -10,
}  # fmt: skip
_NUMBER = re.compile(r"[0-9]{1,20}(?:\.[0-9]{1,20})?\Z")
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?"
_ZONE = r"(?:(?:GMT|UTC)?(?P<offset>[+-]\d\d:?\d\d)|(?P<zone>[A-Za-z]{0,5}))(?:\s*\([^()]*\))?"
_RFC_822 = re.compile(
    rf"(?:[A-Za-z]{{3,9}},?\s+)?(?P<day>\d{{1,2}})[\s-]+(?P<month>[A-Za-z]{{3,9}})[\s-]+(?P<year>\d{{4}}|\d\d)\s+"
    rf"{_CLOCK}\s*{_ZONE}\Z",
    re.ASCII,
)
_JAVASCRIPT = re.compile(
    rf"[A-Za-z]{{3}}\s+(?P<month>[A-Za-z]{{3}})\s+(?P<day>\d{{1,2}})\s+(?P<year>\d{{4}})\s+{_CLOCK}\s*{_ZONE}\Z",
    re.ASCII,
)
_WALL = re.compile(
    rf"(?P<month>[A-Za-z]{{3,9}})\.?\s+(?P<day>\d{{1,2}}),?\s+(?:(?P<year>\d{{4}}),?\s+)?"
    rf"{_CLOCK}\s*(?P<half>[AaPp][Mm](?![A-Za-z]))?\s*{_ZONE}\Z",
    re.ASCII,
)
_WALL_SPAN = re.compile(
    r"(?P<day>[A-Za-z]{3,9}\.? +\d{1,2}),? +(?P<start>[\d:]{4,8}(?: ?[APap][Mm])?) +[-–] +"
    r"(?:(?P<end_day>[A-Za-z]{3,9}\.? +\d{1,2}),? +)?(?P<end>[\d:]{4,8}(?: ?[APap][Mm])?) +"
    r"(?P<zone>[A-Za-z]{1,5})\b"
)


def is_unset(value: Any) -> bool:
    """Whether a field says that there is no such moment: null, zero, nothing, or a time that stands for never."""
    if isinstance(value, str):
        return value.strip() in _UNSET or value.startswith(_NEVER)
    return value is None or value == 0


def parse_time(value: Any, where: str, *, zone: tzinfo = UTC) -> datetime:
    """The moment that a field tells, in UTC; `ReadError` BAD_TIMESTAMP at `where` for what is none.

    `zone` is what a time without one is in.
    """
    try:
        moment = _moment(value, zone)
        moment = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise _bad(value, where) from None
    if not _EARLIEST.year <= moment.year < _LATEST.year:
        raise _bad(value, where)
    return moment


def parse_wall_time(text: str, where: str, *, latest: datetime) -> datetime:
    """The moment of `Aug 21, 00:37 UTC`, in the year that makes it the last one not after `latest` (aware UTC).

    A day's grace is given, for feeds are written by clocks that differ. A year in the text is heeded.
    """
    match = _WALL.match(" ".join(text[:_LONGEST].split()))
    if match is None:
        raise _bad(text, where)
    last = latest + timedelta(days=1)
    years = (int(match["year"]),) if match["year"] else (last.year, last.year - 1)
    for year in years:
        try:
            moment = _from_groups(match, year).astimezone(UTC)
        except (ValueError, OverflowError):
            continue  # 29 February is in some years only
        if _EARLIEST <= moment < _LATEST and (match["year"] or moment <= last):
            return moment
    raise _bad(text, where)


def parse_wall_span(
    text: str, where: str, *, latest: datetime, year: int | None = None
) -> tuple[datetime, datetime] | None:
    """Both ends of `Aug 10, 23:17 - Aug 11, 01:30 UTC`, wherever in the text; `None` where no such thing stands.

    The beginning is in `year`, else the last one not after `latest`; the end is the first such time after it.
    """
    told = _WALL_SPAN.search(text[:_LONGEST_SPAN])
    if told is None:
        return None
    dated = f", {year}," if year else ","
    started_at = parse_wall_time(f"{told['day']}{dated} {told['start']} {told['zone']}", where, latest=latest)
    for end_year in (started_at.year, started_at.year + 1, started_at.year - 1):
        with suppress(ReadError):  # 29 February is in some years only
            end = f"{told['end_day'] or told['day']}, {end_year}, {told['end']} {told['zone']}"
            ended_at = parse_wall_time(end, where, latest=latest)
            if not told["end_day"] and ended_at < started_at:
                ended_at += timedelta(days=1)
            if timedelta() <= ended_at - started_at < _A_YEAR:
                return started_at, ended_at
    raise _bad(told[0], where)


def _moment(value: Any, zone: tzinfo) -> datetime:
    if type(value) is str and len(value) <= _USUAL and value[4:5] == "-" and value[-1] == "Z":
        return datetime.fromisoformat(value)  # as nearly all are
    if isinstance(value, bool):
        raise ValueError  # noqa: TRY004  # one kind of exception for everything that is no time
    if isinstance(value, int | float):
        return _from_epoch(value)
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise ValueError
    text = value.strip()
    if text[4:5] != "-":
        if _NUMBER.match(text):
            return _from_epoch(float(text) if "." in text else int(text))
        for pattern in (_RFC_822, _JAVASCRIPT):
            if match := pattern.match(text):
                return _from_groups(match, _whole_year(match["year"]), zone)
    text = text.removesuffix("UTC").rstrip() + "Z" if text.endswith("UTC") else text
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment


def _from_epoch(number: float) -> datetime:
    while abs(number) >= _MOST_SECONDS and abs(number) < _MOST_SECONDS * 10**9:
        number /= 1000
    return datetime.fromtimestamp(number, UTC)


def _from_groups(match: re.Match[str], year: int, zone: tzinfo = UTC) -> datetime:
    month = _MONTHS.get(match["month"][:3].lower())
    if month is None:
        raise ValueError
    hour = int(match["hour"])
    if half := match.groupdict().get("half"):
        hour = hour % 12 + (12 if half.lower() == "pm" else 0)
    clock = (hour, int(match["minute"]), int(match["second"] or 0))
    return datetime(year, month, int(match["day"]), *clock, tzinfo=_zone(match, zone))


def _zone(match: re.Match[str], zone: tzinfo) -> tzinfo:
    if offset := match["offset"]:
        minutes = int(offset[1:3]) * 60 + int(offset[-2:])
        return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))
    name = (match["zone"] or "").lower()
    if not name:
        return zone
    hours = _ZONE_HOURS.get(name)
    if hours is None:
        raise ValueError
    return timezone(timedelta(hours=hours))


def _whole_year(digits: str) -> int:
    return int(digits) if len(digits) > 2 else int(digits) + 2000  # noqa: PLR2004  # RFC 822 wrote two digits


def _bad(value: Any, where: str) -> ReadError:
    return ReadError(ReadErrorKind.BAD_TIMESTAMP, where, f"{_shown(value)} is no moment")


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return repr(value[:_SHOWN])
    if not isinstance(value, int | float):
        return "no text"
    is_short = not isinstance(value, bool) and abs(value) < _MOST_SHOWN  # neither infinity nor NaN is
    return str(value) if is_short else "a number"
