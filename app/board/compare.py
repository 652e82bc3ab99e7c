"""Services side by side: how each has done over the 90 days that a board looks back."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.board.history import Window
from app.board.latencies import Latencies, load_latencies
from app.board.model import ServiceView
from app.domain.incident import Incident
from app.domain.lag import First, LagSummary, summarise
from app.domain.rollup import NOTHING_TIMED
from app.store.engine import Database
from app.store.lag import load_lags

TYPICAL, SLOW = 0.5, 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A service among others; `None` stands for what is not known.

    `recovery_median` and `recovery_p90` are of the troubles that are over. `latency_*` and `first_token_ms` are
    milliseconds, `speed` tokens a second; both of the latter only of services of which a model is asked. `never`
    is the share of our troubles of which its vendor never told, `told` of how many troubles that is known.
    """

    view: ServiceView
    incidents: int
    recovery_median: timedelta | None
    recovery_p90: timedelta | None
    latency_p50_ms: int | None
    latency_p95_ms: int | None
    first_token_ms: int | None
    speed: float | None
    lag_median: timedelta | None
    never: float | None
    told: int


async def load_compared(database: Database, views: Iterable[ServiceView], now: datetime) -> Sequence[Compared]:
    """These services in their order. Raises `StoreError`."""
    found = []
    for view in views:
        _, latencies = await load_latencies(database, view.service, Window.QUARTER, now)
        async with database.read() as tx:
            lags = await load_lags(tx, service_id=view.service.id, since_at=now - Window.QUARTER.length)
        found.append(compared(view, latencies, summarise(lags)))
    return found


def compared(view: ServiceView, latencies: Sequence[Latencies], lag: LagSummary) -> Compared:
    """One service; pure."""
    leading = next((each for each in latencies if each.is_leading), None)
    recoveries = sorted(_lasted(view.incidents))
    first = next((each.first_token for each in latencies if each.first_token is not None), NOTHING_TIMED)
    speed = next((each.speed for each in latencies if each.speed is not None), NOTHING_TIMED).quantile(TYPICAL)
    never = lag.counts[First.VENDOR_NEVER]
    told = lag.compared + never
    return Compared(
        view=view,
        incidents=len(view.incidents),
        recovery_median=_ranked(recoveries, TYPICAL),
        recovery_p90=_ranked(recoveries, 0.9),
        latency_p50_ms=leading.latency.quantile(TYPICAL) if leading is not None else None,
        latency_p95_ms=leading.latency.quantile(SLOW) if leading is not None else None,
        first_token_ms=first.quantile(TYPICAL),
        speed=speed / 1_000 if speed is not None else None,
        lag_median=lag.lag_median,
        never=never / told if told else None,
        told=told,
    )


def _lasted(incidents: Iterable[Incident]) -> Iterable[timedelta]:
    return (each.closed_at - each.opened_at for each in incidents if each.closed_at is not None)


def _ranked(spans: Sequence[timedelta], share: float) -> timedelta | None:
    """The smallest span that at least this share of them does not exceed."""
    return spans[math.ceil(share * len(spans)) - 1] if spans else None
