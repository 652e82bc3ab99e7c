from dataclasses import replace

from app.domain.counts import FIRST_TOKEN_BOUNDS, SPAN_BOUNDS, SPEED_BOUNDS, Counts, counted
from app.domain.histogram import Histogram
from app.domain.result import Blame, FailureKind, Phases, Recorded
from app.domain.status import Status
from tests.build import a_failure, a_result, minute

GOOD = Recorded(result=a_result(minute(0), total_ms=120), status=Status.UP)
BAD = Recorded(result=a_result(minute(1), failure=a_failure()), status=Status.DOWN)
SPAN = Histogram.of(SPAN_BOUNDS)


def test_a_right_answer_is_counted_with_every_step_that_it_took() -> None:
    assert counted(Counts(), GOOD) == Counts(
        readings={Status.UP: 1},
        phases={
            "dns": SPAN.seen(0.002),
            "connect": SPAN.seen(0.01),
            "tls": SPAN.seen(0.03),
            "first_byte": SPAN.seen(0.07),
            "total": SPAN.seen(0.12),
        },
    )


def test_a_failure_is_counted_by_kind_and_blame_and_its_time_is_not() -> None:
    assert counted(Counts(), BAD) == Counts(
        readings={Status.DOWN: 1}, failures={(FailureKind.SERVER_ERROR, Blame.VENDOR): 1}
    )


def test_results_add_up() -> None:
    told = counted(counted(counted(counted(Counts(), GOOD), BAD), GOOD), BAD)
    assert told.readings == {Status.UP: 2, Status.DOWN: 2}
    assert told.failures == {(FailureKind.SERVER_ERROR, Blame.VENDOR): 2}
    assert told.phases["total"].count == 2


def test_a_step_that_was_not_taken_is_not_counted() -> None:
    plain = replace(GOOD, result=replace(GOOD.result, phases=Phases(total_ms=9, connect_ms=9)))
    assert set(counted(Counts(), plain).phases) == {"connect", "total"}


def test_a_models_first_token_and_its_pace_are_counted() -> None:
    spoken = replace(GOOD, result=replace(GOOD.result, figures={"ttft_ms": 420, "tpot_us": 12_500}))
    told = counted(Counts(), spoken)
    assert told.first_token == Histogram.of(FIRST_TOKEN_BOUNDS).seen(0.42)
    assert told.speed == Histogram.of(SPEED_BOUNDS).seen(80.0)
    assert counted(told, GOOD).first_token == told.first_token
