"""How spans, moments and lists are said in sentences; pure, and in UTC, for a sentence has no reader's clock."""

from collections.abc import Sequence
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LONG_MS = 10_000


def spell(span: timedelta) -> str:
    """A span as people say it, in at most two units: "under 1 min", "18 min", "2 h 10 min", "3 d 4 h"."""
    if span < MINUTE:
        return "under 1 min"
    if span < HOUR:
        return f"{span // MINUTE} min"
    if span < DAY:
        return _two(span, HOUR, "h", MINUTE, "min")
    return _two(span, DAY, "d", HOUR, "h") if span < 10 * DAY else f"{span // DAY} d"


def spell_short(span: timedelta) -> str:
    """A span in one unit, for tables: "18 min", "2 h", "3 d"."""
    return " ".join(spell(span).removeprefix("under ").split(" ")[:2])


def clock(moment: datetime, now: datetime) -> str:
    """A moment of today as its time, any other with its day: "14:02 UTC", "12 Mar, 14:02 UTC"."""
    if moment.date() == now.date():
        return f"{moment:%H:%M} UTC"
    year = "" if moment.year == now.year else f" {moment.year}"
    return f"{moment.day} {moment:%b}{year}, {moment:%H:%M} UTC"


def listed(names: Sequence[str]) -> str:
    """Names in a row: "A", "A and B", "A, B and C"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def counted(number: int, thing: str) -> str:
    """So many of a thing: "1 service", "2 services"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def in_percent(share: float) -> str:
    """A share in percent, never rounded up to a perfection it does not have: 0.99999 is 99.99 %."""
    if share in (0, 1):
        return f"{share * 100:.0f} %"
    hundredths = int(share * 10_000)
    return f"{hundredths / 100:.2f} %"


def in_milliseconds(value: int) -> str:
    """A latency with its unit: "1,234 ms", "12.3 s"."""
    return f"{value:,} ms" if value < LONG_MS else f"{value / 1000:.1f} s"


def as_sentence(text: str) -> str:
    """A text that begins with a capital, unless with the name of a host, and ends with a stop."""
    told = text.strip()
    if not told:
        return ""
    begins_with_host = "." in told.split(" ", 1)[0].rstrip(".,;:!?…")
    return (told[0] if begins_with_host else told[0].upper()) + told[1:] + ("" if told[-1] in ".!?…" else ".")


def _two(span: timedelta, unit: timedelta, name: str, part: timedelta, part_name: str) -> str:
    whole, rest = divmod(span, unit)
    return f"{whole} {name} {rest // part} {part_name}" if rest >= part else f"{whole} {name}"
