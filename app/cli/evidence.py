"""`stillup evidence`: what vendors said, as files that anybody can check."""

import zipfile
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.bundles import Bundle, BundleError, put_file
from app.cli.ground import (
    CatalogueOption,
    ExitCode,
    JsonFlag,
    catalogue_or_fail,
    fail,
    settings_or_fail,
    show,
    spoken_for_or_fail,
)
from app.cli.recordings import aware_moment
from app.clock import SystemClock
from app.domain.bundle import Manifest, Verified, verify_bundle
from app.domain.plain import to_plain
from app.domain.said import told_time
from app.pipeline.export import Put, Wanted, export_evidence
from app.settings import Settings
from app.store.engine import Database, StoreError
from app.wiring import open_stored, run

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

evidence = typer.Typer(name="evidence", help="Give away and check what vendors said.", no_args_is_help=True)


@evidence.callback()
def _group() -> None:
    """Give away and check what vendors said."""


@evidence.command()
def export(  # noqa: PLR0917 - Typer calls it by names
    service_id: Annotated[str, typer.Option("--service", help="The service whose vendor's page is wanted.")],
    from_at: Annotated[
        datetime | None,
        typer.Option("--from", parser=aware_moment, metavar="TIME", help="Seen since then.  [default: ever]"),
    ] = None,
    to_at: Annotated[
        datetime | None,
        typer.Option("--to", parser=aware_moment, metavar="TIME", help="Seen before then.  [default: now]"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The file to make.  [default: evidence-SERVICE-FROM-TO.zip]")
    ] = None,
    file: CatalogueOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Write what a service's status page said in a period as a bundle that proves that nothing in it was changed.

    Exit 1 if nothing was kept of it.
    """
    settings = settings_or_fail(catalogue=file)
    watched, service = spoken_for_or_fail(catalogue_or_fail(settings), service_id)
    now = SystemClock().now()
    wanted = Wanted(watched=watched, service=service, from_at=from_at or EPOCH, to_at=to_at or now)
    if wanted.from_at >= wanted.to_at:
        fail(ExitCode.USAGE, f"--from {told_time(wanted.from_at)} is not before --to {told_time(wanted.to_at)}.")
    into = out or Path(f"evidence-{service.id}-{wanted.from_at:%Y%m%dT%H%MZ}-{wanted.to_at:%Y%m%dT%H%MZ}.zip")
    manifest = _written(settings, wanted, now, into)
    if manifest is None:
        fail(ExitCode.BAD, f"Nothing was kept of what the page {watched.page.url} said in that time.")
    show(
        {"file": str(into), **to_plain(manifest)},
        as_json=as_json,
        text=lambda: typer.echo(f"{into}: {_told(manifest)}"),
    )


@evidence.command()
def verify(
    file: Annotated[Path, typer.Argument(help="A bundle that `stillup evidence export` made.")],
    as_json: JsonFlag = False,
) -> None:
    """Check that a bundle is whole and that nothing in it was changed.

    Exit 1 if something was, or if it is no bundle.
    """
    try:
        with closing(Bundle(file)) as bundle:
            verified = verify_bundle(bundle)
    except BundleError as error:
        verified = Verified(manifest=None, problems=(str(error),))
    except OSError as error:
        fail(ExitCode.USAGE, f"{file}: {error.strerror or error}")
    show(_plain(verified), as_json=as_json, text=lambda: _print(file, verified))
    if verified.problems:
        raise typer.Exit(ExitCode.BAD)


def _written(settings: Settings, wanted: Wanted, now: datetime, into: Path) -> Manifest | None:
    """Make the file; where that fails, or nothing is to be said, none is left behind."""
    try:
        database = open_stored(settings)
        archive = zipfile.ZipFile(into, "x")
    except FileExistsError:
        fail(ExitCode.USAGE, f"{into} is there already.")
    except OSError as error:
        fail(ExitCode.USAGE, f"{into}: {error.strerror or error}")
    except StoreError as error:
        fail(ExitCode.USAGE, str(error))
    manifest: Manifest | None = None
    try:
        with archive:
            manifest = run(_exported(database, wanted, now, partial(put_file, archive)))
    except (StoreError, OSError) as error:
        fail(ExitCode.BAD, f"The evidence cannot be exported: {error}")
    finally:
        if manifest is None:
            into.unlink(missing_ok=True)
    return manifest


async def _exported(database: Database, wanted: Wanted, now: datetime, put: Put) -> Manifest | None:
    try:
        return await export_evidence(database, wanted, now, put)
    finally:
        await database.close()


def _plain(verified: Verified) -> dict[str, Any]:
    return {"verified": not verified.problems, **to_plain(verified)}


def _print(file: Path, verified: Verified) -> None:
    for problem in verified.problems:
        typer.echo(f"WRONG  {problem}")
    for sha256 in verified.missing:
        typer.echo(f"MISSING  the document {sha256} was not kept when this was exported")
    if verified.problems:
        typer.echo(f"{file} is not as it was exported.")
    elif verified.manifest is not None:
        typer.echo(f"{file} is whole, and nothing in it was changed: {_told(verified.manifest)}")


def _told(manifest: Manifest) -> str:
    """What a bundle is of; the two hashes tell what it continues, and what has to continue it."""
    return (
        f"{manifest.records} records (number {manifest.first} to {manifest.last}) and {len(manifest.documents)} "
        f"documents of {manifest.url}, seen from {told_time(manifest.from_at)} to {told_time(manifest.to_at)}.\n"
        f"The first record follows {manifest.previous},\nthe last has the hash {manifest.head}."
    )
