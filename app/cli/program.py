"""The table of commands; the module of a command is imported when it is asked for."""

from difflib import get_close_matches
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from app import __version__

COMMANDS = (
    "serve",
    "status",
    "alternatives",
    "incidents",
    "history",
    "check",
    "doctor",
    "lab",
    "demo",
    "replay",
    "mcp",
    "export",
    "publish",
    "completion",
    "catalogue",
    "db",
    "probe",
    "vendor",
    "evidence",
)
"""In the order of the help. Each is in the module of its name: a function of its name, or a group of commands."""


class Commands(TyperGroup):
    """Knows every command by name, and imports the one that is wanted."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - Typer says what is given
        """The names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name. Leaves with what may be meant where there is none, unless while completing."""
        if cmd_name not in COMMANDS:
            if ctx.resilient_parsing:
                return None
            meant = get_close_matches(cmd_name, COMMANDS, n=1)
            ctx.fail(f"No such command {cmd_name!r}." + (f" Did you mean {meant[0]!r}?" if meant else ""))
        found = getattr(import_module(f"app.cli.{cmd_name}"), cmd_name)
        if not isinstance(found, typer.Typer):
            command, found = found, typer.Typer(add_completion=False)
            found.command(cmd_name)(command)
        made = get_command(found)
        made.name = cmd_name
        return made


program = typer.Typer(
    cls=Commands,
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
