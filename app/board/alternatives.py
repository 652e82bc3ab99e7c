"""What to use instead of the services of a board, with reasons in words, worked out when it is asked for; pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from app.board.model import Board, CheckView, ServiceView
from app.board.stretches import judges
from app.board.words import as_sentence, in_milliseconds, in_percent
from app.domain.alternatives import (
    Alternative,
    Audience,
    Candidate,
    Withheld,
    alternatives,
    relied_on,
    withheld,
    working,
)
from app.domain.proof import EvidenceLevel, furthest, proves
from app.domain.saying import say, say_many, together
from app.domain.service import Capability
from app.domain.status import Status
from app.domain.together import Kinship, bouts_of


class ReasonKind(StrEnum):
    """What a reason for offering a service, and for its place, is about."""

    EVIDENCE = "evidence"
    CAPABILITY = "capability"
    KINSHIP = "kinship"
    TOGETHER = "together"
    UPTIME = "uptime"
    SPEED = "speed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason; `words` are a part of a sentence."""

    kind: ReasonKind
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A service that works now and may be used instead, what is known of it and why it stands where it does."""

    view: ServiceView
    found: Alternative
    reasons: tuple[Reason, ...]

    @property
    def sentence(self) -> str:
        """The reasons in one: "Reachable; failed in none of the 12 troubles of Claude in 90 days; 99.98 % up."."""
        return as_sentence(together(*(reason.words for reason in self.reasons), between="; "))


class Offers:
    """What the services of a board have to offer each other.

    Nothing is offered where the board cannot vouch for this moment: while our own network fails, or no newer board
    can be made.
    """

    def __init__(self, board: Board) -> None:
        self._board = board

    @cached_property
    def _candidates(self) -> Mapping[str, Candidate]:
        """Every service, by its id, in the order in which they are shown."""
        board = self._board
        is_blind = board.own.network_fails or board.trouble is not None
        depends_on = {view.service.id: view.service.depends_on for view in board.services}
        return {
            service_id: _candidate(view, relied_on(depends_on, service_id), board.made_at, is_blind=is_blind)
            for service_id, view in board.by_id.items()
        }

    def instead_of(
        self, service_id: str, also_not: Collection[str] = (), most: int | None = None
    ) -> tuple[Offer, ...]:
        """What to use instead of a service, the best first. Raises `KeyError` for an unknown id."""
        to = self._candidates[service_id]
        found = alternatives(to, tuple(self._candidates.values()), self._board.made_at, self._named(also_not))
        return self._told(found[:most], to.capabilities[0])

    def working(self, capability: Capability, avoided: Collection[str] = ()) -> tuple[Offer, ...]:
        """Who offers a capability and works now, the best first. Raises `KeyError` for an unknown id."""
        candidates = tuple(self._candidates.values())
        return self._told(working(capability, candidates, self._board.made_at, self._named(avoided)), capability)

    def left_out(self, wanted: Collection[Capability], audience: Audience | None = None) -> Mapping[str, Withheld]:
        """Why services that have something wanted, for that audience if one is given, are not offered."""
        return {
            each.service_id: why
            for each in self._candidates.values()
            if audience in (None, each.audience) and not set(wanted).isdisjoint(each.capabilities)
            if (why := withheld(each)) is not None
        }

    def _named(self, ids: Iterable[str]) -> Sequence[Candidate]:
        return [self._candidates[each] for each in ids]

    def _told(self, found: Iterable[Alternative], wanted: Capability) -> tuple[Offer, ...]:
        by_id = self._board.by_id
        return tuple(
            Offer(
                view=by_id[each.service_id], found=each, reasons=_reasons(each, wanted, by_id, self._board.made_at)
            )
            for each in found
        )


def _candidate(view: ServiceView, relies_on: frozenset[str], now: datetime, *, is_blind: bool) -> Candidate:
    judging = judges(view.service)
    up = [check for check in view.checks if check.status is Status.UP and check.check in judging]
    levels = [level for check in up if (level := proves(check.check, check.last)) is not None]
    evidence = furthest(levels) if levels else None
    return Candidate(
        service_id=view.service.id,
        vendor_id=view.vendor.id,
        capabilities=view.service.capabilities,
        status=Status.UNKNOWN if is_blind and view.status is Status.UP else view.status,
        evidence=evidence,
        vendor_status=view.word.status if view.word is not None else None,
        is_suspected=any(
            check.last_status.is_bad and check.check.impact is not Status.UP for check in view.checks
        ),
        relies_on=relies_on,
        bouts=bouts_of(view.incidents, (each.seen for each in view.told), now),
        known_since_at=_known_since(view),
        uptime=view.uptime,
        latency_ms=_latency(view),
        first_token_ms=_first_token(up) if evidence in (EvidenceLevel.GENERATED, EvidenceLevel.STREAMED) else None,
    )


def _known_since(view: ServiceView) -> datetime | None:
    """Since when troubles of a service would be known: it is watched, or its vendor's record reaches back."""
    watched = next((day.start_at for day in view.days if day.was_watched), None)
    told = view.told[-1].seen.incident.started_at if view.told else None
    return min((each for each in (watched, told) if each is not None), default=None)


def _latency(view: ServiceView) -> int | None:
    """The usual latency of the last day, which does not change with every answer."""
    known = sorted(hour.p50_ms for hour in view.hours if hour.p50_ms is not None)
    return known[(len(known) - 1) // 2] if known else view.latency_ms


def _first_token(up: Iterable[CheckView]) -> int | None:
    known = [
        check.last.figures["ttft_ms"] for check in up if check.last is not None and "ttft_ms" in check.last.figures
    ]
    return min(known, default=None)


def _reasons(
    found: Alternative, wanted: Capability, views: Mapping[str, ServiceView], now: datetime
) -> tuple[Reason, ...]:
    """Why it is offered and stands where it does, what speaks most first."""
    words = {
        ReasonKind.CAPABILITY: _FOR[found.capability] if found.capability is not wanted else None,
        ReasonKind.EVIDENCE: _PROVEN[found.evidence],
        ReasonKind.KINSHIP: _kin_words(found, views),
        ReasonKind.TOGETHER: _together_words(found, views, now),
        ReasonKind.UPTIME: say("{share} up", share=in_percent(found.uptime)) if found.uptime is not None else None,
        ReasonKind.SPEED: _speed_words(found),
    }
    return tuple(Reason(kind=kind, words=told) for kind, told in words.items() if told is not None)


def _kin_words(found: Alternative, views: Mapping[str, ServiceView]) -> str | None:
    kin = views.get(found.kin_id or "")
    if kin is None or found.kinship is Kinship.STRANGER:
        return None
    if found.kinship is Kinship.SAME_VENDOR:
        return say("run by {vendor} as well", vendor=kin.vendor.name)
    if found.kinship is Kinship.PASSES_ON:
        if kin.status.is_bad:
            return say("relies on {name}, which is in trouble", name=kin.service.name)
        return say("relies on {name}", name=kin.service.name)
    if found.kin_id == found.service_id and found.together is not None:
        return say("{name} relies on it", name=views[found.together.of_id].service.name)
    return say("relies on {name} as well", name=kin.service.name)


def _together_words(found: Alternative, views: Mapping[str, ServiceView], now: datetime) -> str | None:
    if found.together is None or not found.together.of:
        return None
    name = views[found.together.of_id].service.name
    days = max(1, round((now - found.together.since_at) / timedelta(days=1)))
    span = say_many("in a day", "in {count} days", days)
    if found.together.of == 1 and found.together.times:
        return say("failed together with it in the one trouble of {name} {span}", name=name, span=span)
    if found.together.of == 1:
        return say("did not fail in the one trouble of {name} {span}", name=name, span=span)
    known = {"name": name, "span": span, "of": found.together.of}
    if not found.together.times:
        return say("failed in none of the {of} troubles of {name} {span}", **known)
    return say(
        "failed together with {name} in {times} of its {of} troubles {span}", **known, times=found.together.times
    )


def _speed_words(found: Alternative) -> str | None:
    if found.first_token_ms is not None:
        return say("first token after {ms}", ms=in_milliseconds(found.first_token_ms))
    return say("answers in {ms}", ms=in_milliseconds(found.latency_ms)) if found.latency_ms is not None else None


_PROVEN = {
    EvidenceLevel.REACHABLE: say("reachable"),
    EvidenceLevel.AUTHENTICATED: say("takes a call with a key"),
    EvidenceLevel.GENERATED: say("proven by an answer"),
    EvidenceLevel.STREAMED: say("proven by a streamed answer"),
}

_FOR = {
    Capability.ASSISTANT: say("as an assistant"),
    Capability.CHAT_API: say("for chat"),
    Capability.CODE: say("for code"),
    Capability.IMAGE: say("for images"),
    Capability.VIDEO: say("for video"),
    Capability.SPEECH: say("for speech"),
    Capability.MUSIC: say("for music"),
    Capability.EMBEDDING: say("for embeddings"),
    Capability.SEARCH: say("for search"),
    Capability.HOSTING: say("for hosting"),
    Capability.ROUTER: say("for routing"),
    Capability.TRACING: say("for traces"),
}
