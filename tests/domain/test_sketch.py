import math

from hypothesis import given
from hypothesis import strategies as st

from app.domain.sketch import ERROR, Sketch, merge_sketches

values = st.lists(st.integers(0, 10_000_000), min_size=1, max_size=200)


@given(values, st.floats(0, 1))
def test_a_quantile_is_off_by_no_more_than_the_stated_share(latencies: list[int], share: float) -> None:
    true = sorted(latencies)[math.floor(share * (len(latencies) - 1))]
    answer = Sketch.of(latencies).quantile(share)
    assert answer is not None
    # Half a millisecond is what giving whole milliseconds costs.
    assert abs(answer - true) <= true * ERROR + 0.5


@given(values, values, values)
def test_merging_is_as_if_all_values_had_been_seen_together(a: list[int], b: list[int], c: list[int]) -> None:
    assert merge_sketches([Sketch.of(a), Sketch.of(b), Sketch.of(c)]) == Sketch.of(c + a + b)


@given(st.lists(st.integers(0, 10_000_000), max_size=50))
def test_a_sketch_survives_being_packed(latencies: list[int]) -> None:
    sketch = Sketch.of(latencies)
    assert Sketch.from_bytes(sketch.to_bytes()) == sketch
    assert sketch.count == len(latencies)


def test_where_nothing_was_measured_there_is_no_quantile() -> None:
    assert Sketch.of([]).quantile(0.5) is None
