"""What every question to the API is met with: pages of others may read, and nobody may ask too much."""

from collections.abc import Iterable
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.clock import Clock
from app.web.limit import POLICY, RateLimit, left
from app.web.problems import problem
from app.web.visitors import address_of

READABLE = "etag, link, ratelimit, ratelimit-policy, retry-after"
"""What the scripts of other pages may read of an answer, beside what they always may."""

READ_ONLY = "GET, HEAD, OPTIONS"
"""The methods of what can be read: its head alone is answered in front of everything."""

Headers = Iterable[tuple[str, str]]


class Manners:
    """Stands before the API, and behind what answers from memory: that costs next to nothing, and counts not."""

    def __init__(
        self, behind: ASGIApp, *, clock: Clock, limit: RateLimit | None = None, trusted_proxies: int = 0
    ) -> None:
        self._behind = behind
        self._clock = clock
        self._limit = limit
        self._trusted_proxies = trusted_proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        headers = [("access-control-allow-origin", "*"), ("access-control-expose-headers", READABLE)]
        if request.method == "OPTIONS" and "access-control-request-method" in request.headers:
            await _preflight()(scope, receive, _adding(headers, send))
            return
        if self._limit is not None:
            quota = self._limit.take(address_of(request, self._trusted_proxies), self._clock.monotonic())
            headers += [("ratelimit-policy", self._limit.policy), ("ratelimit", left(quota))]
            if quota.is_exceeded:
                await _too_much(request, self._limit, quota.seconds)(scope, receive, _adding(headers, send))
                return
        await self._behind(scope, receive, _adding(headers, send))


def _preflight() -> Response:
    """What a browser asks before it asks for a page of others."""
    allowed = {
        "access-control-allow-methods": "GET, HEAD",
        "access-control-allow-headers": "if-none-match",
        "access-control-max-age": "86400",
    }
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=allowed)


def _too_much(request: Request, limit: RateLimit, seconds: int) -> Response:
    detail = f"More than {limit.per_minute} questions within a minute; ask again in {seconds} s."
    headers = {"retry-after": str(seconds)}
    return problem(request, HTTPStatus.TOO_MANY_REQUESTS, detail, headers, {"violated-policies": [POLICY]})


def _adding(headers: Headers, send: Send) -> Send:
    """Send with these headers, in place of others of their names."""
    added = [(name.encode(), value.encode()) for name, value in headers]
    names = {name for name, _ in added}

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [header for header in message.get("headers", ()) if header[0] not in names]
            message = {**message, "headers": [*kept, *added]}
        await send(message)

    return sending
