"""The figures of the lag ledger."""

from datetime import timedelta

from app.domain.lag import First, LagEntry, judged, summarise
from tests.build import minute

LATER = minute(7 * 24 * 60)


def entry(number: int, *, lag: float | None, lasted: float = 60, recovery: float = 5) -> LagEntry:
    """A trouble of ours, and the vendor's first word so many minutes after it."""
    began = number * 1000
    said = None if lag is None else minute(began + lag)
    return judged(
        LagEntry(
            id=f"api/{number}",
            service_id="api",
            page_key="acme",
            our_incident_id=str(number),
            our_first_at=minute(began),
            our_recovery_at=minute(began + lasted),
            vendor_said_at=said,
            vendor_resolved_at=None if said is None else minute(began + lasted + recovery),
            vendor_looked=True,
            we_looked=True,
        ),
        LATER,
    )


def test_the_median_and_the_p90_are_by_rank_and_signed() -> None:
    entries = [entry(number, lag=lag) for number, lag in enumerate([-5, 2, 4, 8, 16, 32, 64, 128, 256, 512])]
    summary = summarise(entries)
    assert (summary.lag_median, summary.lag_p90) == (timedelta(minutes=16), timedelta(minutes=256))
    assert (summary.compared, summary.counts[First.WE], summary.counts[First.VENDOR]) == (10, 9, 1)
    assert summary.recovery_median == timedelta(minutes=5)


def test_silence_is_counted_and_not_ranked() -> None:
    summary = summarise([entry(1, lag=None), entry(2, lag=4)])
    assert (summary.counts[First.VENDOR_NEVER], summary.compared) == (1, 1)
    assert summary.lag_median == timedelta(minutes=4)


def test_a_brief_trouble_that_only_we_saw_is_left_out() -> None:
    summary = summarise([entry(1, lag=None, lasted=9), entry(2, lag=4, lasted=9)])
    assert (summary.counts[First.VENDOR_NEVER], summary.compared) == (0, 1)


def test_without_entries_there_are_no_figures() -> None:
    assert (summarise([]).lag_median, summarise([]).lag_p90) == (None, None)
