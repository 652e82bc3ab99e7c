"""`stillup serve`: probe, store, show, until told to stop."""

from pathlib import Path
from typing import Annotated

import typer

from app.catalogue.errors import CatalogueError
from app.cli.ground import CatalogueOption, ExitCode, fail, settings_or_fail
from app.store.engine import StoreError
from app.wiring import run, serve_forever


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.  [default: 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.  [default: 8000]")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder for the database.")] = None,
    file: CatalogueOption = None,
) -> None:
    """Serve the dashboard: migrates the database, watches the catalogue, probes, and shows what is seen."""
    settings = settings_or_fail(host=host, port=port, data=data, catalogue=file)
    try:
        run(serve_forever(settings))
    except (CatalogueError, StoreError, OSError) as error:
        fail(ExitCode.USAGE, f"Cannot start: {error}")
