"""From a document of a stream to its events: what holds for every dialect, before the dialect itself is asked."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from app.probes.frame import Frame
from app.probes.speech import Dialect, Document, Event, Fault, KeepAlive, Malformed, Terminal

_DONE = "[DONE]"


def events_in(frame: Frame, dialect: Dialect) -> Iterator[Event]:
    """The events of one frame. An error is one in every dialect, by whichever of its usual marks."""
    data = frame.data.strip()
    if frame.broken:
        yield Malformed(frame.broken)
    elif not data or data == "null":
        yield KeepAlive()
    elif data == _DONE:
        yield Terminal()
    else:
        yield from _documented(frame, data, dialect)


def _documented(frame: Frame, data: str, dialect: Dialect) -> Iterator[Event]:
    try:
        document: Any = json.loads(data)
    except (ValueError, RecursionError):
        yield Malformed(f"an event that is not JSON ({data[:40]!r})")
        return
    for each in document if isinstance(document, list) else [document]:
        if not isinstance(each, Mapping):
            yield Malformed(f"an event that is no JSON object ({data[:40]!r})")
        elif frame.is_exception:
            yield Fault({"__type": frame.name, **each})
        elif _is_error(frame.name, each):
            yield Fault(each)
        else:
            yield from dialect.read(frame.name, each)


def _is_error(name: str, document: Document) -> bool:
    return bool(document.get("error")) or "error" in (name, document.get("type"), document.get("object"))
