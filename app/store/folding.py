"""What folding reads and writes: results that wait, chunks that were made of them, and what is too old."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert

from app.domain.chunk import from_ms, to_ms
from app.domain.result import Recorded
from app.domain.rollup import Rollup, Strip, unpack_days
from app.store.engine import ReadTx, WriteTx
from app.store.results import recorded_of
from app.store.rollups import rollup_of
from app.store.series import Series
from app.store.tables import chunks, hours, results, strips


async def oldest_result(tx: ReadTx) -> datetime | None:
    """The slot of the oldest result that is not folded."""
    ((oldest,),) = await tx.rows(select(func.min(results.c.slot_ms)))
    return None if oldest is None else from_ms(oldest)


async def load_unfolded(
    tx: ReadTx, bite: Sequence[Series], start_at: datetime, end_at: datetime
) -> Mapping[int, list[Recorded]]:
    """The results of these series with slots in [start_at, end_at) that are not folded, by series number."""
    keys = {series.number: series.key for series in bite}
    query = select(results).where(
        results.c.slot_ms >= to_ms(start_at), results.c.slot_ms < to_ms(end_at), results.c.series.in_(keys)
    )
    found: defaultdict[int, list[Recorded]] = defaultdict(list)
    for row in await tx.rows(query):
        found[row.series].append(recorded_of(row, *keys[row.series]))
    return found


async def delete_results(tx: WriteTx, bite: Sequence[Series], start_at: datetime, end_at: datetime) -> None:
    """Forget the single results of these series with slots in [start_at, end_at): they are in chunks now."""
    await tx.run(
        delete(results).where(
            results.c.slot_ms >= to_ms(start_at),
            results.c.slot_ms < to_ms(end_at),
            results.c.series.in_([series.number for series in bite]),
        )
    )


async def load_chunks(
    tx: ReadTx, bite: Sequence[Series], start_at: datetime, end_at: datetime
) -> Mapping[int, dict[datetime, bytes]]:
    """The chunks of these series that start in [start_at, end_at), by series number and start."""
    query = (
        select(chunks)
        .where(
            chunks.c.series.in_([series.number for series in bite]),
            chunks.c.start_ms >= to_ms(start_at),
            chunks.c.start_ms < to_ms(end_at),
        )
        .order_by(chunks.c.series, chunks.c.start_ms)
    )
    found: defaultdict[int, dict[datetime, bytes]] = defaultdict(dict)
    for row in await tx.rows(query):
        found[row.series][from_ms(row.start_ms)] = row.packed
    return found


async def save_chunk(tx: WriteTx, number: int, start_at: datetime, packed: bytes) -> None:
    """Keep a chunk in place of the one with the same start."""
    statement = insert(chunks).values(series=number, start_ms=to_ms(start_at), packed=packed)
    await tx.run(
        statement.on_conflict_do_update(
            index_elements=["series", "start_ms"], set_={"packed": statement.excluded.packed}
        )
    )


async def delete_chunks(tx: WriteTx, number: int, starts: Iterable[datetime]) -> None:
    """Forget the chunks of a series with these starts."""
    moments = [to_ms(start_at) for start_at in starts]
    await tx.run(delete(chunks).where(chunks.c.series == number, chunks.c.start_ms.in_(moments)))


async def load_hours_of(
    tx: ReadTx, bite: Sequence[Series], start_at: datetime, end_at: datetime
) -> Mapping[int, list[Rollup]]:
    """The folded hours of these series that start in [start_at, end_at), by series number."""
    query = select(hours).where(
        hours.c.series.in_([series.number for series in bite]),
        hours.c.start_ms >= to_ms(start_at),
        hours.c.start_ms < to_ms(end_at),
    )
    found: defaultdict[int, list[Rollup]] = defaultdict(list)
    for row in await tx.rows(query):
        found[row.series].append(rollup_of(row))
    return found


async def load_strips_of(tx: ReadTx, bite: Sequence[Series]) -> Mapping[int, Strip]:
    """The strips of these series, by series number."""
    rows = await tx.rows(select(strips).where(strips.c.series.in_([series.number for series in bite])))
    return {row.series: Strip(ends_on=date.fromordinal(row.ends_on), days=unpack_days(row.packed)) for row in rows}


async def prune(tx: WriteTx, chunks_before: datetime, hours_before: datetime) -> None:
    """Forget single results and hourly figures from before these moments."""
    await tx.run(delete(chunks).where(chunks.c.start_ms < to_ms(chunks_before)))
    await tx.run(delete(hours).where(hours.c.start_ms < to_ms(hours_before)))
