"""The demonstration touches nothing but this machine, is not taken for the truth, and starts with a past."""

from pathlib import Path

import pytest

from app.board.load import BoardLoader
from app.board.model import OwnHealth
from app.catalogue.load import BUILTIN, load_catalogue
from app.clock import SystemClock
from app.demo.furnish import furnish
from app.demo.past import draw_episodes
from app.demo.stage import CATALOGUE, PREFIX, places, told_before, usual_of
from app.domain.check import Check
from app.domain.proof import EvidenceLevel, proves
from app.domain.result import LOCAL
from app.domain.rollup import STRIP_DAYS
from app.domain.service import Catalogue
from app.domain.watched import watched_pages
from app.lab.scenario import nothing_happens
from app.lab.world import lab_world
from app.pipeline.ask import Asker
from app.probes.registry import PROBERS
from app.store.engine import open_database
from tests.demo.places import PLACES
from tests.web.scenes import an_empty_database

HERE = ("http://127.0.0.1:", "127.0.0.1:", "localhost:", "A openai.lab.test @127.0.0.1")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(BUILTIN, CATALOGUE, PROBERS, PLACES)


def all_checks(catalogue: Catalogue) -> list[Check]:
    return [*catalogue.check_by_id.values(), *catalogue.controls]


def test_nothing_is_asked_but_this_machine(catalogue: Catalogue) -> None:
    addresses = [
        str(check.spec.target).removeprefix("POST ").rpartition(" at ")[2] for check in all_checks(catalogue)
    ]
    addresses += [page.page.feed or page.page.url for page in watched_pages(catalogue)]
    assert len(addresses) > 50
    assert [address for address in addresses if not address.startswith(HERE)] == []


def test_nothing_of_it_can_be_taken_for_the_shipped_catalogue(catalogue: Catalogue) -> None:
    shipped = load_catalogue(BUILTIN, None, PROBERS, {})
    assert catalogue.service_by_id.keys() & shipped.service_by_id.keys() == set()
    assert all(service.id.startswith(PREFIX) and service.name.startswith("Sim ") for service in catalogue.services)
    named = [catalogue.vendor_by_id[service.vendor_id] for service in catalogue.services]
    assert all(vendor.id.startswith(PREFIX) and vendor.name.startswith("Sim ") for vendor in named)


async def test_every_check_gets_its_healthy_answer_while_nothing_happens(tmp_path: Path) -> None:
    async with lab_world(trouble_ports=True) as world:
        catalogue = load_catalogue(BUILTIN, CATALOGUE, PROBERS, places(world, tmp_path))
        clock = SystemClock()
        asker = Asker(kinds=PROBERS, clock=clock, region=LOCAL, user_agent="test")
        results = [await asker.ask(check, clock.now()) for check in all_checks(catalogue)]
    assert [(one.check_id, one.failure.sentence) for one in results if one.failure] == []


async def test_canaries_are_answered_piece_by_piece_fast_enough_to_tell_how_fast(tmp_path: Path) -> None:
    async with lab_world(trouble_ports=True) as world:
        catalogue = load_catalogue(BUILTIN, CATALOGUE, PROBERS, places(world, tmp_path))
        clock = SystemClock()
        asker = Asker(kinds=PROBERS, clock=clock, region=LOCAL, user_agent="test")
        canaries = [check for check in catalogue.check_by_id.values() if check.kind == "inference"]
        results = [await asker.ask(check, clock.now()) for check in canaries]
    assert len(canaries) == 8
    assert {proves(*asked) for asked in zip(canaries, results, strict=True)} == {EvidenceLevel.STREAMED}
    wanted = {"ttft_ms", "tpot_us", "cost_nusd"}
    assert [result.check_id for result in results if not wanted <= result.figures.keys()] == []


async def test_the_board_shows_ninety_days_and_vendors_that_spoke_of_their_troubles(tmp_path: Path) -> None:
    url = an_empty_database(tmp_path)
    async with lab_world(trouble_ports=True) as world:
        now = world.clock.start
        catalogue = load_catalogue(BUILTIN, CATALOGUE, PROBERS, places(world, tmp_path))
        episodes = draw_episodes(catalogue, now, 1)
        told = list(told_before(world, episodes, now))
        world.play(nothing_happens().after(told))
        database = open_database(url)
        await furnish(
            database, catalogue=catalogue, episodes=episodes, usual=usual_of(world, catalogue), now=now, seed=1
        )
        board = await BoardLoader(database).load(catalogue, OwnHealth(started_at=now, probing=True), now)
        await database.close()
        spoken = {vendor: world.page(vendor).past_and_open() for vendor in ("openai", "anthropic")}
    assert {len(view.days) for view in board.services} == {STRIP_DAYS}
    assert all(day.was_watched for view in board.services for day in view.days)
    assert len(board.incidents) == len(episodes)
    for vendor, incidents in spoken.items():
        assert len(incidents) == sum(entry.vendor == vendor for entry in told) > 0
        assert not any(incident.is_open for incident in incidents)
