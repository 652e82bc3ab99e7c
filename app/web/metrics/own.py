"""Metrics of ourselves: whether what the others say can be relied on; pure."""

import platform
from collections.abc import Iterator

from app import __version__
from app.board.figures import Figures
from app.board.model import Board, OwnHealth, Spending
from app.board.publishing import Publishing
from app.domain.spend import NUSD
from app.store.engine import StoreErrorKind
from app.web.metrics.exposition import Family, counter, gauge, histogram, info, labelled, moments


def of_ourselves(figures: Figures, board: Board | None, *, is_simulated: bool) -> Iterator[Family]:
    """How we are."""
    own = figures.own
    yield info(
        "stillup_build_info",
        "Which Stillup this is, and on which Python.",
        [labelled(version=__version__, python=platform.python_version())],
    )
    yield gauge("stillup_simulated", "Whether what is watched is only pretended.", [("", int(is_simulated))])
    yield gauge("stillup_probing", "Whether this process probes.", [("", int(own.probing))])
    yield moments("stillup_started_timestamp_seconds", "When we began to watch.", [("", own.started_at)])
    yield from _network(own)
    yield from _stations(figures)
    yield gauge(
        "stillup_catalogue_trouble",
        "Whether the catalogue has a mistake and the last good one is in force.",
        [("", int(own.catalogue_trouble is not None))],
    )
    yield from _board(figures, board)
    yield from _spending(own.spending)
    yield from _publishing(own.publishing)


def _network(own: OwnHealth) -> Iterator[Family]:
    network = own.network
    works = network.works if network is not None else None
    yield gauge(
        "stillup_network_up",
        "Whether our own network works, by control targets; absent where there is none to ask.",
        [("", None if works is None else int(works))],
    )
    yield moments(
        "stillup_network_seen_timestamp_seconds",
        "When the control targets were last asked.",
        [("", network.seen_at if network is not None else None)],
    )


def _stations(figures: Figures) -> Iterator[Family]:
    own = figures.own
    yield histogram(
        "stillup_schedule_lateness_seconds",
        "How late probes were called for after their time.",
        [("", figures.lateness)],
    )
    yield counter("stillup_missed_slots_total", "Probes called for too late to be made.", [("", own.missed)])
    yield gauge("stillup_probes_under_way", "Probes that wait for a seat or an answer.", [("", figures.under_way)])
    yield gauge("stillup_seats", "How many probes may be under way at once.", [("", figures.seats)])
    yield gauge("stillup_results_waiting", "Results that are not stored yet.", [("", figures.waiting)])
    yield histogram(
        "stillup_storing_seconds",
        "How long batches of results took to be stored, with all attempts.",
        [("", figures.storing)],
    )
    yield gauge(
        "stillup_storage_trouble",
        "Whether results cannot be stored at the moment.",
        [("", int(own.storage_trouble is not None))],
    )
    yield counter(
        "stillup_database_errors_total",
        "How often the database could not do what was asked, by why.",
        ((labelled(kind=kind), figures.store_errors.get(kind, 0)) for kind in StoreErrorKind),
    )


def _board(figures: Figures, board: Board | None) -> Iterator[Family]:
    yield moments(
        "stillup_board_made_timestamp_seconds",
        "When the board was made of which all else tells; absent before the first.",
        [("", board.made_at if board is not None else None)],
    )
    yield histogram("stillup_board_making_seconds", "How long boards took to be made.", [("", figures.making)])
    yield gauge(
        "stillup_board_trouble",
        "Whether no newer board can be made, and what is shown is old.",
        [("", int(board is None or board.trouble is not None))],
    )


def _publishing(told: Publishing | None) -> Iterator[Family]:
    """Nothing where no copy is published."""
    yield moments(
        "stillup_published_timestamp_seconds",
        "When a static copy was last published; absent before the first, and where none is.",
        [("", told.published_at if told is not None else None)],
    )
    yield counter(
        "stillup_publish_failures_total",
        "How often publishing a static copy failed; absent where none is published.",
        [("", told.failures)] if told is not None else [],
    )
    yield gauge(
        "stillup_publish_trouble",
        "Whether publishing a static copy fails at the moment; absent where none is published.",
        [("", int(told.trouble is not None) if told is not None else None)],
    )


def _spending(spending: Spending | None) -> Iterator[Family]:
    """Nothing where nothing that is asked costs anything."""
    paid = spending.spent.by_vendor if spending is not None else {}
    caps = spending.caps if spending is not None else None
    yield gauge(
        "stillup_spend_usd",
        "What canaries have cost at a vendor this calendar month (UTC).",
        ((labelled(vendor=vendor), nusd / NUSD) for vendor, nusd in paid.items()),
    )
    yield gauge(
        "stillup_spend_vendor_cap_usd",
        "What canaries may cost at one vendor in a calendar month.",
        [("", caps.vendor_nusd / NUSD if caps is not None else None)],
    )
    yield gauge(
        "stillup_spend_cap_usd",
        "What all canaries together may cost in a calendar month.",
        [("", caps.total_nusd / NUSD if caps is not None else None)],
    )
