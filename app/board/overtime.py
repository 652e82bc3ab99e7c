"""What the charts of a service are drawn of: a window, bucket by bucket, of what was timed and reported."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.board.history import DAY, History, Stretch, Window
from app.board.latencies import load_live_rollups
from app.board.load import load_history
from app.board.model import ServiceView
from app.board.stretches import by_check, floor, live_hour
from app.domain.check import Check
from app.domain.proof import ANSWERING
from app.domain.report import BUCKET, WEEKS, usual_rate
from app.domain.result import CheckId
from app.domain.rollup import Rollup
from app.domain.sketch import merge_sketches
from app.store.engine import Database
from app.store.reports import count_reports
from app.store.rollups import folded_until, load_days, load_hours

WEEK = timedelta(days=7)
TYPICAL, SLOW, SLUGGISH = 0.5, 0.95, 0.05
"""The median; what one answer of twenty exceeds; what one of twenty does not reach."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One bucket of the charts; `None` where nothing is known, and in all buckets where nothing is asked.

    Latencies are milliseconds, those of the first token counted from when the request was sent; speeds are tokens
    a second. `reports` are how many visitors told of trouble, `usual_reports` how many do at this hour of a week.
    """

    stretch: Stretch
    latency_p50_ms: int | None = None
    latency_p95_ms: int | None = None
    first_token_p50_ms: int | None = None
    first_token_p95_ms: int | None = None
    speed_p50: float | None = None
    speed_p05: float | None = None
    reports: int | None = None
    usual_reports: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverTime:
    """A service over a window. The last bucket is not over yet.

    `leading` is the check whose latencies are told, `model` the one whose first token and speed are.
    """

    history: History
    model: Check | None
    moments: tuple[Moment, ...]

    @property
    def leading(self) -> Check | None:
        """The check whose latencies are told."""
        return self.history.leading


async def load_over_time(database: Database, view: ServiceView, window: Window, now: datetime) -> OverTime:
    """A service over a window. Raises `StoreError`."""
    service = view.service
    if window is Window.DAY:
        history = History(window=window, stretches=view.hours, leading=view.leading)
    else:
        history = await load_history(database, service, window, now)
    model = next((check for check in service.checks if check.kind in ANSWERING), None)
    ids = [check.id for check in (history.leading, model) if check is not None]
    first, last = history.stretches[0], history.stretches[-1]
    load = load_days if first.span >= DAY else load_hours
    async with database.read() as tx:
        rollups = by_check(await load(tx, first.start_at, last.end_at, ids))
        live = await load_live_rollups(tx, ids, live_hour(await folded_until(tx), now), now)
        reports = await count_reports(tx, service.id, first.start_at - WEEKS * WEEK, last.end_at, first.span)
    timed = {
        check_id: [*(each for regional in rollups.get(check_id, ()) for each in regional), live[check_id]]
        for check_id in ids
    }
    return over_time(history, model, timed, reports)


def over_time(
    history: History,
    model: Check | None,
    timed: Mapping[CheckId, Sequence[Rollup]],
    reports: Mapping[datetime, int],
) -> OverTime:
    """The same, of what was timed by check, and how many reported in buckets as long as the history's; pure."""
    span = history.stretches[0].span
    by_leading = _bucketed(timed[history.leading.id], span) if history.leading is not None else {}
    by_model = _bucketed(timed[model.id], span) if model is not None else {}
    moments = (
        _moment(each, by_leading.get(each.start_at, ()), by_model.get(each.start_at, ()), reports)
        for each in history.stretches
    )
    return OverTime(history=history, model=model, moments=tuple(moments))


def _moment(
    stretch: Stretch, leading: Iterable[Rollup], model: Sequence[Rollup], reports: Mapping[datetime, int]
) -> Moment:
    latency = merge_sketches(each.sketch for each in leading)
    first_token = merge_sketches(each.first_token for each in model)
    speed = merge_sketches(each.speed for each in model)
    reported = reports.get(stretch.start_at, 0)
    is_known = stretch.was_watched or reported
    return Moment(
        stretch=stretch,
        latency_p50_ms=latency.quantile(TYPICAL),
        latency_p95_ms=latency.quantile(SLOW),
        first_token_p50_ms=first_token.quantile(TYPICAL),
        first_token_p95_ms=first_token.quantile(SLOW),
        speed_p50=_tokens_per_s(speed.quantile(TYPICAL)),
        speed_p05=_tokens_per_s(speed.quantile(SLUGGISH)),
        reports=reported if is_known else None,
        usual_reports=_usual_reports(stretch, reports) if is_known else None,
    )


def _usual_reports(stretch: Stretch, reports: Mapping[datetime, int]) -> float:
    """As many as are usual in this bucket, by the same one of past weeks."""
    past = [reports.get(stretch.start_at - week * WEEK, 0) for week in range(1, WEEKS + 1)]
    buckets = stretch.span // BUCKET
    return usual_rate(past, WEEKS * buckets) * buckets


def _tokens_per_s(thousandths: int | None) -> float | None:
    return None if thousandths is None else thousandths / 1000


def _bucketed(rollups: Iterable[Rollup], span: timedelta) -> Mapping[datetime, Sequence[Rollup]]:
    gathered: dict[datetime, list[Rollup]] = {}
    for each in rollups:
        gathered.setdefault(floor(each.start_at, span), []).append(each)
    return gathered
