"""What people report: symptoms, counted against what is usual for the hour, and when they are too many for chance.

Distinct visitors are counted in buckets of five minutes. Against the usual rate u a one-sided Poisson CUSUM runs

    score = max(0, score + n * ln(a / u) - (a - u)),    a = max(3 * u, ALARMING)

(Page 1954; Lucas, Technometrics 27, 1985), and a surge is on when the score reaches ln(buckets within a year),
which bounds false alarms to one a year and service. It ends by the same test the other way round. So that a
handful of pranksters is no crowd, a network counts for `MOST_OF_A_NETWORK` in a bucket at most, and a surge needs
`LEAST` visitors of `LEAST_NETWORKS` networks.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.saying import say
from app.domain.status import Status
from app.domain.verdict import Claim, Witness

BUCKET = timedelta(minutes=5)
LOOKED_BACK = timedelta(hours=12)
REPEAT_AFTER = timedelta(minutes=30)
"""A visitor counts once for a service in this time."""

FLOOR = 0.02
"""The least usual number in a bucket: four to five a day, where nobody ever reported before."""

ALARMING = 0.5
LEAST, LEAST_NETWORKS, MOST_OF_A_NETWORK = 5, 3, 2
ALARM_AT = math.log(timedelta(days=365) / BUCKET)
OVER_AT = math.log(20)
WEEKS = 4
PRIOR = 12
"""The floor counts like so many buckets of the past: one hour of it."""


class Symptom(StrEnum):
    """What somebody has trouble with."""

    LOGIN = "cannot_log_in"
    ERROR = "error_message"
    SLOW = "slow"
    WRONG = "wrong_answers"
    MEDIA = "no_image_or_voice"
    API = "api_errors"


SYMPTOM_WORDS = {
    Symptom.LOGIN: say("cannot log in"),
    Symptom.ERROR: say("an error message"),
    Symptom.SLOW: say("it is slow"),
    Symptom.WRONG: say("wrong answers"),
    Symptom.MEDIA: say("no image or voice"),
    Symptom.API: say("errors of the API"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One visitor's report. `network` is a salted hash that tells nothing but whether two are the same."""

    at: datetime
    symptom: Symptom
    network: str


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """What people report of a service: visitors within the last hour, what is usual, and since when it is a surge.

    Where nobody ever reported, the floor is what is usual. `symptoms` are those of the last hour, the commonest
    first.
    """

    last_hour: int = 0
    usual: float = FLOOR * (timedelta(hours=1) / BUCKET)
    since_at: datetime | None = None
    symptoms: Sequence[tuple[Symptom, int]] = field(default_factory=tuple)

    @property
    def claim(self) -> Claim | None:
        """A surge, as the third witness tells of it."""
        if self.since_at is None:
            return None
        reason = say("{count} people reported trouble within an hour", count=self.last_hour)
        if self.symptoms:
            most = SYMPTOM_WORDS[self.symptoms[0][0]]
            reason = say(
                "{count} people reported trouble within an hour, mostly “{symptom}”",
                count=self.last_hour,
                symptom=most,
            )
        return Claim(
            witness=Witness.PEOPLE,
            status=Status.DEGRADED,
            since_at=self.since_at,
            reason=reason,
        )


def usual_rate(counts: Iterable[int], buckets: int) -> float:
    """How many are usual in a bucket, by the counts of the same hour in past weeks, which has so many buckets."""
    return (sum(counts) + FLOOR * PRIOR) / (buckets + PRIOR)


def people(reports: Sequence[Report], usual: float, now: datetime) -> People:
    """What the reports of the last hours amount to at `now`; their order does not matter."""
    recent = sorted((each for each in reports if now - LOOKED_BACK <= each.at <= now), key=lambda each: each.at)
    last_hour = [each for each in recent if now - each.at < timedelta(hours=1)]
    counts = {symptom: sum(each.symptom is symptom for each in last_hour) for symptom in Symptom}
    expected = max(usual, FLOOR)
    return People(
        last_hour=len(last_hour),
        usual=expected * (timedelta(hours=1) / BUCKET),
        since_at=surge_since(recent, expected, now),
        symptoms=sorted(((each, count) for each, count in counts.items() if count), key=lambda each: -each[1]),
    )


def surge_since(reports: Sequence[Report], usual: float, now: datetime) -> datetime | None:
    """Since when there is a surge at `now`; `None` where there is none, or it is over."""
    if not reports:
        return None
    alarming = max(3 * usual, ALARMING)
    step, rest = math.log(alarming / usual), alarming - usual
    score = relief = 0.0
    began_at: datetime | None = None
    is_on = False
    at = _bucket(reports[0].at)
    while at <= now:
        here = [each for each in reports if at <= each.at < at + BUCKET]
        weight = _counted(here) * step - rest
        score = max(0.0, score + weight)
        began_at = began_at or at if score > 0 or is_on else None
        relief = max(0.0, relief - weight) if is_on else 0.0
        if not is_on and began_at is not None and score >= ALARM_AT:
            is_on = _is_crowd(each for each in reports if began_at <= each.at < at + BUCKET)
        elif is_on and relief >= OVER_AT and at + BUCKET <= now:
            is_on, score, began_at = False, 0.0, None
        at += BUCKET
    return began_at if is_on else None


def _counted(reports: Iterable[Report]) -> int:
    networks = [each.network for each in reports]
    return sum(min(networks.count(each), MOST_OF_A_NETWORK) for each in set(networks))


def _is_crowd(reports: Iterable[Report]) -> bool:
    told = list(reports)
    return len(told) >= LEAST and len({each.network for each in told}) >= LEAST_NETWORKS


def _bucket(moment: datetime) -> datetime:
    """The beginning of the bucket that a moment lies in."""
    return datetime.fromtimestamp(
        moment.timestamp() // BUCKET.total_seconds() * BUCKET.total_seconds(), moment.tzinfo
    )
