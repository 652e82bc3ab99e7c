"""How figures, moments and statuses are written in pages; pure."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from markupsafe import Markup

from app.board.history import Window
from app.board.model import ServiceView
from app.board.witness import PHASE_WORDS, STATE_WORDS
from app.board.words import as_sentence, in_milliseconds, in_percent, spell
from app.domain.incident import EventKind
from app.domain.lag import First, LagEntry
from app.domain.mapping import Basis
from app.domain.proof import EvidenceLevel
from app.domain.saying import Saying, reshaped, say, together
from app.domain.service import Group
from app.domain.spend import usd
from app.domain.status import Status
from app.domain.together import Kinship
from app.domain.vendor import Phase
from app.domain.verdict import Witness

STATUS_WORDS = {
    Status.UP: say("Up"),
    Status.DEGRADED: say("Degraded"),
    Status.DOWN: say("Down"),
    Status.UNKNOWN: say("Unknown"),
    Status.MAINTENANCE: say("Maintenance"),
}

EVENT_WORDS = {
    EventKind.OPENED: say("It began"),
    EventKind.REOPENED: say("It came back"),
    EventKind.WORSENED: say("It got worse"),
    EventKind.JOINED: say("Another witness tells of it"),
    EventKind.LEFT: say("A witness calls it over"),
    EventKind.PLANNED: say("It is worked on by plan"),
    EventKind.EASED: say("It eased"),
    EventKind.LOST_SIGHT: say("We lost sight of it"),
    EventKind.CLOSED: say("It recovered"),
}

IMPACT_WORDS = {
    Status.DOWN: say("This is the thing itself: when it is down, the service is."),
    Status.DEGRADED: say("A part of it: at its worst the service is degraded."),
    Status.UP: say("It only informs, and never judges."),
}

EVIDENCE_WORDS = {
    EvidenceLevel.REACHABLE: say(
        "Reachable is what is proven: the systems of the vendor answered as they should. "
        "That a model would reply is not."
    ),
    EvidenceLevel.AUTHENTICATED: say(
        "What is proven: a call with a key was taken. That a model would reply is not."
    ),
    EvidenceLevel.GENERATED: say(
        "What is proven: a model gave the right answer to a question that it had never seen."
    ),
    EvidenceLevel.STREAMED: say(
        "What is proven: a model gave the right answer to a question that it had never seen, "
        "piece by piece and to its end."
    ),
}

BASIS_WORDS = {
    Basis.TITLE: say("concerns it by its title"),
    Basis.TEXT: say("concerns it by its text"),
    Basis.NOTHING_NAMED: say("names no part, may concern it"),
}
"""What is said of an incident that does not name a part of the service itself."""

FIRST_WORDS = {
    First.VENDOR: say("The vendor told of it first"),
    First.WE: say("We measured it first"),
    First.VENDOR_NEVER: say("The vendor never told of it"),
    First.WE_NEVER: say("We never measured it"),
    First.VENDOR_NOT_YET: say("The vendor has not told of it yet"),
    First.WE_NOT_YET: say("We have not measured it yet"),
    First.UNTOLD: say("Cannot be told: one of the two was not looking"),
}

KINSHIP_WORDS = {
    Kinship.STRANGER: say("for strangers"),
    Kinship.SHARED_GROUND: say("for two that rely on the same service"),
    Kinship.PASSES_ON: say("for one that passes requests on to the other or its vendor"),
    Kinship.SAME_VENDOR: say("for two of one vendor"),
}

WINDOW_WORDS = {
    Window.DAY: say("24 hours"),
    Window.WEEK: say("7 days"),
    Window.MONTH: say("30 days"),
    Window.QUARTER: say("90 days"),
}

GROUP_WORDS = {
    Group.ASSISTANTS: say("Assistants"),
    Group.APIS: say("APIs"),
    Group.CODING: say("Coding"),
    Group.IMAGE_AND_VIDEO: say("Image & video"),
    Group.SPEECH_AND_SEARCH: say("Speech & search"),
    Group.PLATFORMS: say("Platforms"),
}

WITNESS_WORDS = {
    Witness.MEASURED: say("Measured"),
    Witness.VENDOR: say("Vendor"),
    Witness.PEOPLE: say("People"),
}

NOTHING = "\N{EN DASH}"
"""Stands where a figure would."""

WHOLE_FROM = 10
"""From here on a number of things is told without decimals."""


def witness_words(witness: Witness, view: ServiceView | None) -> str:
    """Who told: "Measured", "OpenAI", "People"."""
    if witness is Witness.VENDOR and view is not None:
        return view.vendor.name
    return WITNESS_WORDS[witness]


def percent(share: float | None) -> str:
    """A share in percent, where it is known."""
    return NOTHING if share is None else in_percent(share)


def milliseconds(value: int | None) -> str:
    """A latency with its unit, where it is known."""
    return NOTHING if value is None else in_milliseconds(value)


def amount(value: float | None) -> str:
    """A number of things, where it is known: "31", of few "0.2"."""
    if value is None:
        return NOTHING
    is_whole = value >= WHOLE_FROM or value == round(value)
    return say("{number:,.0f}", number=value) if is_whole else say("{number:.1f}", number=value)


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
        told.append(say("first token after {ms}", ms=milliseconds(figures["ttft_ms"])))
    if figures.get("tpot_us"):
        told.append(say("{number:.0f} tokens a second", number=1_000_000 / figures["tpot_us"]))
    if "gap_max_ms" in figures:
        told.append(say("longest pause {ms}", ms=milliseconds(figures["gap_max_ms"])))
    if "cost_nusd" in figures:
        told.append(say("for {amount} USD", amount=usd(figures["cost_nusd"])))
    return together(*told, between=", ")


def phase_words(phase: Phase, vendors: str) -> str:
    """How far a vendor says it has come, in our words, or where we have none in its own."""
    return PHASE_WORDS.get(phase) or spaced(vendors)


def spaced(text: str) -> str:
    """The words of a vendor, which some write as codes: "partial_outage" becomes "partial outage"."""
    return text if isinstance(text, Saying) else text.replace("_", " ")


def capitalised(text: str) -> Saying:
    """A text that begins with a capital."""
    return reshaped(text, lambda told: told[:1].upper() + told[1:])


def shortened(text: str, most: int) -> Saying:
    """At most so many characters of a text, in whole words."""
    return reshaped(text, lambda told: told if len(told) <= most else f"{told[:most].rpartition(' ')[0]} …")


def figure(written: str) -> Saying:
    """A figure that was written by a template."""
    return reshaped(written, str)


def lag(span: timedelta | None) -> str:
    """A lag as people say it: "12 min later", "3 min sooner", "at once"."""
    if span is None:
        return NOTHING
    if abs(span) < timedelta(minutes=1):
        return say("at once")
    if span > timedelta(0):
        return say("{span} later", span=spell(span))
    return say("{span} sooner", span=spell(-span))


def lag_sentence(entry: LagEntry, vendor: str) -> Saying:
    """How late a vendor told of a trouble, and of its end; who told of it first where it did not."""
    if entry.lag is None:
        return as_sentence(FIRST_WORDS[entry.first])
    return together(_first_word(entry.lag, vendor), _last_word(entry.recovery_lag))


def _first_word(span: timedelta, vendor: str) -> Saying:
    if abs(span) < timedelta(minutes=1):
        return say("{vendor}’s first word came at once.", vendor=vendor)
    if span > timedelta(0):
        return say(
            "{vendor}’s first word came {span} after our first bad reading.", vendor=vendor, span=spell(span)
        )
    return say("{vendor}’s first word came {span} before our first bad reading.", vendor=vendor, span=spell(-span))


def _last_word(span: timedelta | None) -> str:
    if span is None:
        return ""
    if abs(span) < timedelta(minutes=1):
        return say("Its “resolved” came at once.")
    if span > timedelta(0):
        return say("Its “resolved” came {span} after our first good one.", span=spell(span))
    return say("Its “resolved” came {span} before our first good one.", span=spell(-span))


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
        return say("{number} · all up", number=len(views)) if len(views) > 1 else say("1 · up")
    ill = [each for each in (Status.DOWN, Status.DEGRADED, Status.MAINTENANCE, Status.UNKNOWN) if numbers[each]]
    told = (say("{number} {state}", number=numbers[each], state=STATE_WORDS[each]) for each in ill)
    return together(str(len(views)), *told, between=" · ")
