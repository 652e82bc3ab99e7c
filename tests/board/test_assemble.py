"""What the board says of what is stored."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.board.assemble import Present, assemble_board, sight
from app.board.headline import rest_of, sentence
from app.board.history import HOUR
from app.board.model import Board, OwnHealth
from app.board.stretches import Folded, Pasts, assemble_past, floor
from app.domain.detector import CheckState
from app.domain.network import NetworkView
from app.domain.result import LOCAL, Blame, Failure, FailureKind, ProbeResult, Reading, Recorded
from app.domain.rollup import Tally
from app.domain.sequential import Chart, Evidence
from app.domain.service import Catalogue
from app.domain.status import Status
from tests.build import START, a_catalogue, a_check, a_failure, a_result, minute

MODELS, EDGE, INFO = (
    a_check("api/models"),
    a_check("api/edge", impact=Status.DEGRADED),
    a_check("api/certificate", impact=Status.UP),
)
CHAT = a_check("chat/web")
CATALOGUE = a_catalogue(MODELS, EDGE, INFO, CHAT)
NOW = minute(20)
WELL = OwnHealth(started_at=START, probing=True)
UP = Status.UP
ALL_UP = {"models": UP, "edge": UP, "certificate": UP, "web": UP}
IDS = {"models": MODELS.id, "edge": EDGE.id, "certificate": INFO.id, "web": CHAT.id}
WALL = Failure(kind=FailureKind.BOT_CHALLENGE, blame=Blame.BOT_WALL, verdict=Status.UNKNOWN, sentence="a bot wall")


def present(**told: Status) -> Present:
    states, latest = [], {}
    for name, status in told.items():
        failure = {Status.DOWN: a_failure(), Status.UNKNOWN: WALL}.get(status)
        result = a_result(minute(19), check_id=IDS[name], failure=failure)
        states.append(CheckState(check_id=IDS[name], region=LOCAL, status=status, since_at=minute(2)))
        latest[IDS[name], LOCAL] = Recorded(result=result, status=status)
    return Present(states=states, latest=latest)


def board(stored: Present, own: OwnHealth = WELL, now: datetime = NOW, catalogue: Catalogue = CATALOGUE) -> Board:
    anchor = floor(now, HOUR)
    folded = Folded(strips={}, hours={})
    past = {service.id: assemble_past(service, folded, anchor) for service in catalogue.services}
    return assemble_board(catalogue, Pasts(anchor=anchor, by_service=past), stored, own, now)


@pytest.mark.parametrize(
    ("told", "said", "rest"),
    [
        ({}, "Watching 2 services; first results are coming in.", None),
        (ALL_UP, "All 2 services work.", None),
        ({**ALL_UP, "models": Status.DOWN}, "Api is down since 14:02 UTC (18 min).", "The other 1 service works."),
        (
            {**ALL_UP, "edge": Status.DOWN},
            "Api is degraded since 14:02 UTC (18 min).",
            "The other 1 service works.",
        ),
        ({**ALL_UP, "certificate": Status.DOWN}, "All 2 services work.", None),
        ({**ALL_UP, "web": Status.UNKNOWN}, "1 of 2 services works, 1 cannot be seen from here.", None),
        ({"models": UP}, "1 of 2 services works, 1 not probed yet.", None),
        ({**ALL_UP, "edge": Status.DOWN, "web": Status.DOWN}, "Chat is down and Api is degraded.", None),
        ({**ALL_UP, "models": Status.DOWN, "web": Status.DOWN}, "Api and Chat are down.", None),
        (
            dict.fromkeys(ALL_UP, Status.UNKNOWN),
            "We cannot tell: none of the services can be seen from here.",
            None,
        ),
    ],
)
def test_the_sentence_says_what_is_true_now(told: dict[str, Status], said: str, rest: str | None) -> None:
    made = board(present(**told))
    assert (sentence(made.headline, NOW), rest_of(made.services)) == (said, rest)


def test_more_than_three_in_trouble_are_counted() -> None:
    checks = [a_check(f"{name}/models") for name in ("a", "b", "c", "d", "e")]
    states = [
        CheckState(check_id=check.id, region=LOCAL, status=status, since_at=minute(2), last_at=minute(19))
        for check, status in zip(checks, [Status.DOWN] * 3 + [Status.DEGRADED, UP], strict=True)
    ]
    made = board(Present(states=states), catalogue=a_catalogue(*checks))
    assert sentence(made.headline, NOW) == "3 services are down and 1 is degraded."


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (
            replace(WELL, network=NetworkView(works=False, seen_at=NOW, sentence="2 of 2 do not answer.")),
            "We cannot tell: our own network is failing.",
        ),
        (replace(WELL, probing=False), "2 services listed, none measured: probing is switched off."),
    ],
)
def test_when_we_cannot_know_the_sentence_says_why(own: OwnHealth, said: str) -> None:
    assert sentence(board(Present(), own).headline, NOW) == said


def test_an_empty_catalogue_is_said_to_be_empty() -> None:
    nothing = Catalogue(vendors=(), services=())
    made = board(Present(), catalogue=nothing)
    assert sentence(made.headline, NOW) == "There is nothing to watch: the catalogue is empty."


STATE = CheckState(check_id=MODELS.id, region=LOCAL, status=UP, since_at=minute(-60), last_at=minute(0))


@pytest.mark.parametrize(
    ("minutes", "status", "since_at", "reason"),
    [
        (15, UP, minute(-60), "answered rightly after 120 ms"),
        (16, UP, minute(-60), "answered rightly after 120 ms"),
        (16.1, Status.UNKNOWN, minute(0), "Not probed since 14:00 UTC"),
    ],
)
def test_what_was_not_probed_for_three_intervals_is_no_longer_known(
    minutes: float, status: Status, since_at: datetime, reason: str
) -> None:
    last = Recorded(result=a_result(minute(0)), status=UP)
    view = sight(MODELS, STATE, last, minute(minutes)).view
    assert (view.status, view.since_at, view.reason) == (status, since_at, reason)


@pytest.mark.parametrize(
    ("state", "last", "reason"),
    [
        (CheckState(check_id=MODELS.id, region=LOCAL), None, "Not probed yet"),
        (replace(STATE, last=Reading(status=UP, reason="fine")), None, "fine"),
        (
            replace(STATE, status=Status.DOWN),
            a_result(minute(1), failure=a_failure()),
            "Answered 503 instead of 401.",
        ),
        (
            replace(STATE, status=Status.DOWN, last=Reading(status=Status.DOWN, reason="answered 500")),
            a_result(minute(1)),
            "answered 500",
        ),
        (
            replace(STATE, status=Status.DOWN),
            a_result(minute(1)),
            "the last probe was good again, but it takes more to call it over",
        ),
    ],
)
def test_a_status_rests_on_a_reading_that_says_the_same(state: CheckState, last: object, reason: str) -> None:
    recorded = None if last is None else Recorded(result=last, status=UP)  # type: ignore[arg-type] # a table of results
    assert sight(MODELS, state, recorded, minute(2)).view.reason == reason


@pytest.mark.parametrize(
    ("last", "adds_up_to"),
    [
        (a_result(minute(9), failure=a_failure()), "9 of 10 probes failed since 14:00 UTC"),
        (a_result(minute(9)), "9 of 10 probes failed since 14:00 UTC: Answered 503 instead of 401."),
        (a_result(minute(-30)), ""),
    ],
)
def test_a_trouble_says_what_its_evidence_adds_up_to_as_long_as_it_may_be_believed(
    last: ProbeResult, adds_up_to: str
) -> None:
    episode = Chart(asked=10, failed=9, began_at=minute(0))
    told = Evidence(status=Status.DOWN, since_at=minute(0), episode=episode, why="Answered 503 instead of 401.")
    state = replace(STATE, status=Status.DOWN, since_at=minute(0), evidence=told)
    view = sight(MODELS, state, Recorded(result=last, status=Status.DOWN), minute(10)).view
    assert view.adds_up_to == adds_up_to
    assert sight(MODELS, STATE, Recorded(result=last, status=UP), minute(0)).view.adds_up_to == ""


def test_a_trouble_is_dated_from_its_first_check_and_health_from_its_last() -> None:
    def told(status: Status) -> Present:
        return Present(
            states=[
                CheckState(
                    check_id=MODELS.id, region=LOCAL, status=status, since_at=minute(3), last_at=minute(19)
                ),
                CheckState(check_id=EDGE.id, region=LOCAL, status=UP, since_at=minute(5), last_at=minute(19)),
            ]
        )

    assert board(told(Status.DOWN)).by_id["api"].since_at == minute(3)
    assert board(told(UP)).by_id["api"].since_at == minute(5)


def test_a_problem_of_ours_is_listed_and_held_against_nobody() -> None:
    made = board(present(models=Status.UNKNOWN, edge=UP, web=UP))
    assert [check.check.id for check in made.problems_of_ours] == [MODELS.id]
    assert [view.service.id for view in made.troubled] == []


def test_the_worst_stand_first_and_of_those_the_newest() -> None:
    checks = [a_check(f"{name}/models") for name in ("a", "b", "c")]
    fates = [(Status.DEGRADED, 1), (Status.DOWN, 2), (Status.DOWN, 3)]
    states = [
        CheckState(check_id=check.id, region=LOCAL, status=status, since_at=minute(at), last_at=minute(19))
        for check, (status, at) in zip(checks, fates, strict=True)
    ]
    made = board(Present(states=states), catalogue=a_catalogue(*checks))
    assert [view.service.id for view in made.troubled] == ["c", "b", "a"]


def test_today_grows_with_what_is_not_folded_yet() -> None:
    stored = replace_live(present(**ALL_UP), Tally(due=4, up=3, down=1))
    today = board(stored).by_id["api"].days[-1]
    assert (today.start_at, today.uptime, len(board(stored).by_id["api"].days)) == (minute(-14 * 60), 0.75, 90)


def replace_live(stored: Present, tally: Tally) -> Present:
    return Present(states=stored.states, latest=stored.latest, live={MODELS.id: tally})


def test_the_line_of_a_service_tells_the_latency_of_its_leading_check() -> None:
    view = board(present(**ALL_UP)).by_id["api"]
    assert (view.leading, view.latency_ms, view.last_probed_at) == (
        MODELS,
        120,
        minute(19) + timedelta(milliseconds=120),
    )
