"""How a vendor's word stands to what was measured: whether the two witnesses agree, and if not, in which way."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from app.domain.said import SeenIncident
from app.domain.status import Status
from app.domain.vendor import Phase
from app.domain.vendorword import VendorWord


class Accord(StrEnum):
    """What the two witnesses amount to together."""

    BOTH_WELL = "both_well"
    BOTH_TROUBLED = "both_troubled"
    PLANNED = "planned"
    """We measure trouble, and the vendor announced that it is working there."""
    VENDOR_SILENT = "vendor_silent"
    """We measure trouble, and the vendor's page has none of it."""
    VENDOR_SAYS_OVER = "vendor_says_over"
    """The vendor told of this trouble and calls it over, or mended; we still measure it."""
    ONLY_VENDOR = "only_vendor"
    """The vendor tells of trouble that we do not measure."""
    UNSEEN = "unseen"
    """The vendor tells of no trouble, and we cannot see whether there is one."""
    WORD_UNKNOWN = "word_unknown"
    """What the vendor says cannot be known now."""


def accord(status: Status, since_at: datetime | None, word: VendorWord, told: Iterable[SeenIncident]) -> Accord:
    """How the witnesses stand to each other for a service that is measured `status` since `since_at`.

    `told` are incidents of the vendor that concern the service, those that are over among them.
    """
    if word.status is Status.UNKNOWN:
        return Accord.WORD_UNKNOWN
    if status.is_bad:
        return _beside_trouble(since_at, word, told)
    if word.status.is_bad:
        return Accord.ONLY_VENDOR
    return Accord.UNSEEN if status is Status.UNKNOWN else Accord.BOTH_WELL


def _beside_trouble(since_at: datetime | None, word: VendorWord, told: Iterable[SeenIncident]) -> Accord:
    if word.status is Status.MAINTENANCE:
        return Accord.PLANNED
    phases = {concern.incident.phase for concern in word.incidents} - {Phase.INFORMATION}
    if word.status.is_bad or phases - {Phase.MONITORING}:
        return Accord.BOTH_TROUBLED
    if phases or called_over(since_at, told) is not None:
        return Accord.VENDOR_SAYS_OVER
    return Accord.VENDOR_SILENT


def called_over(since_at: datetime | None, told: Iterable[SeenIncident]) -> SeenIncident | None:
    """The vendor's incident that was called over after the trouble that we measure began."""
    if since_at is None:
        return None
    return next((seen for seen in told if seen.ended_at is not None and seen.ended_at >= since_at), None)
