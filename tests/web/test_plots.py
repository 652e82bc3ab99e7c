"""What the charts of a service draw: bands with their gaps, bars beside the usual, one axis with its shades."""

from datetime import UTC, datetime, timedelta

import pytest

from app.board.history import DAY, HOUR, Stretch
from app.domain.incident import Incident
from app.domain.rollup import Tally
from app.domain.status import Status
from app.web.plots import Shade, axis_of, band_of, bars_of

START = datetime(2026, 3, 1, tzinfo=UTC)


def buckets(count: int, span: timedelta, start_at: datetime = START) -> tuple[Stretch, ...]:
    tally = Tally(due=12, up=12)
    return tuple(
        Stretch(
            start_at=start_at + number * span, span=span, status=Status.UP, uptime=1.0, coverage=1.0, tally=tally
        )
        for number in range(count)
    )


def an_incident(opened_at: datetime, closed_at: datetime | None, worst: Status = Status.DOWN) -> Incident:
    status = Status.UP if closed_at else worst
    return Incident(
        id="api-1",
        service_id="api",
        opened_at=opened_at,
        closed_at=closed_at,
        status=status,
        worst=worst,
        events=(),
    )


def test_the_band_reaches_from_the_median_to_the_slow_and_gaps_stay_gaps() -> None:
    drawn = band_of([(100, 200), (100, 400), (None, None), (200, 350)])
    assert drawn is not None
    assert (drawn.top, drawn.line) == (400, "M125 150L375 150M875 100h0")
    assert drawn.band == "M125 100L375 0 375 150 125 150ZM875 25L875 100Z"


def test_of_speeds_the_slow_lie_below_the_median() -> None:
    drawn = band_of([(80.0, 40.0), (80.0, 60.0)])
    assert drawn is not None
    assert (drawn.top, drawn.line, drawn.band) == (80, "M250 0L750 0", "M250 100L750 50 750 0 250 0Z")


def test_where_nothing_was_timed_or_counted_there_is_no_chart() -> None:
    assert band_of([(None, None), (None, None)]) is None
    assert bars_of([(0, 0.2), (None, None)]) is None


def test_counts_are_bars_and_what_is_usual_a_line_that_is_level_over_each() -> None:
    drawn = bars_of([(None, None), (0, 1.0), (4, 2.0), (1, 2.0)])
    assert drawn is not None
    assert (drawn.top, drawn.bars) == (4, "M525 200v-200h200v200zM775 200v-50h200v50z")
    assert drawn.usual == "M250 150L500 150 500 100 750 100 750 100 1000 100"


def test_the_least_that_was_counted_can_be_seen() -> None:
    drawn = bars_of([(1, 0.1), (1000, 0.1)])
    assert drawn is not None
    assert drawn.bars.startswith("M50 200v-4h400v4z")


@pytest.mark.parametrize(
    ("highest", "top"), [(0.3, 1), (1, 1), (7, 8), (9.5, 10), (101, 200), (640, 800), (4100, 5000)]
)
def test_an_axis_ends_with_a_figure_that_reads_well(highest: float, top: int) -> None:
    drawn = band_of([(highest, highest)])
    assert drawn is not None
    assert drawn.top == top


@pytest.mark.parametrize(("highest", "top"), [(1, 2), (3, 4), (5, 6), (7, 8), (9, 10), (21, 40)])
def test_half_of_an_axis_of_counts_is_a_whole_number(highest: int, top: int) -> None:
    drawn = bars_of([(highest, 0.1)])
    assert drawn is not None
    assert drawn.top == top


def test_incidents_are_shaded_within_the_axis_and_what_was_over_before_is_not() -> None:
    told = [
        an_incident(START + 2 * HOUR, START + 2.5 * HOUR),
        an_incident(START - DAY, START + HOUR, Status.DEGRADED),
        an_incident(START - DAY, START - HOUR),
        an_incident(START + 3 * HOUR, None),
        an_incident(START + HOUR, START + HOUR + timedelta(seconds=5)),
    ]
    assert axis_of(buckets(4, HOUR), told).shades == (
        Shade(x=500, width=125, status=Status.DOWN),
        Shade(x=0, width=250, status=Status.DEGRADED),
        Shade(x=750, width=250, status=Status.DOWN),
        Shade(x=250, width=3, status=Status.DOWN),
    )


def test_where_we_should_have_looked_and_know_nothing_is_shaded_as_unknown() -> None:
    seen = list(buckets(4, DAY))
    seen[1] = Stretch(
        start_at=START + DAY, span=DAY, status=Status.UNKNOWN, uptime=None, coverage=0, tally=Tally(due=9)
    )
    seen[3] = Stretch(
        start_at=START + 3 * DAY, span=DAY, status=Status.UNKNOWN, uptime=None, coverage=0, tally=Tally()
    )
    assert axis_of(tuple(seen), ()).shades == (Shade(x=250, width=250, status=Status.UNKNOWN),)


@pytest.mark.parametrize(
    ("count", "span", "marks"),
    [
        (25, HOUR, ["01T12", "01T18", "02T00", "02T06"]),
        (28, 6 * HOUR, ["02T00", "04T00", "06T00"]),
        (30, DAY, ["03T00", "10T00", "17T00", "24T00"]),
        (90, DAY, ["07T00", "28T00", "18T00", "09T00"]),
    ],
)
def test_the_marks_of_an_axis_are_few_and_at_round_times(count: int, span: timedelta, marks: list[str]) -> None:
    start_at = START + 8 * HOUR if span == HOUR else START
    ticks = axis_of(buckets(count, span, start_at), ()).ticks
    assert [f"{tick.at:%dT%H}" for tick in reversed(ticks)] == marks
    assert {tick.is_hour for tick in ticks} == {span == HOUR}
    assert all(3 <= tick.percent <= 90 for tick in ticks)
