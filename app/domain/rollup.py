"""Counts of readings over a span of time, and what may honestly be computed from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from app.domain.result import FailureKind
from app.domain.sketch import Sketch
from app.domain.status import Status

STRIP_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many probes were due, and what the readings of those made amounted to.

    Confirmations are not counted: they are asked for only when things look bad and would weigh the bad twice.
    `missed` are slots we know we skipped; a slot of which nothing is known at all only shows in `due`.
    """

    due: int = 0
    up: int = 0
    degraded: int = 0
    down: int = 0
    unknown: int = 0
    missed: int = 0
    failures: Mapping[FailureKind, int] = field(default_factory=dict)

    @property
    def judged(self) -> int:
        """Readings that told something: up, degraded or down."""
        return self.up + self.degraded + self.down

    @property
    def uptime(self) -> float | None:
        """Share of the covered time in which the service answered, 0 to 1; `None` where nothing is known."""
        return (self.up + self.degraded) / self.judged if self.judged else None

    @property
    def coverage(self) -> float:
        """Share of the time of which something is known, 0 to 1: judged readings to probes due."""
        return min(1.0, self.judged / self.due) if self.due else 0.0


def merge_tallies(tallies: Iterable[Tally]) -> Tally:
    """The sum of tallies of disjoint spans (or regions)."""
    parts = list(tallies)
    failures: dict[FailureKind, int] = {}
    for part in parts:
        for kind, count in part.failures.items():
            failures[kind] = failures.get(kind, 0) + count
    return Tally(
        due=sum(part.due for part in parts),
        up=sum(part.up for part in parts),
        degraded=sum(part.degraded for part in parts),
        down=sum(part.down for part in parts),
        unknown=sum(part.unknown for part in parts),
        missed=sum(part.missed for part in parts),
        failures=failures,
    )


def day_status(tally: Tally) -> Status:
    """The colour of a stretch: bad if more than a stray reading says so, unknown if none says anything.

    A single bad reading that its confirmation did not bear out must not paint a day: bad needs two readings.
    """
    if not tally.judged:
        return Status.UNKNOWN
    if tally.down > 1 or tally.down == tally.judged:
        return Status.DOWN
    if tally.degraded + tally.down > 1 or tally.degraded == tally.judged:
        return Status.DEGRADED
    return Status.UP


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollup:
    """One check and region over one bucket (an hour or a day, UTC): counts, and a sketch of its latencies.

    The sketch holds `total_ms` of the answers that were not failures.
    """

    start_at: datetime
    tally: Tally
    sketch: Sketch


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """The last `STRIP_DAYS` UTC days of one check and region, oldest first; the last entry is `ends_on`.

    `None` stands for a day on which the check did not exist. Failure kinds are left out: a strip is read by
    every page and has to stay small.
    """

    ends_on: date
    days: tuple[Tally | None, ...]
