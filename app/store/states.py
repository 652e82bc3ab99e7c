"""What the detector carries from reading to reading, so that a restart goes on where it was."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from app.domain.chunk import from_ms, to_ms
from app.domain.detector import CheckState
from app.domain.plain import from_plain, to_plain
from app.domain.result import CheckId, FailureKind, Reading, Region
from app.domain.sequential import Evidence
from app.domain.slowness import Slowness
from app.domain.status import Status
from app.store.engine import ReadTx, WriteTx
from app.store.series import load_numbers
from app.store.tables import series, states


async def save_states(tx: WriteTx, changed: Sequence[CheckState]) -> None:
    """Keep these states in place of what was kept of their series."""
    if not changed:
        return
    numbers = await load_numbers(tx)
    statement = insert(states)
    statement = statement.on_conflict_do_update(
        index_elements=["series"], set_={"state": statement.excluded.state}
    )
    rows = [
        {"series": numbers[state.check_id, state.region], "state": json.dumps(_plain(state), ensure_ascii=False)}
        for state in changed
    ]
    await tx.run(statement, rows)


async def load_states(tx: ReadTx) -> list[CheckState]:
    """The states of all series that are still watched."""
    query = (
        select(series.c.check_id, series.c.region, states.c.state)
        .join(series, series.c.number == states.c.series)
        .where(series.c.retired_ms.is_(None))
    )
    return [
        _state(CheckId(row.check_id), Region(row.region), json.loads(row.state)) for row in await tx.rows(query)
    ]


def _plain(state: CheckState) -> dict[str, Any]:
    last = state.last
    return {
        "status": state.status,
        "since_ms": _ms(state.since_at),
        "evidence": to_plain(state.evidence, sparse=True),
        "slow": to_plain(state.slow, sparse=True),
        "blind": [to_ms(at) for at in state.blind],
        "last_ms": _ms(state.last_at),
        "last": None if last is None else [last.status, last.reason, last.failure_kind],
    }


def _state(check_id: CheckId, region: Region, plain: dict[str, Any]) -> CheckState:
    last = plain["last"]
    return CheckState(
        check_id=check_id,
        region=region,
        status=Status(plain["status"]),
        since_at=_moment(plain["since_ms"]),
        # An earlier version kept the latest readings instead.
        evidence=from_plain(Evidence, plain.get("evidence", {})),
        slow=from_plain(Slowness, plain.get("slow", {})),
        blind=tuple(from_ms(at) for at in plain["blind"]),
        last_at=_moment(plain["last_ms"]),
        last=None
        if last is None
        else Reading(
            status=Status(last[0]), reason=last[1], failure_kind=None if last[2] is None else FailureKind(last[2])
        ),
    )


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else to_ms(moment)


def _moment(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else from_ms(milliseconds)
