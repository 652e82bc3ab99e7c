"""Asking by a prober that breaks its promise."""

from dataclasses import replace

import pytest

from app.domain.result import LOCAL, Blame, FailureKind, ProbeResult
from app.pipeline.ask import Asker
from app.probes.prober import Kind, ProbeContext
from tests.build import a_check
from tests.clocks import HandClock


async def broken(spec: object, _context: ProbeContext) -> ProbeResult:
    raise RuntimeError(f"asked with {spec}")


async def test_a_prober_that_raises_is_our_trouble_and_the_log_says_where_but_not_with_what(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = HandClock()
    asker = Asker(kinds={"broken": Kind(spec=str, probe=broken)}, clock=clock, region=LOCAL, user_agent="test")
    check = replace(a_check("api/one"), kind="broken", spec="k-123456")  # type: ignore[arg-type] # any will do
    failure = (await asker.ask(check, clock.now())).failure
    assert failure is not None
    assert (failure.kind, failure.blame) == (FailureKind.PROBER_BROKE, Blame.US_CONFIG)
    assert "RuntimeError" in caplog.text
    assert "in broken" in caplog.text
    assert "k-123456" not in caplog.text
