"""A copy of what the database of this machine tells now, for the commands that put one somewhere."""

from app.board.load import BoardLoader
from app.board.model import OwnHealth
from app.cli.ground import ExitCode, fail
from app.clock import SystemClock
from app.domain.service import Catalogue
from app.settings import Settings, resource
from app.web.staticcopy.copier import Copier
from app.web.staticcopy.model import StaticCopy, Terms
from app.wiring import open_stored


async def copy_stored(settings: Settings, catalogue: Catalogue, terms: Terms) -> StaticCopy:
    """The copy of the board as the database has it. Raises `StoreError` and `CopyError`."""
    database, clock = open_stored(settings), SystemClock()
    try:
        own = OwnHealth(started_at=clock.now(), probing=settings.probing)
        board = await BoardLoader(database).load_whole(catalogue, own, clock.now())
        copier = Copier(
            database=database,
            clock=clock,
            templates=resource("templates"),
            static=resource("static"),
            terms=terms,
            is_simulated=settings.simulated,
        )
        return await copier.copy(board)
    finally:
        await database.close()


def web_address(option: str, text: str | None) -> str:
    """An address as it was given, without a slash at the end; empty where none was."""
    if text and not text.startswith(("http://", "https://")):
        fail(ExitCode.USAGE, f"{option} {text} has to begin with https:// or http://.")
    return (text or "").rstrip("/")
