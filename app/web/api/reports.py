"""Reports in the API, as they are described; they are taken in `app.web.reporting`, without FastAPI."""

import json
from datetime import datetime
from typing import Any

from pydantic.json_schema import models_json_schema

from app.domain.report import Symptom
from app.domain.status import Status
from app.web.api.shape import Shape

WHERE = "$STILLUP"
"""What stands in commands for the address of the server."""

EXAMPLE = {"symptom": "slow", "region": "de"}
EXAMPLE_ANSWER = {
    "service_id": "chatgpt",
    "counted": True,
    "status": "down",
    "people": {"last_hour": 14, "usual": 0.24, "surge_since_at": "2026-11-20T14:06:00Z"},
}


class ReportIn(Shape):
    """What a visitor has to say."""

    symptom: Symptom
    """What is amiss."""
    region: str | None = None
    """Where the visitor is, in any words; what is longer than 60 characters is cut."""


class ReportPeopleOut(Shape):
    """What others report of the same service."""

    last_hour: int
    """How many reported trouble within the last hour."""
    usual: float
    """How many are usual in an hour, at this hour of the week."""
    surge_since_at: datetime | None
    """Since when they are more than chance gives; `null` while they are not."""


class ReportOut(Shape):
    """What became of a report."""

    service_id: str
    """The service."""
    counted: bool
    """Whether it was counted; not if this visitor was, within the last half hour."""
    status: Status
    """What the service is now, by all witnesses."""
    people: ReportPeopleOut
    """What others report of it."""


def report_schemas(ref_template: str) -> dict[str, Any]:
    """The shapes above as JSON Schema, by their names."""
    _, told = models_json_schema(
        [(ReportIn, "validation"), (ReportOut, "serialization")], ref_template=ref_template
    )
    schemas: dict[str, Any] = told["$defs"]
    return schemas


def report_operation(tag: str) -> dict[str, Any]:
    """The operation as OpenAPI describes it, without its errors."""
    body = {"schema": {"$ref": "#/components/schemas/ReportIn"}}
    answer = {
        "application/json": {"schema": {"$ref": "#/components/schemas/ReportOut"}, "example": EXAMPLE_ANSWER}
    }
    return {
        "tags": [tag],
        "operationId": "reportProblem",
        "summary": "Report a problem",
        "description": "Tell that a service does not work for you. Each visitor counts once in half an hour, and "
        "no address is kept. Only pages of this site and programs may report, no page of another site.",
        "parameters": [
            {
                "name": "service_id",
                "in": "path",
                "required": True,
                "schema": {"type": "string"},
                "description": "The id of a service, such as `chatgpt`.",
            }
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {**body, "example": EXAMPLE}},
        },
        "responses": {
            "200": {"description": "This visitor was counted before.", "content": answer},
            "201": {"description": "It was counted.", "content": answer},
        },
        "x-codeSamples": [
            {
                "lang": "Shell",
                "source": f'curl -s "{WHERE}/api/v1/services/chatgpt/reports" '
                f"-H 'content-type: application/json' -d '{json.dumps(EXAMPLE)}'",
            }
        ],
    }
