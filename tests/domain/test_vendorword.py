"""What a vendor says of one service, from what its page shows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.mapping import Basis, PageMap
from app.domain.said import PageState
from app.domain.service import Components
from app.domain.status import Status
from app.domain.vendor import Phase, VendorPage
from app.domain.vendorword import STALE_AFTER, VendorWord, vendor_word
from tests.build import minute
from tests.pages import a_maintenance, a_page, a_part, a_service, acmes_page, an_incident, an_update

SERVICE = a_service()
WATCHED = acmes_page(SERVICE)


def state_of(page: VendorPage | None) -> PageState:
    return PageState(key="acme", page=page, first_read_at=minute(0), read_at=minute(10))


def word(page: VendorPage, *, components: Components | None = None, at: float = 10) -> VendorWord:
    service = SERVICE if components is None else a_service(components=components)
    watched = acmes_page(service)
    return vendor_word(service, state_of(page), PageMap(watched, page.components), minute(at))


BROKEN_API = (a_part("API", Status.DOWN), a_part("Web"))
BROKEN_WEB = (a_part("API"), a_part("Web", Status.DOWN))
MONITORED = an_incident("i1", an_update(0, Phase.MONITORING), impact=Status.DOWN, parts=("API",))

WORKED_ON = a_maintenance(0, 60, phase=Phase.IN_PROGRESS, parts=("API",))
HITS_BOTH = an_incident(parts=("API", "Web"), impact=Status.DOWN)
IN_ITS_TITLE = an_incident(title="Acme API is down", impact=Status.DOWN)
ONLY_WEB = (a_part("Web"),)

ROWS = [
    ("its part is fine", a_page(), Status.UP),
    ("its part is broken", a_page(parts=BROKEN_API), Status.DOWN),
    ("another part is broken", a_page(parts=BROKEN_WEB), Status.UP),
    ("an open incident names its part", a_page(an_incident(parts=("API",))), Status.DEGRADED),
    ("an incident hits other parts too", a_page(HITS_BOTH), Status.DEGRADED),
    ("an incident hits another part", a_page(an_incident(parts=("Web",))), Status.UP),
    ("an announcement that stays open for weeks", a_page(MONITORED), Status.UP),
    ("a title names it", a_page(IN_ITS_TITLE), Status.DOWN),
    ("nothing is named and its part is fine", a_page(an_incident(title="Some trouble")), Status.UP),
    ("the page leaves parts out", a_page(parts=ONLY_WEB, has_all_components=False), Status.UP),
    ("the page lists all and has no such part", a_page(parts=ONLY_WEB), Status.UNKNOWN),
    ("a page without parts tells no trouble", a_page(parts=()), Status.UP),
    ("a page without parts and incidents", a_page(parts=(), has_incidents=False), Status.UNKNOWN),
    ("a page without parts, work going on", a_page(parts=(), maintenances=(WORKED_ON,)), Status.MAINTENANCE),
]


@pytest.mark.parametrize(("page", "status"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_the_status_that_a_page_amounts_to_for_a_service(page: VendorPage, status: Status) -> None:
    assert word(page).status is status


def test_a_service_that_takes_the_whole_page_has_the_pages_status_and_headline() -> None:
    said = word(a_page(parts=BROKEN_WEB, words="Major Outage"), components=Components())
    assert (said.status, said.words) == (Status.DOWN, "Major Outage")


def test_what_names_nothing_is_shown_with_its_rule_and_counts_only_where_no_part_speaks() -> None:
    vague = an_incident(title="Some trouble")
    assert [concern.basis for concern in word(a_page(vague)).incidents] == [Basis.NOTHING_NAMED]
    assert word(a_page(vague, parts=(a_part("Web"),), has_all_components=False)).status is Status.DEGRADED


def test_since_when_is_the_start_of_the_fight_else_the_change_of_the_part() -> None:
    incident = an_incident("i1", an_update(3), parts=("API",))
    assert word(a_page(incident, parts=BROKEN_API)).since_at == minute(3)
    state = replace(state_of(a_page(parts=BROKEN_API)), part_since={"api": minute(7), "web": minute(1)})
    said = vendor_word(SERVICE, state, PageMap(WATCHED, BROKEN_API), minute(10))
    assert (said.since_at, said.words) == (minute(7), "major_outage")


def test_a_catalogue_that_names_parts_the_page_does_not_have_is_told_so() -> None:
    said = word(a_page(parts=(a_part("Web"),)))
    assert (said.is_mapped, said.why_unknown) == (
        False,
        "None of the parts that the page lists speaks of Acme API.",
    )


def test_an_unreadable_page_is_never_carried_on_as_green() -> None:
    state = replace(state_of(a_page()), unknown_since_at=minute(11), trouble="The page answered 503.")
    said = vendor_word(SERVICE, state, PageMap(WATCHED, a_page().components), minute(12))
    assert (said.status, said.last_status, said.is_stale) == (Status.UNKNOWN, Status.UP, True)
    assert said.why_unknown == "The page answered 503, since 2026-03-01 14:11:00 UTC."


def test_a_page_that_nobody_reads_any_more_tells_nothing() -> None:
    late = 10 + STALE_AFTER / timedelta(minutes=1)
    assert word(a_page(), at=late).status is Status.UP
    assert word(a_page(), at=late + 1).status is Status.UNKNOWN
    assert word(a_page(), at=late + 1).unknown_since_at == minute(10)


def test_a_page_that_was_never_read_is_unknown() -> None:
    said = vendor_word(SERVICE, PageState(key="acme"), PageMap(WATCHED, ()), minute(0))
    assert (said.status, said.why_unknown) == (Status.UNKNOWN, "The page has not been read yet.")
