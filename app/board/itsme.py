"""Whose trouble it is, by a board: what is known of a service, and each judgement in words; pure."""

from app.board.basis import counted_people
from app.board.headline import claim_of
from app.board.model import Board, ServiceView
from app.domain.discord import Discord
from app.domain.itsme import Known, Why
from app.domain.saying import Saying, say, template
from app.domain.status import Status
from app.domain.verdict import Witness

LEAST_REPORTS = 2
TIMES_USUAL = 3
"""So many times what is usual are more reports than one would expect, long before they are a surge."""


def known_of(board: Board, view: ServiceView) -> Known:
    """What is known of a service, as far as it tells whose trouble somebody has."""
    if view.status.is_bad:
        return Known.REGIONAL if Discord.SOME_REGIONS in view.discords else Known.BAD
    if view.status is Status.MAINTENANCE:
        return Known.PLANNED
    if view.status is Status.UNKNOWN or board.own.network_fails or board.trouble is not None:
        return Known.BLIND
    if stirrings(board, view):
        return Known.STIRRING
    is_vouched_for = view.verdict.measured.is_proven or Witness.VENDOR in view.verdict.well
    return Known.AGREED if is_vouched_for else Known.DOOR


def stirrings(board: Board, view: ServiceView) -> tuple[Saying, ...]:
    """What makes one doubt that a service which counts as up is well, in sentences."""
    told = []
    if view.people.last_hour >= max(LEAST_REPORTS, TIMES_USUAL * view.people.usual):
        many = counted_people(view.people.last_hour)
        told.append(say("{many} reported trouble within the last hour, more than usual.", many=many))
    failing = [check for check in view.checks if check.last_status.is_bad and check.check.impact is not Status.UP]
    if failing:
        told.append(say("Our last probe of it failed, which is not confirmed yet."))
    siblings = [
        each for each in board.services if each.vendor.id == view.vendor.id and each.status.is_bad and each != view
    ]
    told.extend(say("Of the same vendor, {claim}.", claim=claim_of(each)) for each in siblings[:1])
    return tuple(told)


def headline_of(why: Why, view: ServiceView) -> Saying:
    """The answer, without its full stop."""
    return say(_HEADLINES[why], name=view.service.name, claim=claim_of(view))


def explained(why: Why, board: Board, view: ServiceView) -> tuple[Saying, ...]:
    """On what the answer rests, in sentences; none for a trouble, which has its witnesses beside it."""
    told = []
    if why in (Why.WORKS, Why.WORKS_AND_REACHED):
        told.append(_vouched(view))
    if why in _EXPLAINED:
        told.append(say(_EXPLAINED[why], name=view.service.name, claim=claim_of(view)))
    if why in (Why.BEGINNING, Why.NO_WAY_OUT, Why.SLOW_LINE):
        told.extend(stirrings(board, view))
    return tuple(told)


def _vouched(view: ServiceView) -> Saying:
    if view.verdict.measured.is_proven:
        return say("A model of it has just given us the right answer.")
    return say("Our probes are answered, and {vendor} tells of no trouble.", vendor=view.vendor.name)


_HEADLINES = {
    Why.TROUBLE: template("It is not you: {claim}"),
    Why.SOME_PLACES: template("It is not you: {claim}, from some places"),
    Why.PLANNED: template("It is not you: {claim}"),
    Why.OFFLINE: template("It is you: your browser reaches nothing, not even us"),
    Why.NO_WAY_OUT: template("It is you: your browser reaches us, and nothing else"),
    Why.SLOW_LINE: template("It is you: your connection is slow, to us as well"),
    Why.WORKS: template("It looks like you: {name} works"),
    Why.WORKS_AND_REACHED: template("It looks like you: {name} works, and your browser reaches it"),
    Why.YOUR_REGION: template(
        "It is between you and them: {name} fails from some places, and yours seems to be one"
    ),
    Why.SHUT_FOR_YOU: template("It is between you and them: {name} works, but your browser does not reach it"),
    Why.SOME_SHUT: template("It is between you and them: your browser reaches only a part of {name}"),
    Why.SLOW_WAY: template("It is between you and them: {name} answers you late, and us in time"),
    Why.BEGINNING: template("We cannot tell yet: {name} counts as up, but something stirs"),
    Why.DOOR_ONLY: template("We cannot tell: {name} opens its door, and nobody sees behind it"),
    Why.DOOR_REACHED: template("We cannot tell: {name} opens its door, for you too, and nobody sees behind it"),
    Why.UNSEEN: template("We cannot tell: {name} cannot be seen from here"),
    Why.UNSEEN_SHUT: template("We cannot tell: neither we nor your browser can see {name}"),
}

_EXPLAINED = {
    Why.OFFLINE: template("No address answered. When this page was loaded, this was true: {claim}."),
    Why.NO_WAY_OUT: template(
        "Not one address outside answered, of {name} or of others: your connection ends here, or "
        "something on your device blocks them all."
    ),
    Why.SLOW_LINE: template("Everything answered, but all of it late."),
    Why.WORKS: template("Hardly anybody else has trouble. It may be your account, your device, or the way there."),
    Why.WORKS_AND_REACHED: template(
        "Hardly anybody else has trouble. That leaves your account and your own device or program."
    ),
    Why.YOUR_REGION: template("Others, elsewhere, are served."),
    Why.SHUT_FOR_YOU: template(
        "Other addresses answer you, so your connection works: a blocker, a company firewall, the "
        "network of your provider or your region may stand in between."
    ),
    Why.SOME_SHUT: template(
        "Some of its addresses answer you and some do not. An extension, a firewall or the name "
        "server of your provider often makes that difference."
    ),
    Why.SLOW_WAY: template("We answer you in time, so it is not your whole connection."),
    Why.DOOR_ONLY: template(
        "Our probes are answered without a key, which proves no more than that. Hardly anybody else "
        "reports trouble."
    ),
    Why.DOOR_REACHED: template(
        "An answer to a stranger proves no more than that. Hardly anybody else reports trouble, "
        "so look at your own side first."
    ),
    Why.UNSEEN: template("What the vendor says and what others report is all there is to go by."),
    Why.UNSEEN_SHUT: template("It may be down, or we share what is in the way."),
}
