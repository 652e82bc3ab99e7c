"""Ollama's own API: newline-delimited JSON that ends with `"done": true` and its durations, and no key.

Shapes: docs.ollama.com/api. Chats are streamed unless the request says otherwise.
"""

from collections.abc import Mapping
from typing import Any

from app.lab.answer import Answer, Request, Role, encode_json, whole, whole_json
from app.lab.apis.chat import prompt_of
from app.lab.face import Face, Fault, Model, Scene, Speech, done_at, plain_refusal, speak, stream, timetable

_VERSION = "0.14.2"
_STOP_WORDS = {"stop": "stop", "length": "length", "filter": "stop"}
_NANOSECONDS = 1_000_000_000
_LOADING = 0.01


def _error(status: int, message: str) -> Fault:
    return Fault(status=status, content={"error": message}, content_type="application/json; charset=utf-8")


ERRORS: Mapping[str, Fault] = {
    "bad_request": _error(400, "invalid character 'x' looking for beginning of value"),
    "key_refused": _error(401, "unauthorized"),
    "payment_required": _error(402, "this model requires a subscription"),
    "permission_denied": _error(403, "this model requires a subscription, upgrade for access"),
    "model_not_found": _error(404, "model 'none' not found"),
    "request_timeout": _error(408, "request timed out"),
    "rate_limited": _error(429, "you have reached your hourly usage limit"),
    "quota_exhausted": _error(429, "you have reached your weekly usage limit"),
    "capacity_limited": _error(503, "server busy, please try again.  maximum pending requests exceeded"),
    "server_error": _error(500, "llama runner process has terminated: exit status 2"),
    "overloaded": _error(503, "server busy, please try again.  maximum pending requests exceeded"),
    "overloaded_529": _error(503, "server busy, please try again.  maximum pending requests exceeded"),
}


def _refuse(fault: Fault, _request: Request, scene: Scene) -> Answer:
    return plain_refusal(fault, scene)


def _error_event(fault: Fault, _request: Request, _scene: Scene, _said: int) -> bytes:
    return encode_json(fault.document) + b"\n"


def _answer(request: Request, scene: Scene) -> Answer:
    if request.method in ("GET", "HEAD"):
        return _read(request.path, request, scene)
    if request.method == "POST" and request.path in ("/api/chat", "/api/generate"):
        body = request.json()
        name = body.get("model")
        if not isinstance(name, str):
            return _refuse(_error(400, "missing request body"), request, scene)
        model = scene.model(name)
        if not model:
            return _refuse(_error(404, f"model '{name}' not found"), request, scene)
        return _Generation(request.path, body, scene, model).answer()
    return whole(404, b"404 page not found", "text/plain", at=scene.pace.head)


def _read(path: str, request: Request, scene: Scene) -> Answer:
    if path == "/":
        return whole(200, b"Ollama is running", "text/plain; charset=utf-8", at=scene.pace.head)
    if path == "/api/version":
        return whole_json(200, {"version": _VERSION}, at=scene.pace.head)
    if path == "/api/tags":
        models = [{"name": m.id, "model": m.id, "size": 1_321_098_329, "details": {}} for m in scene.models]
        return whole_json(200, {"models": models}, at=scene.pace.head)
    if path == "/v1/models":
        data = [
            {"id": m.id, "object": "model", "created": 1_750_000_000, "owned_by": "library"} for m in scene.models
        ]
        return whole_json(200, {"object": "list", "data": data}, at=scene.pace.head)
    return _refuse(_error(404, "404 page not found"), request, scene)


class _Generation:
    """One answer of `/api/chat` (a message) or `/api/generate` (a response)."""

    def __init__(self, path: str, body: Mapping[str, Any], scene: Scene, model: Model) -> None:
        self._is_chat = path == "/api/chat"
        self._streamed = body.get("stream", True) is not False
        self._scene = scene
        self._model = model
        options = body.get("options")
        bound = options.get("num_predict") if isinstance(options, dict) else None
        prompt = prompt_of(body.get("messages")) if self._is_chat else str(body.get("prompt", ""))
        self._speech: Speech = speak(prompt, bound if isinstance(bound, int) else None, model, scene)

    def answer(self) -> Answer:
        """Lines, or the whole at once where the request wants no stream."""
        speech, pace = self._speech, self._scene.pace
        if not self._streamed:
            return whole_json(200, self._line(speech.text, **self._summary()), at=done_at(speech, pace))
        pieces = timetable(
            speech,
            pace,
            opening=[],
            text=lambda word: self._encoded(word, done=False),
            closing=[(Role.FINISH, self._encoded("", **self._summary()))],
            reasoning=(lambda word: self._encoded("", thinking=word, done=False)) if self._is_chat else None,
        )
        return stream(pieces, pace, "application/x-ndjson")

    def _encoded(self, text: str, *, thinking: str = "", **fields: Any) -> bytes:
        return encode_json(self._line(text, thinking=thinking, **fields)) + b"\n"

    def _line(self, text: str, *, thinking: str = "", **fields: Any) -> dict[str, Any]:
        thoughts = {"thinking": thinking} if thinking else {}
        said = (
            {"message": {"role": "assistant", "content": text, **thoughts}}
            if self._is_chat
            else {"response": text}
        )
        stamp = self._scene.now.strftime("%Y-%m-%dT%H:%M:%S.%f") + "000Z"
        return {"model": self._model.id, "created_at": stamp, **said, **fields}

    def _summary(self) -> dict[str, Any]:
        pace, speech = self._scene.pace, self._speech
        end = done_at(speech, pace)
        return {
            "done": True,
            "done_reason": _STOP_WORDS[speech.stop],
            "total_duration": round(end * _NANOSECONDS),
            "load_duration": round(_LOADING * _NANOSECONDS),
            "prompt_eval_count": speech.prompt_tokens,
            "prompt_eval_duration": round(max(pace.first - _LOADING, 0) * _NANOSECONDS),
            "eval_count": speech.output_tokens,
            "eval_duration": round((end - pace.first) * _NANOSECONDS),
        }


FACE = Face(
    base="",
    answer=_answer,
    errors=ERRORS,
    refuse=_refuse,
    error_event=_error_event,
    keepalive=b"",
    garble=lambda data: data[: len(data) // 2] + b"\n",
    key_of=lambda _request: "",
    has_terminal=False,
)
