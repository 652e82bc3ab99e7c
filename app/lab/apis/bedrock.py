"""Amazon Bedrock's Converse API, streamed as binary event-stream frames with checksums.

Shapes, errors: the service model of `bedrock-runtime` 2023-09-30; framing: `application/vnd.amazon.eventstream`.
"""

import re
import struct
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote
from zlib import crc32

from app.lab.answer import Answer, Headers, Request, Role, encode_json, whole_json
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

_CONVERSE = re.compile(r"^/model/([^/]+)/(converse|converse-stream)$")
_STOP_WORDS = {"stop": "end_turn", "length": "max_tokens", "filter": "content_filtered"}
_STRING = 7
"""The type of a header's value in a frame; all of Bedrock's are strings."""
_SIGNATURE = re.compile(r"Credential=([^/,]+)/")


def _error(status: int, kind: str, message: str) -> Fault:
    return Fault(status=status, content={"message": message}, headers=(("x-amzn-errortype", kind),))


ERRORS: Mapping[str, Fault] = {
    "bad_request": _error(400, "ValidationException", "The provided request is not valid"),
    "key_refused": _error(
        403, "UnrecognizedClientException", "The security token included in the request is invalid."
    ),
    "payment_required": _error(402, "PaymentRequiredException", "Payment is required for this model."),
    "permission_denied": _error(403, "AccessDeniedException", "You don't have access to the model."),
    "model_not_found": _error(404, "ResourceNotFoundException", "The model could not be found."),
    "request_timeout": _error(408, "ModelTimeoutException", "The model took too long to answer."),
    "rate_limited": _error(429, "ThrottlingException", "Too many requests, please wait before trying again."),
    "quota_exhausted": _error(400, "ServiceQuotaExceededException", "Your request exceeds the service quota."),
    "daily_quota": _error(429, "ThrottlingException", "Too many tokens per day, please wait before trying again."),
    "capacity_limited": _error(429, "ModelNotReadyException", "The model is not ready to serve requests."),
    "model_error": _error(424, "ModelErrorException", "The model failed to process the request."),
    "server_error": _error(500, "InternalServerException", "An internal server error occurred."),
    "overloaded": _error(503, "ServiceUnavailableException", "The service is not currently available."),
    "overloaded_529": _error(529, "overloaded_error", "The service is overloaded."),
}
_KEYLESS = _error(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
_IN_STREAM = {
    "ThrottlingException": "throttlingException",
    "ServiceUnavailableException": "serviceUnavailableException",
    "ValidationException": "validationException",
    "ModelTimeoutException": "modelTimeoutException",
    "InternalServerException": "internalServerException",
}


def frame(headers: Mapping[str, str], payload: bytes) -> bytes:
    """One message: lengths and their checksum, headers, payload, checksum of it all (big endian)."""
    encoded = b"".join(
        struct.pack("!B", len(name)) + name.encode() + struct.pack("!BH", _STRING, len(value)) + value.encode()
        for name, value in headers.items()
    )
    prelude = struct.pack("!II", 16 + len(encoded) + len(payload), len(encoded))
    message = prelude + struct.pack("!I", crc32(prelude)) + encoded + payload
    return message + struct.pack("!I", crc32(message))


def _event(kind: str, content: Mapping[str, Any]) -> bytes:
    headers = {":event-type": kind, ":content-type": "application/json", ":message-type": "event"}
    return frame(headers, encode_json({**content, "p": "abcdefghijkl"}))


def _error_event(fault: Fault, _request: Request, _scene: Scene, _said: int) -> bytes:
    """An exception frame; what has no name of its own in a stream is a `modelStreamErrorException`."""
    kind = _IN_STREAM.get(dict(fault.headers).get("x-amzn-errortype", ""), "modelStreamErrorException")
    headers = {":exception-type": kind, ":content-type": "application/json", ":message-type": "exception"}
    return frame(headers, encode_json(fault.document))


def _headers(scene: Scene) -> Headers:
    return (
        ("x-amzn-requestid", scene.id("request", 36)),
        ("x-amzn-bedrock-invocation-latency", str(round(scene.pace.first * 1000))),
    )


def _refuse(fault: Fault, _request: Request, scene: Scene) -> Answer:
    return plain_refusal(fault, scene, _headers(scene))


def _key_of(request: Request) -> str:
    """A bearer key, or the access key id of a SigV4 signature; the lab does not check signatures."""
    signed = _SIGNATURE.search(request.headers.get("authorization", ""))
    return signed[1] if signed else request.bearer


def _answer(request: Request, scene: Scene) -> Answer:
    key = _key_of(request)
    if not key or key.lower().startswith(WRONG_KEY):
        return _refuse(ERRORS["key_refused"] if key else _KEYLESS, request, scene)
    if request.method == "GET" and request.path == "/foundation-models":
        models = [{"modelId": model.id, "responseStreamingSupported": True} for model in scene.models]
        return whole_json(200, {"modelSummaries": models}, headers=_headers(scene), at=scene.pace.head)
    if request.method == "POST" and (match := _CONVERSE.match(request.path)):
        return _asked(match, request, scene)
    return _refuse(_error(404, "UnknownOperationException", "Unknown operation"), request, scene)


def _asked(match: re.Match[str], request: Request, scene: Scene) -> Answer:
    model = scene.model(unquote(match[1]))
    body = request.json()
    if not model:
        return _refuse(ERRORS["model_not_found"], request, scene)
    if not isinstance(body.get("messages"), list):
        return _refuse(ERRORS["bad_request"], request, scene)
    return _converse(body, scene, model, streamed=match[2] == "converse-stream")


def _converse(body: Mapping[str, Any], scene: Scene, model: Model, *, streamed: bool) -> Answer:
    config = body.get("inferenceConfig")
    bound = config.get("maxTokens") if isinstance(config, dict) else None
    speech = speak(prompt_of(body["messages"]), bound if isinstance(bound, int) else None, model, scene)
    if streamed:
        return _streamed(speech, scene)
    content = {
        "output": {"message": {"role": "assistant", "content": [{"text": speech.text}] if speech.tokens else []}},
        "stopReason": _STOP_WORDS[speech.stop],
        **_metadata(speech, scene),
    }
    return whole_json(200, content, headers=_headers(scene), at=done_at(speech, scene.pace))


def _streamed(speech: Speech, scene: Scene) -> Answer:
    pieces = timetable(
        speech,
        scene.pace,
        opening=[_event("messageStart", {"role": "assistant"})],
        text=lambda word: _event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": word}}),
        closing=[
            (Role.FINISH, _event("contentBlockStop", {"contentBlockIndex": 0})),
            (Role.FINISH, _event("messageStop", {"stopReason": _STOP_WORDS[speech.stop]})),
            (Role.USAGE, _event("metadata", _metadata(speech, scene))),
        ],
    )
    return stream(pieces, scene.pace, "application/vnd.amazon.eventstream", _headers(scene))


def _metadata(speech: Speech, scene: Scene) -> dict[str, Any]:
    usage = {
        "inputTokens": speech.prompt_tokens,
        "outputTokens": speech.output_tokens,
        "totalTokens": speech.prompt_tokens + speech.output_tokens,
    }
    return {"usage": usage, "metrics": {"latencyMs": round(done_at(speech, scene.pace) * 1000)}}


FACE = Face(
    base="",
    answer=_answer,
    errors=ERRORS,
    refuse=_refuse,
    error_event=_error_event,
    keepalive=b"",
    garble=lambda data: data[:-1] + bytes([data[-1] ^ 0xFF]),
    key_of=_key_of,
    has_terminal=False,
)
