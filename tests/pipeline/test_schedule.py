"""The schedule on a real event loop; only the time of day is ours where a test says so."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from app.clock import SystemClock
from app.domain.check import Cadence, Check
from app.domain.result import LOCAL, CheckId
from app.domain.schedule import next_slot
from app.pipeline.schedule import Schedule
from tests.clocks import HandClock


@dataclass(frozen=True)
class Target:
    target: str = "https://api.example/"


def check(name: str, interval: timedelta) -> Check:
    return Check(
        id=CheckId(f"api/{name}"),
        service_id="api",
        name=name,
        kind="http",
        spec=Target(),
        cadence=Cadence(interval=interval),
    )


@dataclass
class Station:
    """Writes down what it is told, and says when that was enough."""

    enough: int = 1
    told: list[tuple[str, datetime]] = field(default_factory=list)
    late: list[tuple[str, datetime]] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    def due(self, check: Check, slot_at: datetime) -> None:
        self.told.append((check.name, slot_at))
        self._count()

    def missed(self, check: Check, slot_at: datetime, late: timedelta) -> None:
        assert late > check.cadence.grace
        self.late.append((check.name, slot_at))
        self._count()

    def _count(self) -> None:
        if len(self.told) + len(self.late) >= self.enough:
            self.done.set()


async def drive(schedule: Schedule, station: Station) -> None:
    async with asyncio.timeout(20):
        while not station.done.is_set():
            await schedule.tick()
            with suppress(TimeoutError):
                await asyncio.wait_for(station.done.wait(), 0.05)


async def test_slots_are_told_once_and_in_order() -> None:
    station = Station(enough=40)
    schedule = Schedule(clock=SystemClock(), region=LOCAL, station=station)
    fast, slow = check("fast", timedelta(milliseconds=100)), check("slow", timedelta(milliseconds=300))
    schedule.replace([fast, slow])
    await drive(schedule, station)
    schedule.stop()
    for asked in (fast, slow):
        slots = sorted(at for name, at in station.told + station.late if name == asked.name)
        # Where the machine stands still for a while slots may pass unseen: each that is told is one, told once.
        steps = [divmod(later - earlier, asked.cadence.interval) for earlier, later in pairwise(slots)]
        assert all(whole >= 1 and not rest for whole, rest in steps)
    fast_ones = [at for name, at in station.told if name == fast.name]
    assert fast_ones == sorted(fast_ones)
    assert schedule.punctuality.told == len(station.told) + len(station.late)


async def test_a_slot_that_comes_too_late_is_told_as_missed_and_the_next_one_is_kept() -> None:
    clock, station = HandClock(), Station(enough=1)
    schedule = Schedule(clock=clock, region=LOCAL, station=station)
    hourly = check("hourly", timedelta(hours=1))
    slot_at = next_slot(hourly.id, hourly.cadence, LOCAL, clock.now())
    schedule.replace([hourly])
    clock.move(slot_at - clock.now() + timedelta(minutes=10))
    await drive(schedule, station)
    assert (station.told, station.late) == ([], [("hourly", slot_at)])
    assert schedule.punctuality.missed == 1
    station.done.clear()
    station.enough = 2
    clock.move(slot_at + timedelta(hours=1) - clock.now())
    await drive(schedule, station)
    assert station.told == [("hourly", slot_at + timedelta(hours=1))]


async def test_a_long_sleep_is_one_missed_slot_not_a_flood() -> None:
    clock, station = HandClock(), Station(enough=1)
    schedule = Schedule(clock=clock, region=LOCAL, station=station)
    schedule.replace([check("minutely", timedelta(minutes=1))])
    clock.move(timedelta(hours=9))
    await drive(schedule, station)
    await schedule.tick()
    await asyncio.sleep(0)
    assert len(station.late) == 1


async def test_a_clock_that_is_set_back_does_not_stop_probing() -> None:
    clock, station = HandClock(), Station(enough=1)
    schedule = Schedule(clock=clock, region=LOCAL, station=station)
    minutely = check("minutely", timedelta(minutes=1))
    schedule.replace([minutely])
    await schedule.tick()
    clock.move(timedelta(hours=-3))
    await schedule.tick()
    slot_at = next_slot(minutely.id, minutely.cadence, LOCAL, clock.now())
    clock.move(slot_at - clock.now())
    await drive(schedule, station)
    assert station.told == [("minutely", slot_at)]


async def test_a_check_that_is_gone_is_not_told_any_more_and_one_that_stays_keeps_its_slot() -> None:
    clock, station = HandClock(), Station(enough=1)
    schedule = Schedule(clock=clock, region=LOCAL, station=station)
    stays, goes = check("stays", timedelta(minutes=5)), check("goes", timedelta(minutes=5))
    slot_at = next_slot(stays.id, stays.cadence, LOCAL, clock.now())
    schedule.replace([stays, goes])
    schedule.replace([stays])
    clock.move(slot_at - clock.now())
    await drive(schedule, station)
    assert station.told == [("stays", slot_at)]
