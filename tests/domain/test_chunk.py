from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.chunk import merge_chunks, pack, unpack
from app.domain.result import LOCAL, Blame, CheckId, Failure, FailureKind, Phases, ProbeResult, Recorded
from app.domain.status import Status
from app.domain.varint import PackedError

CHECK = CheckId("api/models")
moments = st.integers(0, 4 * 10**12).map(lambda ms: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms))
spans = st.none() | st.integers(0, 60_000)
words = st.text(max_size=20)
failures = st.builds(
    Failure,
    kind=st.sampled_from(FailureKind),
    blame=st.sampled_from(Blame),
    verdict=st.sampled_from(Status),
    sentence=words,
)


@st.composite
def recorded(draw: st.DrawFn) -> Recorded:
    failure = draw(st.none() | failures)
    slot_at = draw(moments)
    result = ProbeResult(
        check_id=CHECK,
        slot_at=slot_at,
        started_at=slot_at + timedelta(milliseconds=draw(st.integers(-5, 40_000))),
        phases=Phases(
            total_ms=draw(st.integers(0, 60_000)),
            dns_ms=draw(spans),
            connect_ms=draw(spans),
            tls_ms=draw(spans),
            send_ms=draw(spans),
            first_byte_ms=draw(spans),
            body_ms=draw(spans),
        ),
        is_confirmation=draw(st.booleans()),
        status_code=draw(st.none() | st.integers(100, 599)),
        family=draw(st.sampled_from([None, "ipv4", "ipv6"])),
        address=draw(st.none() | words),
        failure=failure,
        figures=draw(st.dictionaries(words, st.integers(-(10**9), 10**12), max_size=3)),
        evidence=draw(st.dictionaries(words, words, max_size=2)) if failure else {},
    )
    return Recorded(result=result, status=draw(st.sampled_from(Status)))


many = st.lists(recorded(), max_size=12, unique_by=lambda row: row.result.slot_at)


def in_order(rows: list[Recorded]) -> list[Recorded]:
    return sorted(rows, key=lambda row: row.result.slot_at)


@given(many)
def test_what_is_packed_comes_back_as_it_was(rows: list[Recorded]) -> None:
    assert unpack(pack(rows), CHECK, LOCAL) == in_order(rows)


@given(many, st.integers(0, 12))
def test_merging_parts_gives_the_whole(rows: list[Recorded], cut: int) -> None:
    assert merge_chunks([pack(rows[:cut]), pack(rows[cut:]), pack(rows[:cut])], CHECK, LOCAL) == pack(rows)


@given(st.binary(max_size=60))
def test_bytes_of_others_are_refused(packed: bytes) -> None:
    with pytest.raises(PackedError):
        unpack(packed, CHECK, LOCAL)


def test_evidence_is_kept_with_failures_only() -> None:
    start = datetime(2026, 3, 1, tzinfo=UTC)
    fine = ProbeResult(
        check_id=CHECK, slot_at=start, started_at=start, phases=Phases(total_ms=9), evidence={"cf-ray": "8a"}
    )
    (back,) = unpack(pack([Recorded(result=fine, status=Status.UP)]), CHECK, LOCAL)
    assert back.result.evidence == {}
