"""Asking an application of ours from within: one GET, and its answer whole."""

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Scope


async def ask(app: ASGIApp, path: str, asked: Scope, accepted: bytes = b"application/json") -> Response:
    """What `app` answers at this path, as it would whoever sent the request `asked` and accepts this."""
    made = Response()
    body = b""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def take(message: Message) -> None:
        nonlocal body
        if message["type"] == "http.response.start":
            made.status_code = message["status"]
            made.raw_headers = list(message["headers"])
        else:
            body += message.get("body", b"")

    kept = [header for header in asked["headers"] if header[0] in (b"host", b"accept-language", b"cookie")]
    scope = {
        **asked,
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "headers": [*kept, (b"accept", accepted)],
        "path_params": {},
    }
    await app(scope, receive, take)
    made.body = body
    return made
