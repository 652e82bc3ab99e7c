"""What to use instead, in the API: made for routers and failover; shapes and how they are filled."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from app.board.alternatives import Offer, Offers, ReasonKind
from app.board.model import Board
from app.board.words import as_sentence
from app.domain.alternatives import Withheld, audience_of
from app.domain.proof import EvidenceLevel
from app.domain.service import Capability
from app.domain.together import Kinship, Together
from app.web.api.shape import Answer, Shape, Share
from app.web.api.vendor import VendorOut


class ReasonOut(Shape):
    """A reason for offering a service, and for its place."""

    kind: ReasonKind
    """What it is about."""
    sentence: str
    """The reason in words."""


class TogetherOut(Shape):
    """How often two services failed together in the last 90 days."""

    service_id: str
    """The service whose troubles are counted."""
    of: int
    """How many troubles it had since something is known of both; one that is not over does not count."""
    times: int
    """In how many of them the other one failed as well."""
    since_at: datetime
    """Since when they are counted."""
    share: Share
    """The share that the order rests on: few troubles are drawn towards what is assumed of such a pair."""


class AlternativeOut(Shape):
    """A service that is up now by its own evidence, and may be used instead."""

    rank: int
    """Its place, from 1."""
    id: str
    """Its name in addresses."""
    name: str
    """Its name for people."""
    vendor: VendorOut
    """Who runs it."""
    home: str
    """Where people use it."""
    capability: Capability
    """What it is offered for: the first of the capabilities that are wanted that it has."""
    evidence: EvidenceLevel
    """How far the evidence reaches that it is up now."""
    kinship: Kinship
    """Whether it may fall with what is to be replaced: a `stranger`, one that relies on the same service
    (`shared_ground`), one that `passes_on` to it, to its vendor or to another that is in trouble, or one of the
    `same_vendor`."""
    kin_id: str | None
    """The service by which it is kin; `null` for a stranger."""
    failed_together: TogetherOut | None
    """How often it failed together with what is to be replaced; of several, with the one it did most. `null` where
    nothing is to be replaced."""
    uptime_90d: Share | None
    """Share of the answers that told something in which it answered; `null` where nothing is known."""
    latency_ms: int | None
    """The usual time of an answer of its leading check in the last 24 hours."""
    first_token_ms: int | None
    """How long the first token of the last answer took; `null` where no model is asked."""
    reasons: tuple[ReasonOut, ...]
    """Why it is offered and stands where it does, what speaks most first."""
    sentence: str
    """The reasons in one sentence."""


class LeftOutOut(Shape):
    """A service that has the capability and is not offered."""

    id: str
    """Its name in addresses."""
    name: str
    """Its name for people."""
    why: Withheld
    """Why: it is `troubled`, `unknown` or in `maintenance`; its vendor reports trouble (`vendor_tells`); its last
    answer was bad (`suspected`); or no check of the thing itself is known to be up (`unproven`)."""


class AlternativesOut(Answer):
    """What works now."""

    made_at: datetime
    """The moment this describes."""
    capabilities: tuple[Capability, ...]
    """What is wanted, the most wanted first."""
    replaced: tuple[str, ...]
    """The services that are not to be offered, because they are to be replaced."""
    alternatives: tuple[AlternativeOut, ...]
    """What works now, the best first; empty where nothing does, or nothing can be vouched for."""
    left_out: tuple[LeftOutOut, ...]
    """What has a wanted capability and is not offered, in the order in which services are shown."""


class CapabilityOut(Shape):
    """Something that services are for."""

    id: Capability
    """Its name in questions."""
    about: str
    """What it means."""
    services: tuple[str, ...]
    """The services that have it, in the order in which they are shown."""
    working: tuple[str, ...]
    """Those of them that are up now by their own evidence, the best first."""


class CapabilitiesOut(Answer):
    """Everything that services are for."""

    made_at: datetime
    """The moment this describes."""
    capabilities: tuple[CapabilityOut, ...]
    """Those that at least one service has."""


def instead_out(board: Board, service_id: str, avoided: Collection[str], *, is_simulated: bool) -> AlternativesOut:
    """What to use instead of a service, in all that it is for."""
    offers, wanted = Offers(board), board.by_id[service_id].service.capabilities
    return AlternativesOut(
        simulated=is_simulated,
        made_at=board.made_at,
        capabilities=wanted,
        replaced=tuple(dict.fromkeys((service_id, *avoided))),
        alternatives=alternatives_out(offers.instead_of(service_id, avoided)),
        left_out=_left_out(board, offers.left_out(wanted, audience_of(wanted[0])), (service_id, *avoided)),
    )


def working_out(
    board: Board, capability: Capability, avoided: Collection[str], *, is_simulated: bool
) -> AlternativesOut:
    """What offers a capability and works now."""
    offers = Offers(board)
    return AlternativesOut(
        simulated=is_simulated,
        made_at=board.made_at,
        capabilities=(capability,),
        replaced=tuple(dict.fromkeys(avoided)),
        alternatives=alternatives_out(offers.working(capability, avoided)),
        left_out=_left_out(board, offers.left_out((capability,)), avoided),
    )


def capabilities_out(board: Board, *, is_simulated: bool) -> CapabilitiesOut:
    """Every capability with the services that have it."""
    offers = Offers(board)
    having = {
        capability: tuple(view.service.id for view in board.services if capability in view.service.capabilities)
        for capability in Capability
    }
    return CapabilitiesOut(
        simulated=is_simulated,
        made_at=board.made_at,
        capabilities=tuple(
            CapabilityOut(
                id=capability,
                about=ABOUT[capability],
                services=ids,
                working=tuple(offer.view.service.id for offer in offers.working(capability)),
            )
            for capability, ids in having.items()
            if ids
        ),
    )


def alternatives_out(offers: Iterable[Offer]) -> tuple[AlternativeOut, ...]:
    """What is offered, the best first."""
    return tuple(_alternative(rank, offer) for rank, offer in enumerate(offers, 1))


def _alternative(rank: int, offer: Offer) -> AlternativeOut:
    service, found = offer.view.service, offer.found
    return AlternativeOut(
        rank=rank,
        id=service.id,
        name=service.name,
        vendor=VendorOut(id=offer.view.vendor.id, name=offer.view.vendor.name),
        home=service.home,
        capability=found.capability,
        evidence=found.evidence,
        kinship=found.kinship,
        kin_id=found.kin_id,
        failed_together=_together(found.together) if found.together is not None else None,
        uptime_90d=found.uptime,
        latency_ms=found.latency_ms,
        first_token_ms=found.first_token_ms,
        reasons=tuple(ReasonOut(kind=each.kind, sentence=as_sentence(each.words)) for each in offer.reasons),
        sentence=offer.sentence,
    )


def _together(together: Together) -> TogetherOut:
    return TogetherOut(
        service_id=together.of_id,
        of=together.of,
        times=together.times,
        since_at=together.since_at,
        share=together.share,
    )


def _left_out(board: Board, why: Mapping[str, Withheld], replaced: Collection[str]) -> tuple[LeftOutOut, ...]:
    return tuple(
        LeftOutOut(id=service_id, name=board.by_id[service_id].service.name, why=each)
        for service_id, each in why.items()
        if service_id not in replaced
    )


ABOUT = {
    Capability.ASSISTANT: "An assistant that people talk to.",
    Capability.CHAT_API: "A language model that programs talk to.",
    Capability.CODE: "Help with writing programs.",
    Capability.IMAGE: "Making images.",
    Capability.VIDEO: "Making video.",
    Capability.SPEECH: "Turning speech into text, or text into speech.",
    Capability.MUSIC: "Making music.",
    Capability.EMBEDDING: "Turning texts into vectors.",
    Capability.SEARCH: "Answers from a search of the web, or of your own documents.",
    Capability.HOSTING: "Running models, your own or open ones.",
    Capability.ROUTER: "Passing requests on to the models of many vendors.",
    Capability.TRACING: "Keeping and judging what applications ask of models.",
}
