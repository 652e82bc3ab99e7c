"""Days to look at: the shipped catalogue with pretended evidence, the same at every run."""

import os
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from app.board.assemble import Key, Stored, assemble_board
from app.board.model import Board, OwnHealth
from app.catalogue.load import BUILTIN, load_catalogue
from app.domain.check import Check
from app.domain.detector import CheckState, Transition
from app.domain.incident import Incident, follow
from app.domain.network import NetworkView
from app.domain.result import LOCAL, Blame, Failure, FailureKind, Phases, ProbeResult, Recorded
from app.domain.rollup import Rollup, Strip, Tally
from app.domain.service import Catalogue
from app.domain.sketch import Sketch
from app.domain.status import Status
from app.probes.registry import PROBERS

NOW = datetime(2026, 11, 20, 14, 20, 40, tzinfo=UTC)
DOWN_SINCE = datetime(2026, 11, 20, 14, 2, 11, tzinfo=UTC)
CALM = NetworkView(works=True, seen_at=NOW, sentence="4 of 4 control targets answer from here.")
DARK = NetworkView(works=False, seen_at=NOW, sentence="4 of 4 unrelated control targets do not answer from here.")
SERVER_ERROR = Failure(
    kind=FailureKind.SERVER_ERROR,
    blame=Blame.VENDOR,
    verdict=Status.DOWN,
    sentence="answered 503 Service Unavailable instead of 401",
)
OVERLOADED = Failure(
    kind=FailureKind.OVERLOADED,
    blame=Blame.VENDOR_CAPACITY,
    verdict=Status.DEGRADED,
    sentence="answered 529: it is overloaded and refuses load",
)
CHALLENGED = Failure(
    kind=FailureKind.BOT_CHALLENGE,
    blame=Blame.BOT_WALL,
    verdict=Status.UNKNOWN,
    sentence="a bot wall answered 403 in place of the service",
)
NO_NETWORK = Failure(
    kind=FailureKind.OWN_NETWORK,
    blame=Blame.US_NETWORK,
    verdict=Status.UNKNOWN,
    sentence=f"Our own network was failing: {DARK.sentence}",
)

Failing = Callable[[Check], Failure | None]


def catalogue() -> Catalogue:
    return load_catalogue(BUILTIN, None, PROBERS, os.environ)


def good_day() -> Board:
    return _scene(lambda _check: None)


def bad_day() -> Board:
    return _scene(_bad)


def unknown_day() -> Board:
    return _scene(lambda _check: NO_NETWORK, network=DARK)


def first_start() -> Board:
    health = OwnHealth(started_at=NOW, probing=True)
    return assemble_board(catalogue(), Stored(), health, NOW)


SCENES: dict[str, Callable[[], Board]] = {
    "good": good_day,
    "bad": bad_day,
    "unknown": unknown_day,
    "first": first_start,
}


def _bad(check: Check) -> Failure | None:
    if check.service_id in ("chatgpt", "codex") and check.impact is not Status.UP:
        return SERVER_ERROR
    if check.service_id == "claude-api" and check.impact is Status.DOWN:
        return OVERLOADED
    if check.service_id == "perplexity":
        return CHALLENGED
    return None


def _scene(failing: Failing, network: NetworkView = CALM) -> Board:
    known = catalogue()
    draw = random.Random(7)  # noqa: S311 - pretended evidence, not a secret
    states: list[CheckState] = []
    latest: dict[Key, Recorded] = {}
    strips: dict[Key, Strip] = {}
    hours: dict[Key, list[Rollup]] = {}
    live: dict[Key, Tally] = {}
    for check in known.check_by_id.values():
        key, failure, usual = (check.id, LOCAL), failing(check), draw.randint(60, 700)
        status = failure.verdict if failure else Status.UP
        since = DOWN_SINCE if failure else NOW - timedelta(days=draw.randint(1, 60))
        states.append(CheckState(check_id=check.id, region=LOCAL, status=status, since_at=since))
        latest[key] = Recorded(result=_result(check, failure, usual, draw), status=status)
        strips[key] = Strip(ends_on=NOW.date(), days=tuple(_day(draw, number) for number in range(90)))
        hours[key] = [_hour(draw, usual, number) for number in range(24)]
        live[key] = Tally(due=4, up=0 if failure else 4, down=4 if status is Status.DOWN else 0)
    incidents = [
        _incident(service.id, check, failure)
        for service in known.services
        for check in service.checks[:1]
        if (failure := failing(check)) and failure.verdict.is_bad
    ]
    health = OwnHealth(started_at=NOW - timedelta(days=40), probing=True, network=network)
    stored = Stored(states=states, latest=latest, strips=strips, hours=hours, live=live, incidents=incidents)
    return assemble_board(known, stored, health, NOW)


def _result(check: Check, failure: Failure | None, usual: int, draw: random.Random) -> ProbeResult:
    at = NOW - timedelta(seconds=draw.randint(4, 200))
    spent = [2, usual // 8, usual // 5, 0, usual // 2, 3]
    names = ("dns_ms", "connect_ms", "tls_ms", "send_ms", "first_byte_ms", "body_ms")
    phases = Phases(total_ms=sum(spent), **dict(zip(names, spent, strict=True)))
    code = 503 if failure is SERVER_ERROR else 529 if failure is OVERLOADED else 401
    return ProbeResult(
        check_id=check.id, slot_at=at, started_at=at, phases=phases, status_code=code, failure=failure
    )


def _day(draw: random.Random, number: int) -> Tally | None:
    if number < 12:  # watched since then
        return None
    chance = draw.random()
    if number == 40:  # the day on which it was switched off
        return Tally(due=288)
    if chance < 0.03:  # a bad day
        return Tally(due=288, up=262, down=26)
    if chance < 0.06:  # a middling day
        return Tally(due=288, up=280, degraded=8)
    return Tally(due=288, up=288)


def _hour(draw: random.Random, usual: int, number: int) -> Rollup:
    start_at = NOW.replace(minute=0, second=0) - timedelta(hours=24 - number)
    values = [round(usual * draw.uniform(0.85, 1.3)) for _ in range(12)]
    return Rollup(start_at=start_at, tally=Tally(due=12, up=12), sketch=Sketch.of(values))


def _incident(service_id: str, check: Check, failure: Failure) -> Incident:
    transition = Transition(
        check_id=check.id,
        region=LOCAL,
        before=Status.UP,
        after=failure.verdict,
        since_at=DOWN_SINCE,
        confirmed_at=DOWN_SINCE + timedelta(seconds=2),
        reason=failure.sentence,
        failure_kind=failure.kind,
    )
    told = follow(None, service_id, failure.verdict, transition)
    assert told is not None
    return told
