import asyncio
import errno
import socket
import ssl
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.result import FailureKind, Phases
from app.probes.failures import ProbeError, Step, explain, failed
from app.probes.trip import Timeouts, Trip
from tests.clocks import HandClock
from tests.probes.asking import PATIENT, SOON, a_context, impatient, said, told
from tests.probes.conftest import Run


def test_the_steps_are_rounded_once_so_that_they_sum_to_the_whole(run: Run) -> None:
    async def went() -> Phases:
        clock = HandClock()
        trip = Trip(a_context(clock=clock), PATIENT)
        with trip:
            for step in ("dns", "connect", "tls", "send", "first_byte", "body"):
                trip.begin(step)
                clock.move(timedelta(milliseconds=1.4))
                trip.done()
            clock.move(timedelta(seconds=9))
        return trip.result().phases

    phases = run(went())
    assert phases == Phases(total_ms=8, dns_ms=1, connect_ms=2, tls_ms=1, send_ms=2, first_byte_ms=1, body_ms=1)


def test_a_step_that_is_made_again_is_counted_together_with_the_first(run: Run) -> None:
    async def went() -> Phases:
        clock = HandClock()
        trip = Trip(a_context(clock=clock), PATIENT)
        with trip:
            for _ in range(2):
                trip.begin("connect")
                clock.move(timedelta(milliseconds=30))
                trip.done()
                trip.begin("body")
                clock.move(timedelta(milliseconds=20))
                trip.done()
        return trip.result().phases

    assert run(went()) == Phases(total_ms=100, connect_ms=60, body_ms=40)


def test_a_step_ended_when_it_ended_and_not_when_we_got_round_to_it(run: Run) -> None:
    async def went() -> Phases:
        clock = HandClock()
        trip = Trip(a_context(clock=clock), PATIENT)
        with trip:
            trip.begin("connect")
            clock.move(timedelta(milliseconds=30))
            connected_at = clock.monotonic()
            clock.move(timedelta(milliseconds=500))
            trip.done(at=connected_at)
        return trip.result().phases

    assert run(went()) == Phases(total_ms=30, connect_ms=30)


def test_a_step_that_failed_took_no_time_of_its_own_but_counts_to_the_whole(run: Run) -> None:
    async def went() -> Phases:
        clock = HandClock()
        trip = Trip(a_context(clock=clock), PATIENT)
        with trip:
            trip.begin("connect")
            clock.move(timedelta(milliseconds=30))
            raise ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")
        return trip.result().phases

    assert run(went()) == Phases(total_ms=30)


STEPS: list[Step] = ["dns", "connect", "tls", "send", "first_byte", "body"]


@pytest.mark.parametrize("step", STEPS)
def test_every_step_has_its_deadline(run: Run, step: Step) -> None:
    async def went() -> Any:
        trip = Trip(a_context(), impatient(step))
        with trip:
            trip.begin(step)
            await asyncio.Event().wait()
        return trip.result()

    kind = {"dns": "dns_timeout", "connect": "connect_timeout", "tls": "tls_timeout", "send": "send_timeout"}
    result = run(went())
    assert told(result.failure) == (kind.get(step, f"{step}_timeout"), "vendor", "down")
    assert "0.3 s" in said(result)


def test_a_deadline_begins_anew_with_every_step(run: Run) -> None:
    async def went() -> Any:
        trip = Trip(a_context(), impatient("connect", "body"))
        with trip:
            for step in ("connect", "body", "connect"):
                trip.begin(step)
                await asyncio.sleep(0.15)
        return trip.result()

    assert told(run(went()).failure) == "up"


def test_the_whole_has_a_deadline(run: Run) -> None:
    async def went() -> Any:
        trip = Trip(a_context(), replace(PATIENT, total=SOON))
        with trip:
            while True:
                trip.begin("connect")
                await asyncio.sleep(0.02)
        return trip.result()

    assert told(run(went()).failure) == ("total_timeout", "vendor", "down")


def test_a_deadline_that_we_slept_through_ourselves_proves_nothing(run: Run) -> None:
    async def went() -> Any:
        trip = Trip(a_context(), impatient("connect"))
        with trip:
            trip.begin("connect")
            time.sleep(1.5)  # noqa: ASYNC251 - a loop that is held up is what this is about
            await asyncio.Event().wait()
        return trip.result()

    assert told(run(went()).failure) == ("prober_broke", "us_load", "unknown")


def test_a_cancellation_from_outside_passes_through(run: Run) -> None:
    async def went() -> None:
        with Trip(a_context(), PATIENT):
            await asyncio.Event().wait()

    async def cancelled() -> None:
        task = asyncio.ensure_future(went())
        await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        run(cancelled())


def test_a_cancellation_from_outside_outweighs_a_deadline(run: Run) -> None:
    async def went() -> None:
        trip = Trip(a_context(), impatient("dns"))
        with trip:
            trip.begin("dns")
            try:
                await asyncio.Event().wait()
            finally:
                asyncio.ensure_future(asyncio.sleep(0)).cancel()
                task = asyncio.current_task()
                assert task is not None
                task.cancel()

    with pytest.raises(asyncio.CancelledError):
        run(went())


def test_after_a_deadline_the_task_goes_on(run: Run) -> None:
    async def went() -> int:
        trip = Trip(a_context(), impatient("dns"))
        with trip:
            trip.begin("dns")
            await asyncio.Event().wait()
        await asyncio.sleep(0.01)
        task = asyncio.current_task()
        return task.cancelling() if task else -1

    assert run(went()) == 0


def test_a_judge_that_breaks_is_our_trouble(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    async def went() -> Any:
        trip = Trip(a_context(), Timeouts())
        with trip:
            pass
        return trip.result(lambda _: 1 / 0)  # type: ignore[arg-type,return-value] # breaks on purpose

    assert told(run(went()).failure) == ("prober_broke", "unknown", "unknown")
    assert "ZeroDivisionError" in caplog.text


def test_the_log_of_our_own_trouble_says_where_but_repeats_nothing_that_a_peer_said(
    run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    async def went() -> Any:
        with Trip(a_context(), Timeouts()) as trip:
            int(f"k-{123456}")
        return trip.result()

    assert told(run(went()).failure) == ("prober_broke", "unknown", "unknown")
    assert "ValueError" in caplog.text
    assert "in went" in caplog.text
    assert "k-123456" not in caplog.text


DOWN = ("vendor", "down")
NETWORK = ("prober_broke", "us_network", "unknown")
LOAD = ("prober_broke", "us_load", "unknown")


def _os_error(name: str) -> OSError:
    return OSError(getattr(errno, name), "said so")


@pytest.mark.parametrize(
    ("error", "step", "fate"),
    [
        (_os_error("ECONNREFUSED"), "connect", ("connect_refused", *DOWN)),
        (_os_error("ETIMEDOUT"), "connect", ("connect_timeout", *DOWN)),
        (TimeoutError(), "connect", ("connect_timeout", *DOWN)),
        (_os_error("EHOSTUNREACH"), "connect", ("unreachable", *DOWN)),
        (_os_error("ENETUNREACH"), "connect", ("unreachable", *DOWN)),
        (_os_error("ECONNRESET"), "connect", ("unreachable", *DOWN)),
        (_os_error("ECONNRESET"), "dns", ("dns_failed", *DOWN)),
        (_os_error("ECONNRESET"), "tls", ("tls_failed", *DOWN)),
        (_os_error("ECONNRESET"), "send", ("closed_early", *DOWN)),
        (_os_error("EPIPE"), "send", ("closed_early", *DOWN)),
        (_os_error("ECONNRESET"), "first_byte", ("closed_early", *DOWN)),
        (_os_error("ECONNRESET"), "body", ("body_truncated", *DOWN)),
        (_os_error("EMFILE"), "connect", LOAD),
        (_os_error("ENOBUFS"), "send", LOAD),
        (_os_error("EADDRNOTAVAIL"), "connect", LOAD),
        (_os_error("ENETDOWN"), "connect", NETWORK),
        (_os_error("EPERM"), "connect", NETWORK),
        (socket.gaierror(socket.EAI_NONAME, "x"), "dns", ("name_not_found", *DOWN)),
        (socket.gaierror(socket.EAI_AGAIN, "x"), "dns", ("dns_failed", *DOWN)),
        (socket.gaierror(socket.EAI_FAIL, "x"), "dns", ("dns_failed", *DOWN)),
        (ssl.SSLError("odd"), "tls", ("tls_failed", *DOWN)),
        (ssl.SSLError("odd"), "body", ("tls_failed", *DOWN)),
        (ProbeError(failed(FailureKind.WRONG_RECORD, "x")), "dns", ("wrong_record", *DOWN)),
        (KeyError("bug"), "body", ("prober_broke", "unknown", "unknown")),
    ],
    ids=repr,
)
def test_an_error_is_translated_by_the_step_it_came_in(error: Exception, step: Step, fate: Any) -> None:
    assert told(explain(error, step, "192.0.2.1 port 443")) == fate


def test_that_ipv6_is_missing_here_is_our_own_trouble() -> None:
    failure = explain(_os_error("ENETUNREACH"), "connect", "2001:db8::1 port 443")
    assert told(failure) == ("unreachable", "us_network", "unknown")


def test_a_sentence_stays_short_and_printable() -> None:
    failure = failed(FailureKind.WRONG_BODY, "said \x1b[31m" + "x" * 900)
    assert failure.sentence.startswith("said  [31mxxx")
    assert len(failure.sentence) == 300
