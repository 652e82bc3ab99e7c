"""Evidence is added to and never changed."""

import hashlib
import zlib

import pytest
from sqlalchemy import text

from app.domain.evidence import GENESIS, Attachment, Link, broken_at, chain
from app.domain.ledger import Spell
from app.domain.said import Said, SaidKind
from app.store.engine import Database, StoreError
from app.store.evidence import (
    insert_documents,
    insert_records,
    load_blind_spells,
    load_document,
    load_hash_before,
    load_head,
    load_records,
)
from tests.build import minute

BODY = b'{"page": {}}' * 100
SHA256 = hashlib.sha256(BODY).hexdigest()
READ = Attachment(url="https://status.acme.example/", sha256=SHA256, read_at=minute(1))


def said(at: float, kind: SaidKind = SaidKind.HEADLINE_CHANGED, since: float | None = None) -> Said:
    return Said(kind=kind, seen_at=minute(at), at=None if since is None else minute(since), after="x")


async def add(database: Database, *statements: Said, page_key: str = "acme") -> None:
    async with database.write() as tx:
        records = chain(page_key, await load_head(tx, page_key), statements, [READ])
        await insert_documents(tx, {SHA256: zlib.compress(BODY)})
        await insert_records(tx, records)


async def test_a_chain_grows_over_many_readings_and_is_whole(database: Database) -> None:
    await add(database, said(1), said(1))
    await add(database, said(5))
    await add(database, said(6), page_key="other")
    async with database.read() as tx:
        records = await load_records(tx, "acme", minute(0), minute(9))
        later = await load_records(tx, "acme", minute(5), minute(9))
        before = await load_hash_before(tx, "acme", later[0].number)
        assert await load_hash_before(tx, "acme", 1) == GENESIS
        assert (await load_head(tx, "acme")).number == 3
        assert await load_head(tx, "nobody") == Link()
    assert broken_at([record.line for record in records], GENESIS, "acme") is None
    assert broken_at([record.line for record in later], before, "acme") is None
    assert later == records[2:]


async def test_a_document_is_kept_once_and_comes_back(database: Database) -> None:
    await add(database, said(1))
    await add(database, said(2))
    async with database.read() as tx:
        assert await load_document(tx, SHA256) == BODY
        assert await load_document(tx, GENESIS) is None
        ((count,),) = await tx.rows(text("SELECT count(*) FROM documents"))
    assert count == 1


@pytest.mark.parametrize("tampering", ["UPDATE evidence SET line = 'x'", "DELETE FROM evidence"])
async def test_the_database_refuses_to_change_or_delete_a_record(database: Database, tampering: str) -> None:
    await add(database, said(1))
    with pytest.raises(StoreError, match="evidence is not"):
        async with database.write() as tx:
            await tx.run(text(tampering))


async def test_two_records_cannot_follow_the_same_one(database: Database) -> None:
    await add(database, said(1))
    with pytest.raises(StoreError):
        async with database.write() as tx:
            await insert_records(tx, chain("acme", Link(), [said(2)], []))


async def test_the_times_in_which_nobody_read_are_told_by_the_evidence(database: Database) -> None:
    await add(database, said(10, SaidKind.FIRST_READ), said(12))
    await add(database, said(40, SaidKind.NOT_LOOKED, since=20), said(60, SaidKind.READABLE_AGAIN, since=50))
    async with database.read() as tx:
        first, *spells = await load_blind_spells(tx, "acme", minute(0))
        assert await load_blind_spells(tx, "acme", minute(50)) == spells[1:]
    assert first.end_at == minute(10)
    assert first.overlaps(minute(-9000), minute(-8000))
    assert spells == [
        Spell(start_at=minute(20), end_at=minute(40)),
        Spell(start_at=minute(50), end_at=minute(60)),
    ]
