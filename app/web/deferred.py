"""An application that is only built when somebody asks it something."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

from starlette.types import ASGIApp, Receive, Scope, Send

App = TypeVar("App", bound=ASGIApp)


class Deferred(Generic[App]):
    """Builds the application at its first request, in a thread: what that imports must not make probes late."""

    def __init__(self, build: Callable[[], App]) -> None:
        self._build = build
        self._lock = asyncio.Lock()
        self._app: App | None = None

    async def app(self) -> App:
        """The application, built by now."""
        async with self._lock:
            if self._app is None:
                self._app = await asyncio.to_thread(self._build)
            return self._app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on."""
        app = await self.app()
        await app(scope, receive, send)
