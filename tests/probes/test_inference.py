"""Every trouble that the lab knows, in every dialect: what our probe makes of it, over real connections."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from app.domain.result import ProbeResult
from app.lab.face import Pace
from app.lab.troubles import Surface, known_kinds
from app.lab.world import World, lab_world
from app.probes.dialects.registry import DialectName
from app.probes.inference import InferenceSpec, Patience
from tests.probes.asking import LONG, ask, told

SOON = timedelta(seconds=0.4)
KEY = "sk-valid-key-that-must-not-show"
PATIENT = Patience(first_token=LONG, idle=LONG, total=LONG)
HASTY = Patience(first_token=SOON, idle=SOON, total=LONG)
N = DialectName

MODELS: dict[DialectName, tuple[str, str]] = {
    N.OPENAI: ("openai", "gpt-6-luna"),
    N.OPENAI_RESPONSES: ("openai", "gpt-6-luna"),
    N.OPENAI_COMPATIBLE: ("xai", "grok-4.20-0309-non-reasoning"),
    N.AZURE: ("azure", "gpt-5.4-nano"),
    N.ANTHROPIC: ("anthropic", "claude-haiku-5-5"),
    N.GEMINI: ("gemini", "gemini-3.5-flash-lite"),
    N.GEMINI_V1: ("gemini", "gemini-3.5-flash-lite"),
    N.MISTRAL: ("mistral", "ministral-3-3b-2512"),
    N.COHERE: ("cohere", "command-r7b-12-2024"),
    N.OLLAMA: ("ollama", "llama3.2:1b"),
    N.BEDROCK: ("bedrock", "amazon.nova-micro-v1:0"),
}

Fate = tuple[str, str, str] | str
CAPACITY, DOWN, DEGRADED = ("vendor_capacity", "degraded"), ("vendor", "down"), ("vendor", "degraded")
KEY_REFUSED, REFUSED = ("key_refused", "us_key", "unknown"), ("request_refused", "us_request", "unknown")
QUOTA = ("quota_exhausted", "us_quota", "unknown")
BOT, GEO = ("bot_challenge", "bot_wall", "unknown"), ("geo_blocked", "geo", "unknown")
TIMED_OUT, OVERLOADED = ("upstream_timeout", *DOWN), ("overloaded", *CAPACITY)

FATES: dict[str, Fate] = {
    "healthy": "up",
    "slow_headers": "up",
    "slow_first_token": "up",
    "slow_tokens": "up",
    "hang": ("first_byte_timeout", *DOWN),
    "close_before_status": ("closed_early", *DOWN),
    "reset_before_status": ("closed_early", *DOWN),
    "headers_then_silence": ("no_first_token", *DOWN),
    "stall": ("stalled", *DOWN),
    "keepalive_stall": ("stalled", *DOWN),
    "truncated": ("truncated", *DOWN),
    "cut": ("body_truncated", *DOWN),
    "reset": ("body_truncated", *DOWN),
    "malformed_chunk": ("malformed_answer", *DOWN),
    "malformed_event": ("malformed_event", *DOWN),
    "error_first": ("error_in_stream", *CAPACITY),
    "error_midstream": ("error_in_stream", *CAPACITY),
    "no_terminal_event": ("no_terminal_event", *DEGRADED),
    "empty_stream": ("empty_answer", *DOWN),
    "empty_answer": ("empty_answer", *DEGRADED),
    "wrong_answer": ("wrong_answer", *DEGRADED),
    "refusal": ("prompt_refused", "us_request", "unknown"),
    "budget_spent": "up",
    "auth_outage": KEY_REFUSED,
    "bad_request": REFUSED,
    "key_refused": KEY_REFUSED,
    "permission_denied": KEY_REFUSED,
    "payment_required": QUOTA,
    "quota_exhausted": QUOTA,
    "daily_quota": QUOTA,
    "model_not_found": ("model_retired", "us_config", "unknown"),
    "request_timeout": TIMED_OUT,
    "rate_limited": ("rate_limited", "us_quota", "unknown"),
    "capacity_limited": OVERLOADED,
    "server_error": ("server_error", *DOWN),
    "overloaded": OVERLOADED,
    "overloaded_529": OVERLOADED,
    "bad_gateway": ("gateway_error", *DOWN),
    "edge_gateway_timeout": TIMED_OUT,
    "edge_500": ("server_error", *DOWN),
    "edge_520": ("gateway_error", *DOWN),
    "edge_524": TIMED_OUT,
    "challenge": BOT,
    "challenge_429": BOT,
    "challenge_503": BOT,
    "vercel_challenge": BOT,
    "blocked": BOT,
    "legal_block": GEO,
    "geo_blocked": GEO,
    "html_200": ("wrong_content_type", *DOWN),
    "empty_200": ("empty_answer", *DOWN),
    "error_200": ("error_in_stream", *DOWN),
    "redirect_to_login": ("redirected", "us_config", "unknown"),
    "gone": ("stale_url", "us_config", "unknown"),
}
OWN_FATES: dict[tuple[DialectName, str], Fate] = {
    # Nothing in these bills tells thoughts from text, so an answer without text is an empty one.
    (N.ANTHROPIC, "budget_spent"): ("budget_spent", "us_request", "unknown"),
    (N.COHERE, "budget_spent"): ("budget_spent", "us_request", "unknown"),
    (N.BEDROCK, "budget_spent"): ("budget_spent", "us_request", "unknown"),
    # "Usage has increased too quickly" is about our rate.
    (N.ANTHROPIC, "capacity_limited"): ("rate_limited", "us_quota", "unknown"),
    (N.BEDROCK, "daily_quota"): ("rate_limited", "us_quota", "unknown"),
    # Their errors inside a stream carry a sentence and no code.
    (N.COHERE, "error_first"): ("error_in_stream", *DOWN),
    (N.COHERE, "error_midstream"): ("error_in_stream", *DOWN),
    (N.COHERE, "refusal"): ("error_in_stream", *DOWN),
    (N.OLLAMA, "error_first"): ("error_in_stream", *DOWN),
    (N.OLLAMA, "error_midstream"): ("error_in_stream", *DOWN),
    # It has no word for a refusal, and no keys whose check could fail.
    (N.OLLAMA, "refusal"): ("wrong_answer", *DEGRADED),
    (N.OLLAMA, "auth_outage"): ("server_error", *DOWN),
}
SILENT = ("hang", "headers_then_silence", "stall", "keepalive_stall")
QUICK = {"slow_headers", "slow_first_token", "keepalive_stall"}


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with lab_world() as world:
        for vendor in world.vendors:
            world.pace(vendor, Pace(head=0.0, first=0.01, rate=1000))
        yield world


async def asked(world: World, dialect: DialectName, patience: Patience = PATIENT) -> ProbeResult:
    vendor, model = MODELS[dialect]
    spec = InferenceSpec(dialect=dialect, base_url=world.base_url(vendor), model=model, key=KEY, timeouts=patience)
    result = await ask("inference", spec)
    assert KEY not in f"{spec} {result}"
    return result


@pytest.mark.parametrize("dialect", MODELS)
async def test_every_trouble_fares_as_it_should(world: World, dialect: DialectName) -> None:
    vendor, _ = MODELS[dialect]
    kinds = [kind for kind in FATES if kind in known_kinds(world.vendors[vendor].face_of(Surface.API))]
    fates = {}
    for kind in ("healthy", *kinds):
        world.clear()
        if kind != "healthy":
            world.trouble(vendor, kind, seconds=0.05)
        result = await asked(world, dialect, HASTY if kind in SILENT else PATIENT)
        fates[kind] = told(result.failure)
    assert fates == {kind: OWN_FATES.get((dialect, kind), FATES[kind]) for kind in ("healthy", *kinds)}


@pytest.mark.parametrize("dialect", MODELS)
async def test_a_good_answer_is_timed_and_billed(world: World, dialect: DialectName) -> None:
    figures = (await asked(world, dialect)).figures
    assert figures["first_event_ms"] <= figures["ttft_ms"] <= figures["ttft_e2e_ms"]
    assert figures["gap_p95_ms"] <= figures["gap_max_ms"]
    assert figures["output_tokens"] >= figures["pieces"] == 3
    assert figures["is_streamed"] == 1
    assert "is_estimated" not in figures
