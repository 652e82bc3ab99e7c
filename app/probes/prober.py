"""What every kind of probe has in common: what it is told, and the promise it keeps."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from app.clock import Clock
from app.domain.result import LOCAL, CheckId, ProbeResult, Region
from app.probes.resolve import Resolver

SCHEMA: Final[dict[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}
"""How the catalogue is to read every spec: each class of options names it as its `__pydantic_config__`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeContext:
    """What a prober is told beside the spec of its kind.

    `allow_private` permits private, link-local and loopback addresses: the operator said so in the catalogue,
    or typed the target on the command line. `resolver` looks names up; whoever makes many probes shares one
    among them, so that a name server that hangs holds one thread a name and not all of them.
    """

    check_id: CheckId
    slot_at: datetime
    clock: Clock
    user_agent: str
    region: Region = LOCAL
    is_confirmation: bool = False
    allow_private: bool = False
    resolver: Resolver = field(default_factory=Resolver)


Probe = Callable[[Any, ProbeContext], Awaitable[ProbeResult]]
"""Ask once. Never raises but on cancellation: whatever goes wrong comes back as a classified `Failure`.
Never late: every prober keeps the deadlines of its spec by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of check: the dataclass of its options, and how it is carried out."""

    spec: type
    probe: Probe


Kinds = Mapping[str, Kind]
