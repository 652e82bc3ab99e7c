"""Looking for a key in whatever came out of a program: as it is, in the ways programs write it, and in pieces."""

import base64
import json
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, quote_plus

_PIECE = 12
"""So many characters of a key in a row are already too many."""


def traces(said: bytes, *keys: str) -> set[str]:
    """The pieces of keys that stand in these bytes, whatever case and writing they have."""
    pieces = _pieces(keys)
    lower = said.lower()
    found = {piece for at in range(len(lower) - _PIECE + 1) if (piece := lower[at : at + _PIECE]) in pieces}
    return {piece.decode() for piece in found}


@cache
def _pieces(keys: tuple[str, ...]) -> frozenset[bytes]:
    forms = [form.lower().encode() for key in keys for form in _forms(key)]
    return frozenset(form[at : at + _PIECE] for form in forms for at in range(len(form) - _PIECE + 1))


def _forms(key: str) -> Iterator[str]:
    yield from (key, quote(key, safe=""), quote_plus(key), json.dumps(key)[1:-1], escape(key), repr(key)[1:-1])
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + key.encode()).decode()
        yield encoded[4 * (before > 0) : -4]


def files_in(folder: Path) -> Mapping[str, bytes]:
    """Every byte of every file, and what packed cells of databases unpack to."""
    found = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for path in folder.rglob("*.sqlite3"):
        found[f"{path} unpacked"] = b"\n".join(_unpacked(path))
    return found


def _unpacked(database: Path) -> Iterator[bytes]:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        for table in tables:
            for row in connection.execute(f"select * from {table}"):  # noqa: S608 - the name is our own
                yield from (_inflated(cell) for cell in row if isinstance(cell, bytes))
    finally:
        connection.close()


def _inflated(cell: bytes) -> bytes:
    try:
        return zlib.decompress(cell)
    except zlib.error:
        return cell


def members_of(archive: bytes) -> Mapping[str, bytes]:
    """What a zip file has in it."""
    with zipfile.ZipFile(BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}
