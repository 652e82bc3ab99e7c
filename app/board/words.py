"""How spans, moments and lists are said in sentences; pure, and in UTC, for a sentence has no reader's clock."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.domain.saying import Saying, reshaped, say, together

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LONG_DAYS = 10
LONG_MS = 10_000


def spell(span: timedelta) -> Saying:
    """A span as people say it, in at most two units: "under 1 min", "18 min", "2 h 10 min", "3 d 4 h"."""
    if span < MINUTE:
        return say("under 1 min")
    if span < HOUR:
        return say("{minutes} min", minutes=span // MINUTE)
    if span < DAY:
        hours, minutes = span // HOUR, span % HOUR // MINUTE
        return say("{hours} h {minutes} min", hours=hours, minutes=minutes) if minutes else _hours(span)
    days, hours = span // DAY, span % DAY // HOUR
    return say("{days} d {hours} h", days=days, hours=hours) if hours and days < LONG_DAYS else _days(span)


def spell_short(span: timedelta) -> Saying:
    """A span in one unit, for tables: "18 min", "2 h", "3 d"."""
    if span < HOUR:
        return spell(max(span, MINUTE))
    return _hours(span) if span < DAY else _days(span)


def clock(moment: datetime, now: datetime) -> Saying:
    """A moment of today as its time, any other with its day: "14:02 UTC", "12 Mar, 14:02 UTC"."""
    if moment.date() == now.date():
        return say("{at:%H:%M} UTC", at=moment)
    if moment.year == now.year:
        return say("{day} {at:%b}, {at:%H:%M} UTC", day=moment.day, at=moment)
    return say("{day} {at:%b} {at:%Y}, {at:%H:%M} UTC", day=moment.day, at=moment)


def listed(names: Sequence[str]) -> Saying:
    """Names in a row: "A", "A and B", "A, B and C"."""
    if len(names) < 2:  # noqa: PLR2004 - a row
        return together(*names)
    return say("{first} and {last}", first=together(*names[:-1], between=", "), last=names[-1])


def counted(number: int, thing: str) -> str:
    """So many of a thing: "1 service", "2 services"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def in_percent(share: float) -> Saying:
    """A share in percent, never rounded up to a perfection it does not have: 0.99999 is 99.99 %."""
    if share in (0, 1):
        return say("{percent:.0f} %", percent=share * 100)
    hundredths = int(share * 10_000)
    return say("{percent:.2f} %", percent=hundredths / 100)


def in_milliseconds(value: int) -> Saying:
    """A latency with its unit: "1,234 ms", "12.3 s"."""
    if value < LONG_MS:
        return say("{ms:,} ms", ms=value)
    return say("{seconds:.1f} s", seconds=value / 1000)


def as_sentence(text: str) -> Saying:
    """A text that begins with a capital, unless with the name of a host, and ends with a stop."""
    return reshaped(text, _punctuated)


def _punctuated(text: str) -> str:
    told = text.strip()
    if not told:
        return ""
    begins_with_host = "." in told.split(" ", 1)[0].rstrip(".,;:!?…")
    return (told[0] if begins_with_host else told[0].upper()) + told[1:] + ("" if told[-1] in ".!?…" else ".")


def _hours(span: timedelta) -> Saying:
    return say("{hours} h", hours=span // HOUR)


def _days(span: timedelta) -> Saying:
    return say("{days} d", days=span // DAY)
