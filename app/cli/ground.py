"""What every command stands on: settings, catalogue, output, and exit codes."""

import json
import sys
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from enum import IntEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from app.catalogue.errors import CatalogueError
from app.domain.service import Catalogue, Service
from app.domain.watched import WatchedPage, watched_pages
from app.settings import Settings, SettingsError, environment, load_settings

JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
CatalogueOption = Annotated[
    Path | None,
    typer.Option("--catalogue", "-c", metavar="FILE", help="Your own catalogue file, beside the shipped one."),
]
UrlOption = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="A running Stillup to ask, such as https://status.example.  "
        "[default: STILLUP_URL, else the database here]",
    ),
]


class ExitCode(IntEnum):
    """What an exit code of this program means; 0 is "as it should be"."""

    BAD = 1
    """What was asked about is not as it should be: down, drifted, invalid."""

    USAGE = 2
    """The question was wrong: an unknown id, a setting or a catalogue that cannot be used."""

    UNKNOWN = 3
    """It cannot be told: our own network fails, or nobody knows."""

    DEGRADED = 4
    """What was asked about works badly."""

    MAINTENANCE = 5
    """What was asked about is worked on by plan."""

    MISSING = 6
    """There is no service or capability by that name."""

    NO_ANSWER = 7
    """Nobody answered: no server, something else in its place, or no database."""


def fail(code: ExitCode, message: str) -> NoReturn:
    """Say what is wrong on standard error, and leave."""
    typer.echo(message, err=True)
    raise typer.Exit(code)


def settings_or_fail(**overrides: Any) -> Settings:
    """The settings of the environment, with those of the command line before them."""
    environ = dict(environment())
    environ |= {f"STILLUP_{name.upper()}": str(value) for name, value in overrides.items() if value is not None}
    try:
        return load_settings(environ, Path.cwd())
    except SettingsError as error:
        fail(ExitCode.USAGE, str(error))


def catalogue_or_fail(settings: Settings) -> Catalogue:
    """The catalogue of those settings."""
    from app.wiring import read_catalogue  # noqa: PLC0415 - slow to import, and not every command needs it

    try:
        return read_catalogue(settings, environment())
    except CatalogueError as error:
        fail(ExitCode.USAGE, str(error))


def spoken_for_or_fail(catalogue: Catalogue, service_id: str) -> tuple[WatchedPage, Service]:
    """A service that a status page speaks for, and that page."""
    found = {
        service.id: (watched, service) for watched in watched_pages(catalogue) for service in watched.services
    }
    if service_id not in found:
        close = get_close_matches(service_id, found, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else "; `stillup catalogue list` lists all services."
        fail(ExitCode.USAGE, f"There is no service {service_id!r} with a status page{hint}")
    return found[service_id]


def show(data: Mapping[str, Any], *, as_json: bool, text: Callable[[], None]) -> None:
    """Print `data` as JSON, or let `text` print it for people."""
    if as_json:
        json.dump(data, sys.stdout, indent=2, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        text()
