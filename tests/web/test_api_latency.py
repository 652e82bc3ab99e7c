"""Quantiles of latencies, and what of a check may be told."""

from dataclasses import replace
from typing import Any

from app.board.history import Window
from app.board.latencies import load_latencies
from app.domain.check import Check
from app.domain.result import LOCAL, Phases, ProbeResult, Recorded
from app.domain.status import Status
from app.probes.dialects.registry import DialectName
from app.probes.expect import Expect
from app.probes.http import HttpSpec, Method
from app.probes.inference import InferenceSpec
from app.store.engine import Database
from app.store.results import insert_results
from app.store.series import ensure_series
from app.web.api.latency import latency_out
from app.web.api.question import question_of
from tests.build import START, a_catalogue, a_check, minute
from tests.web.conftest import Site

LATENCY = "/api/v1/services/chat/latency"


async def test_quantiles_are_told_for_every_check_with_their_error(site: Site) -> None:
    told: Any = await site.json(f"{LATENCY}?quantiles=0,0.5,1,0.5")
    (check,) = told["checks"]
    assert (check["check_id"], check["is_leading"], check["count"], check["stream"]) == ("chat/web", True, 3, None)
    assert (told["relative_error"], [each["share"] for each in check["quantiles"]]) == (0.025, [0, 0.5, 1])
    assert [abs(each["ms"] - 120) <= 0.025 * 120 + 0.5 for each in check["quantiles"]] == [True] * 3


async def test_of_failures_no_latency_is_told(site: Site) -> None:
    told: Any = await site.json("/api/v1/services/api/latency")
    assert [(each["check_id"], each["count"], each["quantiles"][0]["ms"] is None) for each in told["checks"]] == [
        ("api/models", 0, True),
        ("api/edge", 3, False),
        ("api/certificate", 3, False),
    ]


async def test_of_a_model_the_first_token_and_the_speed_are_told(database: Database) -> None:
    canary = replace(a_check("api/canary"), kind="inference")
    catalogue = a_catalogue(canary)
    async with database.write() as tx:
        await ensure_series(tx, [canary], LOCAL, START)
        await insert_results(tx, [an_answer(canary, number) for number in range(3)])
    told = await load_latencies(database, catalogue.services[0], Window.DAY, minute(10))
    (check,) = latency_out("api", Window.DAY, told, (0.5,), is_simulated=False).checks
    assert check.stream is not None
    assert (check.count, check.stream.count, check.stream.speed_count) == (3, 3, 3)
    assert abs((check.quantiles[0].ms or 0) - 700) <= 700 * 0.025 + 1
    assert abs((check.stream.first_token[0].ms or 0) - 500) <= 500 * 0.025 + 1
    assert abs((check.stream.speed[0].tokens_per_s or 0) - 50) <= 50 * 0.025 + 0.001


def an_answer(canary: Check, number: int) -> Recorded:
    at = minute(5 * number)
    figures = {"ttft_ms": 500, "ttft_e2e_ms": 700, "tpot_us": 20_000}
    result = ProbeResult(
        check_id=canary.id, slot_at=at, started_at=at, phases=Phases(total_ms=2_000), figures=figures
    )
    return Recorded(result=result, status=Status.UP)


def test_of_a_question_is_told_what_can_hold_no_secret() -> None:
    asked = HttpSpec(
        url="https://api.example/v1?key=s3cret-s3cret",
        method=Method.POST,
        headers={"authorization": "Bearer s3cret-s3cret"},
        body="s3cret-s3cret",
        expect=Expect(status=(401, 403), contains=("s3cret-s3cret",)),
    )
    model = InferenceSpec(
        dialect=DialectName.OPENAI, base_url="https://api.example/v1", model="small", key="s3cret-s3cret"
    )
    assert question_of(asked) == {
        "method": "POST",
        "family": "any",
        "follow_redirects": False,
        "expect_status": (401, 403),
    }
    assert question_of(model)["model"] == "small"
    assert "s3cret" not in f"{question_of(model)}{question_of(asked)}{asked.target}"
