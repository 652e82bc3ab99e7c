from datetime import timedelta
from typing import Any

import pytest

from app.domain.result import ProbeResult
from app.probes.dns import DnsSpec, Record
from tests.probes.asking import LONG, SOON, ask, told
from tests.probes.conftest import Run
from tests.servers.dns import REPLIES, name_server
from tests.servers.listening import refusing

DOWN = ("vendor", "down")
FATES = [
    ("good", {}, "up"),
    ("good", {"expect": ("192.0.2.8",)}, "up"),
    ("good", {"expect": ("198.51.100.1",)}, ("wrong_record", *DOWN)),
    ("good", {"type": Record.AAAA}, ("wrong_record", *DOWN)),
    ("six", {"type": Record.AAAA, "expect": ("2001:db8::7",)}, "up"),
    ("alias", {"expect": ("192.0.2.7",)}, "up"),
    ("alias", {"type": Record.CNAME, "expect": ("Edge.Example.",)}, "up"),
    ("mail", {"type": Record.MX, "expect": ("10 mx.example",)}, "up"),
    ("text", {"type": Record.TXT, "expect": ("v=1 all",)}, "up"),
    ("long", {"expect": ("192.0.2.100",)}, "up"),
    ("forged-first", {"expect": ("192.0.2.7",)}, "up"),
    ("missing", {}, ("name_not_found", *DOWN)),
    ("failing", {}, ("dns_failed", *DOWN)),
    ("refusing", {}, ("dns_failed", "us_config", "unknown")),
    ("empty", {}, ("wrong_record", *DOWN)),
    ("broken", {}, ("dns_failed", *DOWN)),
    ("circling", {}, ("dns_failed", *DOWN)),
    ("silent", {"timeout": SOON}, ("dns_timeout", *DOWN)),
    ("lost-once", {"timeout": timedelta(seconds=3)}, "up"),
]


@pytest.mark.parametrize(("name", "options", "fate"), FATES, ids=[name for name, _, _ in FATES])
def test_a_name_fares_so(run: Run, name: str, options: dict[str, Any], fate: Any) -> None:
    async def asked() -> ProbeResult:
        async with name_server() as port:
            usual: dict[str, Any] = {
                "name": f"{name}.example",
                "server": "127.0.0.1",
                "port": port,
                "timeout": LONG,
            }
            return await ask("dns", DnsSpec(**(usual | options)))

    assert told(run(asked()).failure) == fate


def test_every_reply_is_in_the_table() -> None:
    assert set(REPLIES) == {name for name, _, _ in FATES}


def test_the_records_are_evidence(run: Run) -> None:
    async def asked() -> ProbeResult:
        async with name_server() as port:
            return await ask("dns", DnsSpec(name="good.example", server="127.0.0.1", port=port, timeout=LONG))

    result = run(asked())
    assert result.evidence == {"records": "192.0.2.7, 192.0.2.8"}
    assert (result.phases.dns_ms, result.address) == (result.phases.total_ms, "127.0.0.1")


def test_a_server_that_is_not_there_is_told_so(run: Run) -> None:
    with refusing() as port:
        result = run(ask("dns", DnsSpec(name="a.example", server="127.0.0.1", port=port, timeout=LONG)))
    assert told(result.failure) == ("dns_failed", "vendor", "down")


def test_a_private_server_is_not_asked(run: Run) -> None:
    result = run(ask("dns", DnsSpec(name="a.example", server="127.0.0.1"), allow_private=False))
    assert told(result.failure) == ("address_forbidden", "us_config", "unknown")


def test_the_system_is_asked_where_no_server_is_given(run: Run) -> None:
    result = run(ask("dns", DnsSpec(name="localhost", timeout=LONG)))
    assert (told(result.failure), result.evidence) == ("up", {"records": "127.0.0.1"})
    nowhere = run(ask("dns", DnsSpec(name="nowhere.invalid", timeout=LONG)))
    assert told(nowhere.failure) == ("name_not_found", "vendor", "down")


@pytest.mark.parametrize(
    ("options", "mistake"),
    [
        ({"name": "a..b"}, "not the name or address of a host"),
        ({"name": "a.example", "type": Record.MX}, "can only be asked of a `server`"),
        ({"name": "a.example", "server": "dns.example"}, "must be an IP address"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_once(options: dict[str, Any], mistake: str) -> None:
    with pytest.raises(ValueError, match=mistake):
        DnsSpec(**options)


def test_the_target_is_what_people_see() -> None:
    assert DnsSpec(name="a.example").target == "A a.example"
    assert DnsSpec(name="a.example", type=Record.MX, server="9.9.9.9").target == "MX a.example @9.9.9.9"
