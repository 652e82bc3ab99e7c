"""Every probe is tried on both loops that it may run on."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
import uvloop

Run = Callable[[Coroutine[Any, Any, Any]], Any]

_LOOPS = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}


@pytest.fixture(params=_LOOPS)
def run(request: pytest.FixtureRequest) -> Iterator[Run]:
    """Run a coroutine to its end, on the one loop and on the other."""
    with asyncio.Runner(loop_factory=_LOOPS[request.param]) as runner:
        yield runner.run
