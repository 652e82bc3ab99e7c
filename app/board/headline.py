"""The answer in one sentence, as one would read it aloud; pure."""

from collections.abc import Sequence
from datetime import datetime

from app.board.model import Headline, OwnHealth, ServiceView
from app.board.words import clock, counted, listed, spell
from app.domain.status import Status, severity

MOST_NAMED = 3
"""More troubled services than this are counted, not named: a sentence is no list."""


def headline(views: Sequence[ServiceView], own: OwnHealth) -> Headline:
    """What is true of all services together, or why that cannot be told."""
    if not views:
        return Headline(status=Status.UNKNOWN, claim="There is nothing to watch: the catalogue is empty")
    if own.network_fails:
        return Headline(status=Status.UNKNOWN, claim="We cannot tell: our own network is failing")
    troubled = [view for view in views if view.status.is_bad]
    seen = [view for view in troubled if not view.is_by_word]
    if seen:
        return _bad(seen)
    if troubled:
        return _told(troubled)
    if all(view.status is Status.UNKNOWN for view in views):
        return Headline(status=Status.UNKNOWN, claim=_blind(views, own))
    return Headline(status=Status.UP, claim=_well(views))


def sentence(told: Headline, now: datetime) -> str:
    """The headline in full: "ChatGPT is down since 14:02 UTC (18 min)."."""
    if told.since_at is None:
        return f"{told.claim}."
    return f"{told.claim} since {clock(told.since_at, now)} ({spell(now - told.since_at)})."


def claim_of(view: ServiceView) -> str:
    """What is true of one service: "ChatGPT is down", "ChatGPT works"."""
    said = {
        Status.UP: "works",
        Status.DEGRADED: "is degraded",
        Status.DOWN: "is down",
        Status.UNKNOWN: "cannot be seen from here" if view.last_probed_at else "has not been probed yet",
        Status.MAINTENANCE: "is in maintenance",
    }
    by_word = f", by {view.vendor.name}'s word" if view.is_by_word else ""
    return f"{view.service.name} {said[view.status]}{by_word}"


def rest_of(views: Sequence[ServiceView]) -> str | None:
    """What is true of the others while some are in trouble; `None` while none is."""
    if not any(view.status.is_bad for view in views):
        return None
    told = [view for view in views if view.is_by_word]
    also = f"{_reported(told)}. " if told and len(told) < sum(view.status.is_bad for view in views) else ""
    others = [view for view in views if not view.status.is_bad]
    if not others:
        return also.strip() or None
    if all(view.status is Status.UP for view in others):
        return f"{also}The other {counted(len(others), 'service')} {'works' if len(others) == 1 else 'work'}."
    return f"{also}{_shares(others, f'of the other {len(others)}')}."


def _bad(troubled: Sequence[ServiceView]) -> Headline:
    worst = max((view.status for view in troubled), key=severity)
    if len(troubled) == 1:
        return Headline(status=worst, claim=claim_of(troubled[0]), since_at=troubled[0].since_at)
    named = len(troubled) <= MOST_NAMED
    parts: list[str] = []
    for status in (Status.DOWN, Status.DEGRADED):
        names = [view.service.name for view in troubled if view.status is status]
        if names:
            who = listed(names) if named else counted(len(names), "service") if not parts else str(len(names))
            parts.append(f"{who} {'is' if len(names) == 1 else 'are'} {status}")
    return Headline(status=worst, claim=listed(parts))


def _told(troubled: Sequence[ServiceView]) -> Headline:
    """What is in trouble by its vendor's word alone."""
    worst = max((view.status for view in troubled), key=severity)
    if len(troubled) == 1:
        return Headline(status=worst, claim=claim_of(troubled[0]), since_at=troubled[0].since_at)
    return Headline(status=worst, claim=_reported(troubled))


def _reported(told: Sequence[ServiceView]) -> str:
    """Who reports trouble with what: "OpenAI reports trouble with ChatGPT and Codex"."""
    vendors = list(dict.fromkeys(view.vendor.name for view in told))
    names = [view.service.name for view in told]
    who = f"{vendors[0]} reports" if len(vendors) == 1 else f"{len(vendors)} vendors report"
    return f"{who} trouble with {listed(names) if len(names) <= MOST_NAMED else counted(len(names), 'service')}"


def _blind(views: Sequence[ServiceView], own: OwnHealth) -> str:
    """Why nothing at all is known."""
    if any(view.last_probed_at is not None for view in views):
        return "We cannot tell: none of the services can be seen from here"
    if own.probing:
        return f"Watching {counted(len(views), 'service')}; first results are coming in"
    return f"{counted(len(views), 'service')} listed, none measured: probing is switched off"


def _well(views: Sequence[ServiceView]) -> str:
    if all(view.status is Status.UP for view in views):
        return f"All {len(views)} services work" if len(views) > 1 else claim_of(views[0])
    return _shares(views, f"of {counted(len(views), 'service')}")


def _shares(views: Sequence[ServiceView], of_whom: str) -> str:
    """How many of them fare how: "49 of 52 services work, 2 cannot be seen from here"."""
    unknown = [view for view in views if view.status is Status.UNKNOWN]
    pending = sum(view.last_probed_at is None for view in unknown)
    working = sum(view.status is Status.UP for view in views)
    numbers = (
        (working, f"{of_whom} {'works' if working == 1 else 'work'}"),
        (sum(view.status is Status.MAINTENANCE for view in views), "in maintenance"),
        (len(unknown) - pending, "cannot be seen from here"),
        (pending, "not probed yet"),
    )
    return ", ".join(f"{number} {what}" for number, what in numbers if number)
