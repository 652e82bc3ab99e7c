"""The least that an ASGI app can do: a fixed answer with three headers, as many bytes as the query string says."""

from collections.abc import Awaitable, Callable, MutableMapping
from functools import cache
from typing import Any


async def app(
    scope: MutableMapping[str, Any],
    _receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
    send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
) -> None:
    """Answer one request."""
    start, body = _answer(scope["query_string"])
    await send(start)
    await send(body)


@cache
def _answer(size: bytes) -> tuple[MutableMapping[str, Any], MutableMapping[str, Any]]:
    body = bytes(int(size or 0))
    headers = [
        (b"content-type", b"text/plain"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    return (
        {"type": "http.response.start", "status": 200, "headers": headers},
        {"type": "http.response.body", "body": body},
    )
