"""What a service's checks measured over a span of time, bucket by bucket, read when it is asked for."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from app.board.keeper import BoardKeeper
from app.domain.rollup import Rollup, day_status
from app.store.engine import Database
from app.store.rollups import load_days, load_hours
from app.web.api import iso, tally_json
from app.web.schemas import Window

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SPANS = {
    Window.DAY: (24 * HOUR, HOUR),
    Window.WEEK: (7 * DAY, HOUR),
    Window.MONTH: (30 * DAY, DAY),
    Window.QUARTER: (90 * DAY, DAY),
}


class Histories:
    """Reads histories from the store."""

    def __init__(self, database: Database, keeper: BoardKeeper, now: Callable[[], datetime]) -> None:
        self._database = database
        self._keeper = keeper
        self._now = now

    async def load(self, service_id: str, window: Window) -> dict[str, Any] | None:
        """The history of a service's checks; `None` where there is no such service. Raises `StoreError`."""
        board = self._keeper.board
        view = board.by_id.get(service_id) if board is not None else None
        if view is None:
            return None
        span, step = SPANS[window]
        now = self._now()
        ids = [check.id for check in view.service.checks]
        async with self._database.read() as tx:
            load = load_hours if step == HOUR else load_days
            found = await load(tx, now - span, now, ids)
        return {
            "service": service_id,
            "window": window,
            "step_ms": step // timedelta(milliseconds=1),
            "series": [
                {"check": check_id, "region": region, "buckets": [_bucket(rollup) for rollup in rollups]}
                for (check_id, region), rollups in found.items()
            ],
        }


def _bucket(rollup: Rollup) -> dict[str, Any]:
    return {
        "start_at": iso(rollup.start_at),
        "status": day_status(rollup.tally),
        **tally_json(rollup.tally),
        "p50_ms": rollup.sketch.quantile(0.5),
        "p95_ms": rollup.sketch.quantile(0.95),
    }
