"""`stillup catalogue`: what is watched, and whether the files that say so are right."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from app.cli.ground import CatalogueOption, JsonFlag, catalogue_or_fail, settings_or_fail, show
from app.domain.service import Catalogue
from app.wiring import describe_catalogue

catalogue = typer.Typer(name="catalogue", help="Look after what is watched.", no_args_is_help=True)


@catalogue.callback()
def _group() -> None:
    """Look after what is watched."""


@catalogue.command()
def validate(
    file: Annotated[
        Path | None, typer.Argument(help="Your own catalogue file; without it, the one `serve` would take.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Read the catalogue and name every mistake by file, line and column; exit 2 if there is one."""
    known = catalogue_or_fail(settings_or_fail(catalogue=file))
    counts = {
        "vendors": len(known.vendors),
        "services": len(known.services),
        "checks": len(known.check_by_id),
        "controls": len(known.controls),
    }
    show(
        {"valid": True, **counts},
        as_json=as_json,
        text=lambda: typer.echo(
            f"The catalogue is right: {counts['services']} services of {counts['vendors']} vendors, "
            f"{counts['checks']} checks, {counts['controls']} controls."
        ),
    )


@catalogue.command(name="list")
def list_services(file: CatalogueOption = None, as_json: JsonFlag = False) -> None:
    """List every service that is watched, with its checks."""
    known = catalogue_or_fail(settings_or_fail(catalogue=file))
    show(_listed(known), as_json=as_json, text=lambda: Console().print(_table(known)))


@catalogue.command()
def schema() -> None:
    """Print the JSON Schema of a catalogue file, for editors to complete and check it by."""
    typer.echo(json.dumps(describe_catalogue(), indent=2, ensure_ascii=False))


def _listed(known: Catalogue) -> dict[str, Any]:
    return {
        "services": [
            {
                "id": service.id,
                "name": service.name,
                "vendor": service.vendor_id,
                "capabilities": list(service.capabilities),
                "checks": [
                    {
                        "id": check.id,
                        "kind": check.kind,
                        "target": check.spec.target,
                        "interval_ms": int(check.cadence.interval.total_seconds() * 1000),
                        "verified_on": check.verified_on,
                    }
                    for check in service.checks
                ],
            }
            for service in known.services
        ]
    }


def _table(known: Catalogue) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Check", "Kind", "Every", "Asks", "Seen healthy on"):
        table.add_column(heading, overflow="fold")
    for check in known.check_by_id.values():
        table.add_row(
            check.id,
            check.kind,
            f"{check.cadence.interval.total_seconds():.0f} s",
            check.spec.target,
            check.verified_on or "not yet",
        )
    return table
