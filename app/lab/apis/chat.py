"""Chat completions as OpenAI defined them and many vendors copied them, each with small differences.

Shapes: platform.openai.com/docs/api-reference/chat; the differences are those the vendors document.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.lab.answer import Answer, Headers, Request, Role, sse, whole_json
from app.lab.face import Model, Scene, Speech, done_at, speak, stream, timetable

_STOP_WORDS = {"stop": "stop", "length": "length", "filter": "content_filter"}


class UsageAt(StrEnum):
    """Where a stream says what it cost."""

    OWN_CHUNK = "own_chunk"
    """In a chunk of its own without choices, only if `stream_options.include_usage` asked for it."""
    WITH_FINISH = "with_finish"
    """In the chunk that carries the finish reason, always."""
    GROQ = "groq"
    """With the finish reason, under `x_groq`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatStyle:
    """What a vendor does differently. `prelude` goes before the first chunk: comments, or Azure's filter results.

    `reasoning_field` names the delta in which the model thinks aloud; empty where it thinks in silence.
    """

    usage: UsageAt = UsageAt.OWN_CHUNK
    reasoning_field: str = ""
    prelude: tuple[bytes, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    final: str = "[DONE]"


def prompt_of(messages: Any) -> str:
    """The text of the last message that a user wrote; empty where there is none."""
    if not isinstance(messages, list):
        return ""
    users = [one for one in messages if isinstance(one, dict) and one.get("role") == "user"]
    return text_of(users[-1].get("content")) if users else ""


def text_of(content: Any) -> str:
    """The text of a message's content: text itself, or parts of which some carry text."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in content if isinstance(part, dict))
    return ""


def max_tokens_of(body: Mapping[str, Any]) -> int | None:
    """The bound on output tokens under its new or its old name."""
    bound = body.get("max_completion_tokens", body.get("max_tokens"))
    return bound if isinstance(bound, int) else None


def usage_of(speech: Speech) -> dict[str, Any]:
    """The bill, with the tokens nobody saw counted apart."""
    return {
        "prompt_tokens": speech.prompt_tokens,
        "completion_tokens": speech.output_tokens,
        "total_tokens": speech.prompt_tokens + speech.output_tokens,
        "completion_tokens_details": {"reasoning_tokens": speech.reasoning},
    }


def complete(request: Request, scene: Scene, model: Model, style: ChatStyle, headers: Headers) -> Answer:
    """The answer to a chat completion, streamed if the request says so."""
    body = request.json()
    speech = speak(prompt_of(body.get("messages")), max_tokens_of(body), model, scene)
    if body.get("stream") is True:
        options = body.get("stream_options")
        wants_usage = isinstance(options, dict) and options.get("include_usage") is True
        return _streamed(speech, scene, model, style, headers, wants_usage=wants_usage)
    return _whole(speech, scene, model, style, headers)


def _whole(speech: Speech, scene: Scene, model: Model, style: ChatStyle, headers: Headers) -> Answer:
    message = {"role": "assistant", "content": speech.text, "refusal": None}
    if style.reasoning_field:
        message[style.reasoning_field] = " hm" * speech.reasoning or None
    content = {
        **_envelope("chat.completion", scene, model, style),
        "choices": [
            {"index": 0, "message": message, "logprobs": None, "finish_reason": _STOP_WORDS[speech.stop]},
        ],
        "usage": usage_of(speech),
    }
    return whole_json(200, content, headers=headers, at=done_at(speech, scene.pace))


def _streamed(
    speech: Speech, scene: Scene, model: Model, style: ChatStyle, headers: Headers, *, wants_usage: bool
) -> Answer:
    envelope = _envelope("chat.completion.chunk", scene, model, style)
    apart = wants_usage and style.usage is UsageAt.OWN_CHUNK

    def chunk(delta: dict[str, Any], more: Mapping[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return sse({**envelope, "choices": [choice], **({"usage": None} if apart else {}), **more})

    closing = [(Role.FINISH, chunk({}, _usage_with_finish(speech, scene, style), _STOP_WORDS[speech.stop]))]
    if apart:
        closing.append((Role.USAGE, sse({**envelope, "choices": [], "usage": usage_of(speech)})))
    if style.final:
        closing.append((Role.TERMINAL, sse(style.final)))
    groq = {"x_groq": {"id": f"req_{scene.id('groq')}"}} if style.usage is UsageAt.GROQ else {}
    pieces = timetable(
        speech,
        scene.pace,
        opening=[*style.prelude, chunk({"role": "assistant", "content": ""}, groq)],
        text=lambda word: chunk({"content": word}, {}),
        closing=closing,
        reasoning=(lambda word: chunk({style.reasoning_field: word}, {})) if style.reasoning_field else None,
    )
    return stream(pieces, scene.pace, "text/event-stream; charset=utf-8", headers)


def _usage_with_finish(speech: Speech, scene: Scene, style: ChatStyle) -> dict[str, Any]:
    if style.usage is UsageAt.WITH_FINISH:
        return {"usage": usage_of(speech)}
    if style.usage is UsageAt.GROQ:
        return {"x_groq": {"id": f"req_{scene.id('groq')}", "usage": usage_of(speech)}}
    return {}


def _envelope(kind: str, scene: Scene, model: Model, style: ChatStyle) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{scene.id('chat')}",
        "object": kind,
        "created": int(scene.now.timestamp()),
        "model": model.id,
        "system_fingerprint": f"fp_{scene.id('fingerprint', 10)}",
        **style.extra,
    }
