"""From what the files say, once it is known to be right, to the catalogue of the domain."""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from typing import Any

from app.catalogue.entries import CheckEntry, FileEntry, Impact, ServiceEntry, StatusPageEntry, VendorEntry
from app.domain.check import Cadence, Check, Policy
from app.domain.result import CheckId, Thresholds
from app.domain.service import Catalogue, Components, Service, StatusPage, Vendor
from app.domain.status import Status

CONTROLS = "_controls"
"""What stands for the service in the ids of controls; no service can have this id."""

_WORST = {Impact.DOWN: Status.DOWN, Impact.DEGRADED: Status.DEGRADED, Impact.NONE: Status.UP}

File = FileEntry[Any]


def assemble(file: File, kinds: Iterable[str], own: Collection[str]) -> Catalogue:
    """The catalogue that a whole file amounts to; `own` are the ids of the services the operator's file names.

    Left out are services that are not wanted, or of which no check is, and vendors that then have no service.
    """
    wanted = [
        _service(service_id, entry, kinds)
        for service_id, entry in file.services.items()
        if _is_wanted(service_id, entry, file, own)
    ]
    places = {service_id: place for place, service_id in enumerate(dict.fromkeys((*file.order, *file.services)))}
    services = sorted((service for service in wanted if service.checks), key=lambda service: places[service.id])
    used = {service.vendor_id for service in services}
    return Catalogue(
        vendors=tuple(
            _vendor(vendor_id, file.vendors[vendor_id]) for vendor_id in file.vendors if vendor_id in used
        ),
        services=tuple(services),
        controls=_checks(CONTROLS, file.controls, kinds),
    )


def _is_wanted(service_id: str, entry: ServiceEntry[Any], file: File, own: Collection[str]) -> bool:
    return (
        entry.enabled
        and service_id not in file.disable
        and file.vendors[entry.vendor].enabled
        and (file.builtin or service_id in own)
    )


def _vendor(vendor_id: str, entry: VendorEntry) -> Vendor:
    return Vendor(id=vendor_id, name=entry.name, home=entry.home, status_page=_status_page(entry.status_page))


def _status_page(entry: StatusPageEntry | None) -> StatusPage | None:
    return None if entry is None else StatusPage(url=entry.url, kind=entry.kind.value, feed=entry.feed)


def _service(service_id: str, entry: ServiceEntry[Any], kinds: Iterable[str]) -> Service:
    return Service(
        id=service_id,
        name=entry.name,
        vendor_id=entry.vendor,
        capabilities=entry.capabilities,
        home=entry.home,
        checks=_checks(service_id, entry.checks, kinds),
        about=entry.about,
        status_page=_status_page(entry.status_page),
        components=Components(**asdict(entry.components)),
        depends_on=entry.depends_on,
    )


def _checks(service_id: str, entries: dict[str, CheckEntry], kinds: Iterable[str]) -> tuple[Check, ...]:
    wanted = (_check(service_id, name, entry, kinds) for name, entry in entries.items() if entry.enabled)
    # A canary whose key is not given is simply absent; only kinds that take keys have the property.
    return tuple(check for check in wanted if not getattr(check.spec, "lacks_key", False))


def _check(service_id: str, name: str, entry: CheckEntry, kinds: Iterable[str]) -> Check:
    kind = next(kind for kind in kinds if getattr(entry, kind) is not None)
    return Check(
        id=CheckId(f"{service_id}/{name}"),
        service_id=service_id,
        name=name,
        kind=kind,
        spec=getattr(entry, kind),
        cadence=Cadence(interval=entry.interval),
        thresholds=Thresholds(slow_after=entry.slow_after),
        policy=Policy(**asdict(entry.policy)),
        impact=_WORST[entry.impact],
        allow_private=entry.allow_private,
        verified_on=entry.verified_on,
        note=entry.note,
    )
