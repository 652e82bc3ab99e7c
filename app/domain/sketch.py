"""Latencies of a span of time, in little room: mergeable, with a bounded relative error.

Values fall into buckets whose bounds grow by a constant factor (as in DDSketch, Masson et al., VLDB 2019), so any
quantile is right to within `ERROR` of its value, however the values are distributed, and merging two sketches
is adding their counts.
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from app.domain.varint import Cursor, put_varint

ERROR = 0.025
"""A quantile is off by at most this share of itself."""

_FACTOR = (1 + ERROR) / (1 - ERROR)
_LOG = math.log(_FACTOR)


@dataclass(frozen=True, slots=True)
class Sketch:
    """How often each bucket was hit: pairs (bucket, count), ascending; bucket 0 holds values below 1 ms."""

    buckets: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, values_ms: Iterable[int]) -> Self:
        """The sketch of whole milliseconds, none negative."""
        return cls(tuple(sorted(Counter(map(_bucket, values_ms)).items())))

    @classmethod
    def from_bytes(cls, packed: bytes) -> Self:
        """The sketch that `to_bytes` packed."""
        cursor, bucket, pairs = Cursor(packed), 0, []
        while not cursor.at_end:
            bucket += cursor.varint()
            pairs.append((bucket, cursor.varint()))
        return cls(tuple(pairs))

    def to_bytes(self) -> bytes:
        """A few bytes a bucket: the step to the next bucket and its count, as varints."""
        packed, before = bytearray(), 0
        for bucket, count in self.buckets:
            put_varint(packed, bucket - before)
            put_varint(packed, count)
            before = bucket
        return bytes(packed)

    @property
    def count(self) -> int:
        """How many values there were."""
        return sum(count for _, count in self.buckets)

    def quantile(self, share: float) -> int | None:
        """The value below which `share` (0 to 1) of the values lie, in ms; `None` where there is none.

        By the lower rank: of n values in order, the one at index floor(share * (n - 1)).
        """
        total = self.count
        if not total:
            return None
        rank = math.floor(share * (total - 1))
        for bucket, count in self.buckets:
            if rank < count:
                return _value(bucket)
            rank -= count
        raise AssertionError("the counts sum to more than any rank")


def merge_sketches(sketches: Iterable[Sketch]) -> Sketch:
    """The sketch of all their values together."""
    counts: Counter[int] = Counter()
    for sketch in sketches:
        for bucket, count in sketch.buckets:
            counts[bucket] += count
    return Sketch(tuple(sorted(counts.items())))


def _bucket(value_ms: int) -> int:
    return math.ceil(math.log(value_ms) / _LOG) + 1 if value_ms >= 1 else 0


def _value(bucket: int) -> int:
    """The value in the middle of a bucket, such that nothing in it is farther off than `ERROR`."""
    if bucket == 0:
        return 0
    return round(2 * _FACTOR ** (bucket - 1) / (_FACTOR + 1))
