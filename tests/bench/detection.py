"""How soon failures are confirmed, against the rules in use elsewhere, at one rate of false alarms.

`python -m tests.bench.detection` prints the tables. First the rivals as they are shipped, each with the false
alarms that it raises; then each as strict as it takes to raise no more of them than ours, over the same simulated
health; of the settings that do, the quickest at this very failure is taken: more than its user could know.
One probe a minute, seeded.
"""

import math
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from statistics import median

from app.domain.slowness import Baseline
from tests.bench.rules import Answer, Evidence, Family, Rule, Setting, families, published
from tests.bench.streams import BUSY, MEDIAN_MS, SPREAD, Shape, Stream, median_ms

EVERY = timedelta(minutes=5_000)
"""The rate of false alarms compared at: stricter ones take too long to simulate."""

BACKGROUNDS = (0.002, 0.005, 0.01)
HEALTHY_SLOTS, WARM_UP, TRIALS, PATIENCE = 200_000, 200, 200, 360
Z95 = 1.645
"""The 95th percentile of a normal distribution, in standard deviations."""

OURS = Setting(name="ours", build=partial(Evidence, EVERY))


def constant(share: float) -> Shape:
    """Fails in that share of the answers."""
    return partial(_constant, share)


def _constant(share: float, _since: float) -> float:
    return share


def _flapping(since: float) -> float:
    return 1.0 if since % 360 < 120 else 0.0


INTRODUCTION = """\
# How soon a failure is confirmed

Written by `make bench-detection`. Simulated, one probe a minute, seeded: half of the background's bad answers are
lone, half come in bursts; latency has a day's tide. The figures are minutes from the beginning to the alarm,
median / 90th percentile; – is beyond six hours. First the rivals as they are shipped, with the false alarms that
they raise; then each at the setting that finds this very failure soonest without raising more than ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A way to fail: the share of wrong answers by the time since it began, and how slow the right ones are."""

    name: str
    shape: Shape = field(default_factory=lambda: constant(0))
    slower: float = 1.0


FAILURES = (
    Failure(name="hard down", shape=constant(1)),
    Failure(name="50 %", shape=constant(0.5)),
    Failure(name="30 %", shape=constant(0.3)),
    Failure(name="15 %", shape=constant(0.15)),
    Failure(name="5 %", shape=constant(0.05)),
    Failure(name="flapping, 2 min of 6", shape=_flapping),
)
SLOW = Failure(name="slow ×3", slower=3)


def alarms(rule: Rule, streams: Sequence[Stream], slots: range, *, is_timed: bool) -> Iterator[float]:
    """Ask each minute's slot and the looks between, of every stream in turn; yield the second of each alarm."""
    for slot in slots:
        for stream in streams:
            second: float | None = slot * 60.0
            while second is not None and second < (slot + 1) * 60:
                alarm, wait = rule.take(_asked(stream, second, is_timed=is_timed))
                if alarm:
                    yield second
                second = None if wait is None else second + wait


def _asked(stream: Stream, second: float, *, is_timed: bool) -> Answer:
    if not is_timed:
        return Answer(second=second, failed=stream.fails(second))
    usual = median_ms(second // 3600 * 3600 + 1800)
    known = Baseline(p50_ms=usual, p95_ms=usual * math.exp(Z95 * SPREAD), count=420)
    return Answer(second=second, failed=stream.fails(second), latency_ms=stream.latency_ms(second), usual=known)


def false_alarms(setting: Setting, background: float, *, is_timed: bool = False) -> int:
    """How often a rule alarms over simulated health; it starts anew after each."""
    stream = Stream(seed=1, background=background, seconds=HEALTHY_SLOTS * 60)
    slot, count = 0, 0
    while slot < HEALTHY_SLOTS:
        at = next(alarms(setting.build(), [stream], range(slot, HEALTHY_SLOTS), is_timed=is_timed), None)
        if at is None:
            break
        slot, count = int(at // 60) + 1, count + 1
    return count


def delays(setting: Setting, failure: Failure, background: float, *, is_timed: bool = False) -> list[float]:
    """Minutes from the failure's beginning to its alarm, in order; `inf` for none within `PATIENCE` minutes."""
    found = []
    for trial in range(TRIALS):
        # Anywhere in the day, with enough before it that a rule has settled.
        began = (WARM_UP + trial * 1440 / TRIALS + random.Random(trial).random()) * 60  # noqa: S311 - a simulation
        stream = Stream(
            seed=trial,
            background=background,
            seconds=began + PATIENCE * 60,
            began=began,
            shape=failure.shape,
            slower=failure.slower,
        )
        slots = range(int(began // 60) - WARM_UP, int(began // 60) + PATIENCE)
        heard = alarms(setting.build(), [stream], slots, is_timed=is_timed)
        at = next((each for each in heard if each >= began), math.inf)
        found.append((at - began) / 60)
    return sorted(found)


def cell(found: Sequence[float]) -> str:
    """Median and 90th percentile: "0.9 / 1.3"; a dash for what was not found."""
    told = (median(found), found[int(0.9 * len(found))])
    return " / ".join("–" if math.isinf(each) else f"{each:.1f}" for each in told)


def as_published(background: float) -> list[str]:
    """A table of the rules as they are shipped, ours first: false alarms, then the delays."""
    rules = (OURS, *published())
    days = HEALTHY_SLOTS / 1440
    alarms = [str(false_alarms(each, background)) for each in rules]
    lines = [
        f"\n## As shipped, background {background:.1%}",
        f"| | {' | '.join(each.name for each in rules)} |",
        "|---|" + "---|" * len(rules),
        f"| false alarms in {days:.0f} days | {' | '.join(alarms)} |",
    ]
    for failure in FAILURES:
        cells = [cell(delays(each, failure, background)) for each in rules]
        lines.append(f"| {failure.name} | {' | '.join(cells)} |")
    return lines


def at_one_rate(background: float) -> list[str]:
    """A table of ours against each family at its best setting that alarms no more often."""
    allowed = false_alarms(OURS, background)
    strict = [
        (family, _strict(family, allowed, partial(false_alarms, background=background))) for family in families()
    ]
    promised = HEALTHY_SLOTS * timedelta(minutes=1) / EVERY
    lines = [
        f"\n## At one rate of false alarms, background {background:.1%}: {allowed} ({promised:.0f} promised)",
        f"| | ours | {' | '.join(family.name for family, _ in strict)} | best of them ÷ ours |",
        "|---|---|" + "---|" * (len(strict) + 1),
    ]
    for failure in FAILURES:
        ours = delays(OURS, failure, background)
        best = [_quickest(settings, failure, background) for _, settings in strict]
        lines.append(_line(failure, ours, best))
    return lines


def of_slowness() -> list[str]:
    """A table of ours against fixed limits: the better of the 95th and the 99th percentile of all hours."""
    background = 0.002
    allowed = false_alarms(OURS, background, is_timed=True)
    limits = [MEDIAN_MS * math.exp(z * math.hypot(SPREAD, BUSY / math.sqrt(2))) for z in (Z95, 2.326)]
    counted = partial(false_alarms, background=background, is_timed=True)
    by_limit = [[(family, _strict(family, allowed, counted)) for family in families(limit)] for limit in limits]
    joined = [(low[0].name, [*low[1], *high[1]]) for low, high in zip(by_limit[0], by_limit[1], strict=True)]
    lines = [
        f"\n## Slow answers, in busy and in quiet hours; false alarms: {allowed}",
        f"| | ours | {' | '.join(name for name, _ in joined)} | best of them ÷ ours |",
        "|---|---|" + "---|" * (len(joined) + 1),
    ]
    ours = delays(OURS, SLOW, background, is_timed=True)
    best = [_quickest(settings, SLOW, background, is_timed=True) for _, settings in joined]
    return [*lines, _line(SLOW, ours, best)]


def of_regions() -> list[str]:
    """One region of three is hard down: each with a state of its own, against half of the regions at one time."""
    background, failure = 0.005, FAILURES[0]
    rows = [("ours, of each region", cell(delays(OURS, failure, background)))]
    rows += [
        (f"{each.name}, of each region", cell(delays(each, failure, background))) for each in published()[2:3]
    ]
    rows.append(("½ of the regions at one time (OpenStatus)", cell(sorted(_halves(background)))))
    lines = ["\n## One region of three is hard down", "| | delay |", "|---|---|"]
    return [*lines, *(f"| {name} | {told} |" for name, told in rows)]


def _halves(background: float) -> Iterator[float]:
    """Minutes until two of three regions fail in one slot, of which only the first is down."""
    for trial in range(TRIALS):
        seconds = PATIENCE * 60
        down, *others = (
            Stream(
                seed=1_000 * trial + place,
                background=background,
                seconds=seconds,
                began=0 if place == 0 else math.inf,
                shape=constant(1),
            )
            for place in range(3)
        )
        slots = (slot * 60.0 for slot in range(PATIENCE))
        met = (at for at in slots if down.fails(at) and any(other.fails(at) for other in others))
        yield next(met, math.inf) / 60


def _strict(family: Family, allowed: int, counted: Callable[[Setting], int]) -> list[Setting]:
    return [setting for setting in family.settings if counted(setting) <= allowed]


def _quickest(
    settings: Sequence[Setting], failure: Failure, background: float, *, is_timed: bool = False
) -> tuple[str, list[float]]:
    """The setting that finds this failure soonest; of those that never find it, any."""
    tried = [(each.name, delays(each, failure, background, is_timed=is_timed)) for each in settings]
    return min(
        tried,
        key=lambda each: (median(each[1]), each[1][int(0.9 * TRIALS)]),
        default=("none", [math.inf] * TRIALS),
    )


def _line(failure: Failure, ours: Sequence[float], best: Sequence[tuple[str, list[float]]]) -> str:
    cells = [f"{cell(found)} ({name})" for name, found in best]
    ratio = min(median(found) for _, found in best) / median(ours)
    told = "never found by them" if math.isinf(ratio) else f"{ratio:.1f}×"
    return f"| {failure.name} | **{cell(ours)}** | {' | '.join(cells)} | {told} |"


def main() -> None:
    """Print the tables as Markdown, one process each."""
    tables: list[Callable[[], list[str]]] = [partial(as_published, each) for each in BACKGROUNDS]
    tables += [partial(at_one_rate, each) for each in BACKGROUNDS]
    tables += [of_slowness, of_regions]
    print(INTRODUCTION)  # noqa: T201 - a command
    with ProcessPoolExecutor() as pool:
        for told in pool.map(_told, tables):
            print("\n".join(told))  # noqa: T201 - a command
            sys.stdout.flush()


def _told(table: Callable[[], list[str]]) -> list[str]:
    return table()


if __name__ == "__main__":
    main()
