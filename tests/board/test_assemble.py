"""What the board says of what is stored."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.board.assemble import Stored, assemble_board, spell
from app.board.model import OwnHealth
from app.domain.detector import CheckState
from app.domain.network import NetworkView
from app.domain.result import LOCAL, Recorded
from app.domain.rollup import Rollup, Strip, Tally
from app.domain.sketch import Sketch
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


def states(**by_name: Status) -> list[CheckState]:
    ids = {"models": MODELS.id, "edge": EDGE.id, "certificate": INFO.id, "web": CHAT.id}
    return [
        CheckState(check_id=ids[name], region=LOCAL, status=status, since_at=minute(2))
        for name, status in by_name.items()
    ]


UP = Status.UP
ALL_UP = {"models": UP, "edge": UP, "certificate": UP, "web": UP}


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({}, "Watching 2 services; the first results are coming in."),
        (ALL_UP, "All 2 services work."),
        ({**ALL_UP, "models": Status.DOWN}, "Api is down since 14:02 UTC (18 min)."),
        ({**ALL_UP, "edge": Status.DOWN}, "Api has trouble since 14:02 UTC (18 min)."),
        ({**ALL_UP, "certificate": Status.DOWN}, "All 2 services work."),
        ({**ALL_UP, "web": Status.UNKNOWN}, "1 service works; 1 cannot be seen from here."),
        (
            {**ALL_UP, "models": Status.DEGRADED, "web": Status.DOWN},
            "2 of 2 services have trouble: Chat and Api.",
        ),
        (dict.fromkeys(ALL_UP, Status.UNKNOWN), "We cannot tell: none of the services can be seen from here."),
    ],
)
def test_the_sentence_says_what_is_true_now(told: dict[str, Status], sentence: str) -> None:
    assert assemble_board(CATALOGUE, Stored(states=states(**told)), WELL, NOW).sentence == sentence


def test_our_own_network_comes_before_everything() -> None:
    dark = replace(WELL, network=NetworkView(works=False, seen_at=NOW, sentence="3 of 3 fail."))
    told = states(**{**ALL_UP, "models": Status.DOWN})
    board = assemble_board(CATALOGUE, Stored(states=told), dark, NOW)
    assert board.sentence == "We cannot tell: our own network is failing."


def test_a_days_figures_are_those_of_the_worst_check_that_counts() -> None:
    today = NOW.date()
    strips = {
        (MODELS.id, LOCAL): Strip(ends_on=today, days=(Tally(due=10, up=10), Tally(due=10, up=9, down=1))),
        (EDGE.id, LOCAL): Strip(ends_on=today, days=(Tally(due=10, down=10), Tally(due=10, down=10))),
    }
    view = assemble_board(CATALOGUE, Stored(strips=strips), WELL, NOW).by_id["api"]
    yesterday, this = view.days[-2:]
    assert (yesterday.date, yesterday.status) == (date(2026, 2, 28), Status.UP)
    assert (this.status, this.tally) == (Status.UP, Tally(due=10, up=9, down=1))
    assert view.uptime == pytest.approx(19 / 20)
    assert view.days[0].tally is None


def test_what_is_not_folded_yet_is_part_of_today() -> None:
    key = (MODELS.id, LOCAL)
    strips = {key: Strip(ends_on=NOW.date(), days=(Tally(due=100, up=100),))}
    live = {key: Tally(due=8, up=4, down=4)}
    day = assemble_board(CATALOGUE, Stored(strips=strips, live=live), WELL, NOW).by_id["api"].days[-1]
    assert (day.status, day.tally) == (Status.DOWN, Tally(due=108, up=104, down=4))


def test_a_day_of_which_nothing_is_known_is_a_gap_and_not_part_of_the_uptime() -> None:
    strips = {(MODELS.id, LOCAL): Strip(ends_on=NOW.date(), days=(Tally(due=10), Tally(due=10, up=10)))}
    view = assemble_board(CATALOGUE, Stored(strips=strips), WELL, NOW).by_id["api"]
    assert view.days[-2].status is Status.UNKNOWN
    assert (view.uptime, view.coverage) == (1.0, 0.5)


def test_the_line_shows_the_latency_of_the_check_that_counts() -> None:
    latest = {
        (EDGE.id, LOCAL): Recorded(result=a_result(NOW, check_id=EDGE.id, total_ms=114), status=UP),
        (MODELS.id, LOCAL): Recorded(result=a_result(NOW, total_ms=345), status=UP),
    }
    hour = NOW.replace(minute=0) - timedelta(hours=1)
    hours = {(MODELS.id, LOCAL): [Rollup(start_at=hour, tally=Tally(up=3), sketch=Sketch.of([100, 100, 100]))]}
    told = Stored(latest=latest, hours=hours, states=states(**ALL_UP))
    view = assemble_board(CATALOGUE, told, WELL, NOW).by_id["api"]
    assert view.latency_ms == 345
    assert [point.median_ms for point in view.points] == [None] * 23 + [pytest.approx(100, rel=0.03)]


def test_a_failure_is_told_by_the_check_that_met_it() -> None:
    latest = {(MODELS.id, LOCAL): Recorded(result=a_result(NOW, failure=a_failure()), status=Status.DOWN)}
    told = Stored(latest=latest, states=states(**{**ALL_UP, "models": Status.DOWN}))
    view = assemble_board(CATALOGUE, told, WELL, NOW).by_id["api"]
    assert view.reason == "Answered 503 instead of 401 (check models)."


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_599, "59 min"),
        (3_600, "1 h"),
        (7_800, "2 h 10 min"),
        (172_800, "2 days"),
    ],
)
def test_spans_are_said_as_people_say_them(seconds: int, words: str) -> None:
    assert spell(timedelta(seconds=seconds)) == words
