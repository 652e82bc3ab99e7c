"""`stillup publish`: put a copy where the settings say, once and now; `serve` does so on every change."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.ground import CatalogueOption, ExitCode, JsonFlag, catalogue_or_fail, fail, settings_or_fail, show
from app.settings import BUCKET, Settings
from app.store.engine import StoreError
from app.wiring import run

if TYPE_CHECKING:
    from app.web.staticcopy.bucket import Place
    from app.web.staticcopy.publication import Publication
    from app.web.staticcopy.signing import Key


def publish(
    data: Annotated[Path | None, typer.Option(help="Folder of the database.")] = None,
    file: CatalogueOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Publish a copy where STILLUP_PUBLISH says, from the database of this machine. It probes nothing."""
    settings = settings_or_fail(data=data, catalogue=file)
    try:
        publication = publication_of(settings)
    except PublicationError as error:
        fail(ExitCode.USAGE, str(error))
    if publication is None:
        fail(ExitCode.USAGE, "Say with STILLUP_PUBLISH where to: a folder, or s3://bucket/prefix.")
    _publish(settings, publication, as_json=as_json)


def _publish(settings: Settings, publication: "Publication", *, as_json: bool) -> None:
    from app.cli.copying import copy_stored  # noqa: PLC0415 - brings the whole server with it
    from app.clock import SystemClock  # noqa: PLC0415 - see above
    from app.web.staticcopy.model import CopyError  # noqa: PLC0415 - see above

    try:
        copy = run(copy_stored(settings, catalogue_or_fail(settings), publication.terms))
        changed = run(publication.put(copy, SystemClock()))
    except StoreError as error:
        fail(ExitCode.USAGE, str(error))
    except CopyError as error:
        fail(ExitCode.BAD, str(error))
    told = {"to": settings.publish, "files": len(copy.files), "changed": changed, "bytes": copy.size}
    words = f"{len(copy.files)} files, {copy.size / 1e6:.1f} MB, {changed} changed: {settings.publish}"
    show(told, as_json=as_json, text=lambda: typer.echo(words))


class PublicationError(Exception):
    """The settings name no place that a copy could go to."""


def publication_of(settings: Settings) -> "Publication | None":
    """Where copies go by these settings; `None` where none are wanted. Raises `PublicationError`."""
    if settings.publish is None:
        return None
    from app.web.staticcopy.model import Naming, Terms  # noqa: PLC0415 - not everybody publishes
    from app.web.staticcopy.publication import Publication  # noqa: PLC0415 - see above

    url = settings.publish_url or settings.public_url or ""
    live = settings.public_url if settings.publish_url not in (None, settings.public_url) else None
    is_bucket = settings.publish.startswith(BUCKET)
    naming = Naming(settings.publish_names) if is_bucket else Naming.FILES
    terms = Terms(url=url, live=live or "", every=settings.publish_every, naming=naming)
    return Publication(terms=terms, to=_place(settings) if is_bucket else Path(settings.publish))


def _place(settings: Settings) -> "Place":
    from app.web.staticcopy.bucket import Place  # noqa: PLC0415 - not everybody publishes to a bucket

    bucket, _, prefix = (settings.publish or "").removeprefix(BUCKET).partition("/")
    style = settings.publish_style or ("path" if settings.publish_endpoint else "host")
    return Place.of(
        bucket,
        prefix,
        endpoint=settings.publish_endpoint,
        region=settings.publish_region,
        key=_key(settings),
        by_host=style == "host",
    )


def _key(settings: Settings) -> "Key":
    from app.web.staticcopy.signing import Key  # noqa: PLC0415 - see above

    text = settings.publish_key
    try:
        if text is None and settings.publish_key_file is not None:
            text = settings.publish_key_file.read_text()
        return Key.of(text or "")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise PublicationError(f"STILLUP_PUBLISH_KEY_FILE cannot be read: {why}") from None
    except ValueError:
        raise PublicationError("STILLUP_PUBLISH_KEY_FILE has to hold ID:SECRET, or ID:SECRET:TOKEN") from None
