"""Cohere's Chat API v2: named events that end with `message-end`, whose finish reason may be `ERROR`.

Shapes: docs.cohere.com/v2/docs/streaming and …/reference/errors. The gateway before it answers keyless requests
for the catalogue in HTML.
"""

from collections.abc import Mapping
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

_STOP_WORDS = {"stop": "COMPLETE", "length": "MAX_TOKENS", "filter": "ERROR"}


def _error(status: int, message: str) -> Fault:
    return Fault(status=status, content={"message": message})


ERRORS: Mapping[str, Fault] = {
    "bad_request": _error(400, "invalid request: messages must not be empty"),
    "key_refused": _error(401, "invalid api token"),
    "payment_required": _error(402, "please add or update your payment method at the dashboard"),
    "permission_denied": _error(403, "you do not have access to this model"),
    "model_not_found": _error(404, "model not found, make sure the correct model ID was used"),
    "request_timeout": _error(408, "request timed out"),
    "unprocessable": _error(422, "unprocessable entity"),
    "rate_limited": _error(429, "Please wait and try again later"),
    "quota_exhausted": _error(429, "You are past the per month request limit for this model."),
    "daily_quota": _error(429, "You are using a Trial key, which is limited to 1000 API calls / month."),
    "capacity_limited": _error(429, "The model is at capacity, please try again later"),
    "invalid_token": _error(498, "invalid token"),
    "cancelled": _error(499, "request cancelled by user"),
    "server_error": _error(500, "internal server error"),
    "not_implemented": _error(501, "not implemented"),
    "overloaded": _error(503, "service temporarily unavailable"),
    "overloaded_529": _error(503, "service temporarily unavailable"),
    "gateway_timeout": _error(504, "upstream request timeout"),
}
_KEYLESS = _error(401, "no api key supplied")
_GATE = Fault(
    status=403,
    content="<html><head><title>403 Forbidden</title></head><body><h1>403 Forbidden</h1></body></html>\n",
    content_type="text/html; charset=UTF-8",
)


def _headers(scene: Scene) -> Headers:
    return (
        ("x-debug-trace-id", scene.id("trace", 32)),
        ("x-envoy-upstream-service-time", str(round(scene.pace.first * 1000))),
        ("server", "envoy"),
        ("num_chars", "24"),
    )


def _refuse(fault: Fault, _request: Request, scene: Scene) -> Answer:
    if isinstance(fault.content, str):
        return plain_refusal(fault, scene, _headers(scene))
    content = {"id": scene.id("error", 32), **fault.content}
    return plain_refusal(Fault(status=fault.status, content=content), scene, _headers(scene))


def _error_event(fault: Fault, _request: Request, _scene: Scene, _said: int) -> bytes:
    message = fault.document.get("message", "")
    return _event("message-end", delta={"finish_reason": "ERROR", "error": message})


def _answer(request: Request, scene: Scene) -> Answer:
    is_catalogue = request.method == "GET" and request.path == "/v1/models"
    if not request.bearer:
        return _refuse(_GATE if is_catalogue else _KEYLESS, request, scene)
    if request.bearer.startswith(WRONG_KEY):
        return _refuse(ERRORS["key_refused"], request, scene)
    if is_catalogue:
        models = [{"name": model.id, "endpoints": ["chat"], "context_length": 128_000} for model in scene.models]
        return whole_json(200, {"models": models}, headers=_headers(scene), at=scene.pace.head)
    if request.method != "POST" or request.path != "/v2/chat":
        return _refuse(_error(404, "not found"), request, scene)
    body = request.json()
    model = scene.model(str(body.get("model")))
    if not isinstance(body.get("messages"), list):
        return _refuse(ERRORS["bad_request"], request, scene)
    return _chat(body, scene, model) if model else _refuse(ERRORS["model_not_found"], request, scene)


def _chat(body: Mapping[str, Any], scene: Scene, model: Model) -> Answer:
    bound = body.get("max_tokens")
    speech = speak(prompt_of(body["messages"]), bound if isinstance(bound, int) else None, model, scene)
    if body.get("stream") is True:
        return _streamed(speech, scene)
    content = {
        "id": scene.id("chat", 32),
        "finish_reason": _STOP_WORDS[speech.stop],
        "message": {"role": "assistant", "content": [{"type": "text", "text": speech.text}]},
        "usage": _usage(speech),
    }
    return whole_json(200, content, headers=_headers(scene), at=done_at(speech, scene.pace))


def _streamed(speech: Speech, scene: Scene) -> Answer:
    message = {"role": "assistant", "content": [], "tool_plan": "", "tool_calls": [], "citations": []}
    pieces = timetable(
        speech,
        scene.pace,
        opening=[
            _event("message-start", id=scene.id("chat", 32), delta={"message": message}),
            _event("content-start", index=0, delta={"message": {"content": {"type": "text", "text": ""}}}),
        ],
        text=lambda word: _event("content-delta", index=0, delta={"message": {"content": {"text": word}}}),
        closing=[
            (Role.FINISH, _event("content-end", index=0)),
            (Role.FINISH, _event("message-end", delta=_ending(speech))),
        ],
    )
    return stream(pieces, scene.pace, "text/event-stream", _headers(scene))


def _ending(speech: Speech) -> dict[str, Any]:
    return {"finish_reason": _STOP_WORDS[speech.stop], "usage": _usage(speech)}


def _usage(speech: Speech) -> dict[str, Any]:
    counts = {"input_tokens": speech.prompt_tokens, "output_tokens": speech.output_tokens}
    return {"billed_units": counts, "tokens": {**counts, "input_tokens": speech.prompt_tokens + 60}}


def _event(kind: str, **fields: Any) -> bytes:
    return sse({"type": kind, **fields}, event=kind)


FACE = Face(
    base="",
    answer=_answer,
    errors=ERRORS,
    refuse=_refuse,
    error_event=_error_event,
    has_terminal=False,
)
