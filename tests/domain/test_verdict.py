"""What three witnesses amount to, and on whom it rests."""

import pytest

from app.domain.accord import Accord
from app.domain.detector import CheckState
from app.domain.discord import Discord, discords
from app.domain.mapping import PageMap
from app.domain.result import CheckId, Reading, Region
from app.domain.said import PageState
from app.domain.service import Capability, Service
from app.domain.status import Status
from app.domain.vendor import Phase, VendorPage
from app.domain.vendorword import VendorWord, vendor_word
from app.domain.verdict import Claim, Measured, Verdict, Witness, measure, weigh
from tests.build import a_catalogue, a_check, minute
from tests.pages import a_maintenance, a_page, a_part, a_service, acmes_page, an_incident

CALM = a_page()
REPORTS = a_page(an_incident(started_at=4, parts=("API",)), parts=(a_part("API", Status.DEGRADED), a_part("Web")))
OUTAGE = a_page(an_incident(started_at=4, parts=("API",)), parts=(a_part("API", Status.DOWN),))
WORKED_ON = a_page(parts=(), maintenances=(a_maintenance(2, 60, phase=Phase.IN_PROGRESS, parts=("API",)),))
CROWD = Claim(witness=Witness.PEOPLE, status=Status.DEGRADED, since_at=minute(6), reason="31 people report it")
M, V, P = Witness.MEASURED, Witness.VENDOR, Witness.PEOPLE
UP, DEGRADED, DOWN, UNKNOWN, PLANNED = (
    Status.UP,
    Status.DEGRADED,
    Status.DOWN,
    Status.UNKNOWN,
    Status.MAINTENANCE,
)


def word(page: VendorPage) -> VendorWord:
    service = a_service()
    state = PageState(key="acme", page=page, first_read_at=minute(0), read_at=minute(10))
    return vendor_word(service, state, PageMap(acmes_page(service), page.components), minute(10))


def stale(page: VendorPage) -> VendorWord:
    service = a_service()
    state = PageState(key="acme", page=page, read_at=minute(0), unknown_since_at=minute(5), trouble="Answered 502")
    return vendor_word(service, state, PageMap(acmes_page(service), page.components), minute(10))


def weighed(
    status: Status, said: VendorWord | None, crowd: Claim | None = None, *, is_proven: bool = False
) -> Verdict:
    measured = Measured(status=status, since_at=minute(1), reason="answered 503", is_proven=is_proven)
    return weigh(measured, said, crowd)


@pytest.mark.parametrize(
    ("measured", "said", "crowd", "expected", "witnesses"),
    [
        (UP, None, None, UP, (M,)),
        (UP, word(CALM), None, UP, (M, V)),
        (UP, stale(CALM), None, UP, (M,)),
        (UP, stale(OUTAGE), None, UP, (M,)),
        (UP, word(REPORTS), None, DEGRADED, (V,)),
        (UP, word(OUTAGE), None, DEGRADED, (V,)),
        (UP, word(CALM), CROWD, DEGRADED, (P,)),
        (UP, word(OUTAGE), CROWD, DEGRADED, (V, P)),
        (UP, word(WORKED_ON), None, UP, (M,)),
        (UP, word(WORKED_ON), CROWD, PLANNED, (V, P)),
        (DOWN, None, None, DOWN, (M,)),
        (DOWN, word(CALM), None, DOWN, (M,)),
        (DOWN, stale(CALM), CROWD, DOWN, (M, P)),
        (DOWN, word(REPORTS), CROWD, DOWN, (M, V, P)),
        (DEGRADED, word(OUTAGE), None, DEGRADED, (M, V)),
        (DOWN, word(WORKED_ON), None, PLANNED, (V, M)),
        (UNKNOWN, None, None, UNKNOWN, ()),
        (UNKNOWN, word(CALM), None, UNKNOWN, ()),
        (UNKNOWN, word(OUTAGE), None, DOWN, (V,)),
        (UNKNOWN, word(REPORTS), CROWD, DEGRADED, (V, P)),
        (UNKNOWN, None, CROWD, DEGRADED, (P,)),
        (UNKNOWN, word(WORKED_ON), None, PLANNED, (V,)),
    ],
)
def test_what_three_witnesses_amount_to(
    measured: Status,
    said: VendorWord | None,
    crowd: Claim | None,
    expected: Status,
    witnesses: tuple[Witness, ...],
) -> None:
    verdict = weighed(measured, said, crowd)
    assert (verdict.status, verdict.witnesses) == (expected, witnesses)


@pytest.mark.parametrize("said", [CALM, REPORTS, OUTAGE, WORKED_ON])
@pytest.mark.parametrize("crowd", [None, CROWD])
def test_the_right_answer_of_a_model_outweighs_whatever_others_say(said: VendorPage, crowd: Claim | None) -> None:
    assert weighed(UP, word(said), crowd, is_proven=True).status is UP


@pytest.mark.parametrize(
    ("verdict", "since", "reason"),
    [
        (weighed(DOWN, word(REPORTS)), 1, "answered 503"),
        (weighed(UP, word(REPORTS)), 4, "its vendor reports “Elevated errors” (investigating)"),
        (weighed(UP, word(CALM), CROWD), 6, "31 people report it"),
        (weighed(DOWN, word(WORKED_ON)), 2, "its vendor works on it by plan: “Database work”"),
    ],
)
def test_it_is_dated_and_reasoned_by_whom_it_rests_on(verdict: Verdict, since: float, reason: str) -> None:
    assert (verdict.since_at, verdict.reason) == (minute(since), reason)


def _state(status: Status, check: str = "web", region: str = "eu", since: float = 3) -> CheckState:
    return CheckState(
        check_id=CheckId(f"chat/{check}"),
        region=Region(region),
        status=status,
        since_at=minute(since),
        last=Reading(status=status, reason=f"{check} from {region} is {status}"),
    )


def test_some_regions_of_a_service_may_be_bad_while_others_are_well() -> None:
    service = a_catalogue(a_check("chat/web"), a_check("chat/edge", impact=DEGRADED)).services[0]
    told = [_state(UP, region="us"), _state(DOWN, region="eu", since=5), _state(UP, region="asia")]
    measured = measure(service, {CheckId("chat/web"): told, CheckId("chat/edge"): [_state(DOWN, "edge", "asia")]})
    assert (measured.status, measured.since_at, measured.reason) == (DOWN, minute(5), "web from eu is down")
    assert (measured.bad_regions, measured.well_regions) == (("asia", "eu"), ("us",))


APP = Service(
    id="acme-chat",
    name="Acme Chat",
    vendor_id="acme",
    capabilities=(Capability.ASSISTANT,),
    home="https://acme.example/",
    checks=(),
)
SCATTERED = weigh(Measured(status=DOWN, bad_regions=(Region("eu"),), well_regions=(Region("us"),)))


@pytest.mark.parametrize(
    ("service", "verdict", "accord", "siblings", "reports", "expected"),
    [
        (APP, weighed(UP, None), None, [], 0, ()),
        (APP, weighed(DOWN, None), Accord.VENDOR_SILENT, [], 0, (Discord.VENDOR_SILENT,)),
        (APP, weighed(DOWN, None), Accord.BOTH_TROUBLED, [(a_service(), UP)], 0, (Discord.WEB_APP_ONLY,)),
        (APP, weighed(DOWN, None), Accord.BOTH_TROUBLED, [(a_service(), UNKNOWN)], 0, ()),
        (a_service(), weighed(DOWN, None), Accord.VENDOR_SAYS_OVER, [(APP, UP)], 0, (Discord.VENDOR_SAYS_OVER,)),
        (APP, weighed(UP, word(CALM), CROWD), Accord.BOTH_WELL, [], 31, (Discord.ONLY_PEOPLE,)),
        (APP, weighed(UP, word(REPORTS), CROWD), Accord.ONLY_VENDOR, [], 31, (Discord.ONLY_VENDOR,)),
        (APP, weighed(UP, word(CALM)), Accord.BOTH_WELL, [], 2, (Discord.ONLY_YOU,)),
        (APP, weighed(UNKNOWN, word(CALM)), Accord.UNSEEN, [], 2, ()),
        (APP, SCATTERED, Accord.VENDOR_SILENT, [], 0, (Discord.VENDOR_SILENT, Discord.SOME_REGIONS)),
    ],
)
def test_disagreements_are_named(  # noqa: PLR0917 - the columns of the table
    service: Service,
    verdict: Verdict,
    accord: Accord | None,
    siblings: list[tuple[Service, Status]],
    reports: int,
    expected: tuple[Discord, ...],
) -> None:
    assert discords(service, verdict, accord, siblings, reports=reports) == expected
