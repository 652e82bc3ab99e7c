"""A check: a standing question to a service, how often it is asked and what counts as bad."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from app.domain.result import CheckId, Thresholds
from app.domain.status import Status


class Spec(Protocol):
    """The part of a check that belongs to its kind; each kind in `app.probes` defines its own."""

    @property
    def target(self) -> str:
        """What is asked, in one line for people: a URL, or `host:port`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """How often a check is asked. A probe that could not start within `grace` of its slot was missed."""

    interval: timedelta = timedelta(minutes=5)

    @property
    def grace(self) -> timedelta:
        """Half an interval, but never more than half a minute: later, the slot's time would mislead."""
        return min(self.interval / 2, timedelta(seconds=30))


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How sure we must be: a check that is well is wrongly called bad at most once in this time, on average."""

    false_alarm_every: timedelta = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A standing question: what is asked (`kind` and `spec`), how often, and what counts as bad.

    `impact` is the worst this check may say of its service: `down` for the thing itself, `degraded` for a
    part people can do without, `up` for a check that informs and never judges. `verified_on` is the ISO date
    on which the healthy answer was last seen for true, or `None` where nobody has.
    """

    id: CheckId
    service_id: str
    name: str
    kind: str
    spec: Spec
    cadence: Cadence = field(default_factory=Cadence)
    thresholds: Thresholds = field(default_factory=Thresholds)
    policy: Policy = field(default_factory=Policy)
    impact: Status = Status.DOWN
    allow_private: bool = False
    verified_on: str | None = None
    note: str | None = None
