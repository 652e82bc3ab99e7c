"""What can be asked of vendors, and how late they are."""

from typing import Annotated

from fastapi import Depends, Path, Query

from app.board.vendors import load_vendor
from app.store.lag import load_lag_page
from app.web.api.lag import LagsOut, lags_out
from app.web.api.ledger import VendorRecordOut, VendorsOut, vendor_record_out, vendors_out
from app.web.api.operations.given import TheSite
from app.web.api.operations.paging import Paging


def vendors(site: TheSite) -> VendorsOut:
    """Every vendor, and the worst that it says of its services."""
    return vendors_out(site.board.services, is_simulated=site.is_simulated)


async def vendor(
    vendor_id: Annotated[str, Path(description="The id of a vendor, such as `openai`.")], site: TheSite
) -> VendorRecordOut:
    """One vendor: what it says now, what it told of, every change of its pages, and how late it is."""
    views = site.vendor(vendor_id)
    told = await load_vendor(site.database, views[0].vendor, views, site.board.made_at)
    return vendor_record_out(told, is_simulated=site.is_simulated)


async def lag(
    site: TheSite,
    paging: Annotated[Paging, Depends()],
    service: Annotated[str | None, Query(description="The id of a service: only its troubles.")] = None,
    vendor: Annotated[str | None, Query(description="The id of a vendor: only those of its services.")] = None,
) -> LagsOut:
    """Who told of which trouble first, we or the vendor, and by how much; newest first."""
    ids = site.wanted_services(service, vendor)
    async with site.database.read() as tx:
        found = await load_lag_page(tx, ids, limit=paging.wanted, after=paging.after)
    page, following = paging.cut(site, found, lambda each: (each.began_at, each.id))
    return lags_out(page, following, site.board.made_at, is_simulated=site.is_simulated)
