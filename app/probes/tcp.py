"""Asking whether a port accepts connections, and says what it should."""

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le, MinLen

from app.domain.result import Failure, FailureKind, ProbeResult
from app.domain.saying import say
from app.probes.failures import failed
from app.probes.prober import SCHEMA, ProbeContext
from app.probes.resolve import Family, ascii_host
from app.probes.trip import Timeouts, Trip
from app.probes.wire import Line, dial

_BANNER_LIMIT = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class TcpSpec:
    """Connect to a port and, where that is expected of it, wait for what it says first."""

    __pydantic_config__: ClassVar[dict[str, Any]] = SCHEMA

    host: str
    """Whom to connect to: a name or an address."""
    port: Annotated[int, Ge(1), Le(65535)]
    """Which port must accept."""
    banner: Annotated[str, MinLen(1)] | None = None
    """A text that must be among the first 4 KiB it sends by itself: `SSH-2.0`, `220 `."""
    family: Family = Family.ANY
    """Which version of IP to connect over."""
    timeouts: Timeouts = field(default_factory=Timeouts)
    """How long each step may take."""

    def __post_init__(self) -> None:
        ascii_host(self.host)

    @property
    def target(self) -> str:
        """Whom is asked."""
        return f"{self.host}:{self.port}"


async def probe(spec: TcpSpec, context: ProbeContext) -> ProbeResult:
    """Connect once; see `Probe` for what is promised."""
    trip = Trip(context, spec.timeouts)
    said = b""
    with trip, await dial(trip, ascii_host(spec.host), spec.port, spec.family) as line:
        if spec.banner is not None:
            said = await _banner(trip, line, spec.banner.encode())
    return trip.result(lambda fault: fault or _missed(spec.banner, said))


async def _banner(trip: Trip, line: Line, wanted: bytes) -> bytes:
    """What the peer says until it has said what is wanted, falls silent for good, or has said too much."""
    trip.begin("first_byte")
    said = data = await line.receive()
    trip.done()
    trip.begin("body")
    while data and wanted not in said and len(said) < _BANNER_LIMIT:
        data = await line.receive()
        said += data
    trip.done()
    return said


def _missed(banner: str | None, said: bytes) -> Failure | None:
    if banner is None or banner.encode() in said:
        return None
    heard = said[:80].decode("utf-8", "replace")
    return failed(FailureKind.WRONG_BODY, say("said {heard!r} instead of {wanted!r}", heard=heard, wanted=banner))
