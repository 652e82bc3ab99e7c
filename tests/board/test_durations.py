"""How good estimates have been comes with a later board: the first one after a start waits for nothing."""

from datetime import timedelta

from app.board.load import BoardLoader
from app.board.model import OwnHealth
from app.domain.said import SeenIncident
from app.domain.vendor import Phase
from app.store.engine import Database
from app.store.vendor_incidents import save_vendor_incidents
from tests.build import START, minute
from tests.pages import acme, an_incident, an_update

OWN = OwnHealth(started_at=START, probing=False)
CATALOGUE = acme()
A_DAY = 24 * 60


def past(number: int) -> SeenIncident:
    """A trouble of so many days ago, over after half an hour and a little."""
    began = -number * A_DAY
    told = an_incident(f"i{number}", an_update(began), an_update(began + 30 + number, Phase.RESOLVED))
    return SeenIncident(page_key="acme", incident=told, first_seen_at=minute(began))


async def test_no_board_waits_for_how_good_estimates_have_been(database: Database) -> None:
    async with database.write() as tx:
        await save_vendor_incidents(tx, [past(number) for number in range(1, 30)])
    loader = BoardLoader(database)
    first = await loader.load(CATALOGUE, OWN, minute(0))
    whole = await loader.load_whole(CATALOGUE, OWN, minute(1))
    later = await loader.load(CATALOGUE, OWN, minute(0) + timedelta(hours=2))
    assert [len(told) for told in first.durations.by_vendor.values()] == [29]
    assert first.durations.rate is None
    assert whole.durations.rate is not None
    assert later.durations.rate == whole.durations.rate
