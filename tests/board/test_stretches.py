"""What counts amount to over a day, and over ninety."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.board.history import DAY, HOUR, Stretch, Window
from app.board.stretches import (
    Folded,
    alone,
    assemble_history,
    assemble_past,
    leading,
    live_hour,
    stretch,
    with_live,
)
from app.domain.rollup import Rollup, Strip, Tally
from app.domain.service import Service
from app.domain.sketch import Sketch
from app.domain.status import Status
from tests.build import a_catalogue, a_check

MODELS = a_check("api/models")
CHAT = a_check("api/chat")
EDGE = a_check("api/edge", impact=Status.DEGRADED)
CERTIFICATE = a_check("api/certificate", impact=Status.UP)
SERVICE = a_catalogue(MODELS, CHAT, EDGE, CERTIFICATE).services[0]
MIDNIGHT = datetime(2026, 3, 1, tzinfo=UTC)

WELL = Tally(due=100, up=100)
BAD = Tally(due=100, up=90, down=10)
SLOW = Tally(due=100, up=80, degraded=20)
DARK = Tally(due=100, unknown=60)
HALF = Tally(due=100, up=50)


def a_day(service: Service, **by_name: Tally) -> Stretch:
    ids = {"models": MODELS.id, "chat": CHAT.id, "edge": EDGE.id, "certificate": CERTIFICATE.id}
    return stretch(service, MIDNIGHT, DAY, {ids[name]: tally for name, tally in by_name.items()})


@pytest.mark.parametrize(
    ("counts", "status", "uptime", "coverage"),
    [
        ({"models": WELL, "chat": WELL}, Status.UP, 1.0, 1.0),
        ({"models": WELL, "chat": BAD}, Status.DOWN, 0.9, 1.0),
        ({"models": SLOW, "chat": WELL}, Status.DEGRADED, 1.0, 1.0),
        ({"models": WELL, "edge": BAD}, Status.DEGRADED, 1.0, 1.0),
        ({"models": WELL, "certificate": BAD}, Status.UP, 1.0, 1.0),
        ({"models": HALF, "chat": WELL}, Status.UP, 1.0, 0.5),
        ({"models": DARK, "chat": WELL}, Status.UP, 1.0, 1.0),
        ({"models": DARK, "chat": DARK}, Status.UNKNOWN, None, 0.0),
        ({"models": DARK, "edge": WELL}, Status.UNKNOWN, None, 0.0),
        ({"models": DARK, "edge": BAD}, Status.DEGRADED, None, 0.0),
        ({"certificate": WELL}, Status.UNKNOWN, None, 0.0),
    ],
)
def test_a_day_is_as_bad_as_its_worst_check_may_say(
    counts: dict[str, Tally], status: Status, uptime: float | None, coverage: float
) -> None:
    day = a_day(SERVICE, **counts)
    assert (day.status, day.uptime, day.coverage) == (status, uptime, coverage)


def test_a_service_of_parts_alone_is_judged_by_its_parts() -> None:
    service = a_catalogue(EDGE).services[0]
    day = a_day(service, edge=BAD)
    assert (day.status, day.uptime) == (Status.DEGRADED, 0.9)


def test_one_stray_bad_reading_does_not_colour_a_day() -> None:
    day = a_day(SERVICE, models=Tally(due=100, up=99, down=1))
    assert (day.status, day.uptime) == (Status.UP, 0.99)


def test_a_day_before_the_service_was_watched_is_no_gap() -> None:
    assert (a_day(SERVICE).was_watched, a_day(SERVICE, models=Tally(due=3)).was_watched) == (False, True)


def test_what_is_not_folded_yet_is_added_to_what_is() -> None:
    added = with_live({MODELS.id: WELL, EDGE.id: HALF}, {MODELS.id: BAD, CHAT.id: SLOW})
    assert added == {MODELS.id: Tally(due=200, up=190, down=10), EDGE.id: HALF, CHAT.id: SLOW}


@pytest.mark.parametrize(
    ("folded_until", "now", "expected"),
    [
        (None, 14.5, 14),
        (14, 14.5, 14),
        (13, 14.01, 13),  # the last hour is over, but not folded yet: what is live still belongs to it
        (9, 14.5, 14),  # folding does not work: what is live is of now, whatever was folded last
    ],
)
def test_what_is_live_belongs_to_the_hour_that_is_not_folded(
    folded_until: float | None, now: float, expected: float
) -> None:
    until = MIDNIGHT + folded_until * HOUR if folded_until is not None else None
    assert live_hour(until, MIDNIGHT + now * HOUR) == MIDNIGHT + expected * HOUR


def rollup(start_at: datetime, tally: Tally, *latencies: int) -> Rollup:
    return Rollup(start_at=start_at, tally=tally, sketch=Sketch.of(latencies))


def test_the_past_holds_ninety_days_of_every_region_and_the_last_full_day_in_hours() -> None:
    anchor = MIDNIGHT + 3 * HOUR
    strip = Strip(ends_on=date(2026, 3, 1), days=(None,) * 87 + (WELL, BAD, HALF))
    elsewhere = Strip(ends_on=date(2026, 2, 28), days=(None,) * 89 + (WELL,))
    hours = [rollup(anchor - HOUR, WELL, 100, 200, 300), rollup(anchor - 24 * HOUR, BAD, 50)]
    past = assemble_past(
        SERVICE, Folded(strips={MODELS.id: [strip, elsewhere]}, hours={MODELS.id: [hours]}), anchor
    )
    assert [day.start_at.date() for day in past.days[-2:]] == [date(2026, 2, 27), date(2026, 2, 28)]
    assert [day.uptime for day in past.days[-3:]] == [None, 1.0, 0.95]
    assert len(past.days) == 89
    assert past.today == {MODELS.id: HALF}
    assert past.total == {MODELS.id: Tally(due=400, up=340, down=10)}
    assert [(hour.status, hour.p50_ms) for hour in past.hours if hour.was_watched] == [
        (Status.DOWN, Sketch.of([50]).quantile(0.5)),
        (Status.UP, Sketch.of([200]).quantile(0.5)),
    ]
    assert len(past.hours) == 24


@pytest.mark.parametrize(
    ("window", "count", "first_at"),
    [
        (Window.DAY, 24, MIDNIGHT - 20 * HOUR),
        (Window.WEEK, 28, MIDNIGHT - 27 * 6 * HOUR),
        (Window.MONTH, 30, MIDNIGHT - 29 * DAY),
        (Window.QUARTER, 90, MIDNIGHT - 89 * DAY),
    ],
)
def test_a_history_ends_with_what_is_under_way(window: Window, count: int, first_at: datetime) -> None:
    anchor = MIDNIGHT + 3 * HOUR
    history = assemble_history(SERVICE, window, {}, {MODELS.id: HALF}, anchor)
    assert [each.was_watched for each in history.stretches] == [False] * (count - 1) + [True]
    assert history.stretches[0].start_at == first_at
    assert {
        later.start_at - sooner.start_at
        for sooner, later in zip(history.stretches, history.stretches[1:], strict=False)
    } == {window.bucket}


def test_hours_are_gathered_into_longer_buckets() -> None:
    anchor = MIDNIGHT + 3 * HOUR
    told = [rollup(anchor - number * HOUR, WELL, 100) for number in range(1, 4)]
    history = assemble_history(SERVICE, Window.WEEK, {MODELS.id: [told]}, {MODELS.id: BAD}, anchor)
    last = history.stretches[-1]
    assert (last.tally, last.p95_ms) == (Tally(due=400, up=390, down=10), Sketch.of([100]).quantile(0.95))


def test_a_check_that_informs_is_judged_when_it_is_asked_for_alone() -> None:
    lone = alone(SERVICE, CERTIFICATE)
    assert stretch(lone, MIDNIGHT, DAY, {CERTIFICATE.id: BAD}).status is Status.DOWN
    assert leading(lone) is not None


def test_the_days_of_a_service_follow_one_another() -> None:
    past = assemble_past(SERVICE, Folded(strips={}, hours={}), MIDNIGHT)
    assert {later.start_at - sooner.start_at for sooner, later in zip(past.days, past.days[1:], strict=False)} == {
        timedelta(days=1)
    }
