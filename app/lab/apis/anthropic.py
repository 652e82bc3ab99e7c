"""Anthropic's Messages API: named events, both ways to send the key, both versions of the protocol.

Shapes: platform.claude.com/docs/en/api (messages-streaming, errors, versioning).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.lab.answer import Answer, Headers, Request, Role, sse, whole_json
from app.lab.apis.chat import prompt_of
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

_VERSIONS = ("2023-06-01", "2026-10-21")
_REMOVED = ("temperature", "top_p", "top_k")
_STOP_WORDS = {"stop": "end_turn", "length": "max_tokens", "filter": "refusal"}


def _error(status: int, kind: str, message: str, *, code: str = "", headers: Headers = ()) -> Fault:
    details = {"details": {"error_code": code}} if code else {}
    body = {"type": "error", "error": {"type": kind, "message": message, **details}}
    return Fault(status=status, content=body, headers=headers)


_RETRY: Headers = (("retry-after", "7"), ("x-should-retry", "true"))
_FINAL: Headers = (("x-should-retry", "false"),)

ERRORS: Mapping[str, Fault] = {
    "bad_request": _error(400, "invalid_request_error", "messages: Field required"),
    "spend_limit_400": _error(
        400, "invalid_request_error", "You have reached your specified workspace API usage limits."
    ),
    "on_hold": _error(400, "invalid_request_error", "This organization is on hold.", code="organization_on_hold"),
    "key_refused": _error(401, "authentication_error", "invalid x-api-key"),
    "payment_required": _error(402, "billing_error", "There is a problem with your billing information."),
    "permission_denied": _error(
        403, "permission_error", "Your API key does not have permission to use this resource."
    ),
    "geo_blocked": _error(403, "forbidden", "Request not allowed"),
    "model_not_found": _error(404, "not_found_error", "model: no such model"),
    "request_timeout": _error(408, "timeout_error", "Request timed out"),
    "conflict": _error(409, "conflict_error", "The request conflicts with the state of the resource."),
    "too_large": _error(413, "request_too_large", "Request exceeds the maximum size"),
    "rate_limited": _error(
        429, "rate_limit_error", "This request would exceed your organization's rate limit.", headers=_RETRY
    ),
    "quota_exhausted": _error(
        429,
        "rate_limit_error",
        "Your organization has reached its enforced spend limit.",
        code="enforced_spend_limit_reached",
        headers=_FINAL,
    ),
    "contract_limit": _error(
        429, "rate_limit_error", "The contract's spend limit is reached.", code="contract_spend_limit_reached"
    ),
    "capacity_limited": _error(
        429, "rate_limit_error", "Usage has increased too quickly.", code="ramp_limit_exceeded", headers=_RETRY
    ),
    "server_error": _error(500, "api_error", "Internal server error"),
    "overloaded": _error(503, "overloaded_error", "Overloaded"),
    "gateway_timeout": _error(504, "timeout_error", "Request timed out"),
    "overloaded_529": _error(529, "overloaded_error", "Overloaded", headers=(("x-should-retry", "true"),)),
}


def _headers(scene: Scene) -> Headers:
    reset = scene.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    limits = {"requests": 1000, "tokens": 450_000, "input-tokens": 400_000, "output-tokens": 50_000}
    return (
        ("request-id", _request_id(scene)),
        ("anthropic-organization-id", "00000000-0000-4000-8000-000000000000"),
        *((f"anthropic-ratelimit-{name}-limit", str(limit)) for name, limit in limits.items()),
        *((f"anthropic-ratelimit-{name}-remaining", str(limit - 1)) for name, limit in limits.items()),
        *((f"anthropic-ratelimit-{name}-reset", reset) for name in limits),
        ("cf-ray", f"{scene.id('ray', 16)}-LAB"),
        ("server", "cloudflare"),
    )


def _refuse(fault: Fault, _request: Request, scene: Scene) -> Answer:
    """The body carries the request id too."""
    dressed = replace(fault, content={**fault.document, "request_id": _request_id(scene)})
    return plain_refusal(dressed, scene, _headers(scene))


def _error_event(fault: Fault, _request: Request, scene: Scene, _said: int) -> bytes:
    return sse({**fault.document, "request_id": _request_id(scene)}, event="error")


def _key_of(request: Request) -> str:
    return request.headers.get("x-api-key", "") or request.bearer


def _answer(request: Request, scene: Scene) -> Answer:
    if fault := _fault_of(request):
        return _refuse(fault, request, scene)
    if request.method == "GET" and request.path == "/v1/models":
        return _catalogue(scene)
    if request.method == "POST" and request.path == "/v1/messages":
        model = scene.model(str(request.json().get("model")))
        return _message(request, scene, model) if model else _refuse(ERRORS["model_not_found"], request, scene)
    return _refuse(_error(404, "not_found_error", "Not Found"), request, scene)


def _fault_of(request: Request) -> Fault | None:
    """What is wrong with the request, in the order in which the API looks at it."""
    key, version = _key_of(request), request.headers.get("anthropic-version", "")
    if not key:
        return _error(401, "authentication_error", "x-api-key header is required")
    if key.startswith(WRONG_KEY):
        return ERRORS["key_refused"]
    if version not in _VERSIONS:
        reason = f"{version!r} is not a valid version" if version else "header is required"
        return _error(400, "invalid_request_error", f"anthropic-version: {reason}")
    return _fault_in(request.json(), version) if request.method == "POST" else None


def _fault_in(body: Mapping[str, Any], version: str) -> Fault | None:
    """The newest version takes no sampling parameters any more."""
    if missing := next((name for name in ("model", "max_tokens", "messages") if name not in body), None):
        return _error(400, "invalid_request_error", f"{missing}: Field required")
    removed = next((name for name in _REMOVED if name in body), None)
    if removed and version == _VERSIONS[-1]:
        return _error(400, "invalid_request_error", f"{removed}: Extra inputs are not permitted")
    return None


def _message(request: Request, scene: Scene, model: Model) -> Answer:
    body = request.json()
    speech = speak(prompt_of(body["messages"]), body["max_tokens"], model, scene)
    if body.get("stream") is not True:
        content = [{"type": "text", "text": speech.text}] if speech.tokens else []
        whole = {**_envelope(speech, scene, model), "content": content, "stop_reason": _STOP_WORDS[speech.stop]}
        whole["usage"]["output_tokens"] = speech.output_tokens
        return whole_json(200, whole, headers=_headers(scene), at=done_at(speech, scene.pace))
    thinking = body.get("thinking")
    aloud = isinstance(thinking, dict) and thinking.get("type") in ("enabled", "adaptive")
    return _streamed(speech, scene, model, aloud=aloud and speech.reasoning > 0)


def _streamed(speech: Speech, scene: Scene, model: Model, *, aloud: bool) -> Answer:
    start = {"type": "message_start", "message": _envelope(speech, scene, model)}
    index = 1 if aloud else 0
    thought = {"type": "thinking", "thinking": "", "signature": ""}
    opens = _event("content_block_start", index=index, content_block={"type": "text", "text": ""})
    first = _event("content_block_start", index=0, content_block=thought) if aloud else opens
    pieces = timetable(
        speech,
        scene.pace,
        opening=[sse(start, event="message_start"), first, _event("ping")],
        reasoning=(lambda word: _delta(0, type="thinking_delta", thinking=word)) if aloud else None,
        turning=[_event("content_block_stop", index=0), opens] if aloud else [],
        text=lambda word: _delta(index, type="text_delta", text=word),
        closing=[
            (Role.FINISH, _event("content_block_stop", index=index)),
            (Role.FINISH, _closing(speech)),
            (Role.TERMINAL, _event("message_stop")),
        ],
    )
    return stream(pieces, scene.pace, "text/event-stream; charset=utf-8", _headers(scene))


def _closing(speech: Speech) -> bytes:
    delta = {"stop_reason": _STOP_WORDS[speech.stop], "stop_sequence": None}
    return _event("message_delta", delta=delta, usage={"output_tokens": speech.output_tokens})


def _envelope(speech: Speech, scene: Scene, model: Model) -> dict[str, Any]:
    return {
        "id": f"msg_{scene.id('message')}",
        "type": "message",
        "role": "assistant",
        "model": model.id,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {
            "input_tokens": speech.prompt_tokens,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "output_tokens": 1,
            "service_tier": "standard",
        },
    }


def _catalogue(scene: Scene) -> Answer:
    data = [
        {"type": "model", "id": model.id, "display_name": model.id, "created_at": "2026-02-01T00:00:00Z"}
        for model in scene.models
    ]
    ends = {"first_id": data[0]["id"] if data else None, "last_id": data[-1]["id"] if data else None}
    content = {"data": data, "has_more": False, **ends}
    return whole_json(200, content, headers=_headers(scene), at=scene.pace.head)


def _event(kind: str, **fields: Any) -> bytes:
    return sse({"type": kind, **fields}, event=kind)


def _delta(index: int, **delta: str) -> bytes:
    return _event("content_block_delta", index=index, delta=delta)


def _request_id(scene: Scene) -> str:
    return f"req_011C{scene.id('request', 20)}"


FACE = Face(
    base="",
    answer=_answer,
    errors=ERRORS,
    refuse=_refuse,
    error_event=_error_event,
    keepalive=_event("ping"),
    key_of=_key_of,
)
