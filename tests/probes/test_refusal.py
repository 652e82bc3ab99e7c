import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.result import Failure
from app.probes.answer import Answer
from app.probes.errorbody import parse_error
from app.probes.refusal import classify_answer, classify_error, meaning_inside, named
from tests.probes.asking import told

MONEY = ("quota_exhausted", "us_quota", "unknown")
RATE = ("rate_limited", "us_quota", "unknown")
CAPACITY = ("overloaded", "vendor_capacity", "degraded")
KEY = ("key_refused", "us_key", "unknown")
MODEL = ("model_retired", "us_config", "unknown")
REQUEST = ("request_refused", "us_request", "unknown")
STALE = ("stale_url", "us_config", "unknown")
TIMEOUT = ("upstream_timeout", "vendor", "down")
BROKEN = ("server_error", "vendor", "down")
GATEWAY = ("gateway_error", "vendor", "down")
GEO = ("geo_blocked", "geo", "unknown")
BOT = ("bot_challenge", "bot_wall", "unknown")
ODD = ("unexpected_status", "us_config", "unknown")
ELSEWHERE = ("redirected", "us_config", "unknown")


def answered(status: int, body: Any = b"", **headers: str) -> Answer:
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, payload)


def gemini(status: str, *details: Any, message: str = "") -> dict[str, Any]:
    return {"error": {"code": 1, "status": status, "message": message, "details": list(details)}}


WITH_A_KEY = [
    # OpenAI and those who speak like it
    (answered(401, {"error": {"code": "invalid_api_key"}}), KEY),
    (answered(403, {"error": {"code": "unsupported_country_region_territory"}}), GEO),
    (answered(404, {"error": {"code": "model_not_found"}}), MODEL),
    (answered(400, {"error": {"code": "model_decommissioned"}}), MODEL),
    (answered(429, {"error": {"code": "rate_limit_exceeded", "type": "tokens"}}), RATE),
    (answered(429, {"error": {"code": "insufficient_quota", "type": "insufficient_quota"}}), MONEY),
    (answered(429, {"error": {"code": "project_spend_limit_exceeded"}}), MONEY),
    (answered(429, {"error": {"type": "rate_limit_error", "code": "slow_down"}}), CAPACITY),
    (answered(500, {"error": {"type": "server_error"}}), BROKEN),
    (answered(503, {"error": {"message": "The engine is currently overloaded, please try again"}}), CAPACITY),
    (answered(503, {"error": {"code": "server_is_overloaded"}}), CAPACITY),
    (answered(413, {"error": {"code": "context_length_exceeded"}}), REQUEST),
    (answered(422, {"detail": [{"msg": "field required", "type": "missing"}]}), REQUEST),
    # what is left says whose limit it is
    (answered(429, {"error": {"code": "rate_limit_exceeded"}}, x_ratelimit_remaining_requests="9"), CAPACITY),
    (answered(429, b"", x_ratelimit_remaining_requests="9", x_ratelimit_remaining_tokens="0"), RATE),
    (answered(429, b"", anthropic_ratelimit_tokens_remaining="00"), RATE),
    (answered(429, b"", x_ratelimit_remaining_requests="many"), RATE),
    (answered(429, b""), RATE),
    # Anthropic
    (answered(402, {"type": "error", "error": {"type": "billing_error"}}), MONEY),
    (answered(403, {"type": "error", "error": {"type": "permission_error"}}), KEY),
    (answered(429, {"error": {"type": "rate_limit_error"}}), RATE),
    (answered(429, {"error": {"details": {"error_code": "enforced_spend_limit_reached"}}}), MONEY),
    (answered(429, {"error": {"details": {"error_code": "ramp_limit_exceeded"}}}), RATE),
    (answered(400, {"error": {"type": "x", "message": "Your credit balance is too low to access it"}}), MONEY),
    (answered(504, {"error": {"type": "timeout_error"}}), TIMEOUT),
    (answered(529, {"error": {"type": "overloaded_error"}}), CAPACITY),
    (answered(529, b"<html>"), CAPACITY),
    # Gemini
    (answered(400, gemini("INVALID_ARGUMENT", {"reason": "API_KEY_INVALID"})), KEY),
    (answered(400, gemini("INVALID_ARGUMENT")), REQUEST),
    (answered(400, gemini("FAILED_PRECONDITION", message="User location is not supported")), GEO),
    (answered(400, gemini("FAILED_PRECONDITION", message="Enable billing")), REQUEST),
    (answered(403, gemini("PERMISSION_DENIED")), KEY),
    (answered(429, gemini("RESOURCE_EXHAUSTED", {"violations": [{"quotaId": "RequestsPerDay-Free"}]})), MONEY),
    (answered(429, gemini("RESOURCE_EXHAUSTED", {"violations": [{"quotaId": "RequestsPerMinute"}]})), RATE),
    (answered(503, gemini("UNAVAILABLE", message="The model is overloaded.")), CAPACITY),
    (answered(503, [gemini("UNAVAILABLE")]), CAPACITY),
    (answered(500, gemini("INTERNAL")), BROKEN),
    (answered(504, gemini("DEADLINE_EXCEEDED")), TIMEOUT),
    # Azure, Vertex, Mistral, Groq, Cohere, DeepSeek, xAI, Ollama, OpenRouter, ElevenLabs
    (answered(404, {"error": {"code": "DeploymentNotFound"}}), MODEL),
    (answered(429, {"error": {"code": "429", "message": "System is experiencing high demand"}}), CAPACITY),
    (answered(429, {"error": {"code": "429", "message": "Rate limit is exceeded."}}), RATE),
    (answered(429, {"error": {"message": "the service is temporarily out of capacity"}}), CAPACITY),
    (answered(429, {"object": "error", "type": "service_tier_capacity_exceeded", "code": "3505"}), CAPACITY),
    (answered(498, {"error": {"code": "capacity_exceeded"}}), CAPACITY),
    (answered(498, {"message": "invalid token"}), KEY),
    (answered(402, {"error": {"message": "Insufficient Balance"}}), MONEY),
    (answered(503, {"error": {"message": "Server overloaded"}}), CAPACITY),
    (answered(400, {"code": "Client specified an invalid argument", "error": "Incorrect API key provided"}), KEY),
    (answered(503, {"error": "server busy, please try again. maximum pending requests exceeded"}), CAPACITY),
    (answered(502, {"error": {"metadata": {"error_type": "provider_overloaded"}}}), CAPACITY),
    (answered(401, {"detail": {"status": "quota_exceeded", "message": "…"}}), MONEY),
    # Bedrock
    (answered(429, {"message": "…"}, x_amzn_errortype="ThrottlingException:http://x/"), RATE),
    (answered(429, {"__type": "com.amazon.coral#ModelNotReadyException"}), CAPACITY),
    (answered(400, b"", x_amzn_errortype="ServiceQuotaExceededException"), MONEY),
    (answered(424, b"", x_amzn_errortype="ModelErrorException"), BROKEN),
    (answered(408, b"", x_amzn_errortype="ModelTimeoutException"), TIMEOUT),
    (answered(503, b"", x_amzn_errortype="ServiceUnavailableException"), CAPACITY),
]
KEYLESS = [
    (answered(401), ODD),
    (answered(403), ODD),
    (answered(418), ODD),
    (answered(204), ODD),
    (answered(101), ODD),
    (answered(404), STALE),
    (answered(405), STALE),
    (answered(410), STALE),
    (answered(301, location="https://new.example/"), ELSEWHERE),
    (answered(304), ELSEWHERE),
    (answered(451), GEO),
    (answered(403, b"error code: 1009"), GEO),
    (answered(403, b"error code: 1020"), BOT),
    (answered(429, b"error code: 1015"), BOT),
    (answered(200, b"", cf_mitigated="challenge"), BOT),
    (answered(202, b"", x_amzn_waf_action="challenge"), BOT),
    (answered(403, b'<script src="/cdn-cgi/challenge-platform/h/g/orchestrate/chl_page/v1">'), BOT),
    (answered(429), RATE),
    *((answered(status), BROKEN) for status in (500, 501, 503, 505, 507, 599)),
    *((answered(status), GATEWAY) for status in (502, 520, 521, 522, 523, 525, 526, 530)),
    *((answered(status), TIMEOUT) for status in (408, 499, 504, 524)),
    # scripts that Cloudflare adds to every page of a service prove no wall
    (answered(503, b'<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js">'), BROKEN),
    (answered(530, b"error code: 1016"), GATEWAY),
    # words and names that only look like codes
    (answered(500, {"error": {"message": "insufficient_quota of patience"}}), BROKEN),
    (answered(500, {"model": {"code": "slow_down"}}), BROKEN),
    (answered(500, b"overloaded_error"), BROKEN),
]


def _name(row: Any) -> str | None:
    return f"{row.status}-{row.body[:40].decode()}" if isinstance(row, Answer) else None


@pytest.mark.parametrize(("answer", "fate"), WITH_A_KEY, ids=_name)
def test_an_answer_to_a_call_with_a_key_means(answer: Answer, fate: Any) -> None:
    assert told(classify_answer(answer, has_key=True)) == fate


@pytest.mark.parametrize("code", ["9" * 5000, "4" * 4, "٤٢٩", "-1"])
def test_a_code_that_is_no_status_tells_nothing(code: str) -> None:
    kind, (blame, verdict), _ = meaning_inside({"error": {"code": code}}, has_key=True)
    assert (kind, blame, verdict) == BROKEN


@pytest.mark.parametrize(("answer", "fate"), KEYLESS, ids=_name)
def test_an_answer_to_a_call_without_a_key_means(answer: Answer, fate: Any) -> None:
    assert told(classify_answer(answer, has_key=False, expected=(200, 402))) == (
        fate if answer.status != 200 or fate == BOT else "up"
    )


def test_what_is_expected_is_no_failure() -> None:
    assert classify_answer(answered(401), has_key=True, expected=(401,)) is None
    assert classify_answer(answered(200), has_key=True) is None
    assert classify_answer(answered(451), has_key=False, expected=(451,)) is None


def test_the_sentence_says_what_was_expected_and_why_it_failed() -> None:
    failure = classify_answer(answered(503), has_key=False, expected=(401, 403))
    assert failure is not None
    assert failure.sentence == "answered 503 Service Unavailable instead of 401 or 403"
    late = classify_answer(answered(524), has_key=False)
    assert late is not None
    assert late.sentence == "answered 524 Origin Timed Out: something behind it took too long"


def test_a_status_has_a_name_where_one_is_known() -> None:
    assert [named(status) for status in (404, 529, 799)] == ["404 Not Found", "529 Overloaded", "799"]


def test_an_error_in_a_success_is_found_too() -> None:
    assert told(classify_error(answered(200, {"error": {"type": "overloaded_error"}}))) == CAPACITY
    assert classify_error(answered(200, {"error": "no such path"})) is None


def test_codes_are_found_wherever_vendors_put_them() -> None:
    error = parse_error(answered(400, {"error": {"code": 7, "details": [{"reason": "A"}]}, "type": "x#B"}))
    assert error.codes == {"7", "a", "b", ""}
    assert error.words == ""


FIELDS = ["error", "code", "message", "detail", "details", "type"]
NESTED = st.recursive(
    st.none() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4),
    max_leaves=30,
)


@given(st.integers(100, 999), NESTED, st.booleans())
def test_any_answer_means_something(status: int, document: Any, has_key: bool) -> None:  # noqa: FBT001 - given so
    failure = classify_answer(answered(status, document), has_key=has_key, expected=(999,))
    assert isinstance(failure, Failure) == (status != 999)
