"""Bundles of evidence as zip files."""

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

LARGEST = 4 * 1024**3
"""Bytes that a bundle may unpack to: what claims to be larger is not looked at."""

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""Files in a zip have a time; ours tell it within, so that the same evidence makes the same file."""

_FLAWS = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError, OverflowError)
"""What the standard library raises of files that are damaged, cut off, encrypted or packed in another way."""


class BundleError(Exception):
    """A file that is no bundle, or is damaged: a sentence."""


def put_file(archive: zipfile.ZipFile, name: str, body: bytes) -> None:
    """Add a file to a bundle that is being made."""
    entry = zipfile.ZipInfo(name, date_time=_EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, body)


class Bundle(Mapping[str, bytes]):
    """The files of a bundle by name, read when they are asked for. Raises `BundleError` and `OSError`."""

    def __init__(self, file: Path) -> None:
        try:
            self._archive = zipfile.ZipFile(file)
        except _FLAWS as error:
            raise BundleError(f"It is no zip file: {error}.") from error
        entries = self._archive.infolist()
        self._entries = {entry.filename: entry for entry in entries}
        if len(self._entries) < len(entries):
            raise BundleError("It holds several files of one name.")
        if sum(entry.file_size for entry in entries) > LARGEST:
            raise BundleError("It claims to unpack to more than 4 GiB.")

    def __getitem__(self, name: str) -> bytes:
        entry = self._entries[name]
        try:
            return self._archive.read(entry)
        except _FLAWS as error:
            raise BundleError(f"{name} is damaged: {error}.") from error

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def close(self) -> None:
        """Let go of the file."""
        self._archive.close()
