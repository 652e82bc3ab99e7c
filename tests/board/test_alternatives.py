"""What the services of a board have to offer each other, and how that is said."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.board.alternatives import Offer, Offers, ReasonKind
from app.board.assemble import Present
from app.board.model import Board, OwnHealth, ServiceView, Trouble
from app.domain.alternatives import Withheld
from app.domain.check import Check
from app.domain.detector import CheckState
from app.domain.incident import Account, Incident
from app.domain.network import NetworkView
from app.domain.proof import EvidenceLevel
from app.domain.result import LOCAL, Blame, CheckId, Failure, FailureKind, Recorded
from app.domain.rollup import Tally
from app.domain.service import Capability, Catalogue
from app.domain.status import Status
from app.domain.verdict import Witness
from tests.board.test_assemble import NOW, WELL, board
from tests.build import START, a_catalogue, a_check, a_failure, a_result, minute

API, CHAT, EDGE = a_check("api/models"), a_check("chat/web"), a_check("chat/edge", impact=Status.DEGRADED)
CANARY = replace(a_check("bot/canary"), kind="inference")
WALL = Failure(kind=FailureKind.BOT_CHALLENGE, blame=Blame.BOT_WALL, verdict=Status.UNKNOWN, sentence="a bot wall")
CHECKS = (API, CHAT, EDGE, CANARY)
ALL_UP = {check.id: Status.UP for check in CHECKS}


def present(statuses: dict[CheckId, Status], last: dict[CheckId, Failure], incidents: list[Incident]) -> Present:
    latest = {}
    for check in CHECKS:
        result = a_result(minute(19), check_id=check.id, failure=last.get(check.id))
        if check is CANARY and result.failure is None:
            result = replace(result, figures={"is_streamed": 1, "ttft_ms": 420})
        status = result.failure.verdict if result.failure is not None else Status.UP
        latest[check.id, LOCAL] = Recorded(result=result, status=status)
    states = [
        CheckState(check_id=check_id, region=LOCAL, status=status, since_at=minute(2))
        for check_id, status in statuses.items()
    ]
    return Present(states=states, latest=latest, incidents=incidents)


def shown(
    statuses: dict[CheckId, Status] | None = None,
    *,
    last: dict[CheckId, Failure] | None = None,
    incidents: list[Incident] | None = None,
    catalogue: Catalogue | None = None,
    own: OwnHealth = WELL,
) -> Board:
    """The board at 20 past of `api`, which is down, `chat`, which is reachable, and `bot`, which answers."""
    known = {**ALL_UP, API.id: Status.DOWN, **(statuses or {})}
    failures = {API.id: a_failure(), **(last or {})}
    catalogue = catalogue or a_catalogue(*CHECKS)
    return board(present(known, failures, incidents or []), own, catalogue=catalogue)


def an_hour(service_id: str, days_ago: float) -> Incident:
    """A trouble of an hour that was measured so many days ago."""
    start_at = NOW - timedelta(days=days_ago)
    account = Account(witness=Witness.MEASURED, since_at=start_at, until_at=start_at + timedelta(hours=1))
    return Incident(
        id=f"{service_id}-{days_ago}",
        service_id=service_id,
        opened_at=start_at,
        status=Status.UP,
        worst=Status.DOWN,
        events=(),
        closed_at=account.until_at,
        accounts=(account,),
    )


def said(offers: tuple[Offer, ...]) -> dict[str, str]:
    return {offer.view.service.id: offer.sentence for offer in offers}


def test_a_proven_model_comes_before_an_open_door_and_the_reasons_say_so() -> None:
    offers = Offers(shown()).instead_of("api")
    assert said(offers) == {
        "bot": "Proven by a streamed answer; first token after 420 ms.",
        "chat": "Reachable; answers in 120 ms.",
    }
    assert [offer.found.evidence for offer in offers] == [EvidenceLevel.STREAMED, EvidenceLevel.REACHABLE]
    assert [reason.kind for reason in offers[0].reasons] == [ReasonKind.EVIDENCE, ReasonKind.SPEED]


@pytest.mark.parametrize(
    ("statuses", "last", "why"),
    [
        ({CHAT.id: Status.DOWN}, {CHAT.id: a_failure()}, Withheld.TROUBLED),
        ({CHAT.id: Status.UNKNOWN, EDGE.id: Status.UNKNOWN}, {CHAT.id: WALL}, Withheld.UNKNOWN),
        ({}, {CHAT.id: a_failure()}, Withheld.SUSPECTED),
        ({}, {EDGE.id: a_failure()}, Withheld.SUSPECTED),
        ({CHAT.id: Status.UNKNOWN}, {CHAT.id: WALL}, Withheld.UNPROVEN),
        ({}, {CHAT.id: WALL}, Withheld.UNPROVEN),
    ],
    ids=[
        "down",
        "not to be seen",
        "the last answer was bad",
        "the last answer of a part was bad",
        "only the edge is seen",
        "the last answer tells nothing",
    ],
)
def test_what_does_not_vouch_for_this_moment_is_left_out_with_the_reason(
    statuses: dict[CheckId, Status], last: dict[CheckId, Failure], why: Withheld
) -> None:
    offers = Offers(shown(statuses, last=last))
    assert list(said(offers.instead_of("api"))) == ["bot"]
    assert offers.left_out([Capability.CHAT_API]) == {"api": Withheld.TROUBLED, "chat": why}


def test_evidence_that_has_gone_stale_is_no_evidence() -> None:
    later = NOW + timedelta(hours=1)
    stale = board(present({**ALL_UP, API.id: Status.DOWN}, {}, []), now=later, catalogue=a_catalogue(*CHECKS))
    assert Offers(stale).instead_of("api") == ()


def test_nothing_is_offered_while_our_own_network_fails_or_no_newer_board_can_be_made() -> None:
    dark = replace(WELL, network=NetworkView(works=False, seen_at=START, sentence="Nobody answers."))
    old = replace(shown(), trouble=Trouble(since_at=START, sentence="The disk is full."))
    for made in (shown(own=dark), old):
        assert Offers(made).instead_of("api") == ()
        assert Offers(made).working(Capability.CHAT_API) == ()
        assert Offers(made).left_out([Capability.CHAT_API])["chat"] is Withheld.UNKNOWN


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ([2], [], "did not fail in the one trouble of Api in 3 days"),
        ([2], [2], "failed together with it in the one trouble of Api in 3 days"),
        ([1, 2], [], "failed in none of the 2 troubles of Api in 3 days"),
        ([1, 2], [2], "failed together with Api in 1 of its 2 troubles in 3 days"),
        ([2, 9], [9], "did not fail in the one trouble of Api in 3 days"),
    ],
)
def test_how_often_two_failed_together_is_told_as_far_as_both_were_watched(
    ours: list[float], theirs: list[float], expected: str
) -> None:
    made = shown(incidents=[*(an_hour("api", ago) for ago in ours), *(an_hour("chat", ago) for ago in theirs)])
    views = tuple(watched(view, days=3) for view in made.services)
    offered = {each.view.service.id: each for each in Offers(replace(made, services=views)).instead_of("api")}
    (told,) = [reason.words for reason in offered["chat"].reasons if reason.kind is ReasonKind.TOGETHER]
    assert told == expected


def watched(view: ServiceView, *, days: int) -> ServiceView:
    """The service as if it had been watched from so many days ago on."""
    asked = replace(view.days[-days], tally=Tally(due=9, up=9))
    return replace(view, days=(*view.days[:-days], asked, *view.days[1 - days :]))


def related(**depends_on: tuple[str, ...]) -> Catalogue:
    known = a_catalogue(*CHECKS)
    services = (replace(service, depends_on=depends_on.get(service.id, ())) for service in known.services)
    return replace(known, services=tuple(services))


def of_one_vendor() -> Catalogue:
    known = a_catalogue(*CHECKS)
    vendor = known.vendors[0].id
    services = (replace(each, vendor_id=vendor if each.id == "bot" else each.vendor_id) for each in known.services)
    return replace(known, services=tuple(services))


@pytest.mark.parametrize(
    ("catalogue", "of_whom", "order", "expected"),
    [
        (of_one_vendor(), "bot", ["chat", "bot"], "run by Api as well"),
        (related(bot=("api",)), "bot", ["chat", "bot"], "relies on Api, which is in trouble"),
        (related(bot=("chat",), api=("chat",)), "bot", ["bot", "chat"], "relies on Chat as well"),
        (related(api=("chat",)), "chat", ["bot", "chat"], "Api relies on it"),
    ],
    ids=["the same vendor", "it passes on", "a shared ground", "the ground itself"],
)
def test_kin_is_named_and_comes_late(catalogue: Catalogue, of_whom: str, order: list[str], expected: str) -> None:
    offers = Offers(shown(catalogue=catalogue)).instead_of("api")
    assert [offer.view.service.id for offer in offers] == order
    (kin,) = [
        reason.words
        for offer in offers
        for reason in offer.reasons
        if reason.kind is ReasonKind.KINSHIP and offer.view.service.id == of_whom
    ]
    assert kin == expected


def test_what_is_offered_for_something_else_than_its_first_use_says_for_what() -> None:
    known = a_catalogue(*CHECKS)
    uses = {"api": (Capability.CHAT_API, Capability.SPEECH), "chat": (Capability.SPEECH,)}
    services = (replace(each, capabilities=uses.get(each.id, each.capabilities)) for each in known.services)
    offers = Offers(shown(catalogue=replace(known, services=tuple(services)))).instead_of("api")
    assert said(offers)["chat"] == "For speech; reachable; answers in 120 ms."


def test_no_more_are_told_than_are_wanted() -> None:
    offers = Offers(shown())
    assert list(said(offers.instead_of("api", most=1))) == ["bot"]
    assert list(said(offers.instead_of("api", also_not=["bot"]))) == ["chat"]
    assert list(said(offers.working(Capability.CHAT_API, ["bot"]))) == ["chat"]
    assert offers.working(Capability.VIDEO) == ()


def test_an_answer_without_a_key_is_not_timed_as_a_model() -> None:
    checks: tuple[Check, ...] = (API, CHAT)
    made = shown(catalogue=a_catalogue(*checks))
    (offer,) = Offers(made).instead_of("api")
    assert (offer.found.first_token_ms, offer.found.latency_ms) == (None, 120)
