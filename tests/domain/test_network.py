from datetime import UTC, datetime

import pytest

from app.domain.network import NetworkView, excuse, judge_network
from app.domain.result import Blame, CheckId, Failure, FailureKind, Phases, ProbeResult
from app.domain.status import Status

NOW = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)


def result(*, fails: bool, blame: Blame = Blame.VENDOR) -> ProbeResult:
    failure = Failure(
        kind=FailureKind.CONNECT_TIMEOUT, blame=blame, verdict=Status.DOWN, sentence="No connection within 5 s."
    )
    return ProbeResult(
        check_id=CheckId("x/y"),
        slot_at=NOW,
        started_at=NOW,
        phases=Phases(total_ms=5),
        failure=failure if fails else None,
    )


@pytest.mark.parametrize(
    ("failing", "asked", "works"),
    [
        (0, 0, None),
        (0, 1, True),
        (1, 1, False),
        (1, 2, True),
        (2, 2, False),
        (1, 3, True),
        (2, 3, False),
        (2, 4, True),
        (3, 4, False),
    ],
)
def test_our_network_fails_when_the_controls_fail_together(failing: int, asked: int, works: bool | None) -> None:  # noqa: FBT001 - a table's column
    controls = [result(fails=number < failing) for number in range(asked)]
    assert judge_network(controls, NOW).works is works


def view(*, works: bool) -> NetworkView:
    return NetworkView(works=works, seen_at=NOW, sentence="3 of 3 controls fail.")


def test_a_failure_while_our_network_fails_is_ours_and_keeps_what_it_met() -> None:
    excused = excuse(result(fails=True), view(works=False))
    assert excused.failure is not None
    assert (excused.failure.kind, excused.failure.blame, excused.failure.verdict) == (
        FailureKind.OWN_NETWORK,
        Blame.US_NETWORK,
        Status.UNKNOWN,
    )
    assert excused.evidence["met"] == "No connection within 5 s."


@pytest.mark.parametrize(
    ("met", "works"),
    [(result(fails=True), True), (result(fails=False), False), (result(fails=True, blame=Blame.US_KEY), False)],
    ids=["a failure while our network works", "a success while it fails", "a failure that already is ours"],
)
def test_everything_else_stays_as_it_was(met: ProbeResult, works: bool) -> None:  # noqa: FBT001 - a table's column
    assert excuse(met, view(works=works)) is met
