"""The table of commands."""

from typing import Annotated

import typer

from app import __version__
from app.cli.catalogue import catalogue
from app.cli.check import check
from app.cli.db import db
from app.cli.demo import demo
from app.cli.doctor import doctor
from app.cli.evidence import evidence
from app.cli.export import export
from app.cli.lab import lab
from app.cli.mcp import mcp
from app.cli.probe import probe
from app.cli.publish import publish
from app.cli.replay import replay
from app.cli.serve import serve
from app.cli.vendor import vendor

program = typer.Typer(
    name="stillup",
    help="Is it still up? Watches the AI services people depend on, and tells what is true.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"stillup {__version__}")
        raise typer.Exit


@program.callback()
def _options(
    _version_asked: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Take what stands before the command."""


program.command()(serve)
program.command()(check)
program.command()(doctor)
program.command()(lab)
program.command()(demo)
program.command()(replay)
program.command()(mcp)
program.command()(export)
program.command()(publish)
program.add_typer(catalogue)
program.add_typer(db)
program.add_typer(probe)
program.add_typer(vendor)
program.add_typer(evidence)
