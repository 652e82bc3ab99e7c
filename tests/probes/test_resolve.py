import asyncio
import threading
from typing import Any

import pytest

from app.probes.failures import ProbeError
from app.probes.resolve import Address, Family, Resolver, ascii_host, literal
from tests.probes.conftest import Run


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", Address("127.0.0.1", "ipv4")),
        ("::1", Address("::1", "ipv6")),
        ("localhost", None),
        ("1.2.3", None),
        ("", None),
    ],
)
def test_an_address_is_known_without_asking(host: str, address: Address | None) -> None:
    assert literal(host) == address


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("API.Example.", "api.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("_dmarc.example", "_dmarc.example"),
        ("127。0。0。1", "127.0.0.1"),
        ("::1", "::1"),
    ],
)
def test_a_host_is_written_as_it_goes_over_the_wire(host: str, name: str) -> None:
    assert ascii_host(host) == name


def test_a_name_is_looked_up_for_the_family_that_is_wanted(run: Run) -> None:
    assert run(Resolver().lookup("localhost", Family.IPV4)) == [Address("127.0.0.1", "ipv4")]


def test_a_name_that_cannot_exist_is_not_asked_for(run: Run) -> None:
    with pytest.raises(ProbeError, match="does not exist"):
        run(Resolver().lookup("stillup.invalid", Family.ANY))


class _HangingLoop(asyncio.SelectorEventLoop):
    """The system's resolver hangs until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()
        self.lookups = 0

    async def getaddrinfo(self, *args: Any, **options: Any) -> Any:
        self.lookups += 1
        await self.run_in_executor(None, self.let_go.wait)
        return await super().getaddrinfo(*args, **options)


def test_a_name_that_hangs_is_looked_up_once_for_all_who_ask() -> None:
    async def asked() -> tuple[int, list[Any], int]:
        resolver = Resolver()
        given_up = [asyncio.ensure_future(resolver.lookup("localhost", Family.IPV4)) for _ in range(3)]
        await asyncio.sleep(0)
        for task in given_up:
            task.cancel()
        still_waiting = asyncio.ensure_future(resolver.lookup("localhost", Family.IPV4))
        await asyncio.gather(*given_up, return_exceptions=True)
        during = loop.lookups
        loop.let_go.set()
        answers = [await still_waiting, await resolver.lookup("localhost", Family.IPV4)]
        return during, answers, loop.lookups

    loop = _HangingLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        during, answers, after = runner.run(asked())
    assert (during, after) == (1, 2)
    assert answers == [[Address("127.0.0.1", "ipv4")]] * 2


def test_a_failure_that_nobody_waits_for_any_more_is_forgotten(run: Run) -> None:
    """pytest turns asyncio's complaint about an error that was never taken into a failure of this test."""

    async def asked() -> None:
        resolver = Resolver()
        task = asyncio.ensure_future(resolver.lookup("a" * 63 + ".localdomain.example", Family.IPV4))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.wait(list(resolver._under_way.values()))

    run(asked())
