"""What every kind of probe has in common: what it is told, and the promise it keeps."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.clock import Clock
from app.domain.result import LOCAL, CheckId, ProbeResult, Region


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeContext:
    """What a prober is told beside the spec of its kind.

    `allow_private` permits private, link-local and loopback addresses: the operator said so in the catalogue,
    or typed the target on the command line.
    """

    check_id: CheckId
    slot_at: datetime
    clock: Clock
    user_agent: str
    region: Region = LOCAL
    is_confirmation: bool = False
    allow_private: bool = False


Probe = Callable[[Any, ProbeContext], Awaitable[ProbeResult]]
"""Ask once. Never raises but on cancellation: whatever goes wrong comes back as a classified `Failure`.
Never late: every prober keeps the deadlines of its spec by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of check: the dataclass of its options, and how it is carried out."""

    spec: type
    probe: Probe


Kinds = Mapping[str, Kind]
