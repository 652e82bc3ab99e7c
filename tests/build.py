"""Short ways to build the things that tests are about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.check import Cadence, Check
from app.domain.result import Blame, CheckId, Failure, FailureKind, Phases, ProbeResult
from app.domain.service import Capability, Catalogue, Service, Vendor
from app.domain.status import Status

START = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Target:
    """A spec that is only looked at."""

    target: str = "https://api.example/v1/models"


def minute(number: float) -> datetime:
    return START + timedelta(minutes=number)


def a_check(
    check_id: str = "api/models", *, impact: Status = Status.DOWN, interval: timedelta = timedelta(minutes=5)
) -> Check:
    service_id, _, name = check_id.partition("/")
    return Check(
        id=CheckId(check_id),
        service_id=service_id,
        name=name,
        kind="http",
        spec=Target(),
        impact=impact,
        cadence=Cadence(interval=interval),
    )


def a_catalogue(*checks: Check, controls: Sequence[Check] = ()) -> Catalogue:
    """One vendor and one service for each service id that the checks name."""
    ids = list(dict.fromkeys(check.service_id for check in checks))
    return Catalogue(
        vendors=tuple(Vendor(id=f"{name}-inc", name=name.title(), home=f"https://{name}.example") for name in ids),
        services=tuple(
            Service(
                id=name,
                name=name.title(),
                vendor_id=f"{name}-inc",
                capabilities=(Capability.CHAT_API,),
                home=f"https://{name}.example",
                checks=tuple(check for check in checks if check.service_id == name),
            )
            for name in ids
        ),
        controls=tuple(controls),
    )


def a_failure(kind: FailureKind = FailureKind.SERVER_ERROR) -> Failure:
    return Failure(kind=kind, blame=Blame.VENDOR, verdict=Status.DOWN, sentence="Answered 503 instead of 401.")


def a_result(
    at: datetime, *, check_id: str = "api/models", failure: Failure | None = None, total_ms: int = 120
) -> ProbeResult:
    return ProbeResult(
        check_id=CheckId(check_id),
        slot_at=at,
        started_at=at,
        phases=Phases(
            total_ms=total_ms,
            dns_ms=2,
            connect_ms=10,
            tls_ms=30,
            send_ms=0,
            first_byte_ms=70,
            body_ms=total_ms - 112,
        ),
        status_code=503 if failure else 401,
        failure=failure,
    )
