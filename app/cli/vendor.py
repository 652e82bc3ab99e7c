"""`stillup vendor`: what is made of a status page, tried on documents that somebody kept."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli.ground import ExitCode, fail
from app.cli.recordings import KindOption, Recorded, aware_moment, load_recorded
from app.clock import SystemClock
from app.domain.plain import to_plain
from app.domain.said import told_time
from app.domain.vendor import VendorPage, merge_pages
from app.vendors.reader import ReadError
from app.vendors.recorded import kinds_of, read_recorded

vendor = typer.Typer(name="vendor", help="Look at what vendors say.", no_args_is_help=True)


@vendor.callback()
def _group() -> None:
    """Look at what vendors say."""


@vendor.command()
def parse(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", help="Documents of one page, the main one first; `-` is standard input."
        ),
    ],
    kind: KindOption = None,
    url: Annotated[str, typer.Option(help="The address that they were fetched from; some kinds need it.")] = "",
    at: Annotated[
        datetime | None,
        typer.Option(
            parser=aware_moment,
            metavar="TIME",
            help="When they were fetched.  [default: as their names say, else now]",
        ),
    ] = None,
) -> None:
    """Print recorded documents of one status page as the `VendorPage` they make, in JSON.

    Exit 1 if one cannot be read.
    """
    now = SystemClock().now()
    recorded = [load_recorded(file, url=url, read_at=at, now=now) for file in files]
    kinds = kinds_of([each.document for each in recorded], kind)
    pages = [_read(each, found) for each, found in zip(recorded, kinds, strict=True)]
    typer.echo(json.dumps(to_plain(merge_pages(pages)), indent=2, ensure_ascii=False))


def _read(recorded: Recorded, kind: str | None) -> VendorPage:
    try:
        page = read_recorded(recorded.document, kind)
    except ReadError as error:
        as_what = f", read as {kind}" if kind else ""
        fail(ExitCode.BAD, f"{recorded.name}{as_what}: {error}")
    when = f"fetched at {told_time(recorded.document.read_at)}"
    typer.echo(f"{recorded.name}: read as {page.kind}, {when}", err=True)
    return page
