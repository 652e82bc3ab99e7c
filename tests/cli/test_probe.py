"""`stillup probe inference`, as a user meets it."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.lab.world import World, lab_world

ROOT = Path(__file__).parent.parent.parent
KEY = "sk-0123456789-that-nobody-may-see"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with lab_world() as world:
        yield world


async def stillup(world: World, *more: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app", "probe", "inference", "--dialect", "openai", "--model", "gpt-6-luna"),
        *("--base-url", world.base_url("openai"), "--key-env", "LAB_KEY", *more),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LAB_KEY": KEY},
    )
    out, err = await process.communicate()
    assert KEY not in f"{out!r}{err!r}"
    return process.returncode or 0, out.decode(), err.decode()


async def test_a_good_answer_is_told_with_all_its_times(world: World) -> None:
    code, out, err = await stillup(world, "--json")
    told: dict[str, Any] = json.loads(out)
    assert (code, told["status"], told["failure"], err) == (0, "up", None, "")
    assert told["figures"]["ttft_ms"] <= told["figures"]["ttft_e2e_ms"]
    assert told["cost_usd"] > 0


async def test_an_outage_ends_with_one_and_a_refused_key_with_three(world: World) -> None:
    trouble = world.trouble("openai", "truncated")
    code, out, _ = await stillup(world, "--json")
    assert (code, json.loads(out)["failure_kind"], json.loads(out)["blame"]) == (1, "truncated", "vendor")
    world.clear(trouble)
    world.trouble("openai", "key_refused")
    code, out, _ = await stillup(world)
    assert code == 3
    assert "key_refused, blame us_key" in out


async def test_an_unset_key_is_named(world: World) -> None:
    code, _, err = await stillup(world, "--key-env", "NO_SUCH_KEY")
    assert code == 2
    assert "NO_SUCH_KEY is not set" in err
