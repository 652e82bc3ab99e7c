"""Updates that a document gives no id are named so that a later one leaves their names as they were."""

import json
from typing import Any

import pytest

from app.domain.vendor import VendorPage
from app.vendors.reader import Document
from app.vendors.registry import READERS
from tests.build import START

FIRST, SECOND, THIRD = "2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z"


def statuspage(times: list[str]) -> dict[str, Any]:
    updates = [{"status": "investigating", "body": "…", "created_at": at, "display_at": at} for at in times]
    incident = {
        "id": "i1",
        "name": "Errors",
        "status": "investigating",
        "impact": "minor",
        "created_at": times[-1],
        "incident_updates": updates,
        "components": [],
    }
    page = {"id": "p", "name": "Acme", "url": "https://acme.example", "updated_at": times[0]}
    return {"page": page, "incidents": [incident]}


def ids(page: VendorPage) -> list[str]:
    return [update.id for update in page.incidents[0].updates]


@pytest.mark.parametrize("kind", ["statuspage", "incidentio"])
def test_a_later_update_renames_no_earlier_one(kind: str) -> None:
    def read(times: list[str]) -> list[str]:
        body = json.dumps(statuspage(times)).encode()
        return ids(
            READERS[kind].parse(Document(body=body, url="https://acme.example/incidents.json", read_at=START))
        )

    before, after = read([SECOND, FIRST]), read([THIRD, SECOND, FIRST])
    assert after[1:] == before
    assert len(set(after)) == 3
