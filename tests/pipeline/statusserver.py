"""A real server that plays a status page: what each path answers is set as the story goes on."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any


class StatusServer:
    """Serves documents by path with an ETag each; a number instead of a document is a status code."""

    def __init__(self) -> None:
        self.documents: dict[str, bytes | int] = {}
        self.asked: list[str] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def show(self, path: str, document: Any) -> None:
        is_raw = isinstance(document, bytes | int)
        self.documents[path] = document if is_raw else json.dumps(document).encode()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        path = head.split(" ", 2)[1]
        self.asked.append(path)
        document = self.documents.get(path, 404)
        status, body = (document, b"no") if isinstance(document, int) else (200, document)
        etag = hashlib.md5(body, usedforsecurity=False).hexdigest()
        if status == 200 and etag in head:
            status, body = 304, b""
        writer.write(f"HTTP/1.1 {status} -\r\netag: {etag}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def status_server() -> AsyncIterator[StatusServer]:
    server = StatusServer()
    async with await asyncio.start_server(server.serve, "127.0.0.1", 0) as listening:
        server.port = listening.sockets[0].getsockname()[1]
        yield server


SUMMARY = "/api/v2/summary.json"
INCIDENTS = "/api/v2/incidents.json"


def summary(*incidents: dict[str, Any], api: str = "operational", updated_at: str | None = None) -> dict[str, Any]:
    """A Statuspage summary of a page with the parts API and Web."""
    return {
        "page": _page(updated_at),
        "status": {"indicator": "none", "description": "All Systems Operational"},
        "components": [
            {"id": "p1", "name": "API", "status": api, "group": False, "group_id": None},
            {"id": "p2", "name": "Web", "status": "operational", "group": False, "group_id": None},
        ],
        "incidents": [each for each in incidents if each["status"] != "resolved"],
        "scheduled_maintenances": [],
    }


def incident(
    *updates: tuple[str, str, str], incident_id: str = "i1", name: str = "Elevated errors"
) -> dict[str, Any]:
    """An incident of the part API with these updates (time of day, status, text), from first to last."""
    told = [
        {
            "id": f"{incident_id}-u{number}",
            "status": status,
            "body": body,
            "created_at": f"2026-03-01T{at}Z",
            "display_at": f"2026-03-01T{at}Z",
            "affected_components": None,
        }
        for number, (at, status, body) in enumerate(updates)
    ]
    return {
        "id": incident_id,
        "name": name,
        "status": updates[-1][1],
        "impact": "minor",
        "created_at": told[0]["created_at"],
        "started_at": told[0]["created_at"],
        "updated_at": told[-1]["created_at"],
        "resolved_at": told[-1]["created_at"] if updates[-1][1] == "resolved" else None,
        "incident_updates": told[::-1],
        "components": [{"id": "p1", "name": "API"}],
    }


def incidents(*listed: dict[str, Any]) -> dict[str, Any]:
    """The list of the latest incidents, over or not."""
    return {"page": _page(), "incidents": list(listed)}


def _page(updated_at: str | None = None) -> dict[str, Any]:
    return {
        "id": "acme",
        "name": "Acme",
        "url": "",
        "time_zone": "Etc/UTC",
        "updated_at": updated_at or "2026-03-01T13:00:00Z",
    }
