"""What of an incident was said anew, and what of the old was changed, row by row."""

from dataclasses import replace

import pytest

from app.domain.compare import compare_incidents
from app.domain.said import SaidKind
from app.domain.status import Status
from app.domain.vendor import Phase, VendorIncident, VendorUpdate
from tests.build import minute
from tests.pages import an_incident, an_update

FIRST = an_update(0, text="We are looking into errors.")
SECOND = an_update(9, Phase.IDENTIFIED, "We know why.")
LAST = an_update(30, Phase.RESOLVED, "It works again.")
OPEN = an_incident("i1", FIRST, SECOND, parts=("API",))
OVER = an_incident("i1", FIRST, SECOND, LAST, parts=("API",))
POORER = replace(OPEN, updates=(), component_ids=(), component_names=(), impact=Status.UNKNOWN, impact_words="")

MONITORED = replace(OPEN, phase=Phase.MONITORING, words="monitoring")


def told(*updates: VendorUpdate, phase: Phase = Phase.IDENTIFIED, started_at: float = 0) -> VendorIncident:
    return an_incident("i1", *updates, parts=("API",), phase=phase, started_at=started_at)


CHANGES = [
    ("nothing", OPEN, OPEN, []),
    ("a bulk touch", OPEN, replace(OPEN, updated_at=minute(500)), []),
    ("another short link", OPEN, replace(OPEN, url="https://acme.link/2"), []),
    ("markup and case", OPEN, told(replace(FIRST, text="We are  looking\ninto ERRORS"), SECOND), []),
    ("a document of less detail", OPEN, POORER, []),
    ("a time told to the minute", OPEN, replace(OPEN, started_at=minute(0.6)), []),
    ("an update more", told(FIRST), OPEN, [SaidKind.UPDATE_ADDED]),
    ("an edit", OPEN, told(replace(FIRST, text="Few see errors."), SECOND), [SaidKind.UPDATE_EDITED]),
    ("an edit in a feed", OPEN, told(replace(FIRST, id="x", text="Few."), SECOND), [SaidKind.UPDATE_EDITED]),
    ("an empty update filled", told(replace(FIRST, text=""), SECOND), OPEN, [SaidKind.UPDATE_EDITED]),
    ("an update dated back", OPEN, told(FIRST, replace(SECOND, at=minute(3))), [SaidKind.UPDATE_REDATED]),
    ("an update taken back", OPEN, told(FIRST), [SaidKind.UPDATE_REMOVED]),
    ("a list of only the latest", OPEN, told(SECOND), []),
    ("a new title", OPEN, replace(OPEN, title="Some errors"), [SaidKind.RETITLED]),
    ("a drifting impact", OPEN, replace(OPEN, impact_words="critical"), [SaidKind.IMPACT_CHANGED]),
    ("another part", OPEN, replace(OPEN, component_ids=("api", "web")), [SaidKind.PARTS_CHANGED]),
    ("a part renamed", OPEN, replace(OPEN, component_names=("Platform API",)), []),
    ("a start moved back", OPEN, replace(OPEN, started_at=minute(-20)), [SaidKind.START_MOVED]),
    ("a phase without an update", OPEN, MONITORED, [SaidKind.PHASE_CHANGED]),
    ("resolved", OPEN, OVER, [SaidKind.UPDATE_ADDED, SaidKind.RESOLVED]),
    ("opened again", OVER, replace(MONITORED, updates=OVER.updates), [SaidKind.REOPENED]),
    ("an end moved", OVER, replace(OVER, resolved_at=minute(20)), [SaidKind.END_MOVED]),
]


@pytest.mark.parametrize(
    ("before", "after", "kinds"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES]
)
def test_what_is_said(before: VendorIncident, after: VendorIncident, kinds: list[SaidKind]) -> None:
    assert [said.kind for said in compare_incidents(before, after, minute(60)).said] == kinds


def test_what_only_the_earlier_reading_knew_is_kept() -> None:
    assert compare_incidents(OPEN, POORER, minute(60)).incident == OPEN
    assert compare_incidents(OPEN, told(SECOND), minute(60)).incident.updates == OPEN.updates


def test_what_was_taken_back_is_not_told_again() -> None:
    known = compare_incidents(OPEN, told(FIRST), minute(60)).incident
    assert known.updates == (FIRST,)
    assert compare_incidents(known, told(FIRST), minute(63)).said == ()


def test_a_quiet_edit_tells_both_wordings() -> None:
    edited = told(replace(FIRST, text="A few users may see errors."), SECOND)
    (said,) = compare_incidents(OPEN, edited, minute(60)).said
    assert said.kind.is_quiet_edit
    assert said.sentence == (
        "“Elevated errors”: an update now reads “investigating: A few users may see errors.”; "
        "it read “investigating: We are looking into errors.”"
    )


def test_a_resolution_tells_how_long_it_lasted() -> None:
    assert (
        compare_incidents(OPEN, OVER, minute(60)).said[-1].sentence == "“Elevated errors” resolved: after 30 min"
    )
