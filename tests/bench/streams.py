"""Simulated probe streams: a check that is healthy in its own imperfect way, and from some moment on fails.

Health fails by itself in a share of the answers, the `background`: half of that singly, half in bursts, in which
every answer fails for about ten seconds. Latencies are log-normal and slower in the busy hours than at night. What
a stream answers at a moment depends on that moment and the seed alone, whoever asks and how often.
"""

import bisect
import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

BURST_SECONDS = 10.0
DAY_SECONDS = 86_400.0

MEDIAN_MS, SPREAD = 400.0, 0.5
BUSY = 0.4
"""At the busiest hour answers take exp(0.4) times as long as on average, half as long again."""

Shape = Callable[[float], float]
"""Seconds since the failure began to the share of answers that fail because of it."""


@dataclass(frozen=True, kw_only=True)
class Stream:
    """Answers of a check up to `seconds`; from `began` on it fails as `shape` says, and is `slower`."""

    seed: int
    background: float
    seconds: float
    began: float = math.inf
    shape: Shape = lambda _: 0.0
    slower: float = 1.0

    @cached_property
    def _bursts(self) -> tuple[list[float], list[float]]:
        """Beginnings and ends."""
        chance = random.Random(self.seed)  # noqa: S311 - a simulation
        starts, ends, at = list[float](), list[float](), 0.0
        between = BURST_SECONDS / (self.background / 2)
        while (at := at + chance.expovariate(1 / between)) < self.seconds:
            starts.append(at)
            ends.append(at := at + chance.expovariate(1 / BURST_SECONDS))
        return starts, ends

    def fails(self, second: float) -> bool:
        """Whether it answers wrongly at that second."""
        starts, ends = self._bursts
        place = bisect.bisect_right(starts, second) - 1
        if place >= 0 and second < ends[place]:
            return True
        chance = self._chance(second)
        if chance.random() < self.background / 2:
            return True
        return second >= self.began and chance.random() < self.shape(second - self.began)

    def latency_ms(self, second: float) -> float:
        """How long the answer takes at that second."""
        usual = median_ms(second) * (self.slower if second >= self.began else 1.0)
        return usual * math.exp(self._chance(second).gauss(0, SPREAD))

    def _chance(self, second: float) -> random.Random:
        return random.Random(hash((self.seed, second)))  # noqa: S311 - a simulation


def median_ms(second: float) -> float:
    """The usual latency at that second of the day."""
    return MEDIAN_MS * math.exp(BUSY * math.sin(2 * math.pi * second / DAY_SECONDS))
