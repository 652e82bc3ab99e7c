"""The Model Context Protocol over HTTP (streamable HTTP): stateless, one question and one answer at a time.

A question opens no session and leaves nothing behind, so there is nothing to start, to keep or to stop, and any
number of processes may answer the same client.
"""

from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from app.web.problems import problem

MOST_BYTES: Final = 64 * 1024
"""No question is near as long."""

LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")
NOBODYS: Final = (".localhost", ".local", ".internal", ".lan", ".home.arpa", ".test")
"""Names below these belong to no stranger, so no stranger can let one of them lead here."""


class Door:
    """Answers clients of the protocol. `public_url` is where people reach it, empty where nobody said."""

    def __init__(self, server: MCPServer[Any], public_url: str) -> None:
        self._server = server
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one question."""
        request = Request(scope, receive)
        if request.method != "POST":
            detail = "Clients of the Model Context Protocol send POST here; there is nothing to read."
            await problem(request, HTTPStatus.METHOD_NOT_ALLOWED, detail, {"allow": "POST"})(scope, receive, send)
            return
        host = request.headers.get("host", "")
        if not is_ours(host, self._public_url):
            detail = f"This server is not known as “{host}”; its operator can say so with STILLUP_PUBLIC_URL."
            await problem(request, HTTPStatus.MISDIRECTED_REQUEST, detail)(scope, receive, send)
            return
        app = self._server.streamable_http_app(
            stateless_http=True,
            json_response=True,
            max_request_body_size=MOST_BYTES,
            transport_security=_allowed(host, self._public_url),
        )
        async with self._server.session_manager.run():
            await app(scope, receive, send)


def is_ours(host: str, public_url: str) -> bool:
    """Whether a `Host` is one that only we can have: a page elsewhere must not get here by a name of its own.

    That is the public one, an address, or a name that no stranger can have led here (DNS rebinding).
    """
    name = urlsplit(f"//{host}").hostname or ""
    if public_url:
        public = urlsplit(public_url)
        return host.lower() == public.netloc.lower() or _is_nobodys(name)
    return _is_nobodys(name)


def _is_nobodys(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return bool(name) and ("." not in name or name.endswith(NOBODYS))
    return True


def _allowed(host: str, public_url: str) -> TransportSecuritySettings:
    """What the transport lets in: this host, and of pages in browsers its own and those on this machine."""
    own = [public_url] if public_url else [f"{scheme}://{host}" for scheme in ("http", "https")]
    local = [f"{scheme}://{name}:*" for scheme in ("http", "https") for name in LOOPBACK]
    return TransportSecuritySettings(allowed_hosts=[host], allowed_origins=[*own, *local])
