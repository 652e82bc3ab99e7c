"""The running program on an address: what is kept by the runtime, served until told to stop."""

import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from app.web.app import create_app
from app.web.events import MOST_STREAMS, Events
from app.web.snapshots import Snapshots
from app.wiring import Runtime

if TYPE_CHECKING:
    from app.web.staticcopy.publication import Publication

log = logging.getLogger(__name__)

SHUTDOWN_SECONDS = 5


def listen(host: str, port: int) -> socket.socket:
    """The address, taken. Raises `OSError` where it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


async def serve(
    runtime: Runtime,
    listening: socket.socket,
    *,
    templates: Path,
    static: Path,
    public_url: str | None = None,
    is_simulated: bool = False,
    trusted_proxies: int = 0,
    has_metrics: bool = True,
    rate_limit: int = 0,
    publication: "Publication | None" = None,
    most_streams: int = MOST_STREAMS,
) -> None:
    """Start the runtime, show its board at the address, publish copies if wanted, and stop it in the end.

    Raises `StoreError` and `CatalogueError` where it cannot start.
    """
    events = Events(runtime.keeper, runtime.clock, most=most_streams)
    app = create_app(
        keeper=runtime.keeper,
        database=runtime.database,
        clock=runtime.clock,
        templates=templates,
        static=static,
        public_url=public_url,
        is_simulated=is_simulated,
        desk=runtime.desk,
        trusted_proxies=trusted_proxies,
        figures=(lambda: runtime.figures) if has_metrics else None,
        rate_limit=rate_limit,
        events=events,
    )
    try:
        await runtime.start()
        log.info("Stillup watches %d services: %s", runtime.services, _address(listening))
        async with _publishing(runtime, publication, templates, static, is_simulated=is_simulated):
            await _Server(_config(app), events).serve(sockets=[listening])
    finally:
        await runtime.stop()


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@asynccontextmanager
async def _publishing(
    runtime: Runtime, publication: "Publication | None", templates: Path, static: Path, *, is_simulated: bool
) -> AsyncIterator[None]:
    """Publish copies meanwhile, where that is wanted."""
    if publication is None:
        yield
        return
    from app.web.staticcopy.publisher import Publisher  # noqa: PLC0415 - not everybody publishes

    publisher = Publisher(
        publication=publication,
        keeper=runtime.keeper,
        catalogue=lambda: runtime.catalogue,
        told=runtime.publishing,
        clock=runtime.clock,
        database_url=runtime.database_url,
        templates=templates,
        static=static,
        is_simulated=is_simulated,
    )
    publisher.start()
    try:
        yield
    finally:
        await publisher.stop()


class _Server(uvicorn.Server):
    """Ends the streams before it waits for what is under way, for they would never end by themselves."""

    def __init__(self, config: uvicorn.Config, events: Events) -> None:
        super().__init__(config)
        self._events = events

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop."""
        self._events.close()
        await super().shutdown(sockets)


def _config(app: Snapshots) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
