"""Azure OpenAI: the v1 path, the deployments path, its own key header, and filter results before anything else.

Shapes: learn.microsoft.com/azure/ai-services/openai/reference; its three kinds of 429 share a status.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.lab.answer import Answer, Headers, Request, encode_json, sse
from app.lab.apis.chat import ChatStyle
from app.lab.apis.compatible import House, house_face
from app.lab.apis.responses import respond
from app.lab.face import Face, Fault, Scene

_DEPLOYMENT = re.compile(r"^/openai/deployments/([^/]+)/(chat/completions)$")
_VERDICTS = {kind: {"filtered": False, "severity": "safe"} for kind in ("hate", "self_harm", "sexual", "violence")}


def _error(status: int, code: str, message: str, **more: Any) -> Fault:
    return Fault(status=status, content={"error": {"code": code, "message": message, **more}})


def _retry(seconds: int) -> Headers:
    return (
        ("retry-after", str(seconds)),
        ("retry-after-ms", str(seconds * 1000)),
        ("x-ms-retry-after-ms", str(seconds * 1000)),
    )


_ERRORS: Mapping[str, Fault] = {
    "bad_request": _error(400, "BadRequest", "The request body is not valid."),
    "content_filter": _error(
        400,
        "content_filter",
        "The response was filtered due to the prompt triggering the content management policy.",
        innererror={"code": "ResponsibleAIPolicyViolation"},
    ),
    "key_refused": _error(
        401, "401", "Access denied due to invalid subscription key or wrong API endpoint. Provide a valid key."
    ),
    "payment_required": _error(402, "402", "Payment is required for this subscription."),
    "permission_denied": _error(403, "403", "Access denied due to Virtual Network/Firewall rules."),
    "monthly_quota": _error(403, "403", "Out of call volume quota. Quota will be replenished at the next cycle."),
    "model_not_found": _error(404, "DeploymentNotFound", "The API deployment for this resource does not exist."),
    "request_timeout": _error(408, "Timeout", "The operation was timeout."),
    "rate_limited": replace(
        _error(429, "429", "Rate limit is exceeded. Try again in 6 seconds."), headers=_retry(6)
    ),
    "quota_exhausted": _error(429, "insufficient_quota", "You exceeded your current quota."),
    "capacity_limited": _error(429, "429", "System is experiencing high demand. Please retry later."),
    "temporary_adjustment": _error(
        429, "429", "Exceeded token rate limit after a temporary rate limit adjustment."
    ),
    "server_error": _error(500, "InternalServerError", "The server had an error while processing your request."),
    "overloaded": _error(503, "ServiceUnavailable", "The service is temporarily unable to process your request."),
    "overloaded_529": _error(529, "Overloaded", "The service is overloaded."),
}


def _headers(scene: Scene) -> Headers:
    return (
        ("apim-request-id", scene.id("apim", 32)),
        ("x-request-id", scene.id("request", 32)),
        ("x-ms-region", scene.region or "Lab Central"),
        ("x-ms-client-request-id", "Not-Set"),
        ("x-ratelimit-remaining-requests", "49"),
        ("x-ratelimit-remaining-tokens", "49000"),
        ("strict-transport-security", "max-age=31536000; includeSubDomains; preload"),
    )


def _filter_results() -> bytes:
    return sse(
        {
            "id": "",
            "object": "",
            "created": 0,
            "model": "",
            "choices": [],
            "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": _VERDICTS}],
        }
    )


_FACE = house_face(
    House(
        base="/openai/v1",
        keyless=_error(
            401,
            "401",
            "Access denied due to invalid subscription key or wrong API endpoint. "
            "Make sure to provide a valid key for an active subscription and use a correct regional API endpoint.",
        ),
        errors=_ERRORS,
        headers=_headers,
        style=ChatStyle(prelude=(_filter_results(),)),
        more={"/responses": respond},
        lost=_error(404, "404", "Resource not found"),
        key_of=lambda request: request.headers.get("api-key", "") or request.bearer,
    )
)


def _answer(request: Request, scene: Scene) -> Answer:
    """The deployments path names the model in the path and wants an api-version; the rest is the v1 path."""
    match = _DEPLOYMENT.match(request.path)
    if not match:
        return _FACE.answer(request, scene)
    if not request.query.get("api-version"):
        return _FACE.refuse(_error(404, "404", "Resource not found"), request, scene)
    body = encode_json({**request.json(), "model": match[1]})
    return _FACE.answer(replace(request, target=f"/openai/v1/{match[2]}", body=body), scene)


FACE: Face = replace(_FACE, answer=_answer)
