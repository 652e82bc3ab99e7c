"""Copies of the small site, made once: nothing changes them."""

import asyncio

import pytest

from app.web.staticcopy.model import Naming, StaticCopy
from tests.web.staticcopy.ground import made_at


@pytest.fixture(scope="session")
def copies(tmp_path_factory: pytest.TempPathFactory) -> dict[Naming, StaticCopy]:
    return asyncio.run(made_at(tmp_path_factory.mktemp("copied")))


@pytest.fixture
def copy(copies: dict[Naming, StaticCopy]) -> StaticCopy:
    return copies[Naming.FILES]
