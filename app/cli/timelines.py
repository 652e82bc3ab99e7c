"""Recorded timelines in folders: the versions of a page by the time in their names, and what was measured beside.

A version is a file whose name tells a moment, or a folder whose name does, with its documents; files of one moment
are documents of one version, `summary…` first, the others by name. `….missed` tells in its text why the page could
not be read then. `measured.jsonl` holds readings, one a line: `{"at": …, "status": …, "reason": …, "check": …}`.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from app.cli.ground import ExitCode, fail
from app.cli.recordings import moment_in
from app.domain.result import CheckId, Reading
from app.domain.status import Status
from app.domain.timeline import Look, Measured
from app.domain.vendor import merge_pages
from app.vendors.reader import Document, ReadError
from app.vendors.recorded import kinds_of, read_recorded

MEASURED = "measured.jsonl"
MISSED = ".missed"


def load_looks(folder: Path, *, kind: str | None, url: str) -> list[Look]:
    """The versions in a folder, read, in order of time. Leaves the program where there is none."""
    versions: dict[datetime, list[Path]] = {}
    try:
        for entry in sorted(folder.iterdir()):
            moment = moment_in(entry.name)
            if moment is not None:
                versions.setdefault(moment, []).extend(entry.iterdir() if entry.is_dir() else [entry])
            elif entry.name != MEASURED:
                typer.echo(f"{entry}: left alone, since its name tells no time", err=True)
        looks = [_look(moment, files, kind, url) for moment, files in sorted(versions.items())]
    except OSError as error:
        fail(ExitCode.USAGE, f"{error.filename}: {error.strerror}")
    if not looks:
        fail(ExitCode.USAGE, f"{folder}: no file there has a time in its name, such as 2026-06-17T004712Z.json")
    return looks


def load_measured(file: Path) -> list[Measured]:
    """The readings in a file, in order of time. Leaves the program where a line is none."""
    try:
        lines = file.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        fail(ExitCode.USAGE, f"{file}: {error}")
    readings: list[Measured] = []
    for number, line in enumerate(lines, start=1):
        try:
            readings += [_reading(json.loads(line))] if line.strip() else []
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            fail(ExitCode.USAGE, f"{file}:{number}: no reading: {error}")
    return sorted(readings, key=lambda each: each.at)


def _look(moment: datetime, files: Iterable[Path], kind: str | None, url: str) -> Look:
    in_order = sorted(files, key=lambda file: ("summary" not in file.name, file.name))
    missed = next((file for file in in_order if file.suffix == MISSED), None)
    if missed is not None:
        return Look(at=moment, trouble=missed.read_text(errors="replace").strip() or "The page could not be read.")
    documents = [Document(body=file.read_bytes(), url=url, read_at=moment) for file in in_order]
    return _read(moment, documents, kind)


def _read(moment: datetime, documents: Sequence[Document], kind: str | None) -> Look:
    kinds = kinds_of(documents, kind)
    try:
        pages = [read_recorded(each, found) for each, found in zip(documents, kinds, strict=True)]
    except ReadError as error:
        return Look(at=moment, trouble=f"The page cannot be read: {error}.")
    return Look(
        at=moment, page=merge_pages(pages) if pages else None, trouble="" if pages else "Nothing was kept."
    )


def _reading(plain: dict[str, Any]) -> Measured:
    at = datetime.fromisoformat(plain["at"])
    status = Status(plain["status"])
    return Measured(
        at=at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC),
        reading=Reading(status=status, reason=str(plain.get("reason", f"measured {status}"))),
        check_id=CheckId(str(plain.get("check", "measured"))),
    )
