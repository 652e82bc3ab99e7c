"""How often services failed together, from what is kept of both."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.incident import Account, Incident
from app.domain.said import SeenIncident
from app.domain.status import Status
from app.domain.together import Bout, Kinship, bouts_of, failed_together, merged
from app.domain.vendor import Phase, VendorIncident
from app.domain.verdict import Witness
from tests.build import START, minute
from tests.pages import an_incident, an_update

DAY = 24 * 60
NOW = minute(100 * DAY)
LATER = 90 * DAY
"""A minute well within the last 90 days."""


def bout(start: float, end: float) -> Bout:
    return minute(LATER + start), minute(LATER + end)


def ours(start: float, end: float | None, witness: Witness = Witness.MEASURED) -> Incident:
    until_at = None if end is None else minute(LATER + end)
    return Incident(
        id=f"api-{start}",
        service_id="api",
        opened_at=minute(LATER + start),
        status=Status.DOWN,
        worst=Status.DOWN,
        events=(),
        closed_at=until_at,
        accounts=(Account(witness=witness, since_at=minute(LATER + start), until_at=until_at),),
    )


def told(start: float, end: float, *, impact: Status = Status.DEGRADED) -> VendorIncident:
    return an_incident(
        f"i{start}", an_update(LATER + start), an_update(LATER + end, Phase.RESOLVED), impact=impact
    )


def seen(incident: VendorIncident) -> SeenIncident:
    return SeenIncident(page_key="acme", incident=incident, first_seen_at=incident.started_at)


@pytest.mark.parametrize(
    ("measured", "theirs", "expected"),
    [
        ([], [], []),
        ([ours(0, 10)], [], [bout(0, 10)]),
        ([ours(0, 10, Witness.PEOPLE)], [], [bout(0, 10)]),
        ([ours(0, 9000, Witness.VENDOR)], [], []),
        ([ours(0, 10)], [told(5, 30)], [bout(0, 30)]),
        ([ours(20, 30)], [told(0, 10)], [bout(0, 10), bout(20, 30)]),
        ([ours(0, None)], [], []),
        ([], [told(0, 18 * DAY / 2)], [bout(0, DAY)]),
        ([], [told(0, 10, impact=Status.UP)], []),
        ([], [told(0, 10, impact=Status.UNKNOWN)], [bout(0, 10)]),
        ([ours(-89 * DAY, -88 * DAY)], [], []),
    ],
    ids=[
        "nothing",
        "ours",
        "what people reported",
        "what we only took over from the vendor",
        "one trouble told by both",
        "two troubles",
        "what is not over",
        "a record left open for days",
        "what hurt nobody",
        "what nobody graded",
        "long ago",
    ],
)
def test_when_a_service_was_bad(
    measured: list[Incident], theirs: list[VendorIncident], expected: list[Bout]
) -> None:
    assert bouts_of(measured, map(seen, theirs), NOW) == tuple(expected)


def test_information_is_no_trouble() -> None:
    notice = replace(told(0, 10), phase=Phase.INFORMATION)
    assert bouts_of([], [seen(notice)], NOW) == ()


@pytest.mark.parametrize(
    ("its", "others", "since", "kinship", "expected"),
    [
        ([], [], 0, Kinship.STRANGER, (0, 0, 0.05)),
        ([], [], 0, Kinship.SAME_VENDOR, (0, 0, 0.6)),
        ([bout(0, 10)], [bout(10, 20)], 0, Kinship.STRANGER, (1, 1, 1.2 / 5)),
        ([bout(0, 10)], [bout(11, 20)], 0, Kinship.STRANGER, (0, 1, 0.2 / 5)),
        ([bout(0, 10), bout(20, 30)], [bout(0, 5), bout(8, 9), bout(40, 50)], 0, Kinship.STRANGER, (1, 2, 0.2)),
        ([bout(0, 10), bout(20, 30)], [bout(0, 40)], 15, Kinship.STRANGER, (1, 1, 1.2 / 5)),
        ([bout(0, 1), bout(2, 3), bout(4, 5), bout(6, 7)], [], 0, Kinship.SAME_VENDOR, (0, 4, 0.3)),
    ],
    ids=[
        "nothing is known",
        "nothing is known of one vendor's",
        "a common moment",
        "one after the other",
        "a trouble counts once",
        "only where both were looked at",
        "what was seen outweighs what is assumed",
    ],
)
def test_in_how_many_troubles_the_other_failed_as_well(
    its: list[Bout], others: list[Bout], since: float, kinship: Kinship, expected: tuple[int, int, float]
) -> None:
    found = failed_together("api", its, others, kinship, minute(LATER + since))
    assert (found.times, found.of, round(found.share, 9)) == expected
    assert (found.of_id, found.since_at) == ("api", minute(LATER + since))


spans = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 40)).map(lambda span: bout(span[0], span[0] + span[1]))
)


@given(spans, spans)
def test_counting_is_as_good_as_comparing_every_pair(its: list[Bout], others: list[Bout]) -> None:
    mine, theirs = merged(its), merged(others)
    slow = sum(any(a[0] <= b[1] and b[0] <= a[1] for b in theirs) for a in mine)
    assert failed_together("api", mine, theirs, Kinship.STRANGER, START).times == slow


@given(spans)
def test_merged_times_are_the_same_times_apart_and_in_order(its: list[Bout]) -> None:
    apart = merged(its)
    covered = {
        start + timedelta(minutes=number)
        for start, end in its
        for number in range(41)
        if start + timedelta(minutes=number) <= end
    }
    kept = {moment for moment in covered if any(start <= moment <= end for start, end in apart)}
    assert kept == covered
    assert all(before[1] < after[0] for before, after in pairwise(apart))
