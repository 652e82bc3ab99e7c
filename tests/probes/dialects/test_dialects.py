"""Every dialect by itself: what is sent, and what comes out of documents as their vendors publish them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.probes.dialects.registry import DIALECTS, DialectName
from app.probes.frame import KEEP_ALIVE, Frame
from app.probes.listening import events_in
from app.probes.speech import (
    Event,
    Fault,
    Finish,
    KeepAlive,
    Malformed,
    Model,
    Question,
    ServerTime,
    Stop,
    Terminal,
    Text,
    Thought,
    Usage,
    joined,
)

QUESTION = Question(
    base_url="https://h", model="m", prompt="Reply with exactly: k7q2", max_tokens=16, key="secret"
)
N = DialectName


def heard(dialect: DialectName, *documents: Any, name: str = "") -> list[Event]:
    frames: Iterator[Frame] = (Frame(data=json.dumps(each), name=name) for each in documents)
    return [event for frame in frames for event in events_in(frame, DIALECTS[dialect])]


@pytest.mark.parametrize(
    ("dialect", "base_url", "url"),
    [
        (N.OPENAI, "https://api.openai.com/v1", "https://api.openai.com/v1/chat/completions"),
        (N.OPENAI, "https://h/v1/chat/completions", "https://h/v1/chat/completions"),
        (N.OPENAI_RESPONSES, "https://api.openai.com/v1/", "https://api.openai.com/v1/responses"),
        (N.OPENAI_COMPATIBLE, "https://api.deepseek.com", "https://api.deepseek.com/chat/completions"),
        (N.AZURE, "https://r.openai.azure.com", "https://r.openai.azure.com/openai/v1/chat/completions"),
        (N.AZURE, "https://r.openai.azure.com/openai/v1", "https://r.openai.azure.com/openai/v1/chat/completions"),
        (
            N.AZURE,
            "https://r/openai/deployments/d?api-version=2024-10-21",
            "https://r/openai/deployments/d/chat/completions?api-version=2024-10-21",
        ),
        (N.ANTHROPIC, "https://api.anthropic.com", "https://api.anthropic.com/v1/messages"),
        (N.ANTHROPIC, "https://api.anthropic.com/v1", "https://api.anthropic.com/v1/messages"),
        (N.GEMINI, "https://g", "https://g/v1beta/models/m:streamGenerateContent?alt=sse"),
        (N.GEMINI, "https://g/v1", "https://g/v1/models/m:streamGenerateContent?alt=sse"),
        (N.GEMINI_V1, "https://g", "https://g/v1/models/m:streamGenerateContent?alt=sse"),
        (
            N.VERTEX,
            "https://g/v1/projects/p/locations/l/publishers/google",
            "https://g/v1/projects/p/locations/l/publishers/google/models/m:streamGenerateContent?alt=sse",
        ),
        (N.MISTRAL, "https://api.mistral.ai", "https://api.mistral.ai/v1/chat/completions"),
        (N.COHERE, "https://api.cohere.com", "https://api.cohere.com/v2/chat"),
        (N.OLLAMA, "http://h:11434", "http://h:11434/api/chat"),
        (N.OLLAMA, "http://h:11434/v1", "http://h:11434/api/chat"),
        (N.BEDROCK, "https://b", "https://b/model/m/converse-stream"),
    ],
)
def test_the_address_is_built_on_the_base_that_the_vendors_own_sdk_takes(
    dialect: DialectName, base_url: str, url: str
) -> None:
    assert DIALECTS[dialect].call(replace(QUESTION, base_url=base_url)).url == url


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_request_is_bounded_and_bare(dialect: DialectName) -> None:
    call = DIALECTS[dialect].call(QUESTION)
    body = json.dumps(call.body)
    assert QUESTION.prompt in body
    assert ": 16" in body
    assert "temperature" not in body
    assert "secret" not in f"{body} {call} {QUESTION}"
    assert "secret" in " ".join(call.headers.values())


@pytest.mark.parametrize("dialect", DIALECTS)
def test_without_a_key_none_is_sent(dialect: DialectName) -> None:
    headers = {name.lower() for name in DIALECTS[dialect].call(replace(QUESTION, key="")).headers}
    assert headers & {"authorization", "x-api-key", "api-key", "x-goog-api-key"} == set()


def test_an_access_key_of_amazon_asks_for_a_signature() -> None:
    call = DIALECTS[N.BEDROCK].call(replace(QUESTION, key="AKIA:secret"))
    assert call.is_signed
    assert "secret" not in str(call.headers)


def chunk(delta: Any, finish: str | None = None, **more: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}], **more}


USAGE = {"prompt_tokens": 9, "completion_tokens": 5, "completion_tokens_details": {"reasoning_tokens": 2}}
HEARD: list[tuple[DialectName, Any, list[Event]]] = [
    (N.OPENAI, chunk({"role": "assistant", "content": ""}), []),
    (N.OPENAI, chunk({"role": "assistant", "content": None}), []),
    (N.OPENAI, chunk({"content": "k7"}, model="m-2"), [Model("m-2"), Text("k7")]),
    (N.OPENAI, chunk({}, "stop"), [Finish(Stop.END, "stop")]),
    (N.OPENAI, chunk(None, "length"), [Finish(Stop.LENGTH, "length")]),
    (N.OPENAI, chunk({"content": "x"}, "content_filter"), [Text("x"), Finish(Stop.REFUSED, "content_filter")]),
    (N.OPENAI, {"choices": [], "usage": USAGE}, [Usage(9, 5, 2)]),
    (N.OPENAI, {"choices": [], "prompt_filter_results": []}, []),
    (N.OPENAI, chunk({"reasoning_content": "hm"}), [Thought("hm")]),
    (N.OPENAI, chunk({"reasoning": "hm", "content": ""}), [Thought("hm")]),
    (N.OPENAI, {"choices": [{"text": "k7"}]}, [Text("k7")]),
    (N.OPENAI, chunk({}, "stop", x_groq={"usage": USAGE}), [Finish(Stop.END, "stop"), Usage(9, 5, 2)]),
    (
        N.OPENAI,
        {"choices": [{"message": {"content": "k7"}, "finish_reason": "stop"}]},
        [Text("k7"), Finish(Stop.END, "stop"), Terminal()],
    ),
    (
        N.MISTRAL,
        chunk({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}]}),
        [Thought("hm")],
    ),
    (N.MISTRAL, chunk({"content": [{"type": "text", "text": "k7"}]}), [Text("k7")]),
    (N.OPENAI_RESPONSES, {"type": "response.output_text.delta", "delta": "k7"}, [Text("k7")]),
    (N.OPENAI_RESPONSES, {"type": "response.reasoning_text.delta", "delta": "hm"}, [Thought("hm")]),
    (
        N.OPENAI_RESPONSES,
        {"type": "response.output_item.done", "item": {"type": "message", "status": "completed"}},
        [Finish(Stop.END, "completed")],
    ),
    (
        N.OPENAI_RESPONSES,
        {
            "type": "response.incomplete",
            "response": {
                "incomplete_details": {"reason": "max_output_tokens"},
                "usage": {
                    "input_tokens": 9,
                    "output_tokens": 16,
                    "output_tokens_details": {"reasoning_tokens": 16},
                },
            },
        },
        [Usage(9, 16, 16), Finish(Stop.LENGTH, "max_output_tokens"), Terminal()],
    ),
    (
        N.OPENAI_RESPONSES,
        {"type": "response.failed", "response": {"error": {"code": "server_error"}}},
        [Fault({"error": {"code": "server_error"}})],
    ),
    (
        N.OPENAI_RESPONSES,
        {"object": "response", "status": "completed", "output": [{"type": "message", "content": [{"text": "k"}]}]},
        [Text("k"), Finish(Stop.END, "completed"), Terminal()],
    ),
    (N.ANTHROPIC, {"type": "ping"}, [KeepAlive()]),
    (
        N.ANTHROPIC,
        {"type": "message_start", "message": {"model": "m", "usage": {"input_tokens": 9, "output_tokens": 1}}},
        [Model("m"), Usage(9, 1)],
    ),
    (N.ANTHROPIC, {"type": "content_block_start", "content_block": {"type": "text", "text": ""}}, []),
    (N.ANTHROPIC, {"type": "content_block_delta", "delta": {"type": "text_delta", "text": "k7"}}, [Text("k7")]),
    (N.ANTHROPIC, {"type": "content_block_delta", "delta": {"thinking": "hm"}}, [Thought("hm")]),
    (N.ANTHROPIC, {"type": "content_block_delta", "delta": {"signature": "x"}}, []),
    (
        N.ANTHROPIC,
        {"type": "message_delta", "delta": {"stop_reason": "refusal"}, "usage": {"output_tokens": 5}},
        [Usage(None, 5), Finish(Stop.REFUSED, "refusal")],
    ),
    (N.ANTHROPIC, {"type": "message_stop"}, [Terminal()]),
    (N.ANTHROPIC, {"type": "something_new"}, []),
    (
        N.ANTHROPIC,
        {"type": "message", "content": [{"type": "text", "text": "k7"}], "stop_reason": "end_turn"},
        [Text("k7"), Finish(Stop.END, "end_turn"), Terminal()],
    ),
    (
        N.GEMINI,
        {"candidates": [{"content": {"parts": [{"text": "hm", "thought": True}, {"text": "k7"}]}}]},
        [Thought("hm"), Text("k7")],
    ),
    (N.GEMINI, {"candidates": [{"content": {"role": "model"}}]}, []),
    (
        N.GEMINI,
        {
            "candidates": [{"finishReason": "MAX_TOKENS"}],
            "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 3, "thoughtsTokenCount": 13},
        },
        [Usage(9, 16, 13), Finish(Stop.LENGTH, "MAX_TOKENS")],
    ),
    (N.GEMINI, {"usageMetadata": {"promptTokenCount": 9}}, [Usage(9)]),
    (N.GEMINI, {"promptFeedback": {"blockReason": "SAFETY"}}, [Finish(Stop.REFUSED, "SAFETY")]),
    (N.COHERE, {"type": "content-delta", "delta": {"message": {"content": {"text": "k7"}}}}, [Text("k7")]),
    (N.COHERE, {"type": "content-delta", "delta": {"message": {"content": {"thinking": "h"}}}}, [Thought("h")]),
    (
        N.COHERE,
        {
            "type": "message-end",
            "delta": {
                "finish_reason": "COMPLETE",
                "usage": {"tokens": {"input_tokens": 69, "output_tokens": 5}, "billed_units": {}},
            },
        },
        [Usage(69, 5), Finish(Stop.END, "COMPLETE"), Terminal()],
    ),
    (
        N.COHERE,
        {"type": "message-end", "delta": {"finish_reason": "ERROR", "error": "busy"}},
        [Fault({"error": "busy", "code": "ERROR"})],
    ),
    (
        N.COHERE,
        {"message": {"content": [{"type": "text", "text": "k7"}]}, "finish_reason": "COMPLETE"},
        [Text("k7"), Finish(Stop.END, "COMPLETE"), Terminal()],
    ),
    (N.OLLAMA, {"message": {"content": "k7"}, "done": False}, [Text("k7")]),
    (N.OLLAMA, {"message": {"content": "", "thinking": "hm"}, "done": False}, [Thought("hm")]),
    (N.OLLAMA, {"response": "k7", "done": False}, [Text("k7")]),
    (
        N.OLLAMA,
        {"done": True, "prompt_eval_count": 9, "eval_count": 5, "total_duration": 7_000_000, "load_duration": 1},
        [Usage(9, 5), ServerTime(7, 0), Finish(Stop.END, "stop"), Terminal()],
    ),
    (N.OLLAMA, {"error": "server busy"}, [Fault({"error": "server busy"})]),
]


@pytest.mark.parametrize(("dialect", "document", "expected"), HEARD)
def test_a_document_says(dialect: DialectName, document: Any, expected: list[Event]) -> None:
    assert heard(dialect, document) == expected


BEDROCK: list[tuple[str, Any, list[Event]]] = [
    ("messageStart", {"role": "assistant"}, []),
    ("contentBlockDelta", {"delta": {"text": "k7"}}, [Text("k7")]),
    ("contentBlockDelta", {"delta": {"reasoningContent": {"text": "hm"}}}, [Thought("hm")]),
    ("messageStop", {"stopReason": "content_filtered"}, [Finish(Stop.REFUSED, "content_filtered")]),
    (
        "metadata",
        {"usage": {"inputTokens": 9, "outputTokens": 5}, "metrics": {"latencyMs": 321}},
        [Usage(9, 5), ServerTime(321)],
    ),
]


@pytest.mark.parametrize(("name", "document", "expected"), BEDROCK)
def test_a_frame_of_amazon_says(name: str, document: Any, expected: list[Event]) -> None:
    assert heard(N.BEDROCK, document, name=name) == expected


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (KEEP_ALIVE, [KeepAlive()]),
        (Frame(data="null"), [KeepAlive()]),
        (Frame(data=" [DONE] "), [Terminal()]),
        (Frame(data='{"choices'), [Malformed("an event that is not JSON ('{\"choices')")]),
        (Frame(data="7"), [Malformed("an event that is no JSON object ('7')")]),
        (Frame(broken="a bad frame"), [Malformed("a bad frame")]),
        (Frame(data='{"error": {"code": 503}}'), [Fault({"error": {"code": 503}})]),
        (Frame(data='[{"error": {"code": 503}}]'), [Fault({"error": {"code": 503}})]),
        (Frame(data='{"message": "no"}', name="error"), [Fault({"message": "no"})]),
        (Frame(data='{"object": "error"}'), [Fault({"object": "error"})]),
        (Frame(data='{"error": null, "choices": []}'), []),
        (
            Frame(data='{"message": "no"}', name="throttlingException", is_exception=True),
            [Fault({"__type": "throttlingException", "message": "no"})],
        ),
    ],
)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_holds_in_every_dialect(dialect: DialectName, frame: Frame, expected: list[Event]) -> None:
    assert list(events_in(frame, DIALECTS[dialect])) == expected


KEYS = (
    "choices",
    "delta",
    "message",
    "content",
    "type",
    "text",
    "usage",
    "candidates",
    "parts",
    "done",
    "response",
)
KINDS = ("message_start", "message-end", "response.completed", "message", "content_block_delta", "text")
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.sampled_from(KINDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(KEYS), anything, max_size=6), st.sampled_from(list(DIALECTS)))
def test_no_document_breaks_a_dialect(document: Any, dialect: DialectName) -> None:
    for event in heard(dialect, document):
        assert isinstance(event, Event)


@pytest.mark.parametrize(
    ("base", "path", "url"),
    [
        ("https://h", "/v1/x", "https://h/v1/x"),
        ("https://h/a/v1/", "/v1/x", "https://h/a/v1/x"),
        ("https://h/v1/x", "/v1/x", "https://h/v1/x"),
        ("https://h?a=1", "/x?b=2", "https://h/x?b=2&a=1"),
    ],
)
def test_addresses_are_joined_without_saying_anything_twice(base: str, path: str, url: str) -> None:
    assert joined(base, path) == url
