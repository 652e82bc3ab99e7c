"""Our own health in the API; shapes and how they are filled."""

from collections.abc import Sequence
from datetime import datetime

from app import __version__
from app.board.model import Board, OwnHealth, Spending
from app.board.publishing import Publishing
from app.domain.spend import NUSD
from app.web.api.shape import Answer, Shape


class NetworkOut(Shape):
    """Our own network, judged by hosts that belong to no vendor."""

    works: bool | None
    """Whether it works; `null` where there is no such host to ask."""
    seen_at: datetime
    """When they were asked last."""
    sentence: str
    """What they answered, in words."""


class SpendingOut(Shape):
    """What asking models has cost this calendar month (UTC), in USD; calls under way count at their dearest."""

    month: str
    """The month, such as `2026-11`."""
    total_usd: float
    """Over all vendors."""
    by_vendor_usd: dict[str, float]
    """By the id of the vendor."""
    cap_usd: float
    """What all together may cost in a month."""
    vendor_cap_usd: float
    """What one vendor may cost in a month."""


class PublishingOut(Shape):
    """How publishing the static copy goes."""

    published_at: datetime | None
    """When a copy was last published; `null` before the first."""
    changed: int
    """How many of its files that changed."""
    files: int
    """How many files it has."""
    failures: int
    """How often publishing failed since the start."""
    trouble: str | None
    """Why it fails at the moment, in words; `null` while it does not."""


class HealthOut(Answer):
    """How we are ourselves."""

    version: str
    """Of the program."""
    ready: bool
    """Whether results can be stored and shown: what `/readyz` says with its status."""
    reasons: tuple[str, ...]
    """Why not, in sentences; empty where it is ready."""
    troubles: tuple[str, ...]
    """All that is wrong with us, in sentences: our network, storing, a mistake in the catalogue."""
    made_at: datetime | None
    """The moment that answers describe; `null` before the first board is made."""
    started_at: datetime | None
    """Since when the process runs; `null` before the first board is made."""
    probing: bool | None
    """Whether this process probes; else it shows what is stored. `null` before the first board is made."""
    late_p99_ms: float | None
    """How late probes begin after they are due: 99 of 100 begin sooner; `null` before there were any."""
    missed: int
    """How many probes were missed since the start, because they could not begin in time."""
    network: NetworkOut | None
    """Our own network; `null` before it was looked at."""
    spending: SpendingOut | None
    """What asking models costs; `null` where nothing that is asked costs anything."""
    publishing: PublishingOut | None
    """How publishing the static copy goes; `null` where none is published."""


def health_out(board: Board | None, reasons: Sequence[str], *, is_simulated: bool) -> HealthOut:
    """How we are, by the last board if there is one, and by what keeps us from making and storing more."""
    own = board.own if board is not None else None
    trouble = (board.trouble.sentence,) if board is not None and board.trouble is not None else ()
    return HealthOut(
        simulated=is_simulated,
        version=__version__,
        ready=not reasons,
        reasons=tuple(reasons),
        troubles=(*own.troubles, *trouble) if own is not None else (),
        made_at=board.made_at if board is not None else None,
        started_at=own.started_at if own is not None else None,
        probing=own.probing if own is not None else None,
        late_p99_ms=own.late_p99_ms if own is not None else None,
        missed=own.missed if own is not None else 0,
        network=_network(own) if own is not None else None,
        spending=_spending(own.spending) if own is not None and own.spending is not None else None,
        publishing=_publishing(own.publishing) if own is not None and own.publishing is not None else None,
    )


def _network(own: OwnHealth) -> NetworkOut | None:
    seen = own.network
    return NetworkOut(works=seen.works, seen_at=seen.seen_at, sentence=seen.sentence) if seen is not None else None


def _publishing(told: Publishing) -> PublishingOut:
    return PublishingOut(
        published_at=told.published_at,
        changed=told.changed,
        files=told.files,
        failures=told.failures,
        trouble=told.trouble,
    )


def _spending(told: Spending) -> SpendingOut:
    return SpendingOut(
        month=told.spent.month,
        total_usd=told.spent.total_nusd / NUSD,
        by_vendor_usd={vendor_id: nusd / NUSD for vendor_id, nusd in told.spent.by_vendor.items()},
        cap_usd=told.caps.total_nusd / NUSD,
        vendor_cap_usd=told.caps.vendor_nusd / NUSD,
    )
