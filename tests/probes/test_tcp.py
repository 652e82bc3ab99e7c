import asyncio
from typing import Any

import pytest

from app.domain.result import ProbeResult
from app.probes.tcp import TcpSpec
from tests.probes.asking import PATIENT, ask, impatient, said, told
from tests.probes.conftest import Run
from tests.servers.http import repeats, says, stalls_after
from tests.servers.listening import Behave, for_ever, ignoring, listening, refusing


async def _hello(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    for letter in b"220 mail.example ESMTP\r\n":
        writer.write(bytes((letter,)))
        await asyncio.sleep(0)
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("behave", "banner", "fate"),
    [
        (for_ever, None, "up"),
        (_hello, "220 ", "up"),
        (_hello, "ESMTP", "up"),
        (says(b"SSH-2.0-x\r\n"), "SSH-2.0", "up"),
        (says(b"554 go away\r\n"), "220 ", ("wrong_body", "vendor", "down")),
        (repeats(b"", b"x" * 512), "220 ", ("wrong_body", "vendor", "down")),
        (says(b""), "220 ", ("wrong_body", "vendor", "down")),
        (for_ever, "220 ", ("first_byte_timeout", "vendor", "down")),
        (stalls_after(b"554"), "220 ", ("body_timeout", "vendor", "down")),
    ],
)
def test_a_port_fares_so(run: Run, behave: Behave, banner: str | None, fate: Any) -> None:
    async def asked() -> ProbeResult:
        async with listening(behave) as port:
            step = {"first_byte_timeout": ["first_byte"], "body_timeout": ["body"]}.get(fate[0], [])
            spec = TcpSpec(host="localhost", port=port, banner=banner, timeouts=impatient(*step))
            return await ask("tcp", spec)

    assert told(run(asked()).failure) == fate


def test_what_was_said_instead_is_quoted(run: Run) -> None:
    async def asked() -> ProbeResult:
        async with listening(says(b"554 go away\r\n")) as port:
            return await ask("tcp", TcpSpec(host="127.0.0.1", port=port, banner="220 ", timeouts=PATIENT))

    assert said(run(asked())) == "said '554 go away\\r\\n' instead of '220 '"


def test_a_port_that_nobody_listens_on_refuses(run: Run) -> None:
    with refusing() as port:
        result = run(ask("tcp", TcpSpec(host="127.0.0.1", port=port)))
    assert told(result.failure) == ("connect_refused", "vendor", "down")
    assert TcpSpec(host="127.0.0.1", port=port).target == f"127.0.0.1:{port}"


def test_a_port_that_does_not_answer_times_out(run: Run) -> None:
    with ignoring() as port:
        result = run(ask("tcp", TcpSpec(host="127.0.0.1", port=port, timeouts=impatient("connect"))))
    assert told(result.failure) == ("connect_timeout", "vendor", "down")
