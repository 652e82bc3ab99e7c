"""Builtin catalogue and operator's file → `Catalogue`, or every problem that keeps them from becoming one."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from pydantic_core import ErrorDetails, SchemaValidator, ValidationError

from app.catalogue.assemble import assemble
from app.catalogue.document import LARGEST_FILE, Fill, read_document
from app.catalogue.entries import SpecKinds
from app.catalogue.errors import CatalogueError, Complain, Place, Problem
from app.catalogue.explain import explain
from app.catalogue.interpolate import interpolate, secret_files
from app.catalogue.overlay import joined, overlay
from app.catalogue.references import check_references, without_strays
from app.catalogue.schema import UNREAD, catalogue_schema, file_validator
from app.catalogue.tree import Entry, Scalar, Table, plain, table_at
from app.domain.service import Catalogue

BUILTIN = Path(__file__).with_name("builtin")
"""The folder of the builtin catalogue: one file a vendor, and one for what belongs to none."""


def load_catalogue(
    builtin_dir: Path, own_file: Path | None, kinds: SpecKinds, environ: Mapping[str, str]
) -> Catalogue:
    """Read every `*.yaml` in `builtin_dir` and lay the operator's file over it.

    `kinds` are the kinds of checks there are; `environ` is what `${NAME}` is filled in from.
    Raises `CatalogueError` with all problems found; none of its messages holds a value from `environ`.
    """
    problems: list[Problem] = []

    def complain(place: Place, text: str) -> None:
        problems.append(Problem(place=place, text=text))

    if not builtin_dir.is_dir():
        complain(Place(file=str(builtin_dir)), "there is no such folder")
    fill = partial(interpolate, environ=environ)
    base = joined([_read(path, complain, fill) for path in _builtin_files(builtin_dir)], complain)
    own = _read(own_file, complain, fill) if own_file else joined([], complain)
    own = without_strays(own, base, complain)
    tree = overlay(base, own, kinds)
    check_references(tree, kinds, complain)
    validator = file_validator(kinds)
    try:
        file = validator.validate_python(plain(tree))
    except ValidationError as error:
        masked = _findings(validator, plain(tree, is_masked=True))
        explain(_told(error), masked, tree, catalogue_schema(kinds), complain)
    else:
        if not problems:
            return assemble(file, kinds, table_at(own, ("services",)))
    raise CatalogueError(problems)


def fingerprint(builtin_dir: Path, own_file: Path | None, environ: Mapping[str, str]) -> object:
    """What is another as soon as a file that `load_catalogue` would read is: to compare, and for nothing else.

    Cheap: files are looked at from outside. What names files of secrets is read, the shipped files only once.
    """
    content = b""
    if own_file is not None:
        with suppress(OSError):
            content = _content(own_file)
    shipped = tuple((path, _stamp(path)) for path in _builtin_files(builtin_dir))
    secrets = secret_files(_texts(shipped) + content.decode(errors="replace"), environ)
    return content, shipped, [_stamp(path) for path in (builtin_dir, *([own_file] if own_file else ()), *secrets)]


@lru_cache(maxsize=2)
def _texts(stamped: tuple[tuple[Path, object], ...]) -> str:
    """All that stands in these files, as they were when they had these stamps."""
    texts = []
    for path, _ in stamped:
        with suppress(OSError):
            texts.append(_content(path).decode(errors="replace"))
    return "".join(texts)


def _builtin_files(folder: Path) -> Sequence[Path]:
    return sorted(folder.glob("*.yaml"))


def _read(path: Path, complain: Complain, fill: Fill = str) -> Table:
    try:
        content = _content(path)
    except OSError as error:
        complain(Place(file=str(path)), f"the file cannot be read: {error.strerror}")
        content = b""
    root = read_document(content, str(path), complain, fill)
    said = {key: entry for key, entry in root.entries.items() if not _says_nothing(key, entry)}
    return Table(place=root.place, entries=said)


def _says_nothing(key: str, entry: Entry) -> bool:
    """Whether a key at the top of a file is its author's own, or has nothing under it that is not a comment."""
    return key.startswith(UNREAD) or (isinstance(entry.value, Scalar) and entry.value.value is None)


def _findings(validator: SchemaValidator, values: Any) -> list[ErrorDetails]:
    try:
        validator.validate_python(values)
    except ValidationError as error:
        return _told(error)
    return []


def _told(error: ValidationError) -> list[ErrorDetails]:
    return error.errors(include_url=False, include_input=False)


def _content(path: Path) -> bytes:
    """What is in a file, as far as it can matter."""
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def _stamp(path: Path) -> tuple[str, int, int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return str(path), stat.st_ino, stat.st_size, stat.st_mtime_ns
