"""Writes the examples of the API's description: real answers of the scene on a bad day, with lists cut short.

`python -m tests.web.api_examples` (part of `make docs`) writes `app/web/api/examples.json`.
"""

import asyncio
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import httpx

from app.web.api.app import EXAMPLES
from tests.web.scenes import SCENES, an_empty_database, furnished, the_catalogue
from tests.web.serving import app_of

API: Final = "/api/v1"
PUBLIC_URL: Final = "https://status.example.com"
LONGEST_LIST: Final = 1
ASKED: Final[Mapping[str, str]] = {
    "listServices": "/services",
    "getService": "/services/chatgpt",
    "getServiceHistory": "/services/chatgpt/history?from=2026-11-20T12:00:00Z&step=1h",
    "getServiceLatency": "/services/openai-api/latency?window=7d&quantiles=0.5,0.95",
    "getServiceCharts": "/services/openai-api/charts?window=7d",
    "listAlternatives": "/alternatives?capability=chat-api&not=openai-api",
    "listCapabilities": "/capabilities",
    "listIncidents": "/incidents?open=true&limit=1",
    "getIncident": "/incidents/codex-20261120T140211",
    "listEstimates": "/estimates",
    "listVendors": "/vendors",
    "getVendor": "/vendors/openai",
    "listLags": "/lag?vendor=openai",
    "listChecks": "/checks?service=chatgpt",
    "getCheck": "/checks/openai-api/models",
    "getHealth": "/health",
}


def shortened(told: Any) -> Any:
    """The same with every list of things cut short; lists of plain values stay."""
    if isinstance(told, dict):
        return {name: shortened(each) for name, each in told.items()}
    if isinstance(told, list) and any(isinstance(each, dict) for each in told):
        return [shortened(each) for each in told[:LONGEST_LIST]]
    return told


async def examples(folder: Path) -> dict[str, Any]:
    """For every operation what is asked, below the API's address, and what is answered."""
    catalogue, scene = the_catalogue(), SCENES["bad"]
    database = await furnished(an_empty_database(folder), catalogue, scene)
    transport = httpx.ASGITransport(app=await app_of(database, catalogue, scene, public_url=PUBLIC_URL))
    told = {}
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as client:
        for name, path in ASKED.items():
            answer = (await client.get(f"{API}{path}")).raise_for_status()
            told[name] = {"path": path, "answer": shortened(answer.json())}
    await database.close()
    return told


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        written = asyncio.run(examples(Path(made)))
    EXAMPLES.write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n")
