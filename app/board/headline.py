"""The answer in one sentence, as one would read it aloud; pure."""

from collections.abc import Sequence
from datetime import datetime

from app.board.model import Headline, OwnHealth, ServiceView
from app.board.words import clock, listed, spell
from app.domain.saying import Saying, say, say_many, together
from app.domain.status import Status, severity

MOST_NAMED = 3
"""More troubled services than this are counted, not named: a sentence is no list."""


def headline(views: Sequence[ServiceView], own: OwnHealth) -> Headline:
    """What is true of all services together, or why that cannot be told."""
    if not views:
        return Headline(status=Status.UNKNOWN, claim=say("There is nothing to watch: the catalogue is empty"))
    if own.network_fails:
        return Headline(status=Status.UNKNOWN, claim=say("We cannot tell: our own network is failing"))
    troubled = [view for view in views if view.status.is_bad]
    seen = [view for view in troubled if not view.is_by_word]
    if seen:
        return _bad(seen)
    if troubled:
        return _told(troubled)
    if all(view.status is Status.UNKNOWN for view in views):
        return Headline(status=Status.UNKNOWN, claim=_blind(views, own))
    return Headline(status=Status.UP, claim=_well(views))


def sentence(told: Headline, now: datetime) -> Saying:
    """The headline in full: "ChatGPT is down since 14:02 UTC (18 min)."."""
    if told.since_at is None:
        return say("{claim}.", claim=told.claim)
    since, span = clock(told.since_at, now), spell(now - told.since_at)
    return say("{claim} since {since} ({span}).", claim=told.claim, since=since, span=span)


def claim_of(view: ServiceView) -> Saying:
    """What is true of one service: "ChatGPT is down", "ChatGPT works"."""
    claim = _claims(view)
    return say("{claim}, by {vendor}'s word", claim=claim, vendor=view.vendor.name) if view.is_by_word else claim


def _claims(view: ServiceView) -> Saying:
    name = view.service.name
    match view.status:
        case Status.UP:
            return say("{name} works", name=name)
        case Status.DEGRADED:
            return say("{name} is degraded", name=name)
        case Status.DOWN:
            return say("{name} is down", name=name)
        case Status.MAINTENANCE:
            return say("{name} is in maintenance", name=name)
        case Status.UNKNOWN:
            if view.last_probed_at is None:
                return say("{name} has not been probed yet", name=name)
            return say("{name} cannot be seen from here", name=name)


def rest_of(views: Sequence[ServiceView]) -> Saying | None:
    """What is true of the others while some are in trouble; `None` while none is."""
    if not any(view.status.is_bad for view in views):
        return None
    told = [view for view in views if view.is_by_word]
    is_mixed = told and len(told) < sum(view.status.is_bad for view in views)
    also = [say("{claim}.", claim=_reported(told))] if is_mixed else []
    others = [view for view in views if not view.status.is_bad]
    if not others:
        return also[0] if also else None
    if all(view.status is Status.UP for view in others):
        well = say_many("The other {count} service works.", "The other {count} services work.", len(others))
        return together(*also, well)
    return together(*also, say("{claim}.", claim=_shares(others, are_the_others=True)))


def _bad(troubled: Sequence[ServiceView]) -> Headline:
    worst = max((view.status for view in troubled), key=severity)
    if len(troubled) == 1:
        return Headline(status=worst, claim=claim_of(troubled[0]), since_at=troubled[0].since_at)
    down = [view.service.name for view in troubled if view.status is Status.DOWN]
    degraded = [view.service.name for view in troubled if view.status is Status.DEGRADED]
    parts = _named(down, degraded) if len(troubled) <= MOST_NAMED else _counted(len(down), len(degraded))
    return Headline(status=worst, claim=listed([part for part in parts if part]))


def _named(down: Sequence[str], degraded: Sequence[str]) -> tuple[str, str]:
    hit = say_many("{names} is down", "{names} are down", len(down), names=listed(down))
    hurt = say_many("{names} is degraded", "{names} are degraded", len(degraded), names=listed(degraded))
    return hit if down else "", hurt if degraded else ""


def _counted(down: int, degraded: int) -> tuple[str, str]:
    """How many are down, and how many are degraded; what is counted is only said once."""
    if not down:
        return "", say_many("{count} service is degraded", "{count} services are degraded", degraded)
    hurt = say_many("{count} is degraded", "{count} are degraded", degraded)
    return say_many("{count} service is down", "{count} services are down", down), hurt if degraded else ""


def _told(troubled: Sequence[ServiceView]) -> Headline:
    """What is in trouble by its vendor's word alone."""
    worst = max((view.status for view in troubled), key=severity)
    if len(troubled) == 1:
        return Headline(status=worst, claim=claim_of(troubled[0]), since_at=troubled[0].since_at)
    return Headline(status=worst, claim=_reported(troubled))


def _reported(told: Sequence[ServiceView]) -> Saying:
    """Who reports trouble with what: "OpenAI reports trouble with ChatGPT and Codex"."""
    vendors = list(dict.fromkeys(view.vendor.name for view in told))
    names = [view.service.name for view in told]
    what = (
        listed(names) if len(names) <= MOST_NAMED else say_many("{count} service", "{count} services", len(names))
    )
    if len(vendors) == 1:
        return say("{vendor} reports trouble with {what}", vendor=vendors[0], what=what)
    return say("{vendors} vendors report trouble with {what}", vendors=len(vendors), what=what)


def _blind(views: Sequence[ServiceView], own: OwnHealth) -> Saying:
    """Why nothing at all is known."""
    if any(view.last_probed_at is not None for view in views):
        return say("We cannot tell: none of the services can be seen from here")
    number = len(views)
    if own.probing:
        return say_many(
            "Watching {count} service; first results are coming in",
            "Watching {count} services; first results are coming in",
            number,
        )
    return say_many(
        "{count} service listed, none measured: probing is switched off",
        "{count} services listed, none measured: probing is switched off",
        number,
    )


def _well(views: Sequence[ServiceView]) -> Saying:
    if all(view.status is Status.UP for view in views):
        return say("All {number} services work", number=len(views)) if len(views) > 1 else claim_of(views[0])
    return _shares(views)


def _shares(views: Sequence[ServiceView], *, are_the_others: bool = False) -> Saying:
    """How many of them fare how: "49 of 52 services work, 2 cannot be seen from here"."""
    unknown = [view for view in views if view.status is Status.UNKNOWN]
    pending = sum(view.last_probed_at is None for view in unknown)
    working = sum(view.status is Status.UP for view in views)
    planned, unseen = sum(view.status is Status.MAINTENANCE for view in views), len(unknown) - pending
    if are_the_others:
        well = say_many(
            "{count} of the other {all} works", "{count} of the other {all} work", working, all=len(views)
        )
    else:
        well = say_many(
            "{count} of {all} services works", "{count} of {all} services work", working, all=len(views)
        )
    return together(
        well if working else "",
        say("{number} in maintenance", number=planned) if planned else "",
        say("{number} cannot be seen from here", number=unseen) if unseen else "",
        say("{number} not probed yet", number=pending) if pending else "",
        between=", ",
    )
