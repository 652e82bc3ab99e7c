"""A service over time in the API; shapes and how they are filled."""

from datetime import datetime

from app.board.history import Stretch, Window
from app.board.ranges import RangeHistory
from app.domain.check import Check
from app.domain.status import Status
from app.web.api.shape import MILLISECOND, Answer, Shape, Share

COUNTS = ("due", "up", "degraded", "down", "unknown", "missed")


class Bucket(Shape):
    """A service over a span of time. Counts are `null` before it was watched."""

    start_at: datetime
    """The start of the span."""
    is_kept: bool
    """Whether what was counted then is still kept; `false` where it is too old for buckets as short as these."""
    status: Status
    """As bad as its worst check over the span; `unknown` where nothing is known."""
    uptime: Share | None
    """Of what is known, the share in which it answered."""
    coverage: Share | None
    """The share of the questions due that told something."""
    due: int | None
    """Probes that were due."""
    up: int | None
    """Readings that were `up`."""
    degraded: int | None
    """Readings that were `degraded`."""
    down: int | None
    """Readings that were `down`."""
    unknown: int | None
    """Readings that told nothing."""
    missed: int | None
    """Slots that we are known to have missed."""
    p50_ms: int | None
    """The median latency of the leading check, right to within 2.5 %."""
    p95_ms: int | None
    """Its 95th percentile."""


class HistoryOut(Answer):
    """A service, or one check of it, over a window."""

    service_id: str
    """Whose history it is."""
    check_id: str | None
    """The check it was asked of; `null` for the service as a whole."""
    window: Window | None
    """How far back, where it was asked for so; `null` with `from`."""
    from_at: datetime
    """The start of the first bucket."""
    to_at: datetime
    """The end of the last bucket."""
    bucket_ms: int
    """The span of a bucket."""
    kept_since_at: datetime | None
    """Since when what buckets as short as these are counted from is kept; `null` where nothing is gone."""
    latency_of: str | None
    """The check whose latencies are told."""
    buckets: tuple[Bucket, ...]
    """Oldest first; one that holds this moment is not over yet."""


def history_out(
    service_id: str, check: Check | None, window: Window | None, history: RangeHistory, *, is_simulated: bool
) -> HistoryOut:
    """A service, or one check of it, over a span that was asked for, by a window or otherwise."""
    kept_since_at = history.kept_since_at
    return HistoryOut(
        simulated=is_simulated,
        service_id=service_id,
        check_id=check.id if check is not None else None,
        window=window,
        from_at=history.range.start_at,
        to_at=history.range.end_at,
        bucket_ms=history.range.step // MILLISECOND,
        kept_since_at=kept_since_at,
        latency_of=history.leading.id if history.leading is not None else None,
        buckets=tuple(
            bucket_out(each, is_kept=kept_since_at is None or each.end_at > kept_since_at)
            for each in history.stretches
        ),
    )


def bucket_out(stretch: Stretch, *, is_kept: bool = True) -> Bucket:
    """One span."""
    tally = stretch.tally
    counts = {name: getattr(tally, name) if stretch.was_watched else None for name in COUNTS}
    return Bucket(
        start_at=stretch.start_at,
        is_kept=is_kept,
        status=stretch.status,
        uptime=stretch.uptime,
        coverage=stretch.coverage if stretch.was_watched else None,
        p50_ms=stretch.p50_ms,
        p95_ms=stretch.p95_ms,
        **counts,
    )
