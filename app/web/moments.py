"""How moments and spans are written in pages; pure."""

from datetime import UTC, datetime, timedelta

from markupsafe import Markup, escape

from app.board.words import clock, spell, spell_short
from app.domain.saying import say
from app.web.toldmarkup import ToldMarkup
from app.web.words import NOTHING

A_MINUTE, AN_HOUR, A_DAY = 60, 3_600, 86_400


def iso(moment: datetime) -> str:
    """A moment for machines, to the second."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def at(moment: datetime | None, now: datetime) -> Markup:
    """A moment; a script turns it into the reader's own time."""
    if moment is None:
        return escape(NOTHING)
    return ToldMarkup.of('<time datetime="{}">{}</time>', iso(moment), clock(moment, now))


def since(moment: datetime | None, now: datetime) -> Markup:
    """How long ago, as people say it; a script keeps it true and adds the exact time."""
    if moment is None:
        return escape(NOTHING)
    return ToldMarkup.of('<time datetime="{}" data-ago="long">{}</time>', iso(moment), spell(now - moment))


def since_short(moment: datetime | None, now: datetime) -> Markup:
    """How long ago in one unit, for tables."""
    if moment is None:
        return Markup("")
    return ToldMarkup.of('<time datetime="{}" data-ago>{}</time>', iso(moment), spell_short(now - moment))


def every(interval: timedelta) -> str:
    """An interval as people say it: "every 2 min", "every 6 h"."""
    seconds = interval.total_seconds()
    if seconds >= A_DAY and seconds % A_DAY == 0:
        return say("every {days:g} d", days=seconds / A_DAY)
    if seconds >= AN_HOUR and seconds % AN_HOUR == 0:
        return say("every {hours:g} h", hours=seconds / AN_HOUR)
    if seconds >= A_MINUTE and seconds % A_MINUTE == 0:
        return say("every {minutes:g} min", minutes=seconds / A_MINUTE)
    return say("every {seconds:g} s", seconds=seconds)


def duration(span: timedelta) -> str:
    """A span that is over, in seconds where it was short: "3 s", "47 min"."""
    return spell(span) if span >= timedelta(minutes=1) else say("{number} s", number=round(span.total_seconds()))


def day(moment: datetime) -> str:
    """A day of the calendar: "12 Mar 2026"."""
    return say("{day} {at:%b} {at:%Y}", day=moment.day, at=moment)


def day_short(moment: datetime) -> str:
    """A day at a chart's axis: "12 Mar"."""
    return say("{day} {at:%b}", day=moment.day, at=moment)


def slot(moment: datetime) -> str:
    """The start of a span in a table: "12 Mar, 06:00"."""
    return say("{day} {at:%b}, {at:%H:%M}", day=moment.day, at=moment)


def hour(moment: datetime) -> str:
    """A time of a day at a chart's axis, in UTC; a script makes it the reader's: "14:00"."""
    return say("{at:%H:%M}", at=moment)
