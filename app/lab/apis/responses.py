"""OpenAI's Responses API: named events with sequence numbers, and no `[DONE]` at the end.

Shapes: platform.openai.com/docs/api-reference/responses-streaming.
"""

from itertools import count
from typing import Any

from app.lab.answer import Answer, Headers, Piece, Request, Role, sse, whole_json
from app.lab.apis.chat import text_of
from app.lab.face import Fault, Model, Scene, Speech, done_at, speak, stream, timetable


def respond(request: Request, scene: Scene, model: Model, headers: Headers) -> Answer:
    """The answer to `POST /v1/responses`, streamed if the request says so."""
    body = request.json()
    bound = body.get("max_output_tokens")
    speech = speak(_input_of(body.get("input")), bound if isinstance(bound, int) else None, model, scene)
    if body.get("stream") is True:
        return stream(_events(speech, scene, model), scene.pace, "text/event-stream; charset=utf-8", headers)
    return whole_json(
        200, _response(speech, scene, model, ended=True), headers=headers, at=done_at(speech, scene.pace)
    )


def failure_events(fault: Fault, scene: Scene, said: int) -> bytes:
    """An error inside a stream after `said` events: an `error` event, then `response.failed`."""
    error: dict[str, Any] = fault.document.get("error", {})
    flat = {"code": error.get("code") or error.get("type"), "message": error.get("message")}
    failed = {**_skeleton(scene, Model(id="")), "status": "failed", "error": flat}
    first = sse({"type": "error", "sequence_number": said, **flat, "param": None}, event="error")
    last = {"type": "response.failed", "sequence_number": said + 1, "response": failed}
    return first + sse(last, event="response.failed")


def _input_of(content: Any) -> str:
    if not isinstance(content, list):
        return text_of(content)
    users = [one for one in content if isinstance(one, dict) and one.get("role", "user") == "user"]
    return text_of(users[-1].get("content")) if users else ""


def _events(speech: Speech, scene: Scene, model: Model) -> tuple[Piece, ...]:
    numbers = count()
    item_id = _item_id(scene)
    place = {"item_id": item_id, "output_index": 0, "content_index": 0}

    def event(kind: str, **fields: Any) -> bytes:
        return sse({"type": kind, "sequence_number": next(numbers), **fields}, event=kind)

    running = _response(speech, scene, model, ended=False)
    empty = {"type": "message", "id": item_id, "status": "in_progress", "role": "assistant", "content": []}
    opening = [
        event("response.created", response=running),
        event("response.in_progress", response=running),
        event("response.output_item.added", output_index=0, item=empty),
        event("response.content_part.added", **place, part=_part("")),
    ]
    deltas = iter(
        [event("response.output_text.delta", **place, delta=word, logprobs=[]) for word in speech.tokens]
    )
    ended = _response(speech, scene, model, ended=True)
    last = "response.completed" if ended["status"] == "completed" else "response.incomplete"
    closing = [
        (Role.FINISH, event("response.output_text.done", **place, text=speech.text, logprobs=[])),
        (Role.FINISH, event("response.content_part.done", **place, part=_part(speech.text))),
        (Role.FINISH, event("response.output_item.done", output_index=0, item=_item(speech, scene))),
        (Role.TERMINAL, event(last, response=ended)),
    ]
    return timetable(speech, scene.pace, opening=opening, text=lambda _: next(deltas), closing=closing)


def _response(speech: Speech, scene: Scene, model: Model, *, ended: bool) -> dict[str, Any]:
    whole = _skeleton(scene, model)
    if not ended:
        return whole
    reasons = {"length": "max_output_tokens", "filter": "content_filter"}
    reason = reasons.get(speech.stop)
    return {
        **whole,
        "status": "incomplete" if reason else "completed",
        "incomplete_details": {"reason": reason} if reason else None,
        "output": [_item(speech, scene)] if speech.tokens else [],
        "usage": {
            "input_tokens": speech.prompt_tokens,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": speech.output_tokens,
            "output_tokens_details": {"reasoning_tokens": speech.reasoning},
            "total_tokens": speech.prompt_tokens + speech.output_tokens,
        },
    }


def _skeleton(scene: Scene, model: Model) -> dict[str, Any]:
    return {
        "id": f"resp_{scene.id('response', 48)}",
        "object": "response",
        "created_at": int(scene.now.timestamp()),
        "status": "in_progress",
        "background": False,
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "model": model.id,
        "output": [],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": None,
        "metadata": {},
    }


def _item(speech: Speech, scene: Scene) -> dict[str, Any]:
    return {
        "id": _item_id(scene),
        "type": "message",
        "status": "completed" if speech.stop == "stop" else "incomplete",
        "role": "assistant",
        "content": [_part(speech.text)],
    }


def _part(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def _item_id(scene: Scene) -> str:
    return f"msg_{scene.id('item', 48)}"
