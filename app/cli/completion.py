"""`stillup completion`: what a shell needs to complete commands, options, services and capabilities."""

from collections.abc import Iterator
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from typer.completion import shell_complete

from app.domain.service import Capability
from app.settings import SettingsError, environment, load_settings


class Shell(StrEnum):
    """The shells that are known."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def completion(
    context: typer.Context, shell: Annotated[Shell, typer.Argument(help="Your shell.", show_default=False)]
) -> None:
    """Print a script that has your shell complete commands, options, services and capabilities.

    bash: source <(stillup completion bash), in ~/.bashrc. zsh: source <(stillup completion zsh), in ~/.zshrc after
    compinit. fish: stillup completion fish > ~/.config/fish/completions/stillup.fish
    """
    root = context.find_root()
    shell_complete(root.command, {}, "stillup", "_STILLUP_COMPLETE", f"source_{shell}")


def complete_services(context: typer.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """The services of the catalogue that begin so, with their names; none where there is a mistake in it."""
    from app.catalogue.errors import CatalogueError  # noqa: PLC0415 - slow to import, and only for completion
    from app.catalogue.load import BUILTIN, load_catalogue  # noqa: PLC0415 - see above
    from app.probes.registry import PROBERS  # noqa: PLC0415 - see above

    environ = dict(environment())
    own: Path | None = context.params.get("file")
    if own is not None:
        environ["STILLUP_CATALOGUE"] = str(own)
    with suppress(SettingsError, CatalogueError):
        known = load_catalogue(BUILTIN, load_settings(environ, Path.cwd()).catalogue, PROBERS, environ)
        for service in known.services:
            if service.id.startswith(incomplete):
                yield service.id, service.name


def complete_capabilities(incomplete: str) -> list[str]:
    """The capabilities that begin so."""
    return [each.value for each in Capability if each.startswith(incomplete)]
