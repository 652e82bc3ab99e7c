"""Evidence: what vendors said when, as chained records that are only ever added to, with the documents read."""

import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.sqlite import insert

from app.domain.chunk import from_ms, to_ms
from app.domain.evidence import GENESIS, Link, Record, said_in
from app.domain.ledger import Spell
from app.domain.said import SaidKind
from app.store.engine import ReadTx, WriteTx
from app.store.tables import documents, evidence


async def load_head(tx: ReadTx, page_key: str) -> Link:
    """The end of a page's chain, `Link()` before its first record."""
    query = select(evidence.c.number, evidence.c.sha256).where(evidence.c.page_key == page_key)
    rows = await tx.rows(query.order_by(evidence.c.number.desc()).limit(1))
    return Link(number=rows[0].number, sha256=rows[0].sha256) if rows else Link()


async def insert_records(tx: WriteTx, records: Sequence[Record]) -> None:
    """Add records; `StoreError` where a number of the chain is taken already."""
    rows = [
        {
            "page_key": record.page_key,
            "number": record.number,
            "seen_ms": to_ms(record.seen_at),
            "kind": record.kind,
            "line": record.line,
            "sha256": record.sha256,
        }
        for record in records
    ]
    await tx.run(insert(evidence), rows)


async def insert_documents(tx: WriteTx, packed: Mapping[str, bytes]) -> None:
    """Keep documents, compressed by zlib, under the hashes of what they unpack to, each only once."""
    rows = [{"sha256": sha256, "packed": content} for sha256, content in packed.items()]
    await tx.run(insert(documents).on_conflict_do_nothing(), rows)


async def load_records(tx: ReadTx, page_key: str, since_at: datetime, until_at: datetime) -> list[Record]:
    """The records of a page from the first to the last that were made in [since_at, until_at), in order.

    None is left out between them, even if a clock was set back meanwhile: they are a part of the chain.
    """
    within = select(func.min(evidence.c.number), func.max(evidence.c.number)).where(
        evidence.c.page_key == page_key,
        evidence.c.seen_ms >= to_ms(since_at),
        evidence.c.seen_ms < to_ms(until_at),
    )
    first, last = (await tx.rows(within))[0]
    if first is None:
        return []
    query = select(evidence).where(evidence.c.page_key == page_key, evidence.c.number.between(first, last))
    return [_record(row) for row in await tx.rows(query.order_by(evidence.c.number))]


async def load_hash_before(tx: ReadTx, page_key: str, number: int) -> str:
    """The hash of the record before `number` in the chain of a page, `GENESIS` before the first."""
    query = select(evidence.c.sha256).where(evidence.c.page_key == page_key, evidence.c.number == number - 1)
    rows = await tx.rows(query)
    return rows[0].sha256 if rows else GENESIS


async def load_document(tx: ReadTx, sha256: str) -> bytes | None:
    """The document of that hash, if it is kept."""
    rows = await tx.rows(select(documents.c.packed).where(documents.c.sha256 == sha256))
    return zlib.decompress(rows[0].packed) if rows else None


async def load_blind_spells(tx: ReadTx, page_key: str, since_at: datetime) -> list[Spell]:
    """The times, ended since then, in which a page was not read; the first is all the time before it ever was."""
    query = select(evidence.c.line).where(
        evidence.c.page_key == page_key,
        evidence.c.seen_ms >= to_ms(since_at),
        evidence.c.kind.in_([kind for kind in SaidKind if kind.ends_blindness]),
    )
    ended = [said_in(row.line) for row in await tx.rows(query.order_by(evidence.c.number))]
    return [Spell(start_at=said.at or from_ms(0), end_at=said.seen_at) for said in ended]


def _record(row: Any) -> Record:
    return Record(
        page_key=row.page_key,
        number=row.number,
        seen_at=from_ms(row.seen_ms),
        kind=SaidKind(row.kind),
        line=row.line,
        sha256=row.sha256,
    )
