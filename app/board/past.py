"""The past by months: what was measured, what vendors told beside it, and how much of the month was seen."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from app.board.model import Board, ServiceView
from app.board.stretches import judges
from app.domain.incident import Incident
from app.domain.lag import LagEntry
from app.domain.ledger import FARTHEST_START
from app.domain.rollup import Tally, merge_tallies
from app.domain.said import SeenIncident
from app.domain.verdict import Witness
from app.store.engine import Database, ReadTx
from app.store.incidents import first_incident_at, load_incidents
from app.store.lag import load_lags
from app.store.rollups import load_days, load_live
from app.store.vendor_incidents import first_vendor_incident_at, load_vendor_incidents

MOST_SHOWN = 300
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Month:
    """A month of the calendar, in UTC."""

    year: int
    number: int

    def __str__(self) -> str:
        """As it stands in addresses: "2026-11"."""
        return f"{self.year:04}-{self.number:02}"

    @property
    def start_at(self) -> datetime:
        """Its first moment."""
        return datetime(self.year, self.number, 1, tzinfo=UTC)

    @property
    def end_at(self) -> datetime:
        """The first moment after it."""
        return self.after.start_at

    @property
    def before(self) -> "Month":
        """The one before it."""
        return month_of(self.start_at - timedelta(days=1))

    @property
    def after(self) -> "Month":
        """The one after it."""
        return month_of(self.start_at + timedelta(days=31))


def month_of(moment: datetime) -> Month:
    """The month in which a moment lies."""
    moment = moment.astimezone(UTC)
    return Month(year=moment.year, number=moment.month)


def month_named(text: str) -> Month | None:
    """The month that is written "2026-11"; `None` for anything else."""
    found = _MONTH.fullmatch(text)
    if found is None or not (1 < int(found[1]) < 9999 and 1 <= int(found[2]) <= 12):  # noqa: PLR2004 - a calendar
        return None
    return Month(year=int(found[1]), number=int(found[2]))


class Kind(StrEnum):
    """Whose incidents are wanted."""

    ALL = "all"
    MEASURED = "measured"
    VENDOR = "vendor"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastWish:
    """Which past is wanted; of one service, of a vendor's, or of all."""

    month: Month
    kind: Kind = Kind.ALL
    service_id: str | None = None
    vendor_id: str | None = None

    @property
    def is_of_all(self) -> bool:
        """Whether the services of everybody are meant."""
        return self.service_id is None and self.vendor_id is None

    def takes(self, view: ServiceView) -> bool:
        """Whether a service is among those that are meant."""
        return self.service_id in (None, view.service.id) and self.vendor_id in (None, view.vendor.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A trouble that did not rest on its vendor's word alone. `view` is `None` for a service that is gone."""

    incident: Incident
    view: ServiceView | None
    lag: LagEntry | None

    @property
    def began_at(self) -> datetime:
        """When it was first seen."""
        return self.incident.opened_at

    @property
    def is_open(self) -> bool:
        """Whether it is not over."""
        return self.incident.is_open

    @property
    def name(self) -> str:
        """Of the service; of one that is gone nothing is left but its id."""
        return self.view.service.name if self.view is not None else self.incident.service_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An incident of which only the vendor told; `view` is a service it concerns, else any of its page."""

    seen: SeenIncident
    view: ServiceView

    @property
    def began_at(self) -> datetime:
        """When it began by the vendor's word."""
        return self.seen.incident.started_at

    @property
    def is_open(self) -> bool:
        """Whether the vendor has not called it over."""
        return self.seen.is_open


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPast:
    """A month: its incidents, newest first, in the month that is under way the open ones before all others.

    `measured` and `told` count what there is, whether the wish leaves it out or not, and `more` what is not shown
    for being too much. `lasted` is the time of the measured ones together, up to now; `most` the service that has
    most of it, by name. `seen` counts what was asked and what it told, `seen_since_at` is the first day of it.
    """

    wish: PastWish
    entries: Sequence[Measured | Told]
    more: int
    measured: int
    still_open: int
    told: int
    lasted: timedelta
    most: tuple[str, timedelta] | None
    seen: Tally
    seen_since_at: datetime | None
    has_before: bool
    has_after: bool


async def load_month(database: Database, board: Board, wish: PastWish) -> MonthPast:
    """A month of the past as of the board. Raises `StoreError`."""
    month, now = wish.month, board.made_at
    views = [view for view in board.services if wish.takes(view)]
    async with database.read() as tx:
        ours = await load_incidents(tx, since_at=month.start_at, until_at=month.end_at)
        theirs = await load_vendor_incidents(tx, since_at=month.start_at, until_at=month.end_at)
        lags = await load_lags(tx, since_at=month.start_at - FARTHEST_START)
        seen, since_at = await _load_seen(tx, views, month, now)
        known = (await first_incident_at(tx), await first_vendor_incident_at(tx), since_at)
    ids = None if wish.is_of_all else {view.service.id for view in views}
    measured = measured_in(month, [each for each in ours if ids is None or each.service_id in ids], board, lags)
    told = told_in(month, theirs, views, now, _shared(ours, lags), of_service=wish.service_id)
    entries = _ordered(
        [*(measured if wish.kind is not Kind.VENDOR else ())], [*(told if wish.kind is not Kind.MEASURED else ())]
    )
    first_at = min((moment for moment in known if moment is not None), default=now)
    return MonthPast(
        wish=wish,
        entries=entries[:MOST_SHOWN],
        more=len(entries[MOST_SHOWN:]),
        measured=len(measured),
        still_open=sum(each.is_open for each in measured),
        told=len(told),
        lasted=sum((_lasted(each, now) for each in measured), timedelta(0)),
        most=_most(measured, now),
        seen=seen,
        seen_since_at=since_at,
        has_before=first_at < month.start_at,
        has_after=month < month_of(now),
    )


def measured_in(
    month: Month, incidents: Iterable[Incident], board: Board, lags: Iterable[LagEntry]
) -> list[Measured]:
    """The troubles of a month: those that began in it, and in the newest those that are not over."""
    is_newest = month == month_of(board.made_at)
    by_incident = {entry.our_incident_id: entry for entry in lags}
    return [
        Measured(incident=each, view=board.by_id.get(each.service_id), lag=by_incident.get(each.id))
        for each in incidents
        if _is_more_than_word(each) and (month_of(each.opened_at) == month or (is_newest and each.is_open))
    ]


def told_in(
    month: Month,
    told: Iterable[SeenIncident],
    views: Sequence[ServiceView],
    now: datetime,
    shared: Iterable[tuple[str, str]],
    *,
    of_service: str | None = None,
) -> list[Told]:
    """What vendors told of in a month, but for what stands beside a measured trouble (`shared`: page and id).

    With `of_service` only what is known to concern that service, which is known for as long as a board looks back.
    """
    is_newest, shared = month == month_of(now), set(shared)
    pages: dict[str, ServiceView] = {}
    concerned: dict[tuple[str, str], ServiceView] = {}
    for view in views:
        if view.word is not None:
            pages.setdefault(view.word.page_key, view)
        for each in view.told:
            concerned.setdefault((each.seen.page_key, each.seen.incident.id), view)
    found = []
    for seen in told:
        key = (seen.page_key, seen.incident.id)
        concerns = concerned.get(key) or (pages.get(seen.page_key) if of_service is None else None)
        is_in = month_of(seen.incident.started_at) == month or (is_newest and seen.is_open)
        if concerns is not None and is_in and key not in shared:
            found.append(Told(seen=seen, view=concerns))
    return found


def _is_more_than_word(incident: Incident) -> bool:
    """Whether anybody but the vendor told of it; incidents from before accounts were kept were all measured."""
    return not incident.accounts or any(each.witness is not Witness.VENDOR for each in incident.accounts)


def _shared(incidents: Iterable[Incident], lags: Iterable[LagEntry]) -> set[tuple[str, str]]:
    """The vendors' incidents, by page and id, that stand beside measured troubles."""
    by_word = {
        (account.page_key, incident_id)
        for incident in incidents
        if _is_more_than_word(incident)
        for account in incident.accounts
        for incident_id in account.incident_ids
    }
    return by_word | {
        (entry.page_key, entry.vendor_incident_id)
        for entry in lags
        if entry.our_incident_id is not None and entry.vendor_incident_id is not None
    }


def _ordered(measured: Sequence[Measured], told: Sequence[Told]) -> list[Measured | Told]:
    entries: list[Measured | Told] = [*measured, *told]
    return sorted(entries, key=lambda each: (each.is_open, each.began_at), reverse=True)


def _lasted(entry: Measured, now: datetime) -> timedelta:
    return (entry.incident.closed_at or now) - entry.incident.opened_at


def _most(measured: Iterable[Measured], now: datetime) -> tuple[str, timedelta] | None:
    """The service that was in trouble for longest, where there is more than one."""
    spans: dict[str, timedelta] = {}
    for each in measured:
        spans[each.name] = spans.get(each.name, timedelta(0)) + _lasted(each, now)
    return max(spans.items(), key=lambda item: item[1]) if len(spans) > 1 else None


async def _load_seen(
    tx: ReadTx, views: Iterable[ServiceView], month: Month, now: datetime
) -> tuple[Tally, datetime | None]:
    """What the checks that judge these services were asked and told in a month, and the first day of it."""
    ids = [check.id for view in views for check in judges(view.service)]
    rollups = await load_days(tx, month.start_at, month.end_at, ids)
    folded = [rollup for regional in rollups.values() for rollup in regional if rollup.tally.due]
    live = await load_live(tx, now) if month == month_of(now) else {}
    wanted = set(ids)
    fresh = [tally for (check_id, _), tally in live.items() if check_id in wanted and tally.due]
    days = [*(rollup.start_at for rollup in folded), *([now] if fresh else ())]
    return merge_tallies([*(rollup.tally for rollup in folded), *fresh]), min(days, default=None)
