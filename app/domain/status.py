"""The status of a thing, in the one vocabulary that database, JSON, CSS and badges share."""

from collections.abc import Iterable
from enum import StrEnum


class Status(StrEnum):
    """How a service, a check or a vendor's component fares."""

    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"
    UNKNOWN = "unknown"
    MAINTENANCE = "maintenance"

    @property
    def is_bad(self) -> bool:
        """Whether people are hurt by it: the two statuses that can open an incident."""
        return self in (Status.DEGRADED, Status.DOWN)


# What is known outweighs what is not: one blind check beside a working one leaves the service up, and
# one blind check beside a broken one leaves it down. `unknown` is the answer only where nothing is known.
_SEVERITY = {
    Status.UNKNOWN: 0,
    Status.UP: 1,
    Status.MAINTENANCE: 2,
    Status.DEGRADED: 3,
    Status.DOWN: 4,
}


def severity(status: Status) -> int:
    """Rank for sorting, larger is worse: unknown 0, up 1, maintenance 2, degraded 3, down 4."""
    return _SEVERITY[status]


def worst_of(statuses: Iterable[Status]) -> Status:
    """The worst status that is known, and `unknown` where there is none."""
    return max(statuses, key=_SEVERITY.__getitem__, default=Status.UNKNOWN)


def capped(status: Status, worst: Status) -> Status:
    """`status`, but no worse than `worst`: what a check of limited importance may say of its service."""
    return worst if _SEVERITY[status] > _SEVERITY[worst] else status
