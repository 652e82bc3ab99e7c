"""What those are told who watch the watcher."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from app.board.model import Trouble
from tests.build import minute
from tests.web.conftest import Site


async def reasons(site: Site) -> tuple[int, Any]:
    answer = await site.client.get("/readyz")
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, answer.json()["reasons"]


async def test_it_is_alive_and_ready(site: Site) -> None:
    assert (await site.client.get("/healthz")).text == "ok\n"
    assert (await site.client.get("/readyz")).json() == {
        "ready": True,
        "reasons": [],
        "late_p99_ms": 2.4,
        "missed": 0,
    }


async def test_it_is_not_ready_without_a_board(site: Site) -> None:
    site.keeper.board = None
    assert await reasons(site) == (503, ["There is no board yet."])


async def test_it_is_not_ready_with_an_old_board(site: Site) -> None:
    site.clock.move(timedelta(minutes=4))
    assert await reasons(site) == (503, ["The board is from 2026-03-01T14:10:00Z."])


async def test_it_is_not_ready_while_nothing_can_be_stored_or_shown(site: Site) -> None:
    site.own = replace(site.own, storage_trouble="The disk is full.")
    await site.keeper.renew()
    site.keeper.trouble = Trouble(since_at=minute(10), sentence="The database is locked.")
    assert await reasons(site) == (503, ["The database is locked.", "The disk is full."])


async def test_it_is_not_ready_without_its_database(site: Site) -> None:
    async with site.database.write() as tx:
        await tx.connection.exec_driver_sql("DROP TABLE meta")
    status, told = await reasons(site)
    assert (status, len(told)) == (503, 1)
    assert "no such table: meta" in told[0]
