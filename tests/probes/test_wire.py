"""How the first of several addresses is chosen; what goes over the wire is tested with the kinds of probes."""

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.result import ProbeResult
from app.probes.expect import Expect
from app.probes.http import HttpSpec
from app.probes.resolve import Address, Resolver
from app.probes.tcp import TcpSpec
from tests.probes.asking import ask, impatient, told
from tests.probes.conftest import Run
from tests.servers.http import says, stalls_after
from tests.servers.listening import for_ever, ignoring, listening, refusing


class _Book(Resolver):
    """Knows its addresses by heart."""

    def __init__(self, *addresses: str) -> None:
        super().__init__()
        self._addresses = addresses

    async def lookup(self, *_: Any) -> list[Address]:
        return [Address(ip, "ipv6" if ":" in ip else "ipv4") for ip in self._addresses]


async def _connect(port: int, *addresses: str, **changes: Any) -> ProbeResult:
    spec = TcpSpec(host="api.example", port=port, timeouts=impatient("connect"))
    return await ask("tcp", spec, resolver=_Book(*addresses), **changes)


def test_the_second_address_is_tried_if_the_first_refuses(run: Run) -> None:
    async def asked() -> ProbeResult:
        async with listening(for_ever, host="127.0.0.1") as port:
            return await _connect(port, "::1", "127.0.0.1")

    result = run(asked())
    assert (told(result.failure), result.address, result.family) == ("up", "127.0.0.1", "ipv4")


def test_the_second_address_is_tried_if_the_first_does_not_answer(run: Run) -> None:
    async def asked(port: int) -> ProbeResult:
        async with listening(for_ever, host="::1", port=port):
            return await _connect(port, "127.0.0.1", "::1")

    with ignoring() as port:
        result = run(asked(port))
    assert (told(result.failure), result.address, result.family) == ("up", "::1", "ipv6")


def test_the_second_opinion_comes_from_the_other_version_of_ip(run: Run) -> None:
    async def asked() -> ProbeResult:
        async with listening(for_ever, host="::1") as port:
            return await _connect(port, "127.0.0.1", "127.0.0.1", "::1")

    result = run(asked())
    assert (told(result.failure), result.address) == ("up", "::1")


def test_if_no_address_accepts_the_first_tells_why(run: Run) -> None:
    with refusing() as port:
        result = run(_connect(port, "127.0.0.1", "::1"))
    assert told(result.failure) == ("connect_refused", "vendor", "down")


def test_of_several_addresses_only_the_public_are_asked(run: Run) -> None:
    result = run(_connect(9, "127.0.0.1", "10.0.0.1", allow_private=False))
    assert told(result.failure) == ("address_forbidden", "us_config", "unknown")
    assert result.failure is not None
    assert result.failure.sentence == "was not asked: api.example leads to 127.0.0.1, a loopback address"


@settings(deadline=None, max_examples=60)
@given(data=st.binary(max_size=300) | st.binary(max_size=60).map(b"HTTP/1.1 200 OK\r\n".__add__))
def test_whatever_a_server_says_is_a_result(data: bytes) -> None:
    async def asked() -> list[ProbeResult]:
        results = []
        for behave in (says(data), stalls_after(data)):
            async with listening(behave) as port:
                timeouts = impatient("first_byte", "body")
                spec = HttpSpec(url=f"http://127.0.0.1:{port}/", expect=Expect(json_has=("a",)), timeouts=timeouts)
                results.append(await ask("http", spec))
        return results

    for result in asyncio.run(asked()):
        assert result.failure is not None
        assert result.failure.kind != "prober_broke"
