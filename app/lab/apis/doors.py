"""Vendors of whom only the door is played: catalogue, refusal of strangers, errors; no generation.

Replicate (RFC 7807 problems), ElevenLabs (`detail`), GitHub Copilot (a ping).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from app.lab.answer import Answer, Request, encode_json
from app.lab.face import WRONG_KEY, Face, Fault, Scene, plain_refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What stands at a door: `rooms` open with a key, `porch` to everybody, `stranger` answers who has none."""

    stranger: Fault
    lost: Fault
    rooms: Mapping[str, Fault]
    errors: Mapping[str, Fault]
    porch: Mapping[str, Fault] = field(default_factory=dict)
    key_header: str = ""


def _problem(status: int, title: str, detail: str) -> Fault:
    content = {"title": title, "detail": detail, "status": status}
    return Fault(status=status, content=content, content_type="application/problem+json")


def _detail(status: int, kind: str, code: str, legacy: str, message: str) -> Fault:
    return Fault(
        status=status, content={"detail": {"type": kind, "code": code, "status": legacy, "message": message}}
    )


def _reply(content: Mapping[str, object]) -> Fault:
    return Fault(status=200, content=content)


def _key_of(door: Door, request: Request) -> str:
    return (request.headers.get(door.key_header, "") if door.key_header else "") or request.bearer


def _answer(door: Door, request: Request, scene: Scene) -> Answer:
    if request.path in door.porch:
        return plain_refusal(door.porch[request.path], scene)
    key = _key_of(door, request)
    if not key:
        return plain_refusal(door.stranger, scene)
    if key.startswith(WRONG_KEY):
        return plain_refusal(door.errors["key_refused"], scene)
    return plain_refusal(door.rooms.get(request.path, door.lost), scene)


def _face(base: str, door: Door) -> Face:
    return Face(
        base=base,
        answer=partial(_answer, door),
        errors=door.errors,
        refuse=lambda fault, _request, scene: plain_refusal(fault, scene),
        error_event=lambda fault, *_: encode_json(fault.document),
        key_of=partial(_key_of, door),
        speaks=False,
    )


_NEEDS_TOKEN = _problem(401, "Unauthenticated", "You did not pass an authentication token")
REPLICATE = _face(
    "/v1",
    Door(
        stranger=_NEEDS_TOKEN,
        lost=_problem(404, "Not Found", "The requested resource could not be found."),
        rooms={
            "/v1/models": _reply({"next": None, "previous": None, "results": []}),
            "/v1/account": _reply({"type": "organization", "username": "lab"}),
        },
        errors={
            "bad_request": _problem(400, "Bad Request", "The request is not valid."),
            "key_refused": _problem(401, "Unauthenticated", "You did not pass a valid authentication token"),
            "payment_required": _problem(402, "Insufficient credit", "You have insufficient credit."),
            "permission_denied": _problem(403, "Forbidden", "You do not have permission."),
            "model_not_found": _problem(404, "Not Found", "The requested resource could not be found."),
            "rate_limited": _problem(429, "Too Many Requests", "Request was throttled."),
            "server_error": _problem(500, "Internal Server Error", "Something went wrong."),
            "overloaded": _problem(503, "Service Unavailable", "The service is temporarily unavailable."),
        },
    ),
)
ELEVENLABS = _face(
    "/v1",
    Door(
        key_header="xi-api-key",
        stranger=_detail(
            401,
            "authentication_error",
            "unauthorized",
            "needs_authorization",
            "Neither authorization header nor xi-api-key received, please provide one.",
        ),
        lost=Fault(status=404, content={"detail": "Not Found"}),
        rooms={
            "/v1/models": Fault(status=200, content="[]"),
            "/v1/user/subscription": _reply({"tier": "free", "character_count": 0, "character_limit": 10_000}),
        },
        errors={
            "bad_request": _detail(
                400, "validation_error", "invalid_request", "invalid_request", "Invalid request."
            ),
            "key_refused": _detail(
                401, "authentication_error", "invalid_api_key", "invalid_api_key", "Invalid API key"
            ),
            "quota_exhausted": _detail(
                401, "payment_error", "quota_exceeded", "quota_exceeded", "This request exceeds your quota."
            ),
            "rate_limited": _detail(
                429, "rate_limit_error", "rate_limited", "too_many_concurrent_requests", "Too many requests."
            ),
            "capacity_limited": _detail(429, "server_error", "system_busy", "system_busy", "The system is busy."),
            "server_error": _detail(500, "server_error", "internal", "internal_server_error", "Internal error."),
            "overloaded": _detail(503, "server_error", "unavailable", "unavailable", "Service unavailable."),
        },
    ),
)
COPILOT = _face(
    "",
    Door(
        porch={"/_ping": Fault(status=200, content="OK", content_type="text/plain")},
        stranger=Fault(
            status=401, content="unauthorized: missing Authorization header\n", content_type="text/plain"
        ),
        lost=Fault(status=404, content="404 page not found\n", content_type="text/plain"),
        rooms={"/models": _reply({"data": [], "object": "list"})},
        errors={
            "key_refused": Fault(status=401, content="unauthorized: token expired\n", content_type="text/plain"),
            "rate_limited": Fault(status=429, content="rate limit exceeded\n", content_type="text/plain"),
            "server_error": Fault(status=500, content="internal error\n", content_type="text/plain"),
            "overloaded": Fault(status=503, content="service unavailable\n", content_type="text/plain"),
        },
    ),
)
