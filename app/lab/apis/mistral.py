"""Mistral: OpenAI's shape of chat, usage with the finish reason, and error bodies of its own.

Errors: docs.mistral.ai/api; a model at capacity answers 429 with the code 3505, which is not a limit of ours.
"""

from collections.abc import Mapping
from typing import Any

from app.lab.answer import Headers
from app.lab.apis.chat import ChatStyle, UsageAt
from app.lab.apis.compatible import House, house_face
from app.lab.face import Face, Fault, Scene


def _error(status: int, kind: str, message: str, code: str | None = None) -> Fault:
    body: dict[str, Any] = {"object": "error", "message": message, "type": kind, "param": None, "code": code}
    return Fault(status=status, content=body)


def _invalid(status: int, where: list[str], message: str) -> Fault:
    return Fault(
        status=status, content={"detail": [{"type": "missing", "loc": where, "msg": message, "input": {}}]}
    )


ERRORS: Mapping[str, Fault] = {
    "bad_request": _error(400, "invalid_request_error", "Expected last role User or Tool.", "3230"),
    "unprocessable": _invalid(422, ["body", "messages"], "Field required"),
    "key_refused": Fault(status=401, content={"detail": "Unauthorized"}),
    "payment_required": _error(402, "payment_required", "A valid payment method is required.", "1901"),
    "permission_denied": _error(403, "forbidden", "You are not allowed to use this model."),
    "model_not_found": _error(404, "invalid_model", "Invalid model: no such model", "1500"),
    "request_timeout": _error(408, "timeout", "Request timed out."),
    "rate_limited": _error(429, "rate_limited", "Rate limit exceeded", "1300"),
    "quota_exhausted": _error(429, "quota_exceeded", "Monthly usage limit reached."),
    "capacity_limited": _error(
        429, "service_tier_capacity_exceeded", "Service tier capacity exceeded for this model.", "3505"
    ),
    "server_error": _error(500, "internal_server_error", "Internal server error", "1000"),
    "overloaded": _error(503, "service_unavailable", "Service unavailable.", "3000"),
    "overloaded_529": _error(529, "overloaded", "Service overloaded."),
}


def _headers(scene: Scene) -> Headers:
    return (
        ("mistral-correlation-id", scene.id("correlation", 32)),
        ("x-envoy-upstream-service-time", str(round(scene.pace.first * 1000))),
        ("server", "cloudflare"),
        ("cf-ray", f"{scene.id('ray', 16)}-LAB"),
    )


FACE: Face = house_face(
    House(
        base="/v1",
        keyless=Fault(status=401, content={"detail": "Unauthorized"}),
        errors=ERRORS,
        headers=_headers,
        style=ChatStyle(usage=UsageAt.WITH_FINISH),
        lost=Fault(status=404, content={"message": "no Route matched with those values"}),
    )
)
