"""Puts a copy into a folder, all at once: whoever reads there sees the old one or the new one, and never a half.

The folder is a symbolic link to a version beside it. A new version is written whole, then the link is put in place
of the old one, which file systems do in one step.
"""

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from app.web.staticcopy.hosts import with_manifest
from app.web.staticcopy.model import CopiedFile, CopyError, StaticCopy

READABLE_FOLDER: Final = 0o755
READABLE_FILE: Final = 0o644


def write_folder(copy: StaticCopy, folder: Path) -> int:
    """Put the copy there, and tell how many of its files differ from the copy before.

    What did not change stays the same file, with its date. The version before is kept for those who still read it,
    older ones are removed. Raises `CopyError` where that cannot be done.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            return _replace(copy, folder)
    except OSError as error:
        raise CopyError(f"{folder.name} cannot be written: {error.strerror or error}") from error


def _replace(copy: StaticCopy, folder: Path) -> int:
    before = _current(folder)
    version = Path(mkdtemp(prefix=_prefix(folder), dir=folder.parent))
    try:
        changed = _write(with_manifest(copy), version, before, copy.made_at)
        if before is not None and not changed and _names(before) == _names(version):
            shutil.rmtree(version)
            return 0
        version.chmod(READABLE_FOLDER)
        _swap(folder, version)
    except BaseException:
        shutil.rmtree(version, ignore_errors=True)
        raise
    for old in folder.parent.glob(f"{_prefix(folder)}*/"):
        if old.name not in (version.name, before.name if before is not None else ""):
            shutil.rmtree(old, ignore_errors=True)
    return changed


def _current(folder: Path) -> Path | None:
    """The version that is in place, if there is one. Raises `CopyError` where something of others is."""
    if folder.is_symlink():
        target = folder.parent / os.readlink(folder)  # noqa: PTH115 - as it is written, not as it resolves
        if target.name.startswith(_prefix(folder)):
            return target if target.is_dir() else None
    elif not folder.exists():
        return None
    elif folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        return None
    raise CopyError(f"{folder.name} is there and is not a copy of ours; name a folder that may be replaced.")


def _swap(folder: Path, version: Path) -> None:
    link = version.with_name(f"{version.name}.link")
    link.symlink_to(version.name, target_is_directory=True)
    link.replace(folder)


def _write(files: Iterable[CopiedFile], version: Path, before: Path | None, made_at: datetime) -> int:
    changed = 0
    moment = made_at.timestamp()
    for each in files:
        path = version / each.name
        path.parent.mkdir(parents=True, exist_ok=True)
        if before is not None and _is_same(before / each.name, each.body):
            os.link(before / each.name, path)
            continue
        path.write_bytes(each.body)
        path.chmod(READABLE_FILE)
        os.utime(path, (moment, moment))
        changed += 1
    return changed


def _is_same(path: Path, body: bytes) -> bool:
    try:
        return path.stat().st_size == len(body) and path.read_bytes() == body
    except OSError:
        return False


def _names(version: Path) -> set[Path]:
    return {path.relative_to(version) for path in version.rglob("*") if path.is_file()}


def _prefix(folder: Path) -> str:
    return f".{folder.name}-"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Have no other process of ours put a copy there meanwhile."""
    with (folder.parent / f".{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
