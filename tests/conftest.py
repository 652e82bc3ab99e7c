"""A real database for whoever asks, and property tests that no busy machine can fail."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from app.settings import resource
from app.store.engine import Database, open_database
from app.store.migrate import upgrade

# How long an example takes says more of the machine than of the code; speed is measured by `make bench`.
settings.register_profile("timeless", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("timeless")


@pytest.fixture(scope="session", autouse=True)
def _recordings_are_no_setting() -> Iterator[None]:
    """The program refuses settings that it does not know, and this one is the tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("STILLUP_RECORDINGS", raising=False)
        yield


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'stillup.sqlite3'}"


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    await asyncio.to_thread(upgrade, url, resource("migrations"))
    opened = open_database(url)
    yield opened
    await opened.close()
