"""`stillup export`: the whole public site as files that any server of files can serve."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from app.cli.ground import CatalogueOption, ExitCode, JsonFlag, catalogue_or_fail, fail, settings_or_fail, show
from app.settings import Settings
from app.store.engine import StoreError
from app.wiring import run


def export(
    *,
    folder: Annotated[
        Path, typer.Argument(help="Where the copy goes; replaced at once by a link to a version beside it.")
    ],
    url: Annotated[
        str | None, typer.Option(help="Where people will reach the copy.  [default: STILLUP_PUBLIC_URL]")
    ] = None,
    live: Annotated[
        str | None, typer.Option(help="Where people reach the server, to be sent there for what a copy cannot do.")
    ] = None,
    every: Annotated[
        int | None, typer.Option(min=1, help="How often you will do this, in minutes: the pages say so.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the database.")] = None,
    file: CatalogueOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Write every public page, answer of the API, badge and feed as files, from the database of this machine.

    It probes nothing. A copy that cannot be made leaves the one that is there.
    """
    settings = settings_or_fail(data=data, catalogue=file)
    _export(settings, folder.absolute(), url or settings.public_url, live, every, as_json=as_json)


def _export(
    settings: Settings, folder: Path, url: str | None, live: str | None, every: int | None, *, as_json: bool
) -> None:
    from app.cli.copying import copy_stored, web_address  # noqa: PLC0415 - brings the whole server with it
    from app.web.staticcopy.folder import write_folder  # noqa: PLC0415 - see above
    from app.web.staticcopy.model import CopyError, Terms  # noqa: PLC0415 - see above

    if not url:
        fail(ExitCode.USAGE, "Say with --url where the copy will be reached: its feeds and its API name it.")
    terms = Terms(
        url=web_address("--url", url),
        live=web_address("--live", live),
        every=timedelta(minutes=every) if every is not None else None,
    )
    try:
        copy = run(copy_stored(settings, catalogue_or_fail(settings), terms))
        changed = write_folder(copy, folder)
    except StoreError as error:
        fail(ExitCode.USAGE, str(error))
    except CopyError as error:
        fail(ExitCode.BAD, str(error))
    told = {"folder": str(folder), "files": len(copy.files), "changed": changed, "bytes": copy.size}
    words = f"{len(copy.files)} files, {copy.size / 1e6:.1f} MB, {changed} changed: {folder}"
    show(told, as_json=as_json, text=lambda: typer.echo(words))
