"""The database: one writer at a time, many readers, and errors in our own words."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.domain.saying import say

BUSY_SECONDS = 5
READERS = 4


class StoreErrorKind(StrEnum):
    """Why something could not be stored or read."""

    LOCKED = "locked"
    FULL = "full"
    READ_ONLY = "read_only"
    CORRUPT = "corrupt"
    UNREACHABLE = "unreachable"
    TOO_NEW = "too_new"
    OTHER = "other"


class StoreError(Exception):
    """The database cannot do what was asked; `try_again` tells whether waiting may help."""

    def __init__(self, kind: StoreErrorKind, sentence: str, *, try_again: bool) -> None:
        self.kind = kind
        self.try_again = try_again
        super().__init__(sentence)


_MEANINGS = (
    ("locked", StoreErrorKind.LOCKED, say("The database is locked by another process."), True),
    ("disk is full", StoreErrorKind.FULL, say("The disk is full."), True),
    ("readonly", StoreErrorKind.READ_ONLY, say("The database cannot be written to."), True),
    ("unable to open", StoreErrorKind.UNREACHABLE, say("The database cannot be opened."), True),
    ("disk I/O error", StoreErrorKind.UNREACHABLE, say("The disk does not answer."), True),
    ("malformed", StoreErrorKind.CORRUPT, say("The database is damaged."), False),
    ("not a database", StoreErrorKind.CORRUPT, say("The file is not a database."), False),
)
"""SQLite tells its errors apart by number, but its Python driver hands on the number only from 3.11 on and through
two layers; the texts are part of SQLite's stable interface (`sqlite3_errstr`)."""


def translated(error: Exception) -> StoreError:
    """A driver's error in our words."""
    text = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    for sign, kind, sentence, try_again in _MEANINGS:
        if sign in text:
            return StoreError(kind, say("{sentence} ({text})", sentence=sentence, text=text), try_again=try_again)
    return StoreError(StoreErrorKind.OTHER, say("The database failed: {text}", text=text), try_again=True)


@dataclass(frozen=True, slots=True)
class ReadTx:
    """A view of the database as it was at one moment."""

    connection: AsyncConnection

    async def rows(self, statement: Any, parameters: Any = None) -> list[Any]:
        """All rows of a query."""
        return list((await self.connection.execute(statement, parameters)).all())


@dataclass(frozen=True, slots=True)
class WriteTx(ReadTx):
    """A change of the database: all of it is kept, or none."""

    async def run(self, statement: Any, parameters: Any = None) -> int:
        """Change something; the number of rows that it touched. An empty list of parameters changes nothing."""
        if parameters is not None and not parameters:
            return 0
        return (await self.connection.execute(statement, parameters)).rowcount


class Database:
    """Reads and writes; made by `open_database`."""

    def __init__(self, readers: AsyncEngine, writer: AsyncEngine) -> None:
        self._readers = readers
        self._writer = writer
        self._turn = asyncio.Lock()
        self.errors: Counter[StoreErrorKind] = Counter()
        """How often it could not do what was asked since it was opened, by why."""

    @asynccontextmanager
    async def read(self) -> AsyncIterator[ReadTx]:
        """Read in one transaction: whatever is written meanwhile is not seen. Raises `StoreError`."""
        try:
            async with self._readers.begin() as connection:
                yield ReadTx(connection)
        except DBAPIError as error:
            raise self._counted(error) from error

    @asynccontextmanager
    async def write(self) -> AsyncIterator[WriteTx]:
        """Write in one transaction, kept at the end and undone on any error. Raises `StoreError`."""
        try:
            async with self._turn, self._writer.begin() as connection:
                yield WriteTx(connection)
        except DBAPIError as error:
            raise self._counted(error) from error

    async def close(self) -> None:
        """Let go of all connections."""
        await self._readers.dispose()
        await self._writer.dispose()

    def _counted(self, error: Exception) -> StoreError:
        told = translated(error)
        self.errors[told.kind] += 1
        return told


def open_database(url: str) -> Database:
    """The database at an SQLAlchemy URL (`sqlite+aiosqlite:///…`); nothing is opened before it is used."""
    readers = create_async_engine(url, pool_size=READERS, max_overflow=0)
    writer = create_async_engine(url, pool_size=1, max_overflow=0)
    _prepare(readers, begin="BEGIN", pragmas=("query_only=ON",))
    _prepare(
        writer, begin="BEGIN IMMEDIATE", pragmas=("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON")
    )
    return Database(readers, writer)


def _prepare(engine: AsyncEngine, *, begin: str, pragmas: tuple[str, ...]) -> None:
    """Let SQLite begin transactions when we say so: its driver would begin them late, and only to write."""

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (f"busy_timeout={BUSY_SECONDS * 1000}", *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)
