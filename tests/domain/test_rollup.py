"""A strip keeps what it was given, in few bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.rollup import STRIP_DAYS, Tally, pack_days, unpack_days
from app.domain.varint import PackedError

COUNTS = st.integers(0, 2**32 - 1)
DAYS = st.builds(Tally, due=COUNTS, up=COUNTS, degraded=COUNTS, down=COUNTS, unknown=COUNTS, missed=COUNTS)
USUAL = Tally(due=288, up=287, down=1)


@given(st.lists(st.none() | st.just(USUAL) | DAYS, max_size=STRIP_DAYS))
def test_packed_days_are_read_as_they_were(days: list[Tally | None]) -> None:
    assert unpack_days(pack_days(days)) == tuple(days)


def test_days_that_are_alike_cost_a_byte_each() -> None:
    assert len(pack_days([USUAL] * STRIP_DAYS)) - len(pack_days([USUAL])) == STRIP_DAYS - 1


@pytest.mark.parametrize("packed", [b"", b"\x01", b"\x01" + bytes(23), b"\x00\x01"])
def test_other_bytes_are_refused(packed: bytes) -> None:
    with pytest.raises(PackedError):
        unpack_days(packed)
