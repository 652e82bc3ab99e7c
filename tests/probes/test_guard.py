import pytest

from app.probes.guard import refusal

FORBIDDEN = [
    ("127.0.0.1", "loopback"),
    ("127.255.255.254", "loopback"),
    ("10.1.2.3", "private"),
    ("172.16.0.1", "private"),
    ("172.31.255.255", "private"),
    ("192.168.1.1", "private"),
    ("169.254.169.254", "metadata"),
    ("168.63.129.16", "metadata"),
    ("100.64.0.1", "carrier"),
    ("100.100.100.200", "carrier"),
    ("0.0.0.0", "unspecified"),  # noqa: S104 - nothing is bound to it
    ("0.1.2.3", "unspecified"),
    ("192.0.0.192", "reserved"),
    ("192.0.2.1", "documentation"),
    ("198.51.100.1", "documentation"),
    ("203.0.113.1", "documentation"),
    ("198.18.0.1", "reserved"),
    ("192.88.99.1", "reserved"),
    ("224.0.0.1", "multicast"),
    ("239.255.255.255", "multicast"),
    ("240.0.0.1", "reserved"),
    ("255.255.255.255", "reserved"),
    ("::1", "loopback"),
    ("::", "unspecified"),
    ("fc00::1", "private"),
    ("fd00:ec2::254", "private"),
    ("fd20:ce::254", "private"),
    ("fe80::1", "link-local"),
    ("fe80::1%eth0", "link-local"),
    ("fec0::1", "private"),
    ("ff02::1", "multicast"),
    ("2001:db8::1", "documentation"),
    ("3fff::1", "documentation"),
    ("2001:10::1", "reserved"),
    ("100::1", "reserved"),
    ("64:ff9b:1::1", "reserved"),
    ("5f00::1", "reserved"),
    ("::127.0.0.1", "reserved"),
    ("::ffff:10.0.0.1", "private"),
    ("::ffff:169.254.169.254", "metadata"),
    ("64:ff9b::127.0.0.1", "loopback"),
    ("64:ff9b::a9fe:a9fe", "metadata"),
    ("2002:7f00:1::", "loopback"),
    ("2002:c0a8:101::1", "private"),
    ("2001:0:4136:e378:8000:63bf:f5ff:fffe", "private"),
    ("2001:0:a00:1:8000:63bf:3fff:fdd2", "private"),
]
PUBLIC = [
    "1.1.1.1",
    "104.18.7.192",
    "172.15.255.255",
    "172.32.0.1",
    "100.63.255.255",
    "100.128.0.1",
    "168.63.129.17",
    "192.0.1.1",
    "223.255.255.255",
    "2606:4700::6812:7c0",
    "2a00:1450:4001::200e",
    "2001:200::1",
    "::ffff:1.1.1.1",
    "64:ff9b::1.1.1.1",
    "2002:101:101::1",
]


@pytest.mark.parametrize(("address", "why"), FORBIDDEN)
def test_an_address_that_is_not_of_the_public_internet_is_refused(address: str, why: str) -> None:
    assert why in (refusal(address) or "nothing")


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_probed(address: str) -> None:
    assert refusal(address) is None
