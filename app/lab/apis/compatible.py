"""A house that speaks OpenAI's API: what is shared by OpenAI, Azure and everybody who copied them.

What differs between houses (paths, key, keyless answer, error bodies, headers, details of the stream) is data.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from app.lab.answer import Answer, Headers, Request, sse, whole_json
from app.lab.apis.chat import ChatStyle, complete
from app.lab.face import WRONG_KEY, Face, Fault, Model, Scene, plain_refusal

Route = Callable[[Request, Scene, Model, Headers], Answer]


def error(status: int, message: str, kind: str, code: str | None = None, *, param: str | None = None) -> Fault:
    """An error in OpenAI's body."""
    return Fault(
        status=status,
        content={"error": {"message": message, "type": kind, "param": param, "code": code}},
    )


COMMON_ERRORS: Mapping[str, Fault] = {
    "bad_request": error(400, "Invalid request: messages must be an array.", "invalid_request_error"),
    "key_refused": error(401, "Invalid API key provided.", "invalid_request_error", "invalid_api_key"),
    "payment_required": error(402, "Your account has no credits left.", "billing_error", "insufficient_credits"),
    "permission_denied": error(403, "You are not allowed to use this model.", "permission_error"),
    "model_not_found": error(
        404,
        "The model does not exist or you do not have access to it.",
        "invalid_request_error",
        "model_not_found",
    ),
    "request_timeout": error(408, "Request timed out.", "timeout_error"),
    "rate_limited": error(429, "Rate limit reached.", "requests", "rate_limit_exceeded"),
    "quota_exhausted": error(429, "You exceeded your current quota.", "insufficient_quota", "insufficient_quota"),
    "capacity_limited": error(429, "The model is at capacity.", "rate_limit_error", "slow_down"),
    "server_error": error(500, "Internal server error", "server_error"),
    "overloaded": error(503, "The service is overloaded.", "service_unavailable_error", "server_is_overloaded"),
    "overloaded_529": error(529, "The service is overloaded.", "overloaded_error", "overloaded"),
}
"""What every compatible house knows; a house's own table has the last word."""


def no_headers(_scene: Scene) -> Headers:
    """For houses that send nothing worth recording."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """One compatible vendor.

    `base` is the path below which everything lives. `keyless` answers a request without a key; without it no key
    is needed. `open_catalogue` lists models to anybody. `more` are routes beside the chat, by path below `base`;
    `plain` are paths of the whole host that answer everybody the same. `check` applies the vendor's own rules.
    """

    base: str
    keyless: Fault | None
    errors: Mapping[str, Fault] = field(default_factory=dict)
    headers: Callable[[Scene], Headers] = no_headers
    style: ChatStyle = field(default_factory=ChatStyle)
    lost: Fault = field(default_factory=lambda: error(404, "Not found", "invalid_request_error"))
    catalogue: str = "/models"
    open_catalogue: bool = False
    more: Mapping[str, Route] = field(default_factory=dict)
    plain: Mapping[str, Fault] = field(default_factory=dict)
    check: Callable[[Request, Model], Fault | None] = lambda _request, _model: None
    keepalive: bytes = b": keep-alive\n\n"
    key_of: Callable[[Request], str] = lambda request: request.bearer
    error_event: Callable[[Fault, Request, Scene, int], bytes] | None = None


def house_face(house: House) -> Face:
    """The face of a compatible vendor."""
    return Face(
        base=house.base,
        answer=partial(_answer, house),
        errors={**COMMON_ERRORS, **house.errors},
        refuse=partial(_refuse, house),
        error_event=house.error_event or chunk_with_error,
        keepalive=house.keepalive,
        key_of=house.key_of,
        has_terminal=bool(house.style.final),
    )


def chunk_with_error(fault: Fault, _request: Request, _scene: Scene, _said: int) -> bytes:
    """An error inside a stream that already answered 200: a chunk that is the error body."""
    return sse(fault.document)


def _answer(house: House, request: Request, scene: Scene) -> Answer:
    path = request.path.removeprefix(house.base)
    if request.path in house.plain:
        return plain_refusal(house.plain[request.path], scene)
    if not request.path.startswith(house.base):
        return _refuse(house, house.lost, request, scene)
    is_catalogue = request.method == "GET" and path == house.catalogue
    key = house.key_of(request)
    if house.keyless and not key and not (is_catalogue and house.open_catalogue):
        return _refuse(house, house.keyless, request, scene)
    if key.startswith(WRONG_KEY):
        return _refuse(house, {**COMMON_ERRORS, **house.errors}["key_refused"], request, scene)
    if is_catalogue:
        return _catalogue(house, scene)
    route = _routes(house).get(path) if request.method == "POST" else None
    return _modelled(house, route, request, scene) if route else _refuse(house, house.lost, request, scene)


def _routes(house: House) -> Mapping[str, Route]:
    def chat(request: Request, scene: Scene, model: Model, headers: Headers) -> Answer:
        return complete(request, scene, model, house.style, headers)

    return {"/chat/completions": chat, **house.more}


def _modelled(house: House, route: Route, request: Request, scene: Scene) -> Answer:
    errors = {**COMMON_ERRORS, **house.errors}
    body = request.json()
    name = body.get("model")
    if not isinstance(name, str):
        return _refuse(house, errors["bad_request"], request, scene)
    model = scene.model(name)
    if model is None:
        return _refuse(house, errors["model_not_found"], request, scene)
    if fault := house.check(request, model):
        return _refuse(house, fault, request, scene)
    return route(request, scene, model, house.headers(scene))


def _refuse(house: House, fault: Fault, _request: Request, scene: Scene) -> Answer:
    return plain_refusal(fault, scene, house.headers(scene))


def _catalogue(house: House, scene: Scene) -> Answer:
    models = scene.models or (Model(id="local-model"),)
    data = [
        {"id": model.id, "object": "model", "created": 1_750_000_000, "owned_by": scene.vendor} for model in models
    ]
    return whole_json(200, {"object": "list", "data": data}, headers=house.headers(scene), at=scene.pace.head)
