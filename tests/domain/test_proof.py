"""How much an answer proves."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from app.domain.proof import EvidenceLevel, furthest, proves
from app.domain.result import Blame, Failure, FailureKind, ProbeResult
from app.domain.status import Status
from tests.build import START, a_check, a_failure, a_result

REFUSED = Failure(kind=FailureKind.KEY_REFUSED, blame=Blame.US_KEY, verdict=Status.UNKNOWN, sentence="key refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    target: str = "x"
    headers: Mapping[str, str] = field(default_factory=dict)


def result(failure: Failure | None = None, **figures: int) -> ProbeResult:
    return replace(a_result(START, failure=failure), figures=figures)


@pytest.mark.parametrize(
    ("kind", "headers", "last", "level"),
    [
        ("http", {}, result(), EvidenceLevel.REACHABLE),
        ("http", {"Accept": "*/*"}, None, EvidenceLevel.REACHABLE),
        ("http", {"X-API-Key": "k"}, result(), EvidenceLevel.AUTHENTICATED),
        ("http", {"X-API-Key": "k"}, result(REFUSED), None),
        ("http", {"X-API-Key": ""}, result(), EvidenceLevel.REACHABLE),
        ("http", {}, result(a_failure()), EvidenceLevel.REACHABLE),
        ("inference", {}, result(is_streamed=1), EvidenceLevel.STREAMED),
        ("inference", {}, result(), EvidenceLevel.GENERATED),
        ("inference", {}, result(a_failure()), EvidenceLevel.STREAMED),
        ("inference", {}, result(REFUSED), None),
    ],
)
def test_what_a_good_answer_of_a_check_proves(
    kind: str, headers: Mapping[str, str], last: ProbeResult | None, level: EvidenceLevel | None
) -> None:
    check = replace(a_check("api/one"), kind=kind, spec=Asked(headers=headers))
    assert proves(check, last) is level


def test_the_most_that_anything_proves_counts() -> None:
    assert furthest([EvidenceLevel.REACHABLE, None, EvidenceLevel.STREAMED]) is EvidenceLevel.STREAMED
    assert furthest([None]) is EvidenceLevel.REACHABLE
