"""Servers of a test that run beside it, for tests that wait for a program and cannot serve meanwhile."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import TypeVar

Made = TypeVar("Made")


@contextmanager
def alongside(opening: Callable[[], AbstractAsyncContextManager[Made]]) -> Iterator[Made]:
    """What is opened, on a loop and in a thread of its own, for as long as the context lasts."""
    made: list[Made] = []
    ready, over = threading.Event(), threading.Event()

    async def serve() -> None:
        async with opening() as each:
            made.append(each)
            ready.set()
            await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(20)
    try:
        yield made[0]
    finally:
        over.set()
        thread.join(20)
