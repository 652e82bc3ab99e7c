"""How long the answers of a service took over a window, as sketches that any quantile can be read from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.board.history import DAY, Window
from app.board.ranges import Range, range_asked
from app.board.stretches import leading
from app.domain.check import Check
from app.domain.result import CheckId, ProbeResult
from app.domain.service import Service
from app.domain.sketch import Sketch, merge_sketches
from app.store.engine import Database, ReadTx
from app.store.results import load_results
from app.store.rollups import folded_until, load_days, load_hours
from app.store.series import Key, load_numbers

STREAMS_FOR = timedelta(days=7)
"""What a stream is measured by beside its first token is read from single results, and so no farther back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Latencies:
    """What one check measured over a window, its right answers alone.

    `latency` holds milliseconds, as each is judged by: of a model its first token from the start of the
    connection, else the whole answer. Of a model, `first_token` holds milliseconds from when the request was
    sent, and `speed` thousandths of a token a second; both are of what came since `streams_since_at`.
    """

    check: Check
    is_leading: bool
    latency: Sketch
    streams_since_at: datetime | None = None
    first_token: Sketch | None = None
    speed: Sketch | None = None


async def load_latencies(
    database: Database, service: Service, window: Window, now: datetime
) -> tuple[Range, Sequence[Latencies]]:
    """The span, and what each check of a service measured in it. Raises `StoreError`."""
    asked = range_asked(now, window=window, from_at=None, to_at=None, step=None)
    ids = [check.id for check in service.checks]
    async with database.read() as tx:
        load = load_days if asked.step >= DAY else load_hours
        folded = await load(tx, asked.start_at, asked.end_at, ids)
        anchor = max(await folded_until(tx) or asked.start_at, asked.start_at)
        keys = await load_numbers(tx, ids)
        unfolded = await _load(tx, keys, anchor, now)
        since_at = max(asked.start_at, now - STREAMS_FOR)
        streams = await _load(tx, [key for key in keys if _is_stream(service, key[0])], since_at, now)
    leader = leading(service)
    told = [
        _latencies(
            check,
            is_leading=check is leader,
            latency=merge_sketches(
                [
                    *(
                        rollup.sketch
                        for key, rollups in folded.items()
                        if key[0] == check.id
                        for rollup in rollups
                    ),
                    Sketch.of(result.latency_ms for result in unfolded.get(check.id, ())),
                ]
            ),
            streams=streams.get(check.id),
            since_at=since_at,
        )
        for check in service.checks
    ]
    return asked, told


def _latencies(
    check: Check, *, is_leading: bool, latency: Sketch, streams: Iterable[ProbeResult] | None, since_at: datetime
) -> Latencies:
    if streams is None:
        return Latencies(check=check, is_leading=is_leading, latency=latency)
    figures = [result.figures for result in streams]
    return Latencies(
        check=check,
        is_leading=is_leading,
        latency=latency,
        streams_since_at=since_at,
        first_token=Sketch.of(each["ttft_ms"] for each in figures if "ttft_ms" in each),
        speed=Sketch.of(1_000_000_000 // each["tpot_us"] for each in figures if each.get("tpot_us")),
    )


async def _load(
    tx: ReadTx, keys: Iterable[Key], since_at: datetime, until_at: datetime
) -> Mapping[CheckId, list[ProbeResult]]:
    """The right answers of these series, confirmations left out, by check."""
    found: dict[CheckId, list[ProbeResult]] = {}
    for key in keys:
        told = found.setdefault(key[0], [])
        for each in await load_results(tx, *key, since_at, until_at + timedelta(milliseconds=1)):
            if each.result.failure is None and not each.result.is_confirmation:
                told.append(each.result)
    return found


def _is_stream(service: Service, check_id: CheckId) -> bool:
    return any(check.id == check_id and check.kind == "inference" for check in service.checks)
