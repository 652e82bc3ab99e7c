"""No input whatever makes a reader raise anything but `ReadError`, or break what a page promises.

Any bytes, any value in place of any value of a good document, and good documents cut and bent. What megabytes cost
is held in `test_any_megabyte.py`.
"""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.vendor import VendorPage
from app.vendors.reader import ReadError
from app.vendors.registry import READERS, detect
from tests.vendors.documents import attempt, wrote
from tests.vendors.grown import GOOD, fetched, kind_of, name_of, places, replaced

KINDS = sorted(READERS)
ODD: list[Any] = [
    None,
    True,
    -1,
    10**30,
    1e308,
    float("nan"),
    "",
    "x" * 3_000,
    "\ud800\x00",
    "9999-12-31T23:59:59Z",
    "Feb 30",
    "javascript:alert(1)",
    "//[",
    [],
    {},
    [[]],
    {"id": {}},
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def hold_promises(told: VendorPage | ReadError) -> None:
    """What a page promises whatever it was read from."""
    if isinstance(told, ReadError):
        return
    for incident in told.incidents:
        assert incident.started_at.utcoffset() is not None
        assert incident.resolved_at is None or incident.resolved_at >= incident.started_at
        assert not (incident.is_open and incident.phase.is_over)
        assert list(incident.updates) == sorted(incident.updates, key=lambda one: one.at, reverse=True)
        assert incident.url is None or incident.url.lower().startswith(("http://", "https://"))
    repr(told).encode()


@pytest.mark.parametrize("kind", KINDS)
@given(body=st.binary(max_size=400) | VALUES.map(lambda value: json.dumps(value).encode()))
@settings(max_examples=60)
def test_any_bytes_and_any_json_are_read_or_refused(kind: str, body: bytes) -> None:
    document = wrote(body)
    detect(document)
    hold_promises(attempt(kind, document))


@pytest.mark.parametrize("path", [path for path in GOOD if path.suffix == ".json"], ids=name_of)
def test_every_value_of_a_good_document_may_be_of_any_type(path: Path) -> None:
    good = json.loads(path.read_bytes())
    kind = kind_of(path)
    chance = random.Random(path.name)  # noqa: S311  # repeatable, not secret
    every = list(places(good))
    for place in every if len(every) <= 150 else chance.sample(every, 150):
        for odd in chance.sample(ODD, 5):
            hold_promises(attempt(kind, fetched(json.dumps(replaced(good, place, odd)).encode(), path)))


@pytest.mark.parametrize("path", GOOD, ids=name_of)
@given(data=st.data())
@settings(max_examples=25)
def test_a_good_document_may_be_cut_and_bent_anywhere(path: Path, data: st.DataObject) -> None:
    good = path.read_bytes()
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, min(len(good), start + 200)))
    document = fetched(good[:start] + data.draw(st.binary(max_size=8)) + good[end:], path)
    for kind in sorted({kind_of(path), detect(document) or "rss", "rss", "atom"}):
        hold_promises(attempt(kind, document))
