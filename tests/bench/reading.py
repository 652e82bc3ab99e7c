"""What a megabyte of a status page costs to read, at its worst, against the parsing of JSON alone."""

import gc
import json
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

from app.vendors.reader import Document
from app.vendors.registry import READERS
from tests.bench.figures import Figure, Section
from tests.vendors.documents import at, attempt
from tests.vendors.grown import GOOD, fetched, grown, kind_of, name_of
from tests.vendors.nasty import MEGABYTE, NASTY

MOST_MS = 50
MOST_MB = 50
LOOKED_AT = 60
"""Watching memory takes long, and what takes most of it is not fast."""


def section(_folder: Path) -> Section:
    """The worst megabyte of any kind, by time and by memory."""
    timed = sorted(((_ms(kind, document), kind, name, document) for kind, name, document in _cases()), key=_first)
    ms, kind, name, document = timed[-1]
    weighed = ((_mb(kind, document), kind, name) for _, kind, name, document in timed[-LOOKED_AT:])
    most_mb, hungry_kind, hungry_name = max(weighed)
    plain_ms = _json_ms(document)
    return Section(
        title="Reading status pages",
        about=(
            f"{len(timed)} documents of a megabyte of every kind of page: each list of each hand-written one "
            "grown with whole items and with bare ones, and bodies made to hurt (nesting, bombs, huge numbers). "
            "Processor time, the best of 3; memory of the "
            f"{LOOKED_AT} slowest."
        ),
        figures=(
            Figure(
                what="slowest megabyte",
                ours=f"{ms:.1f} ms",
                reference=f"{plain_ms:.1f} ms (`json.loads` alone)",
                result=f"{kind}: {name}",
                goal=f"≤ {MOST_MS} ms",
                met=ms <= MOST_MS,
            ),
            Figure(
                what="most memory for a megabyte",
                ours=f"{most_mb:.1f} MB",
                reference=f"{hungry_kind}, {hungry_name}",
                result="",
                goal=f"≤ {MOST_MB} MB",
                met=most_mb <= MOST_MB,
            ),
        ),
    )


def _first(timed: tuple[float, str, str, Document]) -> float:
    return timed[0]


def _cases() -> Iterator[tuple[str, str, Document]]:
    for path in GOOD:
        for name, body in grown(path):
            yield kind_of(path), f"{name_of(path)}, {name}", fetched(body, path)
    for name, body in NASTY.items():
        document = Document(body=body, url="https://status.example/incidents.json", read_at=at("2026-04-02"))
        for kind in sorted(READERS):
            yield kind, name, document


def _ms(kind: str, document: Document) -> float:
    """Milliseconds of processor time for each megabyte."""
    best = min(_once(kind, document) for _ in range(3))
    return best * 1000 / max(1.0, len(document.body) / MEGABYTE)


def _once(kind: str, document: Document) -> float:
    gc.collect()
    began = time.process_time()
    attempt(kind, document)
    return time.process_time() - began


def _mb(kind: str, document: Document) -> float:
    """The most megabytes at one time for each megabyte."""
    tracemalloc.start()
    attempt(kind, document)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / MEGABYTE / max(1.0, len(document.body) / MEGABYTE)


def _json_ms(document: Document) -> float:
    began = time.process_time()
    try:
        json.loads(document.body)
    except (ValueError, RecursionError):
        return 0.0
    return (time.process_time() - began) * 1000
