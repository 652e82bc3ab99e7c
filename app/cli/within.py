"""A server within this process that answers from the database as it stands, as a running one does."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.types import ASGIApp

from app.board.keeper import BoardKeeper
from app.board.load import BoardLoader
from app.board.model import Board, OwnHealth
from app.clock import Clock, SystemClock
from app.domain.service import Catalogue
from app.settings import Settings, resource
from app.wiring import open_stored

WITHIN = "http://localhost"
"""Stands for the server within this process; nothing listens there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """The application, and how to have it look at the database again."""

    app: ASGIApp
    renew: Callable[[], Awaitable[None]]


@asynccontextmanager
async def serving_within(
    settings: Settings, catalogue: Catalogue, clock: Clock | None = None
) -> AsyncIterator[Within]:
    """Have the database answered from, as it is at the time of that clock. Raises `StoreError`."""
    from app.web.app import create_app  # noqa: PLC0415 - slow to import, and only for this

    database, clock = open_stored(settings), clock or SystemClock()
    loader = BoardLoader(database)
    own = OwnHealth(started_at=clock.now(), probing=False)

    async def load() -> Board:
        return await loader.load(catalogue, own, clock.now())

    keeper = BoardKeeper(load, clock=clock)
    app = create_app(
        keeper=keeper,
        database=database,
        clock=clock,
        templates=resource("templates"),
        static=resource("static"),
        public_url=settings.public_url or f"http://{settings.host}:{settings.port}",
        is_simulated=settings.simulated,
    )
    try:
        await keeper.start()
        yield Within(app=app, renew=keeper.renew)
    finally:
        await keeper.stop()
        await database.close()
