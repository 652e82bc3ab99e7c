"""How often values fell below each of a few bounds: what can be added up over time, and over many programs."""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts of values by the bounds they do not exceed; the last count is of those above all bounds.

    `bounds` ascend; the values are of whatever unit the bounds are. It takes the same room however much it saw.
    """

    bounds: tuple[float, ...]
    counts: tuple[int, ...]
    total: float = 0.0
    """The sum of all values."""

    @classmethod
    def of(cls, bounds: tuple[float, ...]) -> Self:
        """One that has seen nothing yet."""
        return cls(bounds, (0,) * (len(bounds) + 1))

    def seen(self, value: float) -> Self:
        """The same with one value more."""
        place = bisect_left(self.bounds, value)
        counts = (*self.counts[:place], self.counts[place] + 1, *self.counts[place + 1 :])
        return type(self)(self.bounds, counts, self.total + value)

    @property
    def count(self) -> int:
        """How many values there were."""
        return sum(self.counts)
