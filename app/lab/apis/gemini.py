"""The Gemini API, v1 and v1beta, and the same models on Vertex AI: events with CRLF, or a JSON array that grows.

Shapes: ai.google.dev/api/generate-content and …/docs/api-errors. There is no terminal event: the last chunk
carries `finishReason`, then the body ends. Error bodies are pretty-printed over many lines.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from app.lab.answer import Answer, Headers, Piece, Request, Role, sse, whole
from app.lab.face import (
    WRONG_KEY,
    Face,
    Fault,
    Model,
    Scene,
    Speech,
    done_at,
    plain_refusal,
    speak,
    stream,
    timetable,
)

_METHOD = re.compile(
    r"^/(?:v1|v1beta)/(?:projects/[^/]+/locations/[^/]+/publishers/google/)?models/([^/:]+):(\w+)$"
)
_CATALOGUE = re.compile(r"^/(?:v1|v1beta)/(?:publishers/google/)?models$")
_STOP_WORDS = {"stop": "STOP", "length": "MAX_TOKENS", "filter": "SAFETY"}
_KEEPALIVE = b": keep-alive\r\n\r\n"
_ARRAY_KEEPALIVE = b"\r\n"
"""Between the elements of an array only white space may stand."""


def _error(code: int, status: str, message: str, *details: Mapping[str, Any]) -> Fault:
    body: dict[str, Any] = {"code": code, "message": message, "status": status}
    return Fault(status=code, content={"error": {**body, **({"details": list(details)} if details else {})}})


def _reason(reason: str) -> dict[str, Any]:
    return {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": {"service": "generativelanguage.googleapis.com"},
    }


def _quota(window: str, retry: str) -> tuple[dict[str, Any], dict[str, Any]]:
    violation = {
        "quotaMetric": "generativelanguage.googleapis.com/generate_content_free_tier_requests",
        "quotaId": f"GenerateRequests{window}PerProjectPerModel-FreeTier",
        "quotaValue": "15",
    }
    return (
        {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [violation]},
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": retry},
    )


_EXCEEDED = "You exceeded your current quota, please check your plan and billing details."

ERRORS: Mapping[str, Fault] = {
    "bad_request": _error(400, "INVALID_ARGUMENT", "Request contains an invalid argument."),
    "key_refused": _error(
        400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", _reason("API_KEY_INVALID")
    ),
    "geo_blocked": _error(400, "FAILED_PRECONDITION", "User location is not supported for the API use."),
    "free_tier_unavailable": _error(
        400, "FAILED_PRECONDITION", "Gemini API free tier is not available in your country."
    ),
    "payment_required": _error(402, "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted."),
    "permission_denied": _error(403, "PERMISSION_DENIED", "The caller does not have permission"),
    "model_not_found": _error(404, "NOT_FOUND", "The model is not found for this API version."),
    "request_timeout": _error(504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
    "rate_limited": _error(429, "RESOURCE_EXHAUSTED", _EXCEEDED, *_quota("PerMinute", "19s")),
    "quota_exhausted": _error(429, "RESOURCE_EXHAUSTED", _EXCEEDED, *_quota("PerDay", "3600s")),
    "daily_quota": _error(429, "RESOURCE_EXHAUSTED", _EXCEEDED, *_quota("PerDay", "3600s")),
    "capacity_limited": _error(
        429, "RESOURCE_EXHAUSTED", "Resource exhausted. The service is temporarily out of capacity."
    ),
    "cancelled": _error(499, "CANCELLED", "The operation was cancelled."),
    "server_error": _error(500, "INTERNAL", "An internal error has occurred. Please retry."),
    "overloaded": _error(503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
    "overloaded_529": _error(503, "UNAVAILABLE", "This model is currently experiencing high demand."),
    "gateway_timeout": _error(504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
}
_UNREGISTERED = _error(
    403,
    "PERMISSION_DENIED",
    "Method doesn't allow unregistered callers (callers without established identity). "
    "Please use API Key or other form of API consumer identity to call this API.",
)
_UNAUTHENTICATED = _error(
    401,
    "UNAUTHENTICATED",
    "Request is missing required authentication credential. Expected OAuth 2 access token.",
    _reason("CREDENTIALS_MISSING"),
)


def _headers(scene: Scene) -> Headers:
    return (
        ("server", "scaffolding on HTTPServer2"),
        ("server-timing", f"gfet4t7; dur={round(scene.pace.first * 1000)}"),
        ("vary", "Origin, X-Origin, Referer"),
        ("x-content-type-options", "nosniff"),
    )


def _refuse(fault: Fault, request: Request, scene: Scene) -> Answer:
    """An error is pretty-printed; a stream that would have been an array gets an array of one."""
    content = fault.document
    is_array = request.path.endswith(":streamGenerateContent") and request.query.get("alt") != "sse"
    text = _pretty([content] if is_array else content)
    kind = "application/json; charset=UTF-8"
    return plain_refusal(Fault(status=fault.status, content=text, content_type=kind), scene, _headers(scene))


def _error_event(fault: Fault, request: Request, _scene: Scene, said: int) -> bytes:
    """Google's servers write an error that comes first as bare lines of JSON, a later one as an event."""
    content = fault.document
    if request.query.get("alt") != "sse":
        return (b",\r\n" if said else b"[") + _pretty(content).encode()
    return sse(content, newline="\r\n") if said else _pretty(content).encode() + b"\r\n"


def _answer(keyless: Fault, request: Request, scene: Scene) -> Answer:
    key = _key_of(request)
    if not key:
        return _refuse(keyless, request, scene)
    if key.startswith(WRONG_KEY):
        return _refuse(ERRORS["key_refused"], request, scene)
    if request.method == "GET" and _CATALOGUE.match(request.path):
        return _catalogue(scene)
    match = _METHOD.match(request.path) if request.method == "POST" else None
    if not match or match[2] not in ("generateContent", "streamGenerateContent"):
        return _refuse(ERRORS["model_not_found"], request, scene)
    model = scene.model(match[1])
    if not model:
        return _refuse(ERRORS["model_not_found"], request, scene)
    return _generate(request, scene, model, streamed=match[2] == "streamGenerateContent")


def _generate(request: Request, scene: Scene, model: Model, *, streamed: bool) -> Answer:
    body = request.json()
    if not isinstance(body.get("contents"), list):
        return _refuse(ERRORS["bad_request"], request, scene)
    config = body.get("generationConfig")
    bound = config.get("maxOutputTokens") if isinstance(config, dict) else None
    speech = speak(_prompt_of(body["contents"]), bound if isinstance(bound, int) else None, model, scene)
    last = _chunk("", scene, model, finish=_STOP_WORDS[speech.stop], usage=_usage(speech))
    if not streamed:
        last = _chunk(speech.text, scene, model, finish=_STOP_WORDS[speech.stop], usage=_usage(speech))
        kind = "application/json; charset=UTF-8"
        return whole(200, _pretty(last).encode(), kind, headers=_headers(scene), at=done_at(speech, scene.pace))
    started = {"promptTokenCount": speech.prompt_tokens, "totalTokenCount": speech.prompt_tokens}
    is_sse = request.query.get("alt") == "sse"
    pieces = timetable(
        speech,
        scene.pace,
        opening=[],
        text=lambda word: _encode(_chunk(word, scene, model, finish=None, usage=started), is_sse=is_sse),
        closing=[(Role.FINISH, _encode(last, is_sse=is_sse))],
    )
    if is_sse:
        return stream(pieces, scene.pace, "text/event-stream", _headers(scene))
    array = stream(_as_array(pieces), scene.pace, "application/json; charset=UTF-8", _headers(scene))
    return replace(array, keepalive=_ARRAY_KEEPALIVE)


def _as_array(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """The same chunks as the elements of one JSON array, its bracket closed with the last of them."""
    elements = [
        replace(piece, data=(b",\r\n" if index else b"[") + piece.data) for index, piece in enumerate(pieces)
    ]
    return (*elements, Piece(at=elements[-1].at, data=b"]\r\n", role=Role.FINISH))


def _encode(chunk: dict[str, Any], *, is_sse: bool) -> bytes:
    return sse(chunk, newline="\r\n") if is_sse else _pretty(chunk).encode()


def _chunk(
    text: str, scene: Scene, model: Model, *, finish: str | None, usage: Mapping[str, int]
) -> dict[str, Any]:
    content: dict[str, Any] = {"role": "model", **({"parts": [{"text": text}]} if text else {})}
    candidate = {"content": content, **({"finishReason": finish} if finish else {}), "index": 0}
    return {
        "candidates": [candidate],
        "usageMetadata": dict(usage),
        "modelVersion": model.id,
        "responseId": scene.id("response", 22),
    }


def _usage(speech: Speech) -> dict[str, int]:
    thoughts = {"thoughtsTokenCount": speech.reasoning} if speech.reasoning else {}
    return {
        "promptTokenCount": speech.prompt_tokens,
        "candidatesTokenCount": len(speech.tokens),
        "totalTokenCount": speech.prompt_tokens + speech.output_tokens,
        **thoughts,
    }


def _catalogue(scene: Scene) -> Answer:
    methods = ["generateContent", "countTokens"]
    models = [
        {"name": f"models/{model.id}", "displayName": model.id, "supportedGenerationMethods": methods}
        for model in scene.models
    ]
    kind = "application/json; charset=UTF-8"
    return whole(200, _pretty({"models": models}).encode(), kind, headers=_headers(scene), at=scene.pace.head)


def _prompt_of(contents: list[Any]) -> str:
    users = [one for one in contents if isinstance(one, dict) and one.get("role", "user") == "user"]
    parts = users[-1].get("parts", []) if users else []
    parts = [parts] if isinstance(parts, dict) else parts
    return "".join(part.get("text", "") for part in parts if isinstance(part, dict))


def _key_of(request: Request) -> str:
    return request.headers.get("x-goog-api-key", "") or request.query.get("key", "") or request.bearer


def _pretty(content: Any) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _face(keyless: Fault, base: str) -> Face:
    return Face(
        base=base,
        answer=partial(_answer, keyless),
        errors=ERRORS,
        refuse=_refuse,
        error_event=_error_event,
        keepalive=_KEEPALIVE,
        garble=lambda data: data[: len(data) // 2] + b"\r\n\r\n",
        key_of=_key_of,
        has_terminal=False,
    )


FACE = _face(_UNREGISTERED, "")
VERTEX = _face(_UNAUTHENTICATED, "")
