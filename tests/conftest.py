"""A real database for whoever asks."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.settings import resource
from app.store.engine import Database, open_database
from app.store.migrate import upgrade


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'stillup.sqlite3'}"


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    await asyncio.to_thread(upgrade, url, resource("migrations"))
    opened = open_database(url)
    yield opened
    await opened.close()
