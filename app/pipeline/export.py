"""Takes a part of a page's chain of evidence out of the database, to be given away."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import __version__
from app.domain.bundle import (
    DOCUMENTS,
    MANIFEST,
    README,
    RECORDS,
    SUMS,
    Manifest,
    documents_of,
    render_manifest,
    render_readme,
    render_records,
    render_sums,
)
from app.domain.evidence import Record
from app.domain.service import Service
from app.domain.watched import WatchedPage
from app.store.engine import Database
from app.store.evidence import load_document, load_hash_before, load_records

Put = Callable[[str, bytes], None]
"""Takes a file of the bundle: its name, and what is in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to export: what the page of a service said, as it was seen in [`from_at`, `to_at`)."""

    watched: WatchedPage
    service: Service
    from_at: datetime
    to_at: datetime


async def export_evidence(database: Database, wanted: Wanted, now: datetime, put: Put) -> Manifest | None:
    """Put every file of the bundle, one at a time; nothing, and `None`, without records. Raises `StoreError`."""
    hashes: dict[str, str] = {}

    def keep(name: str, body: bytes) -> None:
        hashes[name] = hashlib.sha256(body).hexdigest()
        put(name, body)

    async with database.read() as tx:
        records = await load_records(tx, wanted.watched.key, wanted.from_at, wanted.to_at)
        if not records:
            return None
        previous = await load_hash_before(tx, wanted.watched.key, records[0].number)
        documents = documents_of(records)
        for sha256 in documents:
            body = await load_document(tx, sha256)
            if body is not None:
                keep(f"{DOCUMENTS}{sha256}", body)
    manifest = _manifest(
        wanted,
        records,
        previous=previous,
        exported_at=now,
        documents=tuple(each for each in documents if f"{DOCUMENTS}{each}" in hashes),
        missing=tuple(each for each in documents if f"{DOCUMENTS}{each}" not in hashes),
    )
    keep(RECORDS, render_records(records))
    keep(README, render_readme(manifest))
    keep(MANIFEST, render_manifest(manifest))
    put(SUMS, render_sums(hashes))
    return manifest


def _manifest(wanted: Wanted, records: Sequence[Record], **fields: Any) -> Manifest:
    return Manifest(
        service_id=wanted.service.id,
        service=wanted.service.name,
        page_key=wanted.watched.key,
        url=wanted.watched.page.url,
        from_at=wanted.from_at,
        to_at=wanted.to_at,
        exported_by=f"stillup {__version__}",
        records=len(records),
        first=records[0].number,
        last=records[-1].number,
        head=records[-1].sha256,
        **fields,
    )
