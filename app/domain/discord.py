"""Where witnesses contradict each other, or a trouble is not everybody's: worth saying beside the status."""

from collections.abc import Iterable
from enum import StrEnum

from app.domain.accord import Accord
from app.domain.service import Capability, Group, Service
from app.domain.status import Status
from app.domain.verdict import Verdict, Witness


class Discord(StrEnum):
    """A disagreement of witnesses, of regions, or of a vendor's doors."""

    VENDOR_SILENT = "vendor_silent"
    """We measure trouble, and the vendor has not said anything."""
    VENDOR_SAYS_OVER = "vendor_says_over"
    """The vendor calls it resolved, or mended, and we still measure it."""
    ONLY_VENDOR = "only_vendor"
    """The vendor reports trouble that we do not measure."""
    ONLY_PEOPLE = "only_people"
    """Many people report trouble that neither we measure nor the vendor tells of."""
    SOME_REGIONS = "some_regions"
    """It is bad from some regions, and well from others."""
    WEB_APP_ONLY = "web_app_only"
    """The app for people fails, while the vendor's API answers."""
    ONLY_YOU = "only_you"
    """A few people report trouble, no more than usual, and every witness is content."""


_OF_ACCORD = {
    Accord.VENDOR_SILENT: Discord.VENDOR_SILENT,
    Accord.VENDOR_SAYS_OVER: Discord.VENDOR_SAYS_OVER,
    Accord.ONLY_VENDOR: Discord.ONLY_VENDOR,
}


def discords(
    service: Service,
    verdict: Verdict,
    accord: Accord | None,
    siblings: Iterable[tuple[Service, Status]] = (),
    *,
    reports: int = 0,
) -> tuple[Discord, ...]:
    """What is to be said, the weightiest first.

    `siblings` are the vendor's other services and how they fare, `reports` how many people lately told of trouble.
    """
    told = [_OF_ACCORD[accord]] if accord in _OF_ACCORD else []
    if [claim.witness for claim in verdict.claims] == [Witness.PEOPLE]:
        told.append(Discord.ONLY_PEOPLE)
    if verdict.measured.bad_regions and verdict.measured.well_regions:
        told.append(Discord.SOME_REGIONS)
    if verdict.status.is_bad and _is_app(service) and _api_works(siblings):
        told.append(Discord.WEB_APP_ONLY)
    if reports and not verdict.claims and verdict.status is Status.UP:
        told.append(Discord.ONLY_YOU)
    return tuple(told)


def _is_app(service: Service) -> bool:
    return service.group is Group.ASSISTANTS and Capability.CHAT_API not in service.capabilities


def _api_works(siblings: Iterable[tuple[Service, Status]]) -> bool:
    """Whether there is an API, and all there is of it works."""
    apis = [status for sibling, status in siblings if Capability.CHAT_API in sibling.capabilities]
    return bool(apis) and all(status is Status.UP for status in apis)
