"""What to use instead of a service: those that do the same and are proven to be up now, the best first; pure.

Nothing is offered that is not up by its own evidence. What is offered is put in order by the first of these in
which two differ: the capability that is shared with what was asked for; whether one may fall with it (kinship);
how far the evidence reaches; whether that capability is its main one; how often one failed together with it;
uptime; speed; the order of the catalogue. Shares, uptimes and times are compared in steps, so that a small
difference does not decide over a large one.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import TypeAlias

from app.domain.proof import EvidenceLevel
from app.domain.service import Capability
from app.domain.status import Status
from app.domain.together import PAST, Bout, Kinship, Together, failed_together

SHARE_STEPS = (0.1, 0.25, 0.5)
"""Shares of troubles in which two failed together that make a difference."""

UPTIME_STEPS = (0.95, 0.99, 0.999)
"""Uptimes that make a difference."""

FIRST_TOKEN_STEPS_MS = (250, 500, 1_000, 2_000, 4_000)
"""Times to a model's first token that make a difference."""

LATENCY_STEPS_MS = (1_000, 2_000, 4_000)
"""The same of an answer where no model is asked: how fast a door opens says little of a model."""


class Audience(StrEnum):
    """Who uses a service, by the first of its capabilities: nobody is helped by what is made for others."""

    PEOPLE = "people"
    CODERS = "coders"
    PROGRAMS = "programs"


class Withheld(StrEnum):
    """Why a service is not offered."""

    TROUBLED = "troubled"
    """It is down or degraded."""
    UNKNOWN = "unknown"
    """It cannot be told how it fares."""
    MAINTENANCE = "maintenance"
    """It is being worked on, by our word or its vendor's."""
    VENDOR_TELLS = "vendor_tells"
    """Its vendor reports trouble, although we measure none."""
    SUSPECTED = "suspected"
    """Its last answer was bad; a second look will tell."""
    UNPROVEN = "unproven"
    """None of the checks that judge it is known to be up: nothing vouches for the thing itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A service that may stand in for another, or be stood in for.

    `evidence` is what those of its judging checks prove that are up now, `None` where none is. `vendor_status` is
    its vendor's word, `None` where there is no page. `relies_on` holds ids of services, with those that they rely
    on in turn. `bouts` are the times of the last 90 days in which it was bad, apart and oldest first;
    `known_since_at` is since when there would be any, `None` where nothing is known. `uptime` is from 0 to 1.
    """

    service_id: str
    vendor_id: str
    capabilities: tuple[Capability, ...]
    status: Status
    evidence: EvidenceLevel | None = None
    vendor_status: Status | None = None
    is_suspected: bool = False
    relies_on: frozenset[str] = frozenset()
    bouts: tuple[Bout, ...] = ()
    known_since_at: datetime | None = None
    uptime: float | None = None
    latency_ms: int | None = None
    first_token_ms: int | None = None

    @property
    def audience(self) -> Audience:
        """Whom it is made for."""
        return audience_of(self.capabilities[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """A service that may be used instead, and what its place rests on.

    `capability` is what it is offered for. `kin_id` is the service by which it is kin, `None` for a stranger;
    `together` is told of the service that it failed with most, `None` where nobody is to be replaced.
    """

    service_id: str
    capability: Capability
    evidence: EvidenceLevel
    kinship: Kinship
    kin_id: str | None
    together: Together | None
    uptime: float | None
    latency_ms: int | None
    first_token_ms: int | None


def alternatives(
    to: Candidate, candidates: Sequence[Candidate], now: datetime, also_not: Sequence[Candidate] = ()
) -> tuple[Alternative, ...]:
    """What to use instead of `to`: made for the same users and sharing a capability, its first one before others.

    `candidates` are all services that are watched, in the order of the catalogue; nor are `also_not` offered.
    """
    question = _Question(wanted=to.capabilities, avoided=(to, *also_not), candidates=candidates, now=now)
    return _ranked(question, to.audience)


def working(
    capability: Capability, candidates: Sequence[Candidate], now: datetime, avoided: Sequence[Candidate] = ()
) -> tuple[Alternative, ...]:
    """Who offers a capability and is up now: none of `avoided`, and those late that may fall with one of these.

    What is made for other users than this capability usually is comes last.
    """
    return _ranked(_Question(wanted=(capability,), avoided=avoided, candidates=candidates, now=now))


def withheld(candidate: Candidate) -> Withheld | None:
    """Why a service is not offered; `None` where it may be."""
    if candidate.status is not Status.UP:
        return _OF_STATUS[candidate.status]
    if candidate.vendor_status is Status.MAINTENANCE:
        return Withheld.MAINTENANCE
    if candidate.vendor_status is not None and candidate.vendor_status.is_bad:
        return Withheld.VENDOR_TELLS
    if candidate.is_suspected:
        return Withheld.SUSPECTED
    return Withheld.UNPROVEN if candidate.evidence is None else None


def proven_for(capability: Capability, level: EvidenceLevel) -> EvidenceLevel:
    """How far evidence reaches for a capability: of pictures or voices a text only proves that a key is taken."""
    if capability not in _BEYOND_TEXT or level is EvidenceLevel.REACHABLE:
        return level
    return EvidenceLevel.AUTHENTICATED


def audience_of(capability: Capability) -> Audience:
    """Whom a service is made for whose first capability this is."""
    return _AUDIENCES.get(capability, Audience.PROGRAMS)


def relied_on(depends_on: Mapping[str, Iterable[str]], service_id: str) -> frozenset[str]:
    """Every service that one relies on, directly or through others."""
    found: set[str] = set()
    ahead = list(depends_on.get(service_id, ()))
    while ahead:
        if (each := ahead.pop()) not in found:
            found.add(each)
            ahead += depends_on.get(each, ())
    return frozenset(found - {service_id})


_OF_STATUS = {
    Status.DOWN: Withheld.TROUBLED,
    Status.DEGRADED: Withheld.TROUBLED,
    Status.UNKNOWN: Withheld.UNKNOWN,
    Status.MAINTENANCE: Withheld.MAINTENANCE,
}
_AUDIENCES = {Capability.ASSISTANT: Audience.PEOPLE, Capability.CODE: Audience.CODERS}
_BEYOND_TEXT = frozenset(
    {
        Capability.IMAGE,
        Capability.VIDEO,
        Capability.SPEECH,
        Capability.MUSIC,
        Capability.EMBEDDING,
        Capability.SEARCH,
        Capability.TRACING,
    }
)
_RANK_OF_LEVEL = {level: rank for rank, level in enumerate(reversed(EvidenceLevel))}
_RANK_OF_KINSHIP = {kinship: rank for rank, kinship in enumerate(Kinship)}
_LATE = (Kinship.PASSES_ON, Kinship.SAME_VENDOR)

_Kin: TypeAlias = tuple[Kinship, str | None]
"""How a service is kin, and by which service."""

_STRANGER: _Kin = (Kinship.STRANGER, None)


@dataclass(frozen=True, kw_only=True)
class _Question:
    """What is wanted instead of whom, and who there is."""

    wanted: Sequence[Capability]
    avoided: Sequence[Candidate]
    candidates: Sequence[Candidate]
    now: datetime

    @cached_property
    def vendors(self) -> Mapping[str, str]:
        """Who runs each service."""
        return {each.service_id: each.vendor_id for each in self.candidates}

    @cached_property
    def troubled(self) -> frozenset[str]:
        """The services that are in trouble."""
        return frozenset(each.service_id for each in self.candidates if each.status.is_bad)


def _ranked(question: _Question, audience: Audience | None = None) -> tuple[Alternative, ...]:
    """The answer, of those made for that audience where one is given."""
    unwanted = {each.service_id for each in question.avoided}
    offered = [
        (_place(candidate, alternative, question), alternative)
        for candidate in question.candidates
        if candidate.service_id not in unwanted and audience in (None, candidate.audience)
        if (alternative := _offered(candidate, question)) is not None
    ]
    # Sorting keeps the order of the catalogue among equals.
    return tuple(alternative for _, alternative in sorted(offered, key=lambda each: each[0]))


def _offered(candidate: Candidate, question: _Question) -> Alternative | None:
    shared = next((each for each in question.wanted if each in candidate.capabilities), None)
    if shared is None or candidate.evidence is None or withheld(candidate) is not None:
        return None
    kin = [_kin(candidate, it, question.vendors) for it in question.avoided]
    kinship, kin_id = max([*kin, _shaken(candidate, question)], key=lambda each: _RANK_OF_KINSHIP[each[0]])
    since_at = max(question.now - PAST, candidate.known_since_at or question.now)
    together = [
        failed_together(it.service_id, it.bouts, candidate.bouts, kinship_to_it, since_at)
        for it, (kinship_to_it, _) in zip(question.avoided, kin, strict=True)
    ]
    evidence = proven_for(shared, candidate.evidence)
    return Alternative(
        service_id=candidate.service_id,
        capability=shared,
        evidence=evidence,
        kinship=kinship,
        kin_id=kin_id,
        together=max(together, key=lambda each: each.share, default=None),
        uptime=candidate.uptime,
        latency_ms=candidate.latency_ms,
        first_token_ms=candidate.first_token_ms if evidence is candidate.evidence else None,
    )


def _kin(candidate: Candidate, it: Candidate, vendors: Mapping[str, str]) -> _Kin:
    if candidate.vendor_id == it.vendor_id:
        return Kinship.SAME_VENDOR, it.service_id
    if it.service_id in candidate.relies_on:
        return Kinship.PASSES_ON, it.service_id
    if of_vendor := [each for each in candidate.relies_on if vendors.get(each) == it.vendor_id]:
        return Kinship.PASSES_ON, min(of_vendor)
    shared = it.relies_on & (candidate.relies_on | {candidate.service_id})
    return (Kinship.SHARED_GROUND, min(shared)) if shared else _STRANGER


def _shaken(candidate: Candidate, question: _Question) -> _Kin:
    """Whether it relies on a service that is in trouble itself, whoever is to be replaced."""
    troubled = candidate.relies_on & question.troubled
    return (Kinship.PASSES_ON, min(troubled)) if troubled else _STRANGER


_Place: TypeAlias = tuple[bool, int, bool, int, bool, int, int, int]


def _place(candidate: Candidate, offered: Alternative, question: _Question) -> _Place:
    uptime, together = offered.uptime, offered.together
    return (
        candidate.audience is not audience_of(question.wanted[0]),
        question.wanted.index(offered.capability),
        offered.kinship in _LATE,
        _RANK_OF_LEVEL[offered.evidence],
        candidate.capabilities[0] is not offered.capability,
        bisect_right(SHARE_STEPS, together.share) if together is not None else 0,
        -bisect_right(UPTIME_STEPS, uptime) if uptime is not None else 1,
        _slowness(offered),
    )


def _slowness(offered: Alternative) -> int:
    if offered.first_token_ms is not None:
        return bisect_left(FIRST_TOKEN_STEPS_MS, offered.first_token_ms)
    if offered.latency_ms is not None:
        return bisect_left(LATENCY_STEPS_MS, offered.latency_ms)
    return len(FIRST_TOKEN_STEPS_MS) + 1
