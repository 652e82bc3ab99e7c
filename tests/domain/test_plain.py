"""Domain values survive being made plain."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

from app.domain.plain import from_plain, to_plain
from app.domain.said import PageState, Said, SaidKind
from app.domain.status import Status
from app.domain.vendor import VendorDay, VendorIncident, VendorPage
from tests.build import minute
from tests.pages import a_maintenance, a_page, an_incident

DAY = VendorDay(
    component_id="api", day=date(2026, 3, 1), status=Status.DOWN, words="bad", down_for=timedelta(minutes=7)
)
PAGE = replace(a_page(an_incident(parts=("API",)), maintenances=(a_maintenance(1, 2),)), days=(DAY,))


def test_a_page_comes_back_as_it_was_in_full_and_sparse() -> None:
    for sparse in (False, True):
        assert from_plain(VendorPage, json.loads(json.dumps(to_plain(PAGE, sparse=sparse)))) == PAGE


def test_what_is_empty_and_has_no_default_is_not_left_out() -> None:
    bare = replace(an_incident(), words="", impact_words="", title="", updates=())
    assert from_plain(VendorIncident, json.loads(json.dumps(to_plain(bare, sparse=True)))) == bare


def test_fields_of_another_version_are_passed_over() -> None:
    assert from_plain(VendorIncident, {**to_plain(an_incident()), "mood": "gloomy"}) == an_incident()


def test_a_state_comes_back_as_it_was() -> None:
    state = PageState(key="acme", page=PAGE, read_at=minute(1), part_since={"api": minute(0)}, failures=1)
    assert from_plain(PageState, json.loads(json.dumps(to_plain(state)))) == state


def test_what_is_plain_reads_well() -> None:
    said = Said(kind=SaidKind.FIRST_READ, seen_at=datetime(2026, 3, 1, 15, tzinfo=timezone(timedelta(hours=1))))
    assert to_plain(said, sparse=True) == {"kind": "first_read", "seen_at": "2026-03-01T14:00:00Z"}
    assert from_plain(Said, to_plain(said)).seen_at == datetime(2026, 3, 1, 14, tzinfo=UTC)
    assert to_plain(DAY)["down_for"] == 7 * 60 * 1000
