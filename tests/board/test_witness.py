"""What is told of vendors' words beside what was measured."""

from dataclasses import replace

import pytest

from app.board.assemble import Present
from app.board.model import Board, ServiceView
from app.board.witness import lag_words, silent_vendors, vendor_sentence
from app.domain.detector import CheckState
from app.domain.mapping import Basis
from app.domain.result import LOCAL, Recorded
from app.domain.said import PageState, SeenIncident
from app.domain.service import Catalogue, Components, StatusPage
from app.domain.status import Status
from app.domain.vendor import Phase, VendorIncident, VendorPage
from app.store.engine import Database
from app.store.vendor_incidents import save_vendor_incidents
from app.store.vendor_pages import save_page_state
from app.store.vendor_words import ToldIncident, VendorLoader
from tests.board.test_assemble import board
from tests.build import START, a_catalogue, a_check, a_failure, a_result, minute
from tests.pages import a_maintenance, a_page, a_part, an_incident, an_update

API, CHAT = a_check("api/models"), a_check("chat/web")
PAGE = StatusPage(url="https://status.acme.example/", kind="statuspage")
NOW = minute(20)
READ = PageState(key="", first_read_at=START, read_at=minute(19))
BROKEN = (a_part("API", Status.DEGRADED), a_part("Web"))
WELL = (a_part("API"), a_part("Web"))


def the_catalogue() -> Catalogue:
    """`api` and `chat`, both spoken for by one page."""
    known = a_catalogue(API, CHAT)
    vendor = replace(known.vendors[0], name="Acme", status_page=PAGE)
    services = (
        replace(service, vendor_id=vendor.id, components=Components(names=(part,)))
        for service, part in zip(known.services, ("API", "Web"), strict=True)
    )
    return replace(known, vendors=(vendor, *known.vendors[1:]), services=tuple(services))


async def shown(
    database: Database, page: VendorPage | None, *told: SeenIncident, known: PageState = READ
) -> Board:
    """The board at 20 past, of `api` that is down since 2 past and `chat` that is up."""
    catalogue = the_catalogue()
    key = catalogue.vendors[0].id
    async with database.write() as tx:
        await save_page_state(tx, replace(known, key=key, page=page), is_page_new=True)
        await save_vendor_incidents(tx, [replace(each, page_key=key) for each in told])
    async with database.read() as tx:
        vendors = await VendorLoader().load(tx, catalogue, NOW, minute(-9000))
    states, latest = [], {}
    for check, failure in ((API, a_failure()), (CHAT, None)):
        result = a_result(minute(19), check_id=check.id, failure=failure)
        status = Status.DOWN if failure else Status.UP
        states.append(CheckState(check_id=check.id, region=LOCAL, status=status, since_at=minute(2)))
        latest[check.id, LOCAL] = Recorded(result=result, status=status)
    return board(Present(states=states, latest=latest, vendors=vendors), now=NOW, catalogue=catalogue)


def seen(incident: VendorIncident, *, first: float, before: float | None) -> SeenIncident:
    not_yet_at = None if before is None else minute(before)
    return SeenIncident(page_key="", incident=incident, first_seen_at=minute(first), not_yet_at=not_yet_at)


def vendor_status(made: Board, service_id: str) -> Status | None:
    word = made.by_id[service_id].word
    return word.status if word is not None else None


def of(made: Board, service_id: str) -> ServiceView:
    return made.by_id[service_id]


TOLD = an_incident("i1", an_update(14), title="Elevated errors", parts=("API",))
OVER = an_incident("i1", an_update(3), an_update(12, Phase.RESOLVED), title="Elevated errors", parts=("API",))
WATCHED = an_incident("i1", an_update(14, Phase.MONITORING), title="Elevated errors", parts=("API",))
WORK = a_maintenance(0, 60, phase=Phase.IN_PROGRESS, parts=("API",))


@pytest.mark.parametrize(
    ("page", "told", "said"),
    [
        (a_page(), (), "Nothing so far, its page says “operational”."),
        (
            a_page(TOLD, parts=BROKEN),
            (seen(TOLD, first=15, before=13),),
            "“Elevated errors”, investigating, since 14:14 UTC; said 12 min after we measured it.",
        ),
        (
            a_page(TOLD, parts=BROKEN),
            (seen(TOLD, first=15, before=None),),
            "“Elevated errors”, investigating, since 14:14 UTC.",
        ),
        (a_page(parts=BROKEN), (), "Its page says “partial outage”."),
        (
            a_page(OVER),
            (seen(OVER, first=4, before=3),),
            "“Elevated errors”: over since 14:12 UTC. It is not over by what we measure.",
        ),
        (
            a_page(WATCHED),
            (seen(WATCHED, first=15, before=13),),
            "“Elevated errors”: fix in place, being watched. It is not over by what we measure.",
        ),
        (
            a_page(parts=(), maintenances=(WORK,)),
            (),
            "Planned work, “Database work”, since 14:00 UTC until 15:00 UTC.",
        ),
        (None, (), "The page has not been read yet."),
    ],
)
async def test_what_a_vendor_says_of_a_trouble_that_we_measure(
    database: Database, page: VendorPage | None, told: tuple[SeenIncident, ...], said: str
) -> None:
    made = await shown(database, page, *told, known=READ if page else PageState(key=""))
    assert vendor_sentence(of(made, "api"), NOW) == said


async def test_a_page_that_cannot_be_read_is_an_unknown_word_with_its_reason(database: Database) -> None:
    blind = replace(READ, unknown_since_at=minute(5), trouble="Its server answers 500")
    made = await shown(database, a_page(), known=blind)
    assert vendor_status(made, "api") is Status.UNKNOWN
    assert vendor_sentence(of(made, "api"), NOW) == "Its server answers 500, since 2026-03-01 14:05:00 UTC."
    assert [view.service.id for view in made.unread] == ["api"]
    assert made.pages == 1


async def test_who_is_silent_is_said_and_who_spoke_of_any_trouble_is_not(database: Database) -> None:
    silent = await shown(database, a_page())
    assert silent_vendors(silent.troubled) == "Acme has not said anything yet."
    spoke = await shown(database, a_page(TOLD, parts=BROKEN), seen(TOLD, first=15, before=13))
    assert silent_vendors(spoke.troubled) is None


async def test_a_word_before_ours_is_told_as_such(database: Database) -> None:
    early = an_incident("i1", an_update(1), parts=("API",))
    made = await shown(database, a_page(early, parts=BROKEN), seen(early, first=1.5, before=0))
    assert lag_words(of(made, "api")) == "said 1 min before we measured it"
    assert lag_words(of(made, "chat")) is None


async def test_trouble_that_only_the_vendor_sees_is_reported_once_with_its_services(database: Database) -> None:
    both = an_incident("i1", an_update(5), title="Slow", parts=("API", "Web"))
    of_web = an_incident("i2", an_update(6), title="Login", parts=("Web",))
    made = await shown(database, a_page(both, of_web, parts=(a_part("API"), a_part("Web", Status.DEGRADED))))
    told = [
        (each.incident.title, [view.service.id for view in each.views]) for each in made.reports if each.incident
    ]
    assert told == [("Login", ["chat"])]
    assert made.reports[0].vendor.name == "Acme"


async def test_planned_work_is_told_from_a_day_before(database: Database) -> None:
    near, far = a_maintenance(60, 120, parts=("API",)), a_maintenance(3000, 3060, parts=("API",))
    made = await shown(database, a_page(maintenances=(near,), parts=WELL))
    assert [(plan.maintenance.title, [view.service.id for view in plan.views]) for plan in made.plans] == [
        ("Database work", ["api"])
    ]
    assert (await shown(database, a_page(maintenances=(far,), parts=WELL))).plans == ()


async def test_what_the_vendor_told_of_is_with_each_service(database: Database) -> None:
    made = await shown(database, a_page(), seen(OVER, first=4, before=3))
    assert [(each.seen.incident.id, each.basis) for each in of(made, "api").told] == [("i1", Basis.PART)]
    assert of(made, "api").told_days == {START.date(): Status.DEGRADED}
    assert (of(made, "chat").told, of(made, "chat").told_days) == ((), {})
    assert isinstance(of(made, "api").told[0], ToldIncident)
