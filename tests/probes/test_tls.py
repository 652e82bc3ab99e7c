import asyncio
import gc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import uvloop

from app.domain.result import ProbeResult
from app.probes.answer import AnswerReader
from app.probes.http import HttpSpec
from app.probes.tls import TlsSpec
from app.probes.trip import Trip
from app.probes.wire import Line, SecureLine
from tests.probes.asking import PATIENT, ask, impatient, said, told
from tests.probes.conftest import Run
from tests.servers.http import says, web_server
from tests.servers.listening import Behave, for_ever, listening, refusing, reset
from tests.servers.tls import Certificates, certificates


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates(tmp_path_factory.mktemp("certificates"))


FATES = [
    ("good", "up"),
    ("expiring", ("certificate_expiring", "vendor", "degraded")),
    ("expired", ("certificate_expired", "vendor", "down")),
    ("not-yet-valid", ("certificate_not_yet_valid", "vendor", "down")),
    ("wrong-name", ("certificate_wrong_name", "vendor", "down")),
    ("untrusted", ("certificate_untrusted", "vendor", "down")),
]
Handshake = Callable[..., ProbeResult]


@pytest.fixture
def shake(run: Run, issued: Certificates) -> Handshake:
    """Probe a server that has the certificate of this name."""

    async def asked(name: str, options: dict[str, Any]) -> ProbeResult:
        async with web_server(issued.contexts[name]) as origin:
            port = int(origin.rpartition(":")[2])
            usual: dict[str, Any] = {
                "host": "localhost",
                "port": port,
                "ca_file": str(issued.root),
                "timeouts": PATIENT,
            }
            return await ask("tls", TlsSpec(**(usual | options)))

    return lambda name, **options: run(asked(name, options))


@pytest.mark.parametrize(("name", "fate"), FATES)
def test_a_certificate_is_told_for_what_it_is(shake: Handshake, name: str, fate: Any) -> None:
    assert told(shake(name).failure) == fate


@pytest.mark.parametrize(("name", "fate"), FATES)
def test_a_web_address_fails_by_its_certificate_too(run: Run, issued: Certificates, name: str, fate: Any) -> None:
    async def asked() -> ProbeResult:
        async with web_server(issued.contexts[name]) as origin:
            spec = HttpSpec(url=f"{origin}/healthy", ca_file=str(issued.root), timeouts=PATIENT)
            return await ask("http", spec)

    result = run(asked())
    assert told(result.failure) == ("up" if name == "expiring" else fate)
    assert (result.phases.tls_ms is None) == (result.failure is not None)


def test_the_days_that_are_left_are_counted(shake: Handshake) -> None:
    result = shake("expiring")
    assert result.figures == {"expires_in_days": 5}
    assert said(result) == "has a certificate that expires in 5 days"
    assert told(shake("expiring", warn_days=5).failure) == "up"


def test_the_evidence_says_whose_certificate_it_is(shake: Handshake) -> None:
    evidence = shake("good").evidence
    assert "trustme" in evidence["issuer"]
    assert "trustme" in evidence["subject"]
    assert evidence["protocol"].startswith("TLSv1.")
    in_90_days = datetime.now(UTC) + timedelta(days=90)
    assert abs(datetime.fromisoformat(evidence["not_after"]) - in_90_days) < timedelta(hours=1)


def test_another_name_may_be_asked_for(shake: Handshake) -> None:
    assert told(shake("wrong-name", server_name="other.example").failure) == "up"


def test_a_sentence_names_what_is_wrong(shake: Handshake) -> None:
    assert said(shake("wrong-name")) == ("has a certificate for another name than it is asked by")


def test_an_answer_over_tls_is_read_to_its_end(run: Run, issued: Certificates) -> None:
    async def asked() -> ProbeResult:
        async with web_server(issued.contexts["good"]) as origin:
            spec = HttpSpec(
                url=f"{origin}/large", ca_file=str(issued.root), timeouts=PATIENT, body_limit=4_000_000
            )
            return await ask("http", spec)

    assert told(run(asked()).failure) == "up"


@pytest.mark.parametrize("name", ["endless", "garbage", "closed", "reset", "truncated", "bomb"])
def test_bad_answers_fare_over_tls_as_they_do_in_plain(run: Run, issued: Certificates, name: str) -> None:
    async def both() -> tuple[Any, Any]:
        async with web_server() as plain, web_server(issued.contexts["good"]) as secure:
            results = [
                await ask("http", HttpSpec(url=f"{origin}/{name}", ca_file=str(issued.root), timeouts=PATIENT))
                for origin in (plain, secure)
            ]
            return told(results[0].failure), told(results[1].failure)

    plain, secure = run(both())
    assert plain == secure


@pytest.mark.parametrize(
    ("behave", "fate"),
    [(for_ever, ("tls_timeout", "vendor", "down")), (reset, ("tls_failed", "vendor", "down"))],
)
def test_a_handshake_that_goes_wrong_is_told_apart_from_the_connection(
    run: Run, behave: Behave, fate: Any
) -> None:
    async def asked() -> ProbeResult:
        async with listening(behave) as port:
            timeouts = impatient("tls") if behave is for_ever else PATIENT
            return await ask("tls", TlsSpec(host="127.0.0.1", port=port, timeouts=timeouts))

    result = run(asked())
    assert told(result.failure) == fate
    assert result.phases.connect_ms is not None


def test_a_server_that_does_not_speak_tls_is_told_so(run: Run) -> None:
    async def asked() -> ProbeResult:
        async with listening(says(b"220 mail.example ESMTP\r\n")) as port:
            return await ask("http", HttpSpec(url=f"https://localhost:{port}/", timeouts=PATIENT))

    result = run(asked())
    assert told(result.failure) == ("tls_failed", "vendor", "down")


def test_a_port_that_nobody_listens_on_refuses(run: Run) -> None:
    with refusing() as port:
        result = run(ask("tls", TlsSpec(host="localhost", port=port)))
    assert told(result.failure) == ("connect_refused", "vendor", "down")


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_roots_that_cannot_be_read_are_our_mistake(run: Run, tmp_path: Path, content: str | None) -> None:
    roots = tmp_path / "roots.pem"
    if content is not None:
        roots.write_text(content)

    async def asked() -> ProbeResult:
        async with listening(for_ever) as port:
            return await ask("tls", TlsSpec(host="localhost", port=port, ca_file=str(roots)))

    assert told(run(asked()).failure) == ("prober_broke", "us_config", "unknown")


def test_new_roots_in_the_same_file_are_noticed(run: Run, issued: Certificates, tmp_path: Path) -> None:
    roots = tmp_path / "roots.pem"
    roots.write_text(certificates(tmp_path).root.read_text())

    async def asked() -> tuple[Any, Any]:
        async with web_server(issued.contexts["good"]) as origin:
            spec = HttpSpec(url=f"{origin}/healthy", ca_file=str(roots), timeouts=PATIENT)
            before = await ask("http", spec)
            roots.write_text(issued.root.read_text())
            return told(before.failure), told((await ask("http", spec)).failure)

    assert run(asked()) == (("certificate_untrusted", "vendor", "down"), "up")


def test_a_probe_leaves_no_cycles_for_the_collector(issued: Certificates) -> None:
    """On uvloop: what asyncio's own transports leave behind is not for us to change."""

    async def leftovers() -> int:
        async with web_server(issued.contexts["good"]) as origin, listening(reset) as port:
            good = HttpSpec(url=f"{origin}/healthy", ca_file=str(issued.root), timeouts=PATIENT)
            untrusted = HttpSpec(url=f"{origin}/healthy", timeouts=PATIENT)
            torn = HttpSpec(url=f"https://localhost:{port}/", timeouts=PATIENT)
            for spec in (good, untrusted, torn):
                await ask("http", spec)
            gc.collect()
            mine = Line, SecureLine, Trip, AnswerReader
            gc.set_debug(gc.DEBUG_SAVEALL)
            gc.disable()
            for spec in (good, untrusted, torn):
                await ask("http", spec)
            gc.collect()
            return sum(isinstance(found, mine) for found in gc.garbage)

    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            assert runner.run(leftovers()) == 0
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


@pytest.mark.parametrize("host", ["", "a..b", "a b"])
def test_a_host_must_be_one(host: str) -> None:
    with pytest.raises(ValueError, match="not the name or address of a host"):
        TlsSpec(host=host)


def test_the_target_is_what_people_see() -> None:
    assert TlsSpec(host="api.example").target == "api.example:443"
