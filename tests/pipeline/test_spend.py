"""The spend guard over a real database, in front of checks that cost."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from app.domain.check import Check
from app.domain.result import LOCAL, Blame, CheckId, FailureKind, Phases, ProbeResult
from app.domain.spend import NUSD, Caps, Spent
from app.pipeline.ask import Asker
from app.pipeline.execute import Executor
from app.pipeline.network import NetworkWatch
from app.pipeline.spend import SpendGuard
from app.probes.prober import Kind, ProbeContext
from app.store.engine import Database
from tests.build import a_catalogue, a_check
from tests.clocks import HandClock

END = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
CENT = NUSD // 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Costly:
    """Asks nobody; costs at most three cents, and two in fact."""

    worst_cost_nusd: int = 3 * CENT
    tells: bool = True

    @property
    def target(self) -> str:
        return "a model"


async def probe(spec: Costly, context: ProbeContext) -> ProbeResult:
    return ProbeResult(
        check_id=context.check_id,
        slot_at=context.slot_at,
        started_at=context.clock.now(),
        phases=Phases(total_ms=5),
        figures={"cost_nusd": 2 * CENT} if spec.tells else {},
    )


CHECK = replace(a_check("api/canary"), kind="costly", spec=Costly())
VENDOR = "api-inc"


@asynccontextmanager
async def desk(
    database: Database, check: Check = CHECK, cap: int = 10 * CENT, at: datetime = END
) -> AsyncIterator[tuple[Executor, SpendGuard, list[ProbeResult], HandClock]]:
    clock = HandClock(at)
    asker = Asker(
        kinds={"costly": Kind(spec=Costly, probe=probe)},
        clock=clock,
        region=LOCAL,
        user_agent="stillup/test",
    )
    guard = SpendGuard(database=database, clock=clock, caps=Caps(vendor_nusd=cap, total_nusd=NUSD))
    await guard.load()
    got: list[ProbeResult] = []
    executor = Executor(
        asker=asker,
        clock=clock,
        network=NetworkWatch(asker=asker, clock=clock),
        hand_on=lambda _check, result: got.append(result),
        seats=8,
        seats_per_vendor=8,
        spend=guard,
    )
    executor.replace(a_catalogue(check))
    yield executor, guard, got, clock
    await executor.stop()


async def ask(executor: Executor, check: Check, times: int) -> None:
    for _ in range(times):
        executor.confirm(check)
        await executor.idle()


async def test_calls_are_made_until_the_dearest_would_go_over_the_cap(database: Database) -> None:
    async with desk(database) as (executor, guard, got, _):
        await ask(executor, CHECK, 6)
        kinds = [result.failure and (result.failure.kind, result.failure.blame) for result in got]
        assert kinds == [None] * 4 + [(FailureKind.SPEND_CAPPED, Blame.US_QUOTA)] * 2
        assert guard.spent == Spent(month="2026-11", by_vendor={VENDOR: 8 * CENT})
        assert "0.080 of the 0.10 USD" in (got[-1].failure.sentence if got[-1].failure else "")


async def test_what_no_vendor_counts_is_counted_at_its_dearest(database: Database) -> None:
    silent = replace(CHECK, spec=Costly(tells=False))
    async with desk(database, silent) as (executor, guard, _got, _):
        await ask(executor, silent, 2)
        assert guard.spent.by_vendor == {VENDOR: 6 * CENT}


async def test_calls_at_the_same_time_cannot_go_over_the_cap_together(database: Database) -> None:
    async with desk(database) as (executor, guard, got, _):
        for _ in range(8):
            executor.confirm(CHECK)
        await executor.idle()
        asked = sum(result.failure is None for result in got)
        assert 3 <= asked <= 4
        assert guard.spent.total_nusd == asked * 2 * CENT <= 10 * CENT


async def test_a_restart_knows_what_was_spent_and_a_new_month_begins_with_nothing(database: Database) -> None:
    async with desk(database) as (executor, _guard, _got, _):
        await ask(executor, CHECK, 4)
    async with desk(database) as (executor, guard, got, clock):
        assert guard.spent.by_vendor == {VENDOR: 8 * CENT}
        await ask(executor, CHECK, 1)
        clock.move(timedelta(days=31))
        await ask(executor, CHECK, 1)
        assert [result.failure is None for result in got] == [False, True]
        assert guard.spent == Spent(month="2026-12", by_vendor={VENDOR: 2 * CENT})


async def test_a_call_that_was_never_settled_stays_counted(database: Database) -> None:
    async with desk(database) as (_executor, guard, _got, _):
        assert await guard.admit(CHECK, VENDOR) is None
    async with desk(database) as (_executor, guard, _got, _):
        assert guard.spent.by_vendor == {VENDOR: 3 * CENT}


async def test_without_a_place_to_write_it_down_nothing_is_asked(database: Database) -> None:
    async with desk(database) as (executor, _guard, got, _):
        async with database.write() as tx:
            await tx.run(text("DROP TABLE spend"))
        await ask(executor, CHECK, 1)
        assert got[0].failure is not None
        assert "cannot be written down" in got[0].failure.sentence


async def test_what_costs_nothing_is_never_held_up(database: Database) -> None:
    free = replace(CHECK, id=CheckId("api/free"), spec=Costly(worst_cost_nusd=0))
    async with desk(database, free, cap=0) as (executor, guard, got, _):
        await ask(executor, free, 3)
        assert [result.failure for result in got] == [None] * 3
        assert guard.spent.by_vendor == {}
