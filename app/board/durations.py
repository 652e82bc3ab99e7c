"""How long troubles of the past have lasted, by vendor: read now and then, for it changes slowly."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.estimate import POOL_WITHIN, Durations, HitRate, Past, hit_rate
from app.domain.incident import Incident, as_measured
from app.domain.said import SeenIncident
from app.domain.service import Catalogue
from app.domain.vendordays import hurt_until
from app.domain.watched import watched_pages
from app.store.engine import ReadTx
from app.store.incidents import load_incidents
from app.store.vendor_incidents import load_vendor_incidents

READ_BACK = 2 * POOL_WITHIN
AGAIN_AFTER = timedelta(hours=1)
SOON = timedelta(minutes=1)
"""While nothing is known, as on the first day, it is looked for sooner."""


class DurationsLoader:
    """Loads durations; how good estimates have been is worked out behind the boards: none of them waits for it."""

    def __init__(self) -> None:
        self._known = Durations()
        self._of: Catalogue | None = None
        self._read_at: datetime | None = None
        self._again_after = AGAIN_AFTER
        self._rating: asyncio.Task[HitRate | None] | None = None

    async def load(self, tx: ReadTx, catalogue: Catalogue, now: datetime) -> Durations:
        """What is known, an hour old at most; how good estimates have been, as soon as that is worked out.

        Raises `StoreError`.
        """
        self._take_rate()
        if catalogue is not self._of or self._read_at is None or now - self._read_at >= self._again_after:
            told = await load_vendor_incidents(tx, since_at=now - READ_BACK)
            ours = await load_incidents(tx, since_at=now - READ_BACK)
            self._known = replace(self._known, by_vendor=_by_vendor(catalogue, told, ours, now))
            self._of, self._read_at, self._again_after = catalogue, now, AGAIN_AFTER
            # Thousands of estimates: away from the event loop.
            self._rating = asyncio.create_task(asyncio.to_thread(hit_rate, self._known.by_vendor))
        return self._known

    async def settle(self) -> None:
        """Wait until the next board can tell how good estimates have been."""
        if self._rating is not None:
            await self._rating

    def _take_rate(self) -> None:
        if self._rating is not None and self._rating.done():
            rate = self._rating.result()
            self._known, self._rating = replace(self._known, rate=rate), None
            self._again_after = AGAIN_AFTER if rate is not None else SOON


def _by_vendor(
    catalogue: Catalogue, told: Iterable[SeenIncident], ours: Iterable[Incident], now: datetime
) -> Mapping[str, Sequence[Past]]:
    """By the vendors' own word; what we measured stands in for those that tell of nothing."""
    speaks_for = {watched.key: watched.services[0].vendor_id for watched in watched_pages(catalogue)}
    by_vendor: dict[str, list[Past]] = {}
    for seen in told:
        past = _told(seen, now)
        if past is not None and seen.page_key in speaks_for:
            by_vendor.setdefault(speaks_for[seen.page_key], []).append(past)
    measured: dict[str, list[Past]] = {}
    for incident in ours:
        service, part = catalogue.service_by_id.get(incident.service_id), as_measured(incident)
        if service is not None and part is not None and service.vendor_id not in by_vendor:
            lasted = (part.closed_at or now) - part.opened_at
            past = Past(began_at=part.opened_at, lasted=lasted, is_over=not part.is_open)
            measured.setdefault(service.vendor_id, []).append(past)
    return {key: sorted(past, key=lambda each: each.began_at) for key, past in (by_vendor | measured).items()}


def _told(seen: SeenIncident, now: datetime) -> Past | None:
    """How long a vendor's incident hurt; nothing for news, and for what was over in the moment it began."""
    end_at = hurt_until(seen, now)
    began_at = seen.incident.started_at
    if end_at is None or end_at <= began_at:
        return None
    return Past(began_at=began_at, lasted=end_at - began_at, is_over=not seen.is_open or end_at < now)
