"""How a vendor's word stands to what was measured."""

import pytest

from app.domain.accord import Accord, accord
from app.domain.mapping import PageMap
from app.domain.said import PageState, SeenIncident
from app.domain.status import Status
from app.domain.vendor import Phase, VendorPage
from app.domain.vendorword import VendorWord, vendor_word
from tests.build import minute
from tests.pages import a_maintenance, a_page, a_part, a_service, acmes_page, an_incident, an_update

GOOD = a_page()
BROKEN = a_page(parts=(a_part("API", Status.DOWN), a_part("Web")))
WORKED_ON = a_page(parts=(), maintenances=(a_maintenance(0, 60, phase=Phase.IN_PROGRESS, parts=("API",)),))
TOLD = an_incident(parts=("API",))
MENDED = a_page(an_incident("i1", an_update(0, Phase.MONITORING), parts=("API",)))
NEWS = a_page(an_incident("i1", an_update(0, Phase.INFORMATION), parts=("API",)))
FOUGHT_BUT_FINE = a_page(an_incident(title="Some trouble"))
"""It names nothing, so it does not turn the service's own part bad."""


def word(page: VendorPage | None) -> VendorWord:
    service = a_service()
    state = PageState(key="acme", page=page, first_read_at=minute(0), read_at=minute(10))
    page_map = PageMap(acmes_page(service), page.components if page else ())
    return vendor_word(service, state, page_map, minute(10))


@pytest.mark.parametrize(
    ("status", "page", "expected"),
    [
        (Status.UP, GOOD, Accord.BOTH_WELL),
        (Status.MAINTENANCE, GOOD, Accord.BOTH_WELL),
        (Status.UNKNOWN, GOOD, Accord.UNSEEN),
        (Status.UP, BROKEN, Accord.ONLY_VENDOR),
        (Status.UNKNOWN, BROKEN, Accord.ONLY_VENDOR),
        (Status.DOWN, BROKEN, Accord.BOTH_TROUBLED),
        (Status.DEGRADED, a_page(TOLD), Accord.BOTH_TROUBLED),
        (Status.DOWN, FOUGHT_BUT_FINE, Accord.BOTH_TROUBLED),
        (Status.DOWN, GOOD, Accord.VENDOR_SILENT),
        (Status.DOWN, NEWS, Accord.VENDOR_SILENT),
        (Status.DOWN, MENDED, Accord.VENDOR_SAYS_OVER),
        (Status.DOWN, WORKED_ON, Accord.PLANNED),
        (Status.DOWN, None, Accord.WORD_UNKNOWN),
        (Status.UP, None, Accord.WORD_UNKNOWN),
    ],
)
def test_what_two_witnesses_amount_to(status: Status, page: VendorPage | None, expected: Accord) -> None:
    assert accord(status, minute(0), word(page), ()) is expected


@pytest.mark.parametrize(
    ("since", "expected"),
    [(30, Accord.VENDOR_SAYS_OVER), (90, Accord.VENDOR_SILENT), (None, Accord.VENDOR_SILENT)],
)
def test_only_a_trouble_that_ended_after_ours_began_is_called_over(since: float | None, expected: Accord) -> None:
    over = an_incident("i1", an_update(0), an_update(60, Phase.RESOLVED))
    seen = SeenIncident(page_key="acme", incident=over, first_seen_at=minute(1))
    since_at = None if since is None else minute(since)
    assert accord(Status.DOWN, since_at, word(GOOD), [seen]) is expected
