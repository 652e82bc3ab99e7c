"""How late each vendor tells of what we measured: read now and then, for it changes slowly."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.board.model import ServiceView
from app.domain.lag import LagEntry, summarise
from app.store.engine import Database
from app.store.lag import load_lags

AGAIN_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorLag:
    """A vendor's lags over all troubles of which both told: how many those are, the median, and the latest."""

    compared: int
    median: timedelta | None
    last: timedelta | None


class LagLoader:
    """Loads the lags of all vendors, a minute old at most."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: Mapping[str, VendorLag] = {}
        self._of: Mapping[str, str] = {}
        self._due_at: datetime | None = None

    async def load(self, views: Iterable[ServiceView], now: datetime) -> Mapping[str, VendorLag]:
        """The lags of vendors of these services, by the vendor's id. Raises `StoreError`."""
        vendors = {view.service.id: view.vendor.id for view in views}
        if vendors == self._of and self._due_at is not None and now < self._due_at:
            return self._known
        async with self._database.read() as tx:
            entries = await load_lags(tx)
        self._known, self._of, self._due_at = _by_vendor(entries, vendors), vendors, now + AGAIN_AFTER
        return self._known


def _by_vendor(entries: Iterable[LagEntry], vendors: Mapping[str, str]) -> Mapping[str, VendorLag]:
    told: dict[str, list[LagEntry]] = {}
    for entry in entries:
        if entry.service_id in vendors:
            told.setdefault(vendors[entry.service_id], []).append(entry)
    return {vendor: _lag(each) for vendor, each in told.items()}


def _lag(newest_first: Sequence[LagEntry]) -> VendorLag:
    summary = summarise(newest_first)
    last = next((lag for entry in newest_first if (lag := entry.lag) is not None and not entry.is_brief), None)
    return VendorLag(compared=summary.compared, median=summary.lag_median, last=last)
