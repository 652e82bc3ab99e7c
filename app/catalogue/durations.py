"""Spans of time as people write them: `500ms`, `30s`, `5m`, `1h30m`, `1d`."""

import re
from datetime import timedelta

DURATION_PATTERN = r"^(?=.)([0-9]{1,6}d)?([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?([0-9]{1,6}ms)?$"
"""What a span looks like: whole numbers with their units, the largest unit first."""

_UNITS = ("d", "h", "m", "s", "ms")
_SPANS = (
    timedelta(days=1),
    timedelta(hours=1),
    timedelta(minutes=1),
    timedelta(seconds=1),
    timedelta(milliseconds=1),
)
_DURATION = re.compile(DURATION_PATTERN.replace("$", r"\Z"))


def parse_duration(text: str) -> timedelta:
    """Read a span such as `1h30m`; `ValueError` where it is none."""
    match = _DURATION.match(text)
    if match is None:
        raise ValueError(text)
    parts = zip(match.groups(), _UNITS, _SPANS, strict=True)
    return sum((int(part.removesuffix(unit)) * span for part, unit, span in parts if part), timedelta())


def format_duration(span: timedelta) -> str:
    """The shortest way of writing a span that `parse_duration` reads back; exact to the millisecond."""
    rest, words = span, ""
    for unit, one in zip(_UNITS, _SPANS, strict=True):
        count, rest = divmod(rest, one)
        words += f"{count}{unit}" if count else ""
    return words or "0s"
