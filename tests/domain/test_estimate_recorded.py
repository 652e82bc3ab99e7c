"""Estimates tried on recorded histories, walking forward; `STILLUP_RECORDINGS` names the folder they lie in."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.estimate import Past, hit_rate
from app.domain.said import SeenIncident
from app.domain.vendordays import hurt_until
from app.vendors.reader import Document
from app.vendors.registry import READERS

RECORDINGS = Path(os.environ.get("STILLUP_RECORDINGS", "no recordings"))
pytestmark = pytest.mark.skipif(
    not RECORDINGS.is_dir(), reason="STILLUP_RECORDINGS names no folder of recorded documents"
)
READ_AT = datetime(2026, 1, 1, tzinfo=UTC)


def whole_incidents() -> Iterator[Past]:
    """Of a page whose incidents were kept whole, one a line, through our reader."""
    lines = next(RECORDINGS.glob("statuspage/*/incidents-*.jsonl")).read_text().splitlines()
    page = {
        "page": {"id": "x", "name": "x", "url": "https://x.example"},
        "incidents": [json.loads(each) for each in lines],
    }
    document = Document(
        body=json.dumps(page).encode(), url="https://x.example/api/v2/incidents.json", read_at=READ_AT
    )
    for incident in READERS["statuspage"].parse(document).incidents:
        seen = SeenIncident(page_key="x", incident=incident, first_seen_at=incident.started_at)
        until = hurt_until(seen, READ_AT)
        if until is not None and until > incident.started_at:
            yield Past(began_at=incident.started_at, lasted=until - incident.started_at)


def parsed_incidents() -> Iterator[Past]:
    """Of a page of which others kept the start and the end of every incident."""
    for line in next(RECORDINGS.glob("statuspage/*/parsed-incidents-*.jsonl")).read_text().splitlines():
        told = json.loads(line)
        if told.get("impact") == "maintenance" or not told.get("started_at") or not told.get("resolved_at"):
            continue
        began, ended = (datetime.fromisoformat(told[name]) for name in ("started_at", "resolved_at"))
        if ended > began:
            yield Past(began_at=began, lasted=ended - began)


def test_the_ranges_hold_what_they_say_and_the_likely_duration_beats_simpler_ones() -> None:
    histories = {
        "whole": sorted(whole_incidents(), key=lambda each: each.began_at),
        "parsed": sorted(parsed_incidents(), key=lambda each: each.began_at),
    }
    rate = hit_rate(histories)
    assert rate is not None
    assert rate.count > 3_000
    assert 0.45 <= rate.half <= 0.55
    assert 0.75 <= rate.most <= 0.85
    assert rate.miss < min(rate.vendor_miss, rate.hour_miss)
