"""A month of the past in sentences; pure."""

from datetime import timedelta

from app.board.past import Kind, Measured, Month, MonthPast
from app.board.words import in_percent
from app.domain.lag import First
from app.domain.saying import Saying, say, say_many, together
from app.web.moments import day, duration

MONTHS = (
    say("January"),
    say("February"),
    say("March"),
    say("April"),
    say("May"),
    say("June"),
    say("July"),
    say("August"),
    say("September"),
    say("October"),
    say("November"),
    say("December"),
)

KIND_WORDS = {
    Kind.ALL: say("Measured and told"),
    Kind.MEASURED: say("Measured only"),
    Kind.VENDOR: say("Told by vendors only"),
}


def month_words(month: Month) -> Saying:
    """A month as people say it: "November 2026"."""
    return say("{month} {year}", month=MONTHS[month.number - 1], year=str(month.year))


def month_claim(past: MonthPast) -> Saying:
    """The answer in one sentence; that nothing was measured is only said where something was seen."""
    month = month_words(past.wish.month)
    if past.measured:
        return say_many(
            "{count} incident was measured in {month}",
            "{count} incidents were measured in {month}",
            past.measured,
            month=month,
        )
    if not past.seen.judged:
        return say("Nothing was seen in {month}", month=month)
    return say("No incident was measured in {month}", month=month)


def month_summary(past: MonthPast) -> str:
    """How long it took together, who had most of it, and what is not over; empty where there is nothing to sum."""
    if not past.measured:
        return ""
    told = [say("{span} of trouble in all.", span=duration(past.lasted))]
    if past.most is not None:
        told.append(say("Most of it was {name}’s: {span}.", name=past.most[0], span=duration(past.most[1])))
    if past.still_open:
        told.append(say_many("{count} is not over.", "{count} are not over.", past.still_open))
    return together(*told)


def month_told(past: MonthPast) -> str:
    """How many more vendors told of; empty where it is none."""
    if not past.told:
        return ""
    return say_many(
        "Vendors tell of {count} more that was not measured.",
        "Vendors tell of {count} more that were not measured.",
        past.told,
    )


def month_seen(past: MonthPast) -> str:
    """How much of the month was seen, so that silence is not taken for health."""
    if past.seen_since_at is None:
        return say("Nobody was measuring then, so what is not told here may have happened all the same.")
    share = in_percent(past.seen.coverage)
    if past.seen_since_at - past.wish.month.start_at >= timedelta(days=1):
        since = day(past.seen_since_at)
        return say(
            "Measuring began on {since}; since then {share} of the time was seen.", since=since, share=share
        )
    return say("Of the time {share} was seen; of the rest nothing is known.", share=share)


def lag_told(entry: Measured) -> str:
    """How late its vendor told of a trouble; empty where that cannot be said, or nobody is blamed for silence."""
    if entry.lag is None or entry.view is None or entry.lag.is_brief:
        return ""
    vendor, lag = entry.view.vendor.name, entry.lag.lag
    if lag is None:
        silence = {
            First.VENDOR_NEVER: say("{vendor} never told of it.", vendor=vendor),
            First.VENDOR_NOT_YET: say("{vendor} has not told of it yet.", vendor=vendor),
        }
        return silence.get(entry.lag.first, "")
    if abs(lag) < timedelta(minutes=1):
        return say("{vendor} told of it at once.", vendor=vendor)
    if lag > timedelta(0):
        return say("{vendor} told of it {span} later.", vendor=vendor, span=duration(lag))
    return say("{vendor} told of it {span} sooner.", vendor=vendor, span=duration(-lag))
