"""Evidence added up reading by reading: when failures are too many for chance, and when they have ended.

Per check and region, three one-sided CUSUM charts run side by side, each for one way to fail: hard down, about
half, about one in seven. Every telling reading adds its log-likelihood ratio, failing against healthy:

    score = max(0, score + ln(P(reading | failing) / P(reading | healthy)))       (Page, Biometrika 41, 1954)

and a chart confirms when its score reaches `alarm_at`. A reading that tells nothing adds nothing.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.domain.saying import say
from app.domain.status import Status

YEAR = timedelta(days=365)

OVERSHOOT = 2.0
"""By so much the threshold may be lower than its bound, and false alarms are still rarer than stated: with
background rates of 0.2, 0.5 and 1 %, half of it in bursts (`make bench-detection`)."""
RATES = (0.95, 0.5, 0.15)
"""How often a check fails under each alternative. 0.95 and not 1: one good answer must not disprove an outage."""

LEAST, MOST = 0.001, 0.02
"""Bounds of the background rate: below, one failure would nearly confirm; above, 15 % would hide in it."""

PRIOR_FAILURES, PRIOR_READINGS = 1.0, 200.0
MEMORY = 5_000.0
"""The background is an average over about so many healthy readings; older ones fade."""

STICKY = timedelta(seconds=10)
"""How long a passing hiccup lasts: a repeat this soon after a failure mostly meets the same hiccup."""

LOOKS, LOOK_EVERY = 24, timedelta(seconds=15)
"""So many confirmations may follow one another while a failure is suspected, so far apart; then slots decide."""

FALSE_RECOVERY = 100
"""A recovery is wrongly confirmed no more often than once in so many readings of a lasting failure; nor is what
fails by half wrongly taken to have grown harder."""

_HARDER, _SOFTER = math.log(RATES[0] / RATES[1]), math.log((1 - RATES[0]) / (1 - RATES[1]))
"""What a bad and a good reading weigh for hard down against failing by half."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """How often a healthy check fails: a Beta posterior mean with fading memory, within `LEAST` and `MOST`."""

    failures: float = PRIOR_FAILURES
    readings: float = PRIOR_READINGS

    @property
    def rate(self) -> float:
        """The share of healthy readings that fail."""
        return min(MOST, max(LEAST, self.failures / self.readings))

    def learnt(self, failed: int, asked: int) -> "Background":
        """With `asked` more healthy readings, of which `failed` were bad."""
        readings = self.readings + asked
        kept = min(1.0, MEMORY / readings)
        return Background(failures=(self.failures + failed) * kept, readings=readings * kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One alternative's evidence: the score, and what was asked and failed since it last stood at nothing."""

    score: float = 0.0
    began_at: datetime | None = None
    asked: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A reading and when it was taken; `why` says in words how it failed, such as "answered 503"."""

    at: datetime
    status: Status
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that is carried from reading to reading for one check and region.

    `status` is what is confirmed, true since `since_at`. `charts` stand for `RATES`, `relief` for the same rates
    read the other way round while the status is bad, `harder` for hard down against half, `softer` for no
    longer down. `pending` counts what the background has not learnt yet.
    """

    status: Status = Status.UNKNOWN
    since_at: datetime | None = None
    charts: tuple[Chart, ...] = (Chart(),) * len(RATES)
    relief: tuple[Chart, ...] = (Chart(),) * len(RATES)
    harder: Chart = field(default_factory=Chart)
    softer: Chart = field(default_factory=Chart)
    background: Background = field(default_factory=Background)
    pending: Chart = field(default_factory=Chart)
    episode: Chart = field(default_factory=Chart)
    last_at: datetime | None = None
    last_was_bad: bool = False
    looks: int = 0
    why: str = ""


def alarm_at(interval: timedelta, every: timedelta = YEAR, charts: int = len(RATES)) -> float:
    """The score that confirms: h = ln(K * n) - `OVERSHOOT`, for K charts and n readings within `every`.

    exp(CUSUM) never exceeds its Shiryaev-Roberts sum R, and the sum of K such R, less K per reading, is a
    martingale while all is healthy; so the mean number of readings to a false alarm is at least exp(h) / K. That
    bound is far from reached, since a score jumps over its threshold; how far is measured, not derived.
    Readings include the confirmations that chance failures ask for, at most `MOST * LOOKS` per slot.
    Source: Lorden, Ann. Math. Statist. 42 (1971); Pollak, Ann. Statist. 13 (1985).
    """
    return math.log(charts * max(2.0, every / interval * (1 + MOST * LOOKS))) - OVERSHOOT


def healthy_rate(background: float, gap: timedelta | None, interval: timedelta, *, after_bad: bool) -> float:
    """How often a healthy check fails now: p, or r + (1 - r) p after a failure, with r = exp(-gap / sticky).

    A hiccup that made the last probe fail is still there with chance r, so a quick repeat weighs less than a
    spaced one. It never lasts longer than a third of the interval: who asks every second wants seconds judged.
    """
    if not after_bad or gap is None:
        return background
    still = math.exp(-(gap / min(STICKY, interval / 3)))
    return still + (1 - still) * background


def weight(*, bad: bool, failing: float, healthy: float) -> float:
    """The log-likelihood ratio of one reading: ln(q/p) for a bad one, ln((1-q)/(1-p)) for a good one.

    Where health itself would fail as often as the alternative (a repeat within moments), it tells nothing.
    """
    if healthy >= failing:
        return 0.0
    return math.log(failing / healthy) if bad else math.log((1 - failing) / (1 - healthy))


def moved(chart: Chart, step: float, counts: bool, at: datetime) -> Chart:  # noqa: FBT001 - mapped over three charts
    """The chart one reading on, which weighs `step` and counts as one that failed or not."""
    score = chart.score + step
    if score <= 0 or (chart.score == 0 and not counts):
        return Chart()
    return replace(_counted(chart, at, bad=counts), score=score)


def observe(evidence: Evidence, seen: Seen, interval: timedelta, every: timedelta = YEAR) -> Evidence:
    """Take one more reading into account; one not newer than the last, or that tells nothing, changes nothing."""
    if seen.status is Status.UNKNOWN or (evidence.last_at is not None and seen.at <= evidence.last_at):
        return evidence
    gap = None if evidence.last_at is None else seen.at - evidence.last_at
    healthy = healthy_rate(evidence.background.rate, gap, interval, after_bad=evidence.last_was_bad)
    bads = (seen.status is Status.DOWN, seen.status.is_bad, seen.status.is_bad)
    weights = [weight(bad=bad, failing=rate, healthy=healthy) for bad, rate in zip(bads, RATES, strict=True)]
    charts = tuple(map(moved, evidence.charts, weights, bads, (seen.at,) * len(RATES)))
    heard = replace(
        evidence,
        charts=charts,
        looks=evidence.looks + 1 if any(chart.score for chart in charts) else 0,
        harder=moved(evidence.harder, _HARDER if bads[0] else _SOFTER, bads[0], seen.at),
        last_at=seen.at,
        last_was_bad=seen.status.is_bad,
        why=seen.why if seen.status.is_bad else evidence.why,
    )
    if evidence.status.is_bad:
        good = not seen.status.is_bad
        relief = tuple(
            moved(chart, -weight(bad=not good, failing=rate, healthy=healthy), good, seen.at)
            for chart, rate in zip(evidence.relief, RATES, strict=True)
        )
        softer = moved(evidence.softer, -weights[0], not bads[0], seen.at)
        episode = _counted(evidence.episode, seen.at, bad=not good)
        return _eased(_worsened(replace(heard, relief=relief, softer=softer, episode=episode), interval, every))
    return _worsened(_learnt(heard, seen), interval, every)


def look_again_after(evidence: Evidence, interval: timedelta) -> timedelta | None:
    """How soon to confirm over a fresh connection, as long as a failure is suspected; `None`: the slot will do.

    At once, then so far apart that a hiccup has passed. What fails in part is found by asking more often, and a
    single odd failure is forgotten after some twenty good answers.
    """
    if evidence.status.is_bad or not evidence.looks or evidence.looks > LOOKS:
        return None
    return timedelta(0) if evidence.looks == 1 else min(LOOK_EVERY, interval / 2)


def essence(evidence: Evidence) -> object:
    """What a restart would miss: suspicion and trouble exactly, what is usual in rough steps.

    A check that goes on being well teaches its background with every reading; that alone need not be kept.
    """
    usual = evidence.background
    is_calm = not evidence.status.is_bad and not any(chart.score for chart in evidence.charts)
    steps = int(math.log2(usual.readings) * 4), round(usual.failures)
    return evidence.status, evidence.since_at, steps, None if is_calm else evidence


def explained(told: Iterable[Evidence]) -> str:
    """One sentence for a check's regions: "11 of 14 probes from 2 regions failed since 14:02 UTC: …"."""
    bad = [each for each in told if each.status.is_bad and each.since_at is not None]
    if not bad:
        return say("no failure is confirmed")
    asked, failed = sum(each.episode.asked for each in bad), sum(each.episode.failed for each in bad)
    since = min(each.since_at for each in bad if each.since_at is not None)
    why = max(bad, key=lambda each: each.last_at or since).why
    known = {"failed": failed, "asked": asked, "since": since}
    what = say("{failed} of {asked} probes failed since {since:%H:%M} UTC", **known)
    if len(bad) > 1:
        what = say(
            "{failed} of {asked} probes from {regions} regions failed since {since:%H:%M} UTC",
            **known,
            regions=len(bad),
        )
    return say("{what}: {why}", what=what, why=why) if why else what


def _counted(chart: Chart, at: datetime, *, bad: bool) -> Chart:
    return replace(chart, began_at=chart.began_at or at, asked=chart.asked + 1, failed=chart.failed + bad)


def _learnt(evidence: Evidence, seen: Seen) -> Evidence:
    """Healthy readings teach the background, once no chart suspects them any more."""
    pending = _counted(evidence.pending, seen.at, bad=seen.status.is_bad)
    if any(chart.score for chart in evidence.charts):
        return replace(evidence, pending=pending)
    learnt = evidence.background.learnt(pending.failed, pending.asked)
    since_at = evidence.since_at or seen.at
    return replace(evidence, status=Status.UP, since_at=since_at, background=learnt, pending=Chart())


def _worsened(evidence: Evidence, interval: timedelta, every: timedelta) -> Evidence:
    """Confirm what a chart of at least two failures proves; the worst that is proven counts."""
    least = alarm_at(interval, every)
    for chart, status in zip(evidence.charts, (Status.DOWN, Status.DEGRADED, Status.DEGRADED), strict=True):
        if chart.score < least or chart.failed < 2:  # noqa: PLR2004 - one odd failure never confirms
            continue
        if status is Status.DOWN and not _is_hard(chart):
            if evidence.harder.score < math.log(FALSE_RECOVERY):
                continue
            chart = evidence.harder  # noqa: PLW2901 - it began when the failures grew harder
        if evidence.status in (status, Status.DOWN):
            return evidence
        fresh = (Chart(),) * len(RATES)
        return replace(
            evidence,
            status=status,
            since_at=chart.began_at,
            relief=fresh,
            softer=Chart(),
            episode=chart,
            pending=Chart(),
        )
    return evidence


def _is_hard(chart: Chart) -> bool:
    """Whether so many of its readings failed that it is rather down than failing by half."""
    return chart.failed * _HARDER >= (chart.asked - chart.failed) * -_SOFTER


def _eased(evidence: Evidence) -> Evidence:
    """Confirm recovery from the kind of failure that this episode was, by its share of failures till it eased."""
    since, all_of_it = evidence.relief[1], evidence.episode
    failed = all_of_it.failed - (since.asked - since.failed)
    before = all_of_it.asked - since.asked
    share = failed / before if before else 1.0
    kind = min(range(len(RATES)), key=lambda index: abs(RATES[index] - share))
    proven = evidence.relief[kind]
    if not evidence.status.is_bad or proven.score < math.log(FALSE_RECOVERY):
        if evidence.status is Status.DOWN and evidence.softer.score >= math.log(FALSE_RECOVERY):
            return replace(evidence, status=Status.DEGRADED, since_at=evidence.softer.began_at)
        return evidence
    fresh = Evidence(background=evidence.background, last_at=evidence.last_at)
    return replace(fresh, status=Status.UP, since_at=proven.began_at)
