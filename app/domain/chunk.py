"""Many results of one series in few bytes, without loss: all phases, exact times, failures and figures.

Column by column, so that what hardly changes costs hardly anything: slots as the change of their step,
lateness and phases as small numbers, words by their number in a dictionary; then zlib over the whole.
What a result says beside its figures (`evidence`) is kept with failures only, as `ProbeResult` promises.
"""

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app.domain.result import Blame, CheckId, Failure, FailureKind, Phases, ProbeResult, Recorded, Region
from app.domain.schedule import EPOCH
from app.domain.status import Status
from app.domain.varint import Cursor, PackedError, put_signed, put_varint

VERSION = 1
_MILLISECOND = timedelta(milliseconds=1)
_STEPS = ("dns_ms", "connect_ms", "tls_ms", "send_ms", "first_byte_ms", "body_ms")


def pack(results: Iterable[Recorded]) -> bytes:
    """Pack results of one check and region, in any order."""
    rows = sorted(results, key=lambda recorded: recorded.result.slot_at)
    packed = bytearray()
    put_varint(packed, len(rows))
    _put_slots(packed, [to_ms(row.result.slot_at) for row in rows])
    for row in rows:
        put_signed(packed, row.result.late // _MILLISECOND)
    for step in _STEPS:
        for row in rows:
            _put_optional(packed, getattr(row.result.phases, step))
    for row in rows:
        phases = row.result.phases
        put_signed(packed, phases.total_ms - sum(getattr(phases, step) or 0 for step in _STEPS))
    _put_words(packed, [_words(row) for row in rows])
    _put_figures(packed, [row.result.figures for row in rows])
    return bytes([VERSION]) + zlib.compress(packed, 9)


def unpack(packed: bytes, check_id: CheckId, region: Region) -> list[Recorded]:
    """The results in the order of their slots. Raises `PackedError` for bytes that `pack` did not make."""
    try:
        return _unpack(packed, check_id, region)
    except (zlib.error, ValueError, TypeError, KeyError, IndexError, OverflowError) as error:
        raise PackedError(f"a chunk of {check_id} cannot be read: {error}") from None


def merge_chunks(chunks: Iterable[bytes], check_id: CheckId, region: Region) -> bytes:
    """One chunk with the results of all; a slot that is told twice is kept once, as the later chunk tells it."""
    by_slot = {row.result.slot_at: row for chunk in chunks for row in unpack(chunk, check_id, region)}
    return pack(by_slot.values())


def to_ms(moment: datetime) -> int:
    """Whole milliseconds since the epoch."""
    return (moment - EPOCH) // _MILLISECOND


def from_ms(milliseconds: int) -> datetime:
    """The moment so many milliseconds after the epoch."""
    return EPOCH + milliseconds * _MILLISECOND


def _unpack(packed: bytes, check_id: CheckId, region: Region) -> list[Recorded]:
    if not packed or packed[0] != VERSION:
        raise PackedError(f"a chunk of {check_id} is of an unknown version")
    cursor = Cursor(zlib.decompress(packed[1:]))
    count = cursor.varint()
    slots = _slots(cursor, count)
    lates = [cursor.signed() for _ in range(count)]
    steps = [[_optional(cursor) for _ in range(count)] for _ in _STEPS]
    rests = [cursor.signed() for _ in range(count)]
    words = _read_words(cursor, count)
    figures = _read_figures(cursor, count)
    rows = []
    for number in range(count):
        spans = [column[number] for column in steps]
        total_ms = rests[number] + sum(span or 0 for span in spans)
        slot_at = from_ms(slots[number])
        recorded = _worded(words[number], check_id, region, slot_at, slot_at + lates[number] * _MILLISECOND)
        phases = Phases(total_ms=total_ms, **dict(zip(_STEPS, spans, strict=True)))
        rows.append(replace(recorded, result=replace(recorded.result, phases=phases, figures=figures[number])))
    return rows


def _put_slots(packed: bytearray, slots: Sequence[int]) -> None:
    before = step = 0
    for slot in slots:
        put_signed(packed, slot - before - step)
        step, before = (slot - before if before else 0), slot


def _slots(cursor: Cursor, count: int) -> list[int]:
    slots: list[int] = []
    before = step = 0
    for _ in range(count):
        slot = cursor.signed() + before + step
        step, before = (slot - before if before else 0), slot
        slots.append(slot)
    return slots


def _put_optional(packed: bytearray, number: int | None) -> None:
    put_varint(packed, 0 if number is None else number + 1)


def _optional(cursor: Cursor) -> int | None:
    number = cursor.varint()
    return number - 1 if number else None


def _words(row: Recorded) -> str:
    """All of a result that is neither a time nor a figure, as compact JSON."""
    return json.dumps(words_of(row), separators=(",", ":"), ensure_ascii=False)


def words_of(row: Recorded) -> list[Any]:
    """All of a result that is neither a time nor a figure, as plain JSON values."""
    result, failure = row.result, row.result.failure
    told = None
    if failure is not None:
        told = [failure.kind, failure.blame, failure.verdict, failure.sentence, dict(result.evidence)]
    return [row.status, result.status_code, result.family, result.address, int(result.is_confirmation), told]


def recorded_from_words(
    words: Sequence[Any], check_id: CheckId, region: Region, slot_at: datetime, started_at: datetime
) -> Recorded:
    """What `words_of` took apart, without phases and figures. Raises `ValueError` for anything else."""
    status, status_code, family, address, is_confirmation, told = words
    failure, evidence = None, {}
    if told is not None:
        kind, blame, verdict, sentence, evidence = told
        failure = Failure(kind=FailureKind(kind), blame=Blame(blame), verdict=Status(verdict), sentence=sentence)
    result = ProbeResult(
        check_id=check_id,
        region=region,
        slot_at=slot_at,
        started_at=started_at,
        phases=Phases(total_ms=0),
        is_confirmation=bool(is_confirmation),
        status_code=status_code,
        family=family,
        address=address,
        failure=failure,
        evidence=evidence,
    )
    return Recorded(result=result, status=Status(status))


def _worded(text: str, check_id: CheckId, region: Region, slot_at: datetime, started_at: datetime) -> Recorded:
    return recorded_from_words(json.loads(text), check_id, region, slot_at, started_at)


def _put_words(packed: bytearray, words: Sequence[str]) -> None:
    dictionary = list(dict.fromkeys(words))
    _put_texts(packed, dictionary)
    place = {word: number for number, word in enumerate(dictionary)}
    for word in words:
        put_varint(packed, place[word])


def _read_words(cursor: Cursor, count: int) -> list[str]:
    dictionary = _texts(cursor)
    return [dictionary[cursor.varint()] for _ in range(count)]


def _put_figures(packed: bytearray, figures: Sequence[Any]) -> None:
    names = sorted({name for each in figures for name in each})
    _put_texts(packed, names)
    for name in names:
        for each in figures:
            value = each.get(name)
            put_varint(packed, 0 if value is None else 1)
            if value is not None:
                put_signed(packed, value)


def _read_figures(cursor: Cursor, count: int) -> list[dict[str, int]]:
    figures: list[dict[str, int]] = [{} for _ in range(count)]
    for name in _texts(cursor):
        for each in figures:
            if cursor.varint():
                each[name] = cursor.signed()
    return figures


def _put_texts(packed: bytearray, texts: Sequence[str]) -> None:
    put_varint(packed, len(texts))
    for text in texts:
        encoded = text.encode()
        put_varint(packed, len(encoded))
        packed += encoded


def _texts(cursor: Cursor) -> list[str]:
    return [cursor.raw(cursor.varint()).decode() for _ in range(cursor.varint())]
