"""Is it them, or is it me? What is known of a service and what a visitor's browser reaches, put together; pure.

The browser asks without seeing answers (`no-cors`): that an address is reached proves that something there
answered, and nothing of what. So reaching it never outweighs a trouble that is known, and not reaching it only
tells against the way there where it is known to work.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from app.domain.alternatives import Audience


class Known(StrEnum):
    """What we know of a service, the first that is true."""

    BAD = "bad"
    """It is in trouble, by whomever's word."""
    REGIONAL = "regional"
    """It is in trouble from some places, and well from others."""
    PLANNED = "planned"
    """Its vendor works on it by plan."""
    STIRRING = "stirring"
    """It counts as up, but something stirs: unconfirmed failures, many reports, a sibling in trouble."""
    AGREED = "agreed"
    """It is up, and somebody vouches for what is behind the door: a model's answer, or the vendor's own word."""
    DOOR = "door"
    """It is up as far as its door goes; nobody tells what is behind it."""
    BLIND = "blind"
    """We cannot see it now."""


class Reach(StrEnum):
    """What the visitor's browser reaches: of the service's doors, of others, and of us."""

    NOT_ASKED = "not_asked"
    OFFLINE = "offline"
    """Nothing at all, not even us."""
    ONLY_US = "only_us"
    """Us, and nobody else."""
    NO_DOOR = "no_door"
    """Others, but none of the service's doors."""
    SOME_DOORS = "some_doors"
    SLOW_LINE = "slow_line"
    """Every door, late, and us late as well."""
    SLOW_DOORS = "slow_doors"
    """Every door, late, and us in time."""
    ALL_DOORS = "all_doors"


class Outcome(StrEnum):
    """Whose trouble it is."""

    THEM = "them"
    YOU = "you"
    BETWEEN = "between"
    CANNOT_TELL = "cannot_tell"


class Why(StrEnum):
    """What an outcome rests on."""

    TROUBLE = "trouble"
    SOME_PLACES = "some_places"
    PLANNED = "planned"
    OFFLINE = "offline"
    NO_WAY_OUT = "no_way_out"
    SLOW_LINE = "slow_line"
    WORKS = "works"
    WORKS_AND_REACHED = "works_and_reached"
    YOUR_REGION = "your_region"
    SHUT_FOR_YOU = "shut_for_you"
    SOME_SHUT = "some_shut"
    SLOW_WAY = "slow_way"
    BEGINNING = "beginning"
    DOOR_ONLY = "door_only"
    DOOR_REACHED = "door_reached"
    UNSEEN = "unseen"
    UNSEEN_SHUT = "unseen_shut"

    @property
    def outcome(self) -> Outcome:
        """Whose trouble it is for this reason."""
        return next(outcome for outcome, whys in _OUTCOMES.items() if self in whys)


_OUTCOMES = {
    Outcome.THEM: (Why.TROUBLE, Why.SOME_PLACES, Why.PLANNED),
    Outcome.YOU: (Why.OFFLINE, Why.NO_WAY_OUT, Why.SLOW_LINE, Why.WORKS, Why.WORKS_AND_REACHED),
    Outcome.BETWEEN: (Why.YOUR_REGION, Why.SHUT_FOR_YOU, Why.SOME_SHUT, Why.SLOW_WAY),
    Outcome.CANNOT_TELL: (Why.BEGINNING, Why.DOOR_ONLY, Why.DOOR_REACHED, Why.UNSEEN, Why.UNSEEN_SHUT),
}

_TROUBLED = {Known.BAD: Why.TROUBLE, Known.REGIONAL: Why.SOME_PLACES, Known.PLANNED: Why.PLANNED}

_ELSE: Mapping[Reach, Sequence[Why]] = {
    # where it is        stirring       agreed to be up        up at its door    not seen
    Reach.NOT_ASKED: (Why.BEGINNING, Why.WORKS, Why.DOOR_ONLY, Why.UNSEEN),
    Reach.ONLY_US: (Why.NO_WAY_OUT, Why.NO_WAY_OUT, Why.NO_WAY_OUT, Why.UNSEEN_SHUT),
    Reach.NO_DOOR: (Why.BEGINNING, Why.SHUT_FOR_YOU, Why.SHUT_FOR_YOU, Why.UNSEEN_SHUT),
    Reach.SOME_DOORS: (Why.BEGINNING, Why.SOME_SHUT, Why.SOME_SHUT, Why.UNSEEN_SHUT),
    Reach.SLOW_LINE: (Why.SLOW_LINE, Why.SLOW_LINE, Why.SLOW_LINE, Why.UNSEEN),
    Reach.SLOW_DOORS: (Why.BEGINNING, Why.SLOW_WAY, Why.SLOW_WAY, Why.UNSEEN),
    Reach.ALL_DOORS: (Why.BEGINNING, Why.WORKS_AND_REACHED, Why.DOOR_REACHED, Why.UNSEEN),
}
_COLUMNS = (Known.STIRRING, Known.AGREED, Known.DOOR, Known.BLIND)


def judge(known: Known, reach: Reach) -> Why:
    """Whose trouble it is, and on what that rests."""
    if reach is Reach.OFFLINE:
        return Why.OFFLINE
    if known is Known.REGIONAL and reach in (Reach.NO_DOOR, Reach.SOME_DOORS):
        return Why.YOUR_REGION
    return _TROUBLED.get(known) or _ELSE[reach][_COLUMNS.index(known)]


class Step(StrEnum):
    """Something to try."""

    NOTHING = "nothing"
    AGAIN = "again"
    USE_INSTEAD = "use_instead"
    STATUS_PAGE = "status_page"
    REPORT = "report"
    RECONNECT = "reconnect"
    PORTAL = "portal"
    OTHER_NETWORK = "other_network"
    VPN = "vpn"
    BLOCKERS = "blockers"
    DNS = "dns"
    FIREWALL = "firewall"
    RELOAD = "reload"
    PRIVATE_WINDOW = "private_window"
    COOKIES = "cookies"
    SIGN_IN = "sign_in"
    UPDATE = "update"
    LIMITS = "limits"
    ERROR_TEXT = "error_text"
    SLOWER = "slower"
    KEY = "key"
    BILLING = "billing"
    MODEL = "model"
    SHORTER = "shorter"
    REWORD = "reword"
    HUMAN_CHECK = "human_check"
    SERVER_SIDE = "server_side"
    REGION = "region"


_ONLY_FOR: Mapping[Step, Audience] = {
    Step.PRIVATE_WINDOW: Audience.PEOPLE,
    Step.COOKIES: Audience.PEOPLE,
    Step.RELOAD: Audience.PEOPLE,
    Step.UPDATE: Audience.CODERS,
    Step.KEY: Audience.PROGRAMS,
    Step.BILLING: Audience.PROGRAMS,
    Step.MODEL: Audience.PROGRAMS,
}
_NOT_FOR: Mapping[Step, Audience] = {
    Step.SIGN_IN: Audience.PROGRAMS,
    Step.LIMITS: Audience.PROGRAMS,
    Step.FIREWALL: Audience.PEOPLE,
}

_WITH_THE_SERVICE = (Step.SIGN_IN, Step.UPDATE, Step.LIMITS, Step.KEY, Step.BILLING, Step.MODEL)
_ON_THE_WAY = (Step.OTHER_NETWORK, Step.VPN, Step.FIREWALL, Step.BLOCKERS, Step.DNS)
_IN_TROUBLE = (Step.USE_INSTEAD, Step.STATUS_PAGE, Step.REPORT)

_STEPS: Mapping[Why, tuple[Step, ...]] = {
    Why.TROUBLE: (Step.NOTHING, *_IN_TROUBLE),
    Why.SOME_PLACES: (Step.VPN, *_IN_TROUBLE),
    Why.PLANNED: (Step.NOTHING, Step.USE_INSTEAD, Step.STATUS_PAGE),
    Why.OFFLINE: (Step.RECONNECT, Step.PORTAL, Step.OTHER_NETWORK, Step.AGAIN),
    Why.NO_WAY_OUT: (Step.RECONNECT, Step.PORTAL, *_ON_THE_WAY, Step.AGAIN),
    Why.SLOW_LINE: (Step.RECONNECT, Step.OTHER_NETWORK, Step.VPN, Step.AGAIN),
    Why.WORKS: (Step.RELOAD, Step.ERROR_TEXT, Step.PRIVATE_WINDOW, *_WITH_THE_SERVICE, Step.VPN, Step.REPORT),
    # Only here is it known that the service works for others, and that the way to it is open.
    Why.WORKS_AND_REACHED: (
        *(Step.RELOAD, Step.ERROR_TEXT, Step.PRIVATE_WINDOW, Step.COOKIES),
        *(*_WITH_THE_SERVICE, Step.REPORT),
    ),
    Why.YOUR_REGION: (Step.OTHER_NETWORK, Step.VPN, *_IN_TROUBLE),
    Why.SHUT_FOR_YOU: (*_ON_THE_WAY, Step.USE_INSTEAD, Step.REPORT),
    Why.SOME_SHUT: (Step.BLOCKERS, *(step for step in _ON_THE_WAY if step is not Step.BLOCKERS), Step.REPORT),
    Why.SLOW_WAY: (Step.AGAIN, Step.OTHER_NETWORK, Step.VPN, Step.USE_INSTEAD),
    Why.BEGINNING: (Step.AGAIN, Step.STATUS_PAGE, Step.REPORT, Step.USE_INSTEAD),
    Why.DOOR_ONLY: (Step.RELOAD, Step.ERROR_TEXT, Step.STATUS_PAGE, Step.OTHER_NETWORK, Step.VPN, Step.REPORT),
    Why.DOOR_REACHED: (Step.RELOAD, Step.ERROR_TEXT, Step.PRIVATE_WINDOW, *_WITH_THE_SERVICE, *_IN_TROUBLE),
    Why.UNSEEN: (Step.STATUS_PAGE, Step.AGAIN, Step.ERROR_TEXT, Step.OTHER_NETWORK, Step.REPORT),
    Why.UNSEEN_SHUT: (Step.STATUS_PAGE, *_ON_THE_WAY, Step.USE_INSTEAD, Step.REPORT),
}


def steps_for(why: Why, audience: Audience) -> tuple[Step, ...]:
    """What to try, in order: what fits the reason, and those who use the service."""
    return tuple(step for step in _STEPS[why] if fits(step, audience))


def fits(step: Step, audience: Audience) -> bool:
    """Whether a step is anything that those who use the service can do."""
    return _ONLY_FOR.get(step, audience) is audience and _NOT_FOR.get(step) is not audience
