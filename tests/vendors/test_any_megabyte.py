"""No megabyte whatever makes a reader hang, or take more work or memory than a page may.

Work is counted and not timed: calls for what Python does, and for what its libraries do the processor's time as a
multiple of what parsing JSON takes beside it, wide enough for any machine. The true figures are in
docs/benchmarks.md.
"""

import json
import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType

import pytest

from app.vendors.reader import Document
from app.vendors.registry import READERS, detect
from tests.vendors.documents import at, attempt
from tests.vendors.grown import GOOD, fetched, grown, kind_of, name_of
from tests.vendors.nasty import MEGABYTE, NASTY

MOST_CALLS = 600_000
"""Calls of functions for a megabyte: with a tenth of a microsecond each they are 60 ms."""
MOST_TIMES = 40
"""Processor time for a megabyte, in that of parsing a megabyte of JSON: whatever is not linear takes far more."""
MOST_BYTES = 50 * MEGABYTE
KINDS = sorted(READERS)


def calls_of(work: Callable[[], object]) -> int:
    """How many functions are called, Python's and the libraries'."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


def seconds_of(work: Callable[[], object]) -> float:
    """Processor time of a piece of work."""
    started = time.process_time()
    work()
    return time.process_time() - started


@pytest.fixture(scope="module")
def a_megabyte_of_json() -> str:
    one = {"id": "kctbh9vrtdwd", "name": "Conversations", "status": "operational", "position": 7, "group": None}
    return json.dumps([one] * (MEGABYTE // len(json.dumps(one))))


@pytest.mark.parametrize("path", GOOD, ids=name_of)
def test_a_good_document_grown_to_a_megabyte_takes_no_more_calls_than_a_page_may(path: Path) -> None:
    kind = kind_of(path)
    taken = {name: calls_of(partial(attempt, kind, fetched(body, path))) for name, body in grown(path)}

    assert {name: calls for name, calls in taken.items() if calls > MOST_CALLS} == {}


@pytest.mark.parametrize("name", sorted(NASTY))
def test_a_megabyte_made_to_hurt_costs_no_more_than_its_length(name: str, a_megabyte_of_json: str) -> None:
    document = Document(body=NASTY[name], url="https://status.example/incidents.json", read_at=at("2026-04-02"))
    size = max(1.0, len(document.body) / MEGABYTE)
    usual = min(seconds_of(partial(json.loads, a_megabyte_of_json)) for _ in range(3))

    def hurts(kind: str) -> bool:
        """What is not linear is slow every time; a machine that is busy with others only now and then."""
        takes = (seconds_of(partial(attempt, kind, document)) / usual / size for _ in range(3))
        return all(times > MOST_TIMES for times in takes)

    assert [kind for kind in KINDS if hurts(kind)] == []


@pytest.mark.parametrize("name", sorted(NASTY))
def test_a_megabyte_made_to_hurt_takes_no_more_than_fifty(name: str) -> None:
    document = Document(body=NASTY[name], url="https://status.example/incidents.json", read_at=at("2026-04-02"))
    size = max(1.0, len(document.body) / MEGABYTE)
    for kind in sorted({detect(document) or "statuspage", "google-cloud", "rss"}):
        tracemalloc.start()
        attempt(kind, document)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most < MOST_BYTES * size, kind
