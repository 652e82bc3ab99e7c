"""OpenAI: chat completions, Responses, its errors and headers.

Errors: developers.openai.com/docs/guides/error-codes. Reasoning models take `max_completion_tokens` and no
temperature of one's own.
"""

from collections.abc import Mapping
from dataclasses import replace

from app.lab.answer import Headers, Request
from app.lab.apis.compatible import House, chunk_with_error, error, house_face
from app.lab.apis.responses import failure_events, respond
from app.lab.face import Face, Fault, Model, Scene

_PLATFORM = "https://platform.openai.com"
_BILLING = "please check your plan and billing details."

_MONEY: Mapping[str, str] = {
    "credit_balance_exhausted": "Your credit balance is exhausted.",
    "organization_spend_limit_exceeded": "Your organization has reached its monthly spend limit.",
    "project_spend_limit_exceeded": "Your project has reached its monthly spend limit.",
    "organization_usage_limit_exceeded": "Your organization has reached its usage limit.",
}


def ratelimit_headers(remaining: int) -> Headers:
    """How much of the limit is left, in the names that OpenAI and its followers use; resets are Go durations."""
    return (
        ("x-ratelimit-limit-requests", "500"),
        ("x-ratelimit-limit-tokens", "200000"),
        ("x-ratelimit-remaining-requests", str(remaining)),
        ("x-ratelimit-remaining-tokens", str(remaining * 400)),
        ("x-ratelimit-reset-requests", "120ms"),
        ("x-ratelimit-reset-tokens", "6m0s"),
    )


ERRORS: Mapping[str, Fault] = {
    "bad_request": error(
        400, "Invalid type for 'messages'.", "invalid_request_error", "invalid_type", param="messages"
    ),
    "key_refused": error(
        401,
        f"Incorrect API key provided: wr***ng. You can find your API key at {_PLATFORM}/account/api-keys.",
        "invalid_request_error",
        "invalid_api_key",
    ),
    "ip_not_authorized": error(
        401, "Your IP is not authorized to access this API.", "invalid_request_error", "ip_not_authorized"
    ),
    "no_organization": error(
        401,
        "You must be a member of an organization to use the API.",
        "invalid_request_error",
        "invalid_organization",
    ),
    "permission_denied": error(
        403,
        "You have insufficient permissions for this operation.",
        "invalid_request_error",
        "insufficient_permissions",
    ),
    "geo_blocked": error(
        403,
        "Country, region, or territory not supported",
        "request_forbidden",
        "unsupported_country_region_territory",
    ),
    "conflict": error(409, "The resource was updated by another request.", "invalid_request_error", "conflict"),
    "unprocessable": error(422, "Unable to process the request.", "invalid_request_error"),
    "rate_limited": replace(
        error(429, "Rate limit reached for requests.", "requests", "rate_limit_exceeded"),
        headers=(*ratelimit_headers(0), ("retry-after", "6"), ("retry-after-ms", "6000")),
    ),
    "rate_limited_with_room": error(429, "Rate limit reached for requests.", "requests", "rate_limit_exceeded"),
    "tokens_limited": error(429, "Rate limit reached for tokens.", "tokens", "rate_limit_exceeded"),
    "daily_quota": error(
        429,
        "Rate limit reached on requests per day (RPD): Limit 200, Used 200.",
        "requests",
        "rate_limit_exceeded",
    ),
    "quota_exhausted": error(
        429, f"You exceeded your current quota, {_BILLING}", "insufficient_quota", "insufficient_quota"
    ),
    **{code: error(429, text, "insufficient_quota", code) for code, text in _MONEY.items()},
    "capacity_limited": error(429, "Please slow down your requests.", "rate_limit_error", "slow_down"),
    "server_error": error(
        500, "The server had an error while processing your request. Sorry about that!", "server_error"
    ),
    "overloaded": error(
        503,
        "The engine is currently overloaded, please try again later.",
        "service_unavailable_error",
        "server_is_overloaded",
    ),
    "slow_down_503": error(503, "Slow Down", "service_unavailable_error", "slow_down"),
}


def _headers(scene: Scene) -> Headers:
    return (
        ("x-request-id", f"req_{scene.request_id[:32]}"),
        ("openai-processing-ms", str(round(scene.pace.first * 1000))),
        ("openai-version", "2020-10-01"),
        ("openai-organization", "lab"),
        *ratelimit_headers(499),
        ("cf-ray", f"{scene.id('ray', 16)}-LAB"),
        ("server", "cloudflare"),
    )


def _check(request: Request, model: Model) -> Fault | None:
    """The rules for reasoning models."""
    body = request.json()
    if not model.reasoning:
        return None
    if "max_tokens" in body:
        return error(
            400,
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead.",
            "invalid_request_error",
            "unsupported_parameter",
            param="max_tokens",
        )
    if body.get("temperature", 1) != 1:
        return error(
            400,
            "Unsupported value: 'temperature' does not support this value with this model.",
            "invalid_request_error",
            "unsupported_value",
            param="temperature",
        )
    return None


def _error_event(fault: Fault, request: Request, scene: Scene, said: int) -> bytes:
    if request.path.endswith("/responses"):
        return failure_events(fault, scene, said)
    return chunk_with_error(fault, request, scene, said)


FACE: Face = house_face(
    House(
        base="/v1",
        keyless=error(401, "Missing bearer or basic authentication in header", "invalid_request_error"),
        errors=ERRORS,
        headers=_headers,
        more={"/responses": respond},
        check=_check,
        error_event=_error_event,
        plain={
            "/compliance/cookie_requirements": Fault(status=200, content={"cookie_requirements": []}),
        },
        lost=error(404, "Invalid URL", "invalid_request_error"),
    )
)
