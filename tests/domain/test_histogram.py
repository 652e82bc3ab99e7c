import pytest

from app.domain.histogram import Histogram

EMPTY = Histogram.of((0.1, 1.0))


@pytest.mark.parametrize(
    ("value", "counts"),
    [(0.0, (1, 0, 0)), (0.1, (1, 0, 0)), (0.2, (0, 1, 0)), (1.0, (0, 1, 0)), (1.1, (0, 0, 1))],
)
def test_a_value_falls_below_the_first_bound_it_does_not_exceed(value: float, counts: tuple[int, ...]) -> None:
    assert EMPTY.seen(value) == Histogram((0.1, 1.0), counts, value)


def test_values_add_up() -> None:
    told = EMPTY.seen(0.5).seen(4.0).seen(0.25)
    assert (told.counts, told.count, told.total) == ((0, 2, 1), 3, 4.75)


def test_what_was_seen_before_stays_as_it_was() -> None:
    EMPTY.seen(0.5)
    assert EMPTY.count == 0
