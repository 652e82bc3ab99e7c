"""A board on a real server on loopback, for real browsers."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from app.board.keeper import BoardKeeper
from app.board.model import Board
from app.settings import resource
from app.web.app import create_app
from app.web.history import Histories
from app.web.snapshots import Front


def keeper_of(board: Board) -> BoardKeeper:
    """A keeper that has this board and will not make another."""

    async def load() -> Board:
        return board

    keeper = BoardKeeper(load)
    keeper.board = board
    return keeper


def app_of(board: Board, database: Any = None) -> Front:
    keeper = keeper_of(board)
    return create_app(
        keeper=keeper,
        histories=Histories(database, keeper, lambda: board.made_at),
        now=lambda: board.made_at,
        templates=resource("templates"),
        static=resource("static"),
    )


@contextmanager
def served(app: Front) -> Iterator[str]:
    """Serve in a thread; gives the URL."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
