"""`stillup db`: the database's own affairs."""

import typer

from app.cli.ground import ExitCode, JsonFlag, fail, settings_or_fail, show
from app.store.engine import StoreError
from app.wiring import upgrade_database

db = typer.Typer(name="db", help="Look after the database.", no_args_is_help=True)


@db.callback()
def _group() -> None:
    """Look after the database."""


@db.command()
def upgrade(as_json: JsonFlag = False) -> None:
    """Bring the database's tables up to date; `serve` does this by itself."""
    settings = settings_or_fail()
    try:
        upgrade_database(settings)
    except StoreError as error:
        fail(ExitCode.BAD, str(error))
    show(
        {"database": settings.database_url, "current": True},
        as_json=as_json,
        text=lambda: typer.echo(f"{settings.database_url} is up to date."),
    )
