"""Where the next page of a list begins, as a text that means nothing to anybody else; pure.

It names the last entry that was told, not a number of entries: what comes meanwhile moves none.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from app.domain.chunk import from_ms, to_ms

CURSOR = r"^[A-Za-z0-9_-]{4,400}$"
_PLACE = re.compile(r"(0|[1-9]\d{0,14})\.(.{1,200})", re.ASCII | re.DOTALL)

Place = tuple[datetime, str]
"""When an entry began, and its id."""


def cursor_of(place: Place) -> str:
    """The cursor that goes on behind this entry."""
    return urlsafe_b64encode(f"{to_ms(place[0])}.{place[1]}".encode()).decode().rstrip("=")


def place_of(cursor: str) -> Place:
    """The entry that a cursor goes on behind. Raises `ValueError` for what `cursor_of` did not make."""
    try:
        told = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        found = _PLACE.fullmatch(told)
    except ValueError:
        found = None
    if found is None or cursor_of(place := (from_ms(int(found[1])), found[2])) != cursor:
        raise ValueError("No page begins there; take the cursor from `next` of the page before.")
    return place


def following(address: str, asked: Mapping[str, str], cursor: str) -> str:
    """Where the next page is: the same question, with that cursor."""
    return f"{address}?{urlencode({**asked, 'cursor': cursor})}"
