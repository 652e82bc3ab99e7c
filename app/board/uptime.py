"""The uptime of a service over spans that the board itself does not hold."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.board.history import DAY, HOUR
from app.board.model import ServiceView
from app.board.stretches import by_check, floor, judges, live_hour, with_live, worst_coverage, worst_uptime
from app.domain.rollup import merge_tallies
from app.store.engine import Database
from app.store.rollups import folded_until, load_days, load_hours, load_live


class UptimeWindow(StrEnum):
    """How far an uptime looks back."""

    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"
    QUARTER = "90d"
    YEAR = "365d"

    @property
    def length(self) -> timedelta:
        """The whole of it; days are those of UTC, the last of them today."""
        return timedelta(hours=24) if self is UptimeWindow.DAY else timedelta(days=int(self.value[:-1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Uptime:
    """The share of what is known in which a service was up (`None` where nothing is), and how much is known."""

    share: float | None
    coverage: float


async def load_uptime(database: Database, view: ServiceView, window: UptimeWindow, now: datetime) -> Uptime:
    """The uptime of a service, that of the worst check that judges it. Raises `StoreError`."""
    if window is UptimeWindow.QUARTER:
        return Uptime(share=view.uptime, coverage=view.coverage)
    load, bucket = (load_hours, HOUR) if window is UptimeWindow.DAY else (load_days, DAY)
    ids = [check.id for check in judges(view.service)]
    async with database.read() as tx:
        anchor = live_hour(await folded_until(tx), now)
        first_at = floor(anchor, bucket) + (bucket if bucket == DAY else timedelta(0)) - window.length
        rollups = await load(tx, first_at, anchor + HOUR, ids)
        live = by_check(await load_live(tx, now))
    folded = {
        check_id: merge_tallies([rollup.tally for regional in regions for rollup in regional])
        for check_id, regions in by_check(rollups).items()
    }
    total = with_live(
        folded,
        {check_id: merge_tallies(parts) for check_id, parts in live.items() if check_id in ids},
    )
    return Uptime(share=worst_uptime(total.values()), coverage=worst_coverage(total.values()))
