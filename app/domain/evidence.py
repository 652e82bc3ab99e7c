"""Statements as records that nobody can change unseen: every record carries the hash of the one before it.

A record is one line of JSON, and its hash the SHA-256 of that line's bytes, so that `sha256sum` alone can check a
chain. Each page has a chain of its own, numbered from 1, whose first record follows `GENESIS`.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.plain import from_plain, to_plain
from app.domain.said import Said, SaidKind

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A document that a statement was read from: where and when it was fetched, its hash, what came with it."""

    url: str
    sha256: str
    read_at: datetime
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The end of a chain: the number and the hash of its last record."""

    number: int = 0
    sha256: str = GENESIS


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A statement in the chain of its page, as the line that is kept."""

    page_key: str
    number: int
    seen_at: datetime
    kind: SaidKind
    line: str
    sha256: str


def chain(page_key: str, head: Link, said: Iterable[Said], read: Sequence[Attachment]) -> tuple[Record, ...]:
    """The records of what was said, in order, behind `head`; all were read from the same documents."""
    records: list[Record] = []
    for number, each in enumerate(said, start=head.number + 1):
        line = _line(page_key, number, records[-1].sha256 if records else head.sha256, each, read)
        records.append(
            Record(
                page_key=page_key,
                number=number,
                seen_at=each.seen_at,
                kind=each.kind,
                line=line,
                sha256=hashlib.sha256(line.encode()).hexdigest(),
            )
        )
    return tuple(records)


def said_in(line: str) -> Said:
    """The statement that a record tells."""
    plain = json.loads(line)
    return from_plain(Said, {name: plain[name] for name in _FIELDS if name in plain})


def attached(line: str) -> tuple[str, ...]:
    """The hashes of the documents that a record was read from."""
    return tuple(each["sha256"] for each in json.loads(line)["documents"])


def broken_at(lines: Iterable[str], before: str, page_key: str) -> str | None:
    """Where a chain is broken, as a sentence; `None` where every line follows the one before, from `before` on."""
    number: int | None = None
    for place, line in enumerate(lines, start=1):
        try:
            plain: dict[str, Any] = json.loads(line)
            told = plain["previous"], plain["page"], int(plain["number"])
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
            return f"Record {place} cannot be read."
        if told[0] != before:
            return f"Record {place} does not follow the one before it."
        if told[1] != page_key:
            return f"Record {place} is of another page, {told[1]}."
        if number is not None and told[2] != number + 1:
            return f"Record {place} has number {told[2]}, not {number + 1}."
        number, before = told[2], hashlib.sha256(line.encode()).hexdigest()
    return None


_FIELDS = ("kind", "seen_at", "at", "subject_id", "subject", "before", "after")


def _line(page_key: str, number: int, previous: str, said: Said, read: Sequence[Attachment]) -> str:
    plain = {
        "page": page_key,
        "number": number,
        "previous": previous,
        **to_plain(said, sparse=True),
        "documents": to_plain(tuple(read), sparse=True),
    }
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
