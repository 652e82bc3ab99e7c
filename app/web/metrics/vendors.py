"""Metrics of vendors: how fresh their pages are, and how late they tell of what we measured; pure."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from app.board.lags import VendorLag
from app.board.model import Board
from app.domain.vendorword import VendorWord
from app.web.metrics.exposition import Family, gauge, info, labelled, moments


def of_vendors(board: Board, lags: Mapping[str, VendorLag]) -> Iterator[Family]:
    """Every vendor."""
    names = {view.vendor.id: view.vendor.name for view in board.services}
    yield info(
        "stillup_vendor_info", "A vendor.", (labelled(vendor=key, name=name) for key, name in names.items())
    )
    pages = [(labelled(vendor=vendor, page=word.page_key), word) for vendor, word in _pages(board)]
    yield moments(
        "stillup_vendor_page_read_timestamp_seconds",
        "When a vendor's status page was last read well; absent before the first time.",
        ((labels, word.read_at) for labels, word in pages),
    )
    yield gauge(
        "stillup_vendor_page_stale",
        "Whether a vendor's status page could not be read for so long that its word is unknown.",
        ((labels, int(word.is_stale)) for labels, word in pages),
    )
    known = [(labelled(vendor=vendor), lags[vendor]) for vendor in names if vendor in lags]
    yield gauge(
        "stillup_vendor_lag_median_seconds",
        "How long after our first bad reading a vendor tells of a trouble, in the median; negative where before.",
        ((labels, _seconds(lag.median)) for labels, lag in known),
    )
    yield gauge(
        "stillup_vendor_lag_last_seconds",
        "The same of the latest trouble of which both told.",
        ((labels, _seconds(lag.last)) for labels, lag in known),
    )
    yield gauge(
        "stillup_vendor_lag_troubles",
        "Of how many troubles both told: what the median is of.",
        ((labels, lag.compared) for labels, lag in known),
    )


def _pages(board: Board) -> Iterator[tuple[str, VendorWord]]:
    """Each page once; all services of a page are told of it alike."""
    words = {view.word.page_key: (view.vendor.id, view.word) for view in board.services if view.word is not None}
    return iter(words.values())


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()
