"""Ninety days that never were: what would be stored had the pretended services been watched all along.

Pure, and the same for the same catalogue, moment and seed.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.check import Check
from app.domain.detector import CheckState, Transition
from app.domain.incident import Incident, follow
from app.domain.result import LOCAL, CheckId, FailureKind, Reading
from app.domain.rollup import STRIP_DAYS, Rollup, Strip, Tally, fold_rollups
from app.domain.schedule import EPOCH, slots_between
from app.domain.service import Catalogue, Service
from app.domain.sketch import Sketch
from app.domain.spend import worst_cost
from app.domain.status import Status
from app.domain.verdict import measured_alone

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

HOURS_KEPT = 8 * 24
"""Hours are generated for the windows that show them, 24 hours and 7 days; before that there are days."""

BLIND = (timedelta(days=37, hours=5), timedelta(hours=9))
"""So long ago, and for so long, nobody was looking: what is not known is shown, too."""

RUSH_HOURS = range(13, 20)
_TROUBLES = (
    (Status.DOWN, FailureKind.SERVER_ERROR, "answered 500 Internal Server Error"),
    (Status.DOWN, FailureKind.OVERLOADED, "answered 503 Service Unavailable"),
    (Status.DEGRADED, FailureKind.OVERLOADED, "answered 529, overloaded, now and then"),
    (Status.DOWN, FailureKind.FIRST_BYTE_TIMEOUT, "took the request and said nothing for 15 s"),
)
_TITLES = {
    FailureKind.SERVER_ERROR: "Elevated errors",
    FailureKind.OVERLOADED: "Capacity exceeded, some requests are refused",
    FailureKind.FIRST_BYTE_TIMEOUT: "Requests time out",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A trouble of the past. Its vendor spoke of it `said_after` its beginning; `None` if it never did."""

    service: Service
    began_at: datetime
    ended_at: datetime
    status: Status
    kind: FailureKind
    sentence: str
    said_after: timedelta | None

    @property
    def title(self) -> str:
        """What its vendor called it."""
        return _TITLES[self.kind]


def draw_episodes(catalogue: Catalogue, now: datetime, seed: int) -> tuple[Episode, ...]:
    """The troubles of all services, oldest first; those of one service never touch each other."""
    drawn = [episode for service in catalogue.services for episode in _of_service(service, now, seed)]
    return tuple(sorted(drawn, key=lambda episode: episode.began_at))


def _of_service(service: Service, now: datetime, seed: int) -> Iterator[Episode]:
    draw = random.Random(f"{seed} {service.id}")  # noqa: S311 - pretended evidence, not a secret
    number = draw.choice((0, 1, 1, 2, 3))
    for place in range(number):
        # Each within its own part of the time, so that none runs into the next.
        ago = DAY + (STRIP_DAYS - 3) * DAY * ((place + draw.uniform(0.1, 0.9)) / number)
        began_at = (now - ago).replace(microsecond=0)
        lasted = timedelta(minutes=round(min(draw.lognormvariate(3.7, 0.7), 600)))
        status, kind, sentence = draw.choice(_TROUBLES)
        says = draw.random() < 0.75  # noqa: PLR2004 - three of four troubles are admitted
        yield Episode(
            service=service,
            began_at=began_at,
            ended_at=began_at + lasted,
            status=status,
            kind=kind,
            sentence=sentence,
            said_after=timedelta(minutes=round(min(draw.lognormvariate(2.3, 0.6), 90))) if says else None,
        )


def incident_of(episode: Episode) -> Incident | None:
    """The incident that our own probes would have made of it."""
    leading = episode.service.checks[0]
    began = Transition(
        check_id=leading.id,
        region=LOCAL,
        before=Status.UP,
        after=episode.status,
        since_at=episode.began_at,
        confirmed_at=episode.began_at + leading.cadence.interval,
        reason=episode.sentence,
        failure_kind=episode.kind,
    )
    ended = replace(
        began,
        before=episode.status,
        after=Status.UP,
        since_at=episode.ended_at,
        confirmed_at=episode.ended_at + leading.cadence.interval,
        reason="answered rightly again",
        failure_kind=None,
    )
    opened = _followed(None, episode.service, episode.status, began)
    return _followed(opened, episode.service, Status.UP, ended)


def _followed(last: Incident | None, service: Service, status: Status, change: Transition) -> Incident | None:
    return follow(last, service.id, measured_alone(change, status), change.confirmed_at, change)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """How a check is usually answered; the first token, after the request, and the speed are those of a model."""

    latency_ms: int
    first_token_ms: int = 0
    tokens_per_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What is folded of one check."""

    hours: tuple[Rollup, ...]
    days: tuple[Rollup, ...]
    state: CheckState

    @property
    def strip(self) -> Strip:
        """The days in short."""
        return Strip(ends_on=self.days[-1].start_at.date(), days=tuple(day.tally for day in self.days))


def floor(moment: datetime, span: timedelta) -> datetime:
    """The start of the full hour or day (UTC) that holds `moment`."""
    return moment - (moment - EPOCH) % span


def past_of(check: Check, episodes: Sequence[Episode], usual: Usual, now: datetime, seed: int) -> Past:
    """What is folded of a check until the last full hour; `episodes` are those of its service, oldest first."""
    felt = tuple(episodes) if _feels(check) else ()
    pen = _Pen(
        check=check,
        episodes=felt,
        usual=usual,
        dark_at=now - BLIND[0],
        draw=random.Random(f"{seed} {check.id}"),  # noqa: S311 - pretended evidence, not a secret
    )
    until_at = floor(now, HOUR)
    first_at = floor(until_at, DAY) - (STRIP_DAYS - 1) * DAY
    hours = tuple(pen.rollup(until_at - number * HOUR, HOUR) for number in range(HOURS_KEPT, 0, -1))
    days = tuple(pen.day(first_at + number * DAY, until_at, hours) for number in range(STRIP_DAYS))
    since_at = max((episode.ended_at for episode in felt), default=first_at)
    return Past(hours=hours, days=days, state=_state(check, since_at, until_at))


def _feels(check: Check) -> bool:
    """Whether a trouble of its service shows in a check: certificates, names and the edge stay good."""
    return check.kind in ("http", "inference") and check.name != "edge"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pen:
    """Writes the figures of one check."""

    check: Check
    episodes: tuple[Episode, ...]
    usual: Usual
    dark_at: datetime
    draw: random.Random

    def day(self, start_at: datetime, until_at: datetime, hours: Sequence[Rollup]) -> Rollup:
        """A day as far as it has gone: folded of its hours where all of them are kept."""
        span = min(DAY, until_at - start_at)
        parts = [hour for hour in hours if start_at <= hour.start_at < start_at + DAY]
        if parts and parts[0].start_at == start_at:
            return fold_rollups(start_at, parts, self._due(start_at, span))
        return self.rollup(start_at, span)

    def rollup(self, start_at: datetime, span: timedelta) -> Rollup:
        """A stretch: most answers are good, but while an episode lasts none is."""
        due = self._due(start_at, span)
        seen = due - round(due * _overlap(start_at, span, self.dark_at, self.dark_at + BLIND[1]))
        counts = {Status.DOWN: 0, Status.DEGRADED: 0}
        failures: dict[FailureKind, int] = {}
        for episode in self.episodes:
            if bad := min(seen, round(due * _overlap(start_at, span, episode.began_at, episode.ended_at))):
                counts[episode.status] += bad
                failures[episode.kind] = failures.get(episode.kind, 0) + bad
        tally = Tally(
            due=due,
            up=max(0, seen - sum(counts.values())),
            degraded=counts[Status.DEGRADED],
            down=counts[Status.DOWN],
            failures=failures,
        )
        slowness = self._slowness(start_at, tally)
        spoken = slowness if self.check.kind == "inference" else []
        return Rollup(
            start_at=start_at,
            tally=tally,
            sketch=Sketch.of(round(self.usual.latency_ms * each) for each in slowness),
            first_token=Sketch.of(round(self.usual.first_token_ms * each) for each in spoken),
            speed=Sketch.of(round(1000 * self.usual.tokens_per_s / each) for each in spoken),
        )

    def _due(self, start_at: datetime, span: timedelta) -> int:
        return slots_between(self.check.id, self.check.cadence, LOCAL, start_at, start_at + span)

    def _slowness(self, start_at: datetime, tally: Tally) -> list[float]:
        """A handful of answers that stand for all, as times the usual: slower by day, and before things break."""
        busy = (1.25 if start_at.hour in RUSH_HOURS else 1.0) * (1.6 if tally.failures else 1.0)
        return [busy * self.draw.uniform(0.92, 1.2) for _ in range(12)] if tally.up else []


def _overlap(start_at: datetime, span: timedelta, began_at: datetime, ended_at: datetime) -> float:
    """The share of a span that lies between two moments, 0 to 1."""
    common = min(start_at + span, ended_at) - max(start_at, began_at)
    return max(common, timedelta(0)) / span if span else 0.0


def _state(check: Check, since_at: datetime, at: datetime) -> CheckState:
    return CheckState(
        check_id=check.id,
        region=LOCAL,
        status=Status.UP,
        since_at=since_at,
        last_at=at,
        last=Reading(status=Status.UP, reason="answered rightly"),
    )


def pasts_of(
    catalogue: Catalogue, episodes: Sequence[Episode], usual: Mapping[CheckId, Usual], now: datetime, seed: int
) -> Iterator[tuple[Check, Past]]:
    """What is folded of every check; `usual` tells how they answer."""
    for service in catalogue.services:
        own = [episode for episode in episodes if episode.service is service]
        for check in service.checks:
            yield check, past_of(check, own, usual[check.id], now, seed)


def spent_until(catalogue: Catalogue, now: datetime) -> Mapping[str, int]:
    """What canaries have cost this month by vendor, in billionths of a pretended USD."""
    month_at = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    spent: dict[str, int] = {}
    for service in catalogue.services:
        for check in service.checks:
            if cost := worst_cost(check):
                times = slots_between(check.id, check.cadence, LOCAL, month_at, now)
                spent[service.vendor_id] = spent.get(service.vendor_id, 0) + times * cost
    return spent
