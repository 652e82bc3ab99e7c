from datetime import UTC, datetime, timedelta

import pytest

from app.domain.check import Cadence, Check
from app.domain.detector import CheckState
from app.domain.result import (
    LOCAL,
    Blame,
    CheckId,
    Failure,
    FailureKind,
    Phases,
    ProbeResult,
    Reading,
    Thresholds,
    reading,
)
from app.domain.service import Capability, Catalogue, CatalogueChange, Service, Vendor, diff
from app.domain.status import Status, capped, worst_of
from app.domain.verdict import measure

NOW = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)
OVERLOADED = Failure(
    kind=FailureKind.OVERLOADED, blame=Blame.VENDOR_CAPACITY, verdict=Status.DEGRADED, sentence="Answered 529."
)


def result(total_ms: int, failure: Failure | None = None) -> ProbeResult:
    return ProbeResult(
        check_id=CheckId("x/y"), slot_at=NOW, started_at=NOW, phases=Phases(total_ms=total_ms), failure=failure
    )


@pytest.mark.parametrize(
    ("met", "slow_after", "status"),
    [
        (result(80), None, Status.UP),
        (result(2_000), timedelta(seconds=2), Status.UP),
        (result(2_001), timedelta(seconds=2), Status.DEGRADED),
        (result(9_000, OVERLOADED), timedelta(seconds=2), Status.DEGRADED),
    ],
)
def test_a_result_amounts_to_a_status(met: ProbeResult, slow_after: timedelta | None, status: Status) -> None:
    assert reading(met, Thresholds(slow_after=slow_after)).status is status


def test_a_failure_gives_its_own_reason() -> None:
    assert reading(result(9, OVERLOADED), Thresholds()) == Reading(
        status=Status.DEGRADED, reason="Answered 529.", failure_kind=FailureKind.OVERLOADED
    )


@pytest.mark.parametrize(
    ("statuses", "worst"),
    [
        ([], Status.UNKNOWN),
        ([Status.UNKNOWN, Status.UP], Status.UP),
        ([Status.UP, Status.DEGRADED, Status.UNKNOWN], Status.DEGRADED),
        ([Status.DOWN, Status.DEGRADED], Status.DOWN),
    ],
)
def test_what_is_known_outweighs_what_is_not(statuses: list[Status], worst: Status) -> None:
    assert worst_of(statuses) is worst


def test_a_cap_never_makes_things_worse() -> None:
    assert capped(Status.DOWN, Status.DEGRADED) is Status.DEGRADED
    assert capped(Status.UNKNOWN, Status.DEGRADED) is Status.UNKNOWN
    assert capped(Status.UP, Status.DOWN) is Status.UP


class Url:
    target = "https://api.example/v1/models"


def check(name: str, impact: Status = Status.DOWN, interval: int = 5) -> Check:
    return Check(
        id=CheckId(f"api/{name}"),
        service_id="api",
        name=name,
        kind="http",
        spec=URL,
        impact=impact,
        cadence=Cadence(interval=timedelta(minutes=interval)),
    )


URL = Url()


def catalogue(*checks: Check) -> Catalogue:
    return Catalogue(
        vendors=(Vendor(id="v", name="V", home="https://v.example"),),
        services=(
            Service(
                id="api",
                name="API",
                vendor_id="v",
                capabilities=(Capability.CHAT_API,),
                home="https://v.example",
                checks=checks,
            ),
        ),
    )


def state(name: str, status: Status) -> CheckState:
    return CheckState(check_id=CheckId(f"api/{name}"), region=LOCAL, status=status)


@pytest.mark.parametrize(
    ("models", "edge", "certificate", "status"),
    [
        (Status.UP, Status.UP, Status.UP, Status.UP),
        (Status.UP, Status.DOWN, Status.UP, Status.DEGRADED),
        (Status.DOWN, Status.UP, Status.UP, Status.DOWN),
        (Status.UP, Status.UP, Status.DOWN, Status.UP),
        (Status.UNKNOWN, Status.UNKNOWN, Status.UP, Status.UNKNOWN),
    ],
)
def test_a_service_is_as_bad_as_its_checks_may_say(
    models: Status, edge: Status, certificate: Status, status: Status
) -> None:
    (service,) = catalogue(
        check("models"), check("edge", Status.DEGRADED), check("certificate", Status.UP)
    ).services
    states = {
        CheckId("api/models"): [state("models", models)],
        CheckId("api/edge"): [state("edge", edge)],
        CheckId("api/certificate"): [state("certificate", certificate)],
    }
    assert measure(service, states).status is status


def test_a_diff_names_what_changed() -> None:
    change = diff(
        catalogue(check("a"), check("b"), check("c")), catalogue(check("b"), check("c", interval=1), check("d"))
    )
    assert change == CatalogueChange(
        added=frozenset({CheckId("api/d")}),
        removed=frozenset({CheckId("api/a")}),
        changed=frozenset({CheckId("api/c")}),
    )
