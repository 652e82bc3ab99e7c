"""Copies are published beside everything else: again on every change, and again after every failure."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from multiprocessing import active_children
from pathlib import Path

from app.board.publishing import PublishingLog
from app.pipeline.bus import Bus
from app.pipeline.record import Recorder
from app.settings import resource
from app.web.staticcopy.model import Terms
from app.web.staticcopy.publication import CALM, FIRST_PAUSE, Publication
from app.web.staticcopy.publisher import Publisher
from tests.build import a_result
from tests.web.conftest import MODELS, Site, evil_catalogue
from tests.web.staticcopy.ground import FIVE_MINUTES, URL

PATIENCE_SECONDS = 180


@asynccontextmanager
async def publishing(
    site: Site, url: str, folder: Path, templates: Path | None = None
) -> AsyncIterator[PublishingLog]:
    told = PublishingLog()
    publisher = Publisher(
        publication=Publication(terms=Terms(url=URL, every=FIVE_MINUTES), to=folder),
        keeper=site.keeper,
        catalogue=evil_catalogue,
        told=told,
        clock=site.clock,
        database_url=url,
        templates=templates or resource("templates"),
        static=resource("static"),
        look_seconds=0.01,
    )
    publisher.start()
    try:
        yield told
    finally:
        await publisher.stop()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not holds():  # noqa: ASYNC110 - what it waits for happens in another process
            await asyncio.sleep(0.01)


async def test_what_changes_is_published_without_waiting_for_its_time(
    site: Site, url: str, tmp_path: Path
) -> None:
    page = tmp_path / "site" / "index.html"
    async with publishing(site, url, tmp_path / "site") as told:
        await until(lambda: told.view.published_at is not None)
        first = told.view
        assert (first.published_at, first.failures, first.trouble) == (site.clock.now(), 0, None)
        assert "Api is down" in page.read_text()
        recorder = Recorder(
            database=site.database, clock=site.clock, bus=Bus(), confirm=lambda _check, _after: None
        )
        recorder.replace(evil_catalogue())
        await recorder.load()
        for number in range(1, 12):
            recorder.put(MODELS, a_result(site.clock.now() + timedelta(seconds=number), check_id=MODELS.id))
        await recorder.flush()
        site.clock.move(CALM)
        await site.keeper.renew()
        await until(lambda: told.view.published_at != first.published_at)
        assert "Api is down" not in page.read_text()
        assert 0 < told.view.changed < told.view.files


async def test_a_failure_is_told_and_tried_again(site: Site, url: str, tmp_path: Path) -> None:
    theirs = tmp_path / "site"
    theirs.write_text("something of others")
    async with publishing(site, url, theirs) as told:
        await until(lambda: told.view.failures == 1)
        assert told.view.trouble == "site is there and is not a copy of ours; name a folder that may be replaced."
        assert theirs.read_text() == "something of others"
        theirs.unlink()
        site.clock.move(FIRST_PAUSE)
        await until(lambda: told.view.trouble is None)
        assert (told.view.failures, told.view.published_at) == (1, site.clock.now())
    assert (theirs / "index.html").is_file()


async def test_a_process_that_breaks_is_a_failure_like_any_other(site: Site, url: str, tmp_path: Path) -> None:
    async with publishing(site, url, tmp_path / "site", templates=tmp_path / "nothing") as told:
        await until(lambda: told.view.failures == 1)
    assert told.view.trouble == "the process that does it ended without a word; the log may say why"


async def test_a_copy_under_way_is_given_up_where_all_is_stopped(site: Site, url: str, tmp_path: Path) -> None:
    async with publishing(site, url, tmp_path / "site"):
        await until(lambda: bool(active_children()))
    await until(lambda: not active_children())
    assert not (tmp_path / "site").exists()
