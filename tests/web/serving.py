"""The pages on a real server on loopback, for real browsers."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from app.board.figures import Figures
from app.board.keeper import BoardKeeper
from app.board.load import BoardLoader
from app.board.model import Board
from app.domain.histogram import Histogram
from app.domain.service import Catalogue
from app.pipeline.bus import Bus
from app.pipeline.desk import ReportDesk
from app.settings import resource
from app.store.engine import Database
from app.web.app import create_app
from app.web.snapshots import Snapshots
from tests.clocks import HandClock
from tests.web.scenes import NOW, Scene, an_empty_database, furnished


async def app_of(
    database: Database,
    catalogue: Catalogue,
    scene: Scene,
    *,
    public_url: str | None = None,
    is_simulated: bool = False,
) -> Snapshots:
    """The application over that database, with its first board made."""
    loader = BoardLoader(database)

    async def load() -> Board:
        return await loader.load_whole(catalogue, scene.own, NOW)

    clock = HandClock(NOW)
    keeper = BoardKeeper(load, clock=clock)
    app = create_app(
        keeper=keeper,
        database=database,
        clock=clock,
        templates=resource("templates"),
        static=resource("static"),
        public_url=public_url,
        is_simulated=is_simulated,
        desk=ReportDesk(database=database, clock=clock, bus=Bus()),
        figures=lambda: figures_of(scene, keeper),
    )
    await keeper.renew()
    return app


def figures_of(scene: Scene, keeper: BoardKeeper) -> Figures:
    """What the stations would have counted, had they run."""
    nothing = Histogram.of((0.1, 1.0))
    return Figures(own=scene.own, lateness=nothing, storing=nothing, making=keeper.making)


@contextmanager
def served(
    folder: Path, catalogue: Catalogue, scene: Scene, *, is_simulated: bool = False, port: int = 0
) -> Iterator[str]:
    """Serve a scene in a thread; gives its URL."""
    url = an_empty_database(folder)

    @asynccontextmanager
    async def opened() -> AsyncIterator[ASGIApp]:
        database = await furnished(url, catalogue, scene)
        yield await app_of(database, catalogue, scene, is_simulated=is_simulated)
        await database.close()

    with listening(opened, port=port) as address:
        yield address


@contextmanager
def listening(opened: Callable[[], AbstractAsyncContextManager[ASGIApp]], *, port: int = 0) -> Iterator[str]:
    """Serve an application, which is made and closed in the loop that serves it, in a thread; gives its URL."""
    ready = threading.Event()
    server: list[uvicorn.Server] = []

    async def serve() -> None:
        async with opened() as app:
            config = uvicorn.Config(app, port=port, log_config=None, lifespan="off", ws="none")
            server.append(_Server(config, ready))
            await server[0].serve()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(60), "it never served"
    try:
        yield f"http://127.0.0.1:{server[0].servers[0].sockets[0].getsockname()[1]}"
    finally:
        server[0].should_exit = True
        thread.join(20)


class _Server(uvicorn.Server):
    """Tells when it listens."""

    def __init__(self, config: uvicorn.Config, ready: threading.Event) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready.set()
