"""How figures, moments and statuses are written in pages; pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from markupsafe import Markup, escape

from app.board.history import Window
from app.board.model import ServiceView
from app.board.witness import PHASE_WORDS
from app.board.words import clock, in_milliseconds, in_percent, spell, spell_short
from app.domain.incident import EventKind
from app.domain.lag import First
from app.domain.mapping import Basis
from app.domain.proof import EvidenceLevel
from app.domain.spend import usd
from app.domain.status import Status
from app.domain.together import Kinship
from app.domain.vendor import Phase
from app.domain.verdict import Witness

STATUS_WORDS = {
    Status.UP: "Up",
    Status.DEGRADED: "Degraded",
    Status.DOWN: "Down",
    Status.UNKNOWN: "Unknown",
    Status.MAINTENANCE: "Maintenance",
}

EVENT_WORDS = {
    EventKind.OPENED: "It began",
    EventKind.REOPENED: "It came back",
    EventKind.WORSENED: "It got worse",
    EventKind.JOINED: "Another witness tells of it",
    EventKind.LEFT: "A witness calls it over",
    EventKind.PLANNED: "It is worked on by plan",
    EventKind.EASED: "It eased",
    EventKind.LOST_SIGHT: "We lost sight of it",
    EventKind.CLOSED: "It recovered",
}

IMPACT_WORDS = {
    Status.DOWN: "This is the thing itself: when it is down, the service is.",
    Status.DEGRADED: "A part of it: at its worst the service is degraded.",
    Status.UP: "It only informs, and never judges.",
}

EVIDENCE_WORDS = {
    EvidenceLevel.REACHABLE: "Reachable is what is proven: the systems of the vendor answered as they should. "
    "That a model would reply is not.",
    EvidenceLevel.AUTHENTICATED: "What is proven: a call with a key was taken. That a model would reply is not.",
    EvidenceLevel.GENERATED: "What is proven: a model gave the right answer to a question that it had never seen.",
    EvidenceLevel.STREAMED: "What is proven: a model gave the right answer to a question that it had never seen, "
    "piece by piece and to its end.",
}

BASIS_WORDS = {
    Basis.TITLE: "concerns it by its title",
    Basis.TEXT: "concerns it by its text",
    Basis.NOTHING_NAMED: "names no part, may concern it",
}
"""What is said of an incident that does not name a part of the service itself."""

FIRST_WORDS = {
    First.VENDOR: "The vendor told of it first",
    First.WE: "We measured it first",
    First.VENDOR_NEVER: "The vendor never told of it",
    First.WE_NEVER: "We never measured it",
    First.VENDOR_NOT_YET: "The vendor has not told of it yet",
    First.WE_NOT_YET: "We have not measured it yet",
    First.UNTOLD: "Cannot be told: one of the two was not looking",
}

KINSHIP_WORDS = {
    Kinship.STRANGER: "for strangers",
    Kinship.SHARED_GROUND: "for two that rely on the same service",
    Kinship.PASSES_ON: "for one that passes requests on to the other or its vendor",
    Kinship.SAME_VENDOR: "for two of one vendor",
}

WINDOW_WORDS = {Window.DAY: "24 hours", Window.WEEK: "7 days", Window.MONTH: "30 days", Window.QUARTER: "90 days"}

NOTHING = "\N{EN DASH}"
"""Stands where a figure would."""


def witness_words(witness: Witness, view: ServiceView | None) -> str:
    """Who told: "Measured", "OpenAI", "People"."""
    if witness is Witness.VENDOR:
        return view.vendor.name if view is not None else "Vendor"
    return witness.value.capitalize()


def percent(share: float | None) -> str:
    """A share in percent, where it is known."""
    return NOTHING if share is None else in_percent(share)


def milliseconds(value: int | None) -> str:
    """A latency with its unit, where it is known."""
    return NOTHING if value is None else in_milliseconds(value)


def iso(moment: datetime) -> str:
    """A moment for machines, to the second."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def at(moment: datetime | None, now: datetime) -> Markup:
    """A moment; a script turns it into the reader's own time."""
    if moment is None:
        return escape(NOTHING)
    return Markup('<time datetime="{}">{}</time>').format(iso(moment), clock(moment, now))


def since(moment: datetime | None, now: datetime) -> Markup:
    """How long ago, as people say it; a script keeps it true and adds the exact time."""
    if moment is None:
        return escape(NOTHING)
    return Markup('<time datetime="{}" data-ago="long">{}</time>').format(iso(moment), spell(now - moment))


def since_short(moment: datetime | None, now: datetime) -> Markup:
    """How long ago in one unit, for tables."""
    if moment is None:
        return Markup("")
    return Markup('<time datetime="{}" data-ago>{}</time>').format(iso(moment), spell_short(now - moment))


def every(interval: timedelta) -> str:
    """An interval as people say it: "every 2 min", "every 6 h"."""
    seconds = interval.total_seconds()
    for size, name in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"every {seconds / size:g} {name}"
    return f"every {seconds:g} s"


def duration(span: timedelta) -> str:
    """A span that is over, in seconds where it was short: "3 s", "47 min"."""
    return spell(span) if span >= timedelta(minutes=1) else f"{round(span.total_seconds())} s"


def marked(text: str) -> Markup:
    """A text in which what stands between backticks is code."""
    parts = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else part for number, part in enumerate(parts)
    )


def speech(figures: Mapping[str, int]) -> str:
    """How a model spoke: "first token after 420 ms, 85 tokens a second, longest pause 60 ms"; empty for others."""
    told = []
    if "ttft_ms" in figures:
        told.append(f"first token after {milliseconds(figures['ttft_ms'])}")
    if figures.get("tpot_us"):
        told.append(f"{1_000_000 / figures['tpot_us']:.0f} tokens a second")
    if "gap_max_ms" in figures:
        told.append(f"longest pause {milliseconds(figures['gap_max_ms'])}")
    if "cost_nusd" in figures:
        told.append(f"for {usd(figures['cost_nusd'])} USD")
    return ", ".join(told)


def phase_words(phase: Phase, vendors: str) -> str:
    """How far a vendor says it has come, in our words, or where we have none in its own."""
    return PHASE_WORDS.get(phase) or vendors.replace("_", " ")


def lag(span: timedelta | None) -> str:
    """A lag as people say it: "12 min later", "3 min sooner", "at once"."""
    if span is None:
        return NOTHING
    if abs(span) < timedelta(minutes=1):
        return "at once"
    return f"{spell(abs(span))} {'later' if span > timedelta(0) else 'sooner'}"


def day(moment: datetime) -> str:
    """A day of the calendar: "12 Mar 2026"."""
    return f"{moment.day} {moment:%b %Y}"


def slot(moment: datetime) -> str:
    """The start of a span in a table: "12 Mar, 06:00"."""
    return f"{moment.day} {moment:%b, %H:%M}"


def host(url: str) -> str:
    """A web address as people say it: "chatgpt.com", "huggingface.co/chat"."""
    return url.partition("://")[2].removesuffix("/")


def medians(view: ServiceView) -> list[int | None]:
    """The latencies of the last day, hour by hour, and the one of this moment."""
    return [*(each.p50_ms for each in view.hours[:-1]), view.latency_ms]


def tally(views: Sequence[ServiceView]) -> str:
    """How many there are, and how many of them are not up: "14 · all up", "14 · 1 down · 2 unknown"."""
    numbers = {status: sum(view.status is status for view in views) for status in STATUS_WORDS}
    if numbers[Status.UP] == len(views):
        return f"{len(views)} · all up" if len(views) > 1 else "1 · up"
    ill = (Status.DOWN, Status.DEGRADED, Status.MAINTENANCE, Status.UNKNOWN)
    return " · ".join([str(len(views)), *(f"{numbers[status]} {status}" for status in ill if numbers[status])])
