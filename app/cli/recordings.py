"""Recordings of status pages in files: which documents belong together, and when each was taken."""

import re
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli.ground import ExitCode, fail
from app.vendors.reader import Document
from app.vendors.recorded import known_kinds

STDIN = Path("-")

_MOMENT = re.compile(
    r"(?<![0-9])([0-9]{4})-?([0-9]{2})-?([0-9]{2})[T_ ]"
    r"([0-9]{2})[:-]?([0-9]{2})(?:[:-]?([0-9]{2})(?:[.,][0-9]+)?)?(?:Z|(?![0-9A-Za-z]))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A document, and the name to call it by."""

    name: str
    document: Document


def moment_in(name: str) -> datetime | None:
    """The moment that a file's name tells, in UTC: `2026-06-17T004712Z_d01ea299.json`; `None` if it tells none."""
    match = _MOMENT.search(name)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def load_recorded(file: Path, *, url: str, read_at: datetime | None, now: datetime) -> Recorded:
    """A recorded document; `-` is standard input. Leaves the program where there is none.

    It was taken at `read_at`, else when its name says, else now.
    """
    try:
        body = sys.stdin.buffer.read() if file == STDIN else file.read_bytes()
    except OSError as error:
        fail(ExitCode.USAGE, f"{file}: {error.strerror or error}")
    return Recorded(
        name="standard input" if file == STDIN else str(file),
        document=Document(body=body, url=url, read_at=read_at or moment_in(file.name) or now),
    )


def known_kind(kind: str | None) -> str | None:
    """A kind of page that was asked for; `auto` is the same as none. For Typer, which tells what is wrong."""
    if kind in (None, "auto"):
        return None
    if kind not in known_kinds():
        raise typer.BadParameter(f"there is no kind {kind!r}; there are {', '.join(known_kinds())}")
    return kind


KindOption = Annotated[
    str | None,
    typer.Option("--kind", "-k", callback=known_kind, help="The kind of page; else each document is told apart."),
]


def aware_moment(text: str) -> datetime:
    """A moment as it is written on a command line, in UTC where it names no zone. For Typer."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no moment; write it as 2026-06-17T00:47:12Z") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
