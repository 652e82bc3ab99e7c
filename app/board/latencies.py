"""How long the answers of a service took over a window, as sketches that any quantile can be read from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.board.history import DAY, Window
from app.board.ranges import Range, range_asked
from app.board.stretches import by_check, is_model, leading
from app.domain.check import Check
from app.domain.result import CheckId, Recorded
from app.domain.rollup import Rollup, fold_results
from app.domain.service import Service
from app.domain.sketch import Sketch, merge_sketches
from app.store.engine import Database, ReadTx
from app.store.results import load_results
from app.store.rollups import folded_until, load_days, load_hours
from app.store.series import load_numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Latencies:
    """What one check measured over a window, its right answers alone.

    `latency` holds milliseconds, as each is judged by: of a model its first token from the start of the
    connection, else the whole answer. Of a model, `first_token` holds milliseconds from when the request was
    sent, and `speed` thousandths of a token a second; both are `None` where no model is asked.
    """

    check: Check
    is_leading: bool
    latency: Sketch
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
        live = await load_live_rollups(tx, ids, anchor, now)
    by_id = by_check(folded)
    leader = leading(service)
    return asked, [
        _latencies(
            check,
            [
                *(rollup for regional in by_id.get(check.id, ()) for rollup in regional),
                live[check.id],
            ],
            is_leading=check is leader,
        )
        for check in service.checks
    ]


def _latencies(check: Check, rollups: Sequence[Rollup], *, is_leading: bool) -> Latencies:
    latency = merge_sketches(each.sketch for each in rollups)
    if not is_model(check):
        return Latencies(check=check, is_leading=is_leading, latency=latency)
    return Latencies(
        check=check,
        is_leading=is_leading,
        latency=latency,
        first_token=merge_sketches(each.first_token for each in rollups),
        speed=merge_sketches(each.speed for each in rollups),
    )


async def load_live_rollups(
    tx: ReadTx, ids: Sequence[CheckId], since_at: datetime, now: datetime
) -> Mapping[CheckId, Rollup]:
    """What came since then of each of these checks, folded as if it were one bucket."""
    found: dict[CheckId, list[Recorded]] = {check_id: [] for check_id in ids}
    for key in await load_numbers(tx, ids):
        found[key[0]] += await load_results(tx, *key, since_at, now + timedelta(milliseconds=1))
    return {check_id: fold_results(since_at, results, due=0) for check_id, results in found.items()}
