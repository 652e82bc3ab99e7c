"""What is drawn."""

from dataclasses import replace
from datetime import UTC, datetime

from app.board.history import DAY, Stretch
from app.domain.result import Phases
from app.domain.rollup import Tally
from app.domain.status import Status
from app.web.charts import bar, segments, spark

START = datetime(2026, 3, 1, tzinfo=UTC)


def a_day(status: Status = Status.UP, coverage: float = 1.0) -> Stretch:
    tally = Tally(due=100, up=100)
    return Stretch(start_at=START, span=DAY, status=status, uptime=1.0, coverage=coverage, tally=tally)


UNWATCHED = replace(a_day(Status.UNKNOWN, 0.0), uptime=None, tally=Tally())
UNKNOWN = replace(a_day(Status.UNKNOWN, 0.0), uptime=None, tally=Tally(due=100))


def test_a_run_of_equal_days_is_one_line() -> None:
    drawn = bar((a_day(),) * 90)
    assert 'viewBox="0 0 359 20"' in drawn
    assert drawn.count("<path") == 1
    assert '<path class="up" stroke-width="20" d="M0 10h359"/>' in drawn


def test_days_stand_in_their_places_each_in_its_status() -> None:
    drawn = bar((UNWATCHED, a_day(), a_day(Status.DOWN), UNKNOWN, a_day()))
    assert '<path class="unwatched" stroke-width="2" d="M0 19h3"/>' in drawn
    assert '<path class="up" stroke-width="20" d="M4 10h3M16 10h3"/>' in drawn
    assert '<path class="down" stroke-width="20" d="M8 10h3"/>' in drawn
    assert '<path class="unknown" stroke-width="20" stroke="url(#hatch)" d="M12 10h3"/>' in drawn
    assert 'aria-label="5 days: 1 down, 2 up, 1 unknown, 1 not watched yet"' in drawn


def test_what_of_a_day_was_not_seen_is_hatched() -> None:
    drawn = bar((a_day(coverage=0.5),))
    assert '<path class="unknown" stroke-width="20" stroke="url(#hatch)" d="M0 10h3"/>' in drawn
    assert '<path class="up" stroke-width="10" d="M0 15h3"/>' in drawn


def test_a_day_before_the_first_shows_the_vendors_word_half_as_high_and_is_not_hatched() -> None:
    drawn = bar((UNWATCHED, a_day()), {START.date(): Status.DEGRADED})
    assert '<path class="degraded told" stroke-width="10" d="M0 15h3"/>' in drawn
    assert "unknown" not in drawn
    assert 'aria-label="2 days: 1 up, 1 degraded by the vendor’s word"' in drawn
    assert "told" not in bar((a_day(),), {START.date(): Status.DEGRADED})


def test_a_day_of_which_next_to_nothing_was_seen_still_shows() -> None:
    assert 'class="down" stroke-width="5" d="M0 17.5h3"' in bar((a_day(Status.DOWN, 0.01),))


def test_latencies_swing_around_their_median_and_gaps_stay_gaps() -> None:
    drawn = spark([100, 100, None, 150, 50], width=8, height=20)
    assert 'd="M0 10L2 10M6 1L8 19"' in drawn
    assert 'd=""' in spark([None, None])


def test_a_lone_latency_is_a_dot() -> None:
    assert 'd="M0 10h0"' in spark([7], height=20)


def test_the_steps_of_a_probe_lie_one_after_another() -> None:
    phases = Phases(total_ms=200, dns_ms=20, connect_ms=30, first_byte_ms=150)
    assert [(name, took, at, width) for name, _, took, at, width in segments(phases)] == [
        ("dns", 20, 0, 10),
        ("connect", 30, 10, 15),
        ("first-byte", 150, 25, 75),
    ]
