"""When reports are more than chance, and when they are a handful of pranksters."""

import random
from collections.abc import Iterable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.report import FLOOR, Report, Symptom, people, surge_since, usual_rate
from app.domain.status import Status
from app.domain.verdict import Witness
from tests.build import minute

HOUR = timedelta(hours=1)


def reports(moments: Iterable[float], networks: int = 1_000, symptom: Symptom = Symptom.SLOW) -> list[Report]:
    return [
        Report(at=minute(at), symptom=symptom, network=f"n{place % networks}") for place, at in enumerate(moments)
    ]


def crowd(count: int, start: float = 0, within: float = 10) -> list[float]:
    return [start + within * place / count for place in range(count)]


@pytest.mark.parametrize(
    ("told", "is_on"),
    [
        (reports([]), False),
        (reports([1]), False),
        (reports(crowd(4)), False),
        (reports(crowd(12)), True),
        # one network, however many tell of it, is no crowd, nor are two
        (reports(crowd(60), networks=1), False),
        (reports(crowd(60), networks=2), False),
        (reports(crowd(60), networks=8), True),
        # spread over half a day, twelve are not many
        (reports(crowd(12, start=-690, within=700)), False),
    ],
)
def test_a_surge_is_many_people_of_many_places_in_little_time(told: list[Report], is_on: bool) -> None:  # noqa: FBT001 - a table's column
    assert (surge_since(told, FLOOR, minute(10)) is not None) is is_on


def test_what_is_many_depends_on_what_is_usual() -> None:
    told = reports(crowd(12))
    assert surge_since(told, FLOOR, minute(10)) is not None
    assert surge_since(told, 5, minute(10)) is None


def test_it_is_dated_from_where_it_began_and_ends_by_silence_alone() -> None:
    told = reports(crowd(20, start=20))
    assert surge_since(told, FLOOR, minute(35)) == minute(20)
    assert surge_since(told, FLOOR, minute(45)) == minute(20)
    assert surge_since(told, FLOOR, minute(120)) is None


def test_a_surge_tells_as_the_third_witness() -> None:
    told = people([*reports(crowd(9)), *reports(crowd(3), symptom=Symptom.LOGIN)], FLOOR, minute(10))
    assert (told.last_hour, round(told.usual, 2)) == (12, 0.24)
    assert told.symptoms == [(Symptom.SLOW, 9), (Symptom.LOGIN, 3)]
    claim = told.claim
    assert claim is not None
    assert (claim.witness, claim.status, claim.since_at) == (Witness.PEOPLE, Status.DEGRADED, minute(0))
    assert claim.reason == "12 people reported trouble within an hour, mostly “it is slow”"
    assert people(reports([1]), FLOOR, minute(10)).claim is None


def test_the_usual_rate_is_that_of_past_weeks_and_never_nothing() -> None:
    assert usual_rate([], 0) == FLOOR
    assert usual_rate([480], 48) == pytest.approx(8, abs=0.1)


@given(st.lists(st.floats(0, 60), max_size=40), st.randoms(use_true_random=False))
def test_the_order_of_reports_does_not_matter(moments: list[float], chance: random.Random) -> None:
    told = reports(moments)
    shuffled = list(told)
    chance.shuffle(shuffled)
    assert people(shuffled, FLOOR, minute(60)) == people(told, FLOOR, minute(60))


@given(st.lists(st.floats(0, 60), max_size=80))
def test_pranksters_of_two_networks_never_make_a_surge(moments: list[float]) -> None:
    assert surge_since(reports(moments, networks=2), FLOOR, minute(60)) is None
