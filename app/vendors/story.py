"""The story of an incident from claims that contradict each other: when it began, when it ended, what was odd."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.vendor import Phase, VendorUpdate
from app.vendors.reader import ReadError, ReadErrorKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From the earliest moment that any field claims to the last closing; the end is never before the start."""

    started_at: datetime
    resolved_at: datetime | None
    oddities: tuple[str, ...] = ()


def span(
    where: str,
    *,
    started: Iterable[datetime | None],
    resolved: datetime | None,
    phase: Phase,
    updates: Sequence[VendorUpdate],
) -> Span:
    """When an incident began and ended, from every claim of its beginning and the one of its end.

    `resolved` counts only once the phase is over (a reopened incident keeps its first closing), and gives way
    to a later closing among the updates. `ReadError` MISSING_FIELD at `where` if nothing tells the beginning.
    """
    claims = [claim for claim in started if claim is not None] + [update.at for update in updates]
    if not claims:
        raise ReadError(ReadErrorKind.MISSING_FIELD, where, "nothing tells when it began")
    started_at = min(claims)
    if not phase.is_over:
        oddities = () if resolved is None else ("resolved, then opened again",)
        return Span(started_at=started_at, resolved_at=None, oddities=oddities)
    closing, reopened = _last_closing(updates, resolved)
    if closing is not None and closing < started_at:
        return Span(
            started_at=started_at, resolved_at=started_at, oddities=(*reopened, "resolved before it started")
        )
    return Span(started_at=started_at, resolved_at=closing, oddities=reopened)


def newest_first(updates: Iterable[VendorUpdate]) -> tuple[VendorUpdate, ...]:
    """Updates in the order in which a page holds them; what is equally old stays as the document had it.

    Each has an id of its own: where a document names them by their time, those of one moment are numbered from the
    oldest on, so that a later one leaves the names of the others as they were.
    """
    in_order = sorted(updates, key=lambda update: update.at, reverse=True)
    times: Counter[str] = Counter()
    for place in reversed(range(len(in_order))):
        update = in_order[place]
        times[update.id] += 1
        if times[update.id] > 1:
            in_order[place] = replace(update, id=f"{update.id} {times[update.id]}")
    return tuple(in_order)


def _last_closing(
    updates: Sequence[VendorUpdate], resolved: datetime | None
) -> tuple[datetime | None, tuple[str, ...]]:
    """The stated end, unless the incident was open after it; then the first update since that calls it over."""
    last_open = max((update.at for update in updates if not update.phase.is_over), default=None)
    after = [
        update.at for update in updates if update.phase.is_over and (last_open is None or update.at >= last_open)
    ]
    closing = min(after, default=None)
    if resolved is None:
        return closing, ()
    if last_open is None or resolved >= last_open or closing is None:
        return resolved, ()
    return closing, ("resolved, opened again, resolved again",)
