"""Pages come back as they were read last."""

from dataclasses import replace

from app.domain.said import PageState
from app.store.engine import Database
from app.store.vendor_pages import load_page_states, save_page_state
from tests.build import minute
from tests.pages import a_page, an_incident

READ = PageState(
    key="acme",
    page=a_page(an_incident()),
    first_read_at=minute(0),
    read_at=minute(1),
    part_since={"api": minute(1)},
)


async def kept(database: Database, *states: tuple[PageState, bool]) -> PageState:
    async with database.write() as tx:
        for state, is_page_new in states:
            await save_page_state(tx, state, is_page_new=is_page_new)
    async with database.read() as tx:
        return (await load_page_states(tx))["acme"]


async def test_a_page_comes_back_as_it_was_read(database: Database) -> None:
    assert await kept(database, (READ, True)) == READ


async def test_a_reading_without_news_touches_only_the_times(database: Database) -> None:
    later = replace(READ, read_at=minute(4))
    assert await kept(database, (READ, True), (replace(later, page=None), False)) == later


async def test_a_page_that_never_could_be_read_has_only_its_trouble(database: Database) -> None:
    failed = PageState(key="acme", failures=2, failing_since_at=minute(0), trouble="Answered 503.")
    assert await kept(database, (failed, False)) == failed
