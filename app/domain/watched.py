"""Which status pages are read, and for which services each of them speaks."""

from dataclasses import dataclass

from app.domain.service import Catalogue, Service, StatusPage


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedPage:
    """A status page, and the services it speaks for, in the order of the catalogue.

    `key` is what its story is kept under for ever. It names the vendor and not the address, because vendors change
    the product that hosts their page: `openai`, or `google/gemini` for the page of one service alone.
    """

    key: str
    vendor_id: str
    page: StatusPage
    services: tuple[Service, ...]


def watched_pages(catalogue: Catalogue) -> tuple[WatchedPage, ...]:
    """Every page of the catalogue once, with its services; a page that speaks for none is not read."""
    spoken_for: dict[tuple[str, StatusPage], list[Service]] = {}
    for service in catalogue.services:
        page = service.status_page or catalogue.vendor_by_id[service.vendor_id].status_page
        if page is not None:
            spoken_for.setdefault((service.vendor_id, page), []).append(service)
    return tuple(
        WatchedPage(
            key=_key(catalogue, vendor_id, page, services[0]),
            vendor_id=vendor_id,
            page=page,
            services=tuple(services),
        )
        for (vendor_id, page), services in spoken_for.items()
    )


def _key(catalogue: Catalogue, vendor_id: str, page: StatusPage, first: Service) -> str:
    is_vendors = catalogue.vendor_by_id[vendor_id].status_page == page
    return vendor_id if is_vendors else f"{vendor_id}/{first.id}"
