"""The lab's clock: real, faster, by hand, and never backwards."""

from datetime import UTC, datetime, timedelta

import pytest

from app.lab.clock import LabClock

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_a_clock_by_hand_stands_until_it_is_advanced() -> None:
    clock = LabClock.by_hand(NOON)
    assert (clock.now(), clock.monotonic()) == (NOON, 0.0)
    clock.advance(timedelta(minutes=25))
    assert (clock.now(), clock.elapsed()) == (NOON + timedelta(minutes=25), timedelta(minutes=25))


def test_a_clock_runs_as_fast_as_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = [100.0]
    monkeypatch.setattr("app.lab.clock.time.monotonic", lambda: machine[0])
    clock = LabClock(start=NOON, rate=60)
    machine[0] += 2
    assert clock.now() == NOON + timedelta(minutes=2)
    clock.rate = 1
    machine[0] += 2
    assert clock.now() == NOON + timedelta(minutes=2, seconds=2)
    clock.rate = 0
    machine[0] += 1000
    clock.advance(timedelta(hours=1))
    assert clock.elapsed() == timedelta(hours=1, minutes=2, seconds=2)


def test_a_clock_never_runs_backwards() -> None:
    clock = LabClock.by_hand()
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(timedelta(seconds=-1))
    with pytest.raises(ValueError, match="backwards"):
        clock.rate = -1
    with pytest.raises(ValueError, match="backwards"):
        LabClock(rate=-1)


def test_a_clock_wants_to_know_its_time_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        LabClock(start=datetime(2026, 11, 23))  # noqa: DTZ001 - this is what is refused
