"""How much an answer proves: that a door opens, that a key is taken, that a model replies, and to the end."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from app.domain.check import Check
from app.domain.result import ProbeResult

ANSWERING = frozenset({"inference"})
"""The kinds of checks that ask a model, so that a good one proves more than a door."""

_KEY_HEADERS = frozenset({"authorization", "x-api-key", "api-key", "x-goog-api-key", "xi-api-key"})


class EvidenceLevel(StrEnum):
    """How far a good measurement reaches, from the least to the most."""

    REACHABLE = "reachable"
    """The vendor's own systems answered, if only with a refusal; that a model would reply is not proven."""
    AUTHENTICATED = "authenticated"
    """A call with a key was taken."""
    GENERATED = "generated"
    """A model gave the right answer, in one piece."""
    STREAMED = "streamed"
    """A model gave the right answer piece by piece, to its proper end."""


_RANK = {level: rank for rank, level in enumerate(EvidenceLevel)}


def proves(check: Check, last: ProbeResult | None) -> EvidenceLevel | None:
    """How much a check proves when it is good; `None` where a trouble of ours keeps it from proving anything."""
    if last is not None and last.failure is not None and not last.failure.blame.is_vendors:
        return None
    if check.kind in ANSWERING:
        is_streamed = last is None or last.failure is not None or bool(last.figures.get("is_streamed"))
        return EvidenceLevel.STREAMED if is_streamed else EvidenceLevel.GENERATED
    # Only kinds that speak HTTP have headers, and the domain knows no kind.
    headers: Mapping[str, str] = getattr(check.spec, "headers", {})
    has_key = any(name.lower() in _KEY_HEADERS and value for name, value in headers.items())
    return EvidenceLevel.AUTHENTICATED if has_key else EvidenceLevel.REACHABLE


def furthest(levels: Iterable[EvidenceLevel | None]) -> EvidenceLevel:
    """The most that any of them proves; `reachable` where none proves anything."""
    known = (level for level in levels if level is not None)
    return max(known, key=_RANK.__getitem__, default=EvidenceLevel.REACHABLE)
