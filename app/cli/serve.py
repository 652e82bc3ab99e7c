"""`stillup serve`: probe, store, show, until told to stop."""

import logging
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from app.catalogue.errors import CatalogueError
from app.cli.ground import CatalogueOption, ExitCode, fail, settings_or_fail
from app.cli.publish import PublicationError, publication_of
from app.settings import Settings, environment, resource
from app.store.engine import StoreError
from app.web.server import listen
from app.web.server import serve as serve_at
from app.wiring import Runtime, run, upgrade_database


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.  [default: 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.  [default: 8000]")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder for the database.")] = None,
    file: CatalogueOption = None,
) -> None:
    """Serve the dashboard: migrates the database, watches the catalogue, probes, and shows what is seen."""
    settings = settings_or_fail(host=host, port=port, data=data, catalogue=file)
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("apscheduler", "alembic", "httpx"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        with listen(settings.host, settings.port) as listening:
            upgrade_database(settings)
            run(serve_runtime(settings, environment(), listening))
    except (CatalogueError, PublicationError, StoreError, OSError) as error:
        fail(ExitCode.USAGE, f"Cannot start: {error}")


async def serve_runtime(settings: Settings, environ: Mapping[str, str], listening: socket.socket) -> None:
    """Run the program with these settings, shown at that address, until it is told to stop."""
    publication = publication_of(settings)
    runtime = Runtime(settings, environ)
    await serve_at(
        runtime,
        listening,
        templates=resource("templates"),
        static=resource("static"),
        public_url=settings.public_url,
        is_simulated=settings.simulated,
        trusted_proxies=settings.trusted_proxies,
        has_metrics=settings.metrics,
        rate_limit=settings.rate_limit,
        publication=publication,
        most_streams=settings.streams,
    )
