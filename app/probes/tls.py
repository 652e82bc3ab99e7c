"""Asking a host for its certificate: is its chain trusted, does it bear the name, how long will it last."""

import ssl
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le

from app.domain.result import Failure, FailureKind, ProbeResult
from app.domain.saying import say
from app.probes.failures import failed
from app.probes.prober import SCHEMA, ProbeContext
from app.probes.resolve import Family, ascii_host
from app.probes.trip import Timeouts, Trip
from app.probes.wire import dial, secured


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsSpec:
    """Shake hands with a host and see that its certificate is good, and will be for a while."""

    __pydantic_config__: ClassVar[dict[str, Any]] = SCHEMA

    host: str
    """Whom to connect to: a name or an address."""
    port: Annotated[int, Ge(1), Le(65535)] = 443
    """Where it speaks TLS from the first byte on."""
    server_name: str | None = None
    """The name to ask for and to find in the certificate, if it is not `host`."""
    warn_days: Annotated[int, Ge(0)] = 14
    """With fewer days left than this the certificate is degraded, for somebody forgot to renew it."""
    family: Family = Family.ANY
    """Which version of IP to connect over."""
    timeouts: Timeouts = field(default_factory=Timeouts)
    """How long each step may take."""
    ca_file: str | None = None
    """A PEM file of roots to trust beside the system's."""

    def __post_init__(self) -> None:
        ascii_host(self.host)
        ascii_host(self.server_name or self.host)

    @property
    def target(self) -> str:
        """Whom is asked."""
        return f"{self.host}:{self.port}"


async def probe(spec: TlsSpec, context: ProbeContext) -> ProbeResult:
    """Connect and shake hands once; see `Probe` for what is promised."""
    trip = Trip(context, spec.timeouts)
    days_left: int | None = None
    with trip, await dial(trip, ascii_host(spec.host), spec.port, spec.family) as line:
        secure = await secured(trip, line, ascii_host(spec.server_name or spec.host), spec.ca_file)
        days_left = _noted(secure.tls, trip, context.clock.now())
    return trip.result(lambda fault: fault or _expiring(days_left, spec.warn_days))


def _noted(tls: ssl.SSLObject, trip: Trip, now: datetime) -> int:
    """Keep what the certificate says, and answer how many whole days it has left."""
    certificate: dict[str, Any] = dict(tls.getpeercert() or {})
    not_after = datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate["notAfter"]), UTC)
    days_left = (not_after - now) // timedelta(days=1)
    trip.figures["expires_in_days"] = days_left
    trip.evidence |= {
        "issuer": _named(certificate.get("issuer", ())),
        "subject": _named(certificate.get("subject", ())),
        "not_after": not_after.isoformat(),
        "protocol": tls.version() or "",
    }
    return days_left


def _named(names: Iterable[Iterable[tuple[str, str]]]) -> str:
    """A distinguished name in one line: `organizationName=Let's Encrypt, commonName=R13`."""
    return ", ".join(f"{key}={value}" for parts in names for key, value in parts)


def _expiring(days_left: int | None, warn_days: int) -> Failure | None:
    if days_left is None or days_left >= warn_days:
        return None
    return failed(
        FailureKind.CERTIFICATE_EXPIRING, say("has a certificate that expires in {days} days", days=days_left)
    )
