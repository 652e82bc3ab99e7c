"""How soon failures are confirmed, against the rules in use elsewhere, at one false-alarm rate.

`python -m tests.bench.detection` prints the table. Every rule is made as strict as it takes to raise no more
false alarms than ours over the same simulated health; a rule that no setting makes strict enough says so.
Health fails once in 200 probes, and a hiccup lasts about five seconds. One probe a minute; seeded.
"""

import math
import random
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median
from typing import Protocol

from app.domain.sequential import Evidence, Seen, look_again_after, observe
from app.domain.slowness import Baseline, Slowness, observe_latency
from app.domain.status import Status

MINUTE = timedelta(minutes=1)
START = datetime(2026, 1, 1, tzinfo=UTC)
EVERY = MINUTE * 5_000
"""The false-alarm rate compared at: stricter ones take too long to simulate."""

HEALTHY_SLOTS, WARM_UP, TRIALS, PATIENCE = 300_000, 200, 300, 360
USUAL = Baseline(p50_ms=440, p95_ms=1_000, count=600)
"""Log-normal with a spread of 0.5; its 95th percentile lies above the floors of what counts as slow."""

World = Callable[[float], float]
"""Seconds since the failure began (negative: healthy) to the share of probes that fail because of it."""


class Rule(Protocol):
    """A rule takes a reading, and says whether it alarms and after how many seconds it wants to look again."""

    def take(self, second: float, *, bad: bool) -> tuple[bool, float | None]: ...


class Sequential:
    """Ours."""

    def __init__(self) -> None:
        self._evidence = Evidence()

    def take(self, second: float, *, bad: bool) -> tuple[bool, float | None]:
        status = Status.DOWN if bad else Status.UP
        at = START + timedelta(seconds=second)
        self._evidence = observe(self._evidence, Seen(at=at, status=status), MINUTE, EVERY)
        wait = look_again_after(self._evidence, MINUTE)
        return self._evidence.status.is_bad, None if wait is None else max(0.5, wait.total_seconds())


class Latency:
    """Ours for latency: bad is slower than the usual 95th percentile."""

    def __init__(self) -> None:
        self._slow = Slowness()

    def take(self, second: float, *, bad: bool) -> tuple[bool, float | None]:
        at = START + timedelta(seconds=second)
        latency_ms = USUAL.slow_after_ms + (1 if bad else -1)
        self._slow = observe_latency(self._slow, latency_ms, USUAL, at, interval=MINUTE, every=EVERY)
        return self._slow.since_at is not None, None


class Share:
    """At least `least` bad among the last `of` scheduled probes; `least == of` is so many in a row."""

    def __init__(self, least: int, of: int) -> None:
        self._least, self._recent = least, deque[bool](maxlen=of)

    def take(self, second: float, *, bad: bool) -> tuple[bool, float | None]:
        del second
        self._recent.append(bad)
        return sum(self._recent) >= self._least, None


class Retries:
    """A failure and `count` retries, 20 seconds apart, all bad."""

    def __init__(self, count: int) -> None:
        self._count, self._failed = count, 0

    def take(self, second: float, *, bad: bool) -> tuple[bool, float | None]:
        del second
        self._failed = self._failed + 1 if bad else 0
        return self._failed > self._count, 20.0 if bad else None


class Regions:
    """Ours from three regions, each with a state of its own; the failure is in the first."""

    def __init__(self) -> None:
        self._regions = [Sequential() for _ in range(3)]

    def take(self, second: float, *, bad: bool) -> tuple[bool, float | None]:
        told = [region.take(second, bad=bad and place == 0) for place, region in enumerate(self._regions)]
        return any(alarm for alarm, _ in told), told[0][1]


class HalfOfRegions:
    """An alarm once at least half of three regions fail at the same time; the failure is in the first."""

    def take(self, second: float, *, bad: bool) -> tuple[bool, float | None]:
        del second
        return sum((bad, False, False)) * 2 >= 3, None


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A rule and its settings, mildest first."""

    name: str
    settings: tuple[Callable[[], Rule], ...]


def _shares(of: int) -> tuple[Callable[[], Rule], ...]:
    return tuple(partial(Share, least, of) for least in range(1, of + 1))


FAMILIES = (
    Family(name="N in a row", settings=tuple(partial(Share, n, n) for n in range(1, 9))),
    Family(name="first failure", settings=(partial(Share, 1, 1),)),
    Family(name="N retries", settings=tuple(partial(Retries, n) for n in range(1, 9))),
    Family(name="share over 5 min", settings=_shares(5)),
    Family(name="share over 10 min", settings=_shares(10)),
)


def readings(rule: Rule, world: World, background: float, chance: random.Random, slots: range) -> Iterator[float]:
    """Ask a minute's slots and the looks between; yield the second of each alarm."""
    last_bad, last_at = False, -math.inf
    for slot in slots:
        second: float | None = slot * 60.0
        while second is not None and second < (slot + 1) * 60:
            still = math.exp((last_at - second) / 5) if last_bad else 0.0
            hiccup = chance.random() < still + (1 - still) * background
            last_bad, last_at = hiccup, second
            alarm, wait = rule.take(second, bad=hiccup or chance.random() < world(second))
            if alarm:
                yield second
            second = None if wait is None else second + wait


def false_alarms(build: Callable[[], Rule], background: float) -> int:
    """How often a rule alarms over simulated health; it starts anew after each."""
    chance, slot, count = random.Random(1), 0, 0  # noqa: S311 - a simulation
    while slot < HEALTHY_SLOTS:
        at = next(readings(build(), lambda _: 0.0, background, chance, range(slot, HEALTHY_SLOTS)), None)
        if at is None:
            break
        slot, count = int(at // 60) + 1, count + 1
    return count


def delays(build: Callable[[], Rule], world: World, background: float) -> list[float]:
    """Minutes from the failure's beginning to its alarm, `inf` where there was none within `PATIENCE` minutes."""
    found = []
    for trial in range(TRIALS):
        chance = random.Random(trial)  # noqa: S311 - a simulation
        began = (WARM_UP + chance.random()) * 60
        alarms = readings(
            build(),
            partial(_since, world, began),
            background,
            chance,
            range(WARM_UP + PATIENCE),
        )
        at = next((each for each in alarms if each >= began), math.inf)
        found.append((at - began) / 60)
    return found


def _since(world: World, began: float, second: float) -> float:
    return world(second - began) if second >= began else 0.0


def constant(share: float) -> World:
    return lambda _: share


SHAPES: dict[str, World] = {
    "hard down": constant(1),
    "50 %": constant(0.5),
    "30 %": constant(0.3),
    "15 %": constant(0.15),
    "5 %": constant(0.05),
    "flapping, 2 min of 6": lambda second: 1.0 if second % 360 < 120 else 0.0,
}


def _calibrated(family: Family, allowed: int, background: float) -> Callable[[], Rule] | None:
    return next((build for build in family.settings if false_alarms(build, background) <= allowed), None)


def _cell(found: list[float]) -> str:
    ninth = sorted(found)[int(0.9 * len(found))]
    return f"{median(found):.1f} / {ninth:.1f}"


def table(ours: Callable[[], Rule], shapes: dict[str, World], background: float) -> None:
    """Print one table: median / p90 of the delay in minutes."""
    allowed = false_alarms(ours, background)
    promised = f"{HEALTHY_SLOTS * MINUTE / EVERY:.0f}"
    head = f"| shape | ours | {' | '.join(each.name for each in FAMILIES)} |"
    print(f"\nfalse alarms of ours in {HEALTHY_SLOTS} healthy slots: {allowed} (promised at most {promised})")  # noqa: T201 - a command
    print(head)  # noqa: T201 - a command
    rules = [_calibrated(family, allowed, background) for family in FAMILIES]
    settings = [
        "none strict enough" if rule is None else f"setting {family.settings.index(rule) + 1}"
        for family, rule in zip(FAMILIES, rules, strict=True)
    ]
    print(f"|---|---|{'---|' * len(rules)}\n| | | {' | '.join(settings)} |")  # noqa: T201 - a command
    for name, world in shapes.items():
        cells = ["–" if rule is None else _cell(delays(rule, world, background)) for rule in (ours, *rules)]
        print(f"| {name} | {' | '.join(cells)} |")  # noqa: T201 - a command


def main() -> None:
    """Print the tables for failures and for slowness (x3 at a log-spread of 0.5: 71 % above the usual p95)."""
    table(Sequential, SHAPES, 0.005)
    table(Latency, {"slow x3": constant(0.71)}, 0.05)
    print("\none region of three is hard down, median / p90 in minutes")  # noqa: T201 - a command
    for name, build in (("ours", Regions), ("half of the regions", HalfOfRegions)):
        print(f"{name}: {_cell(delays(build, constant(1), 0.005))}")  # noqa: T201 - a command


if __name__ == "__main__":
    main()
