"""A copy of the small site, and what can be asked of it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from app.settings import resource
from app.store.engine import open_database
from app.web.staticcopy.copier import Copier
from app.web.staticcopy.model import CopiedFile, Naming, StaticCopy, Terms
from tests.web.conftest import Site, a_site
from tests.web.scenes import an_empty_database

URL = "https://status.example"
LIVE = "https://live.example"
FIVE_MINUTES = timedelta(minutes=5)


def a_copier(site: Site, *, live: str = "", naming: Naming = Naming.FILES) -> Copier:
    return Copier(
        database=site.database,
        clock=site.clock,
        templates=resource("templates"),
        static=resource("static"),
        terms=Terms(url=URL, live=live, every=FIVE_MINUTES, naming=naming),
    )


async def a_copy(site: Site, *, live: str = "", naming: Naming = Naming.FILES) -> StaticCopy:
    assert site.keeper.board is not None
    return await a_copier(site, live=live, naming=naming).copy(site.keeper.board)


async def made_at(folder: Path) -> dict[Naming, StaticCopy]:
    """Two copies of the small site: one as files, one as addresses that knows where the server is."""
    database = open_database(an_empty_database(folder))
    try:
        async with a_site(database) as site:
            return {
                Naming.FILES: await a_copy(site),
                Naming.ADDRESSES: await a_copy(site, live=LIVE, naming=Naming.ADDRESSES),
            }
    finally:
        await database.close()


def page(copy: StaticCopy, address: str) -> str:
    return file(copy, address).body.decode()


def file(copy: StaticCopy, address: str) -> CopiedFile:
    return next(each for each in copy.files if each.address == address)


def pages(copy: StaticCopy) -> list[CopiedFile]:
    return [each for each in copy.files if each.content_type.startswith("text/html")]


def links(html: str) -> Iterator[str]:
    """Whatever a page leads to or is made of."""
    for node in LexborHTMLParser(html).css("[href], [src], [action], [formaction]"):
        for name in ("href", "src", "action", "formaction"):
            if (told := node.attributes.get(name)) is not None:
                yield told
