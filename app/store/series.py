"""Series: each check in each region has a short number, for ever."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects.sqlite import insert

from app.domain.check import Cadence, Check
from app.domain.chunk import from_ms, to_ms
from app.domain.result import CheckId, Region
from app.domain.schedule import slots_between
from app.store.engine import ReadTx, WriteTx
from app.store.tables import series

Key = tuple[CheckId, Region]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A check in a region: since when it is asked, how often, and until when if it is no longer."""

    number: int
    key: Key
    interval: timedelta
    first_at: datetime
    retired_at: datetime | None

    def due(self, start_at: datetime, end_at: datetime) -> int:
        """How many probes were due in [start_at, end_at), by the interval now in force."""
        check_id, region = self.key
        start = max(start_at, self.first_at)
        end = min(end_at, self.retired_at) if self.retired_at else end_at
        return slots_between(check_id, Cadence(interval=self.interval), region, start, end)


async def ensure_series(tx: WriteTx, checks: Sequence[Check], region: Region, now: datetime) -> None:
    """Number the checks that are new, revive those that came back, retire those that are gone."""
    given = [
        {
            "check_id": check.id,
            "region": region,
            "interval_ms": check.cadence.interval // timedelta(milliseconds=1),
            "first_ms": to_ms(now),
        }
        for check in checks
    ]
    statement = insert(series)
    changed = {"interval_ms": statement.excluded.interval_ms, "retired_ms": None}
    await tx.run(statement.on_conflict_do_update(index_elements=["check_id", "region"], set_=changed), given)
    known = {check.id for check in checks}
    alive = await tx.rows(
        select(series.c.number, series.c.check_id).where(series.c.region == region, series.c.retired_ms.is_(None))
    )
    for number, check_id in alive:
        if check_id not in known:
            await tx.run(update(series).where(series.c.number == number).values(retired_ms=to_ms(now)))


async def load_series(tx: ReadTx) -> list[Series]:
    """All series, retired ones too."""
    return [
        Series(
            number=row.number,
            key=(CheckId(row.check_id), Region(row.region)),
            interval=timedelta(milliseconds=row.interval_ms),
            first_at=from_ms(row.first_ms),
            retired_at=None if row.retired_ms is None else from_ms(row.retired_ms),
        )
        for row in await tx.rows(select(series))
    ]


async def load_numbers(tx: ReadTx, check_ids: Collection[CheckId] | None = None) -> Mapping[Key, int]:
    """The number of each series, or of those of the given checks."""
    query = select(series.c.check_id, series.c.region, series.c.number)
    if check_ids is not None:
        query = query.where(series.c.check_id.in_(check_ids))
    return {(CheckId(check_id), Region(region)): number for check_id, region, number in await tx.rows(query)}
