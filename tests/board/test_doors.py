"""Which addresses a visitor's browser may ask: each once, no keys, and no origin that a policy could not name."""

from dataclasses import dataclass, replace

import pytest

from app.board.alternatives import Offers
from app.board.doors import Role, addresses, origin_of, origins
from app.board.model import ServiceView
from app.domain.check import Check
from app.domain.service import StatusPage
from tests.board.test_alternatives import shown
from tests.build import a_check


@dataclass(frozen=True)
class Asking:
    target: str


def asking(name: str, target: str, kind: str = "http") -> Check:
    return replace(a_check(f"chat/{name}"), kind=kind, spec=Asking(target))


def a_view(*checks: Check, home: str = "https://chat.example/") -> ServiceView:
    view = shown().by_id["chat"]
    page = StatusPage(url="https://status.chat.example/")
    return replace(
        view,
        service=replace(view.service, home=home, checks=checks),
        vendor=replace(view.vendor, home="https://www.chat.example/", status_page=page),
    )


def told(view: ServiceView) -> list[tuple[str, str]]:
    return [(each.role.value, each.url) for each in addresses(view)]


def test_doors_come_first_after_us_and_then_what_they_are_compared_with() -> None:
    checks = (
        asking("models", "POST https://api.chat.example/v1/models"),
        asking("tls", "chat.example:443", "tls"),
    )
    assert told(a_view(*checks)) == [
        ("us", "/healthz"),
        ("home", "https://chat.example/"),
        ("check", "https://api.chat.example/v1/models"),
        ("icon", "https://chat.example/favicon.ico"),
        ("icon", "https://api.chat.example/favicon.ico"),
        ("vendor", "https://www.chat.example/favicon.ico"),
        ("status", "https://status.chat.example/"),
    ]


def test_each_is_asked_once_without_its_query_and_no_host_too_often() -> None:
    urls = ["https://chat.example/?key=secret", "https://chat.example/a", "https://chat.example/b"]
    checks = [asking(f"check-{number}", url) for number, url in enumerate(urls)]
    asked = [url for role, url in told(a_view(*checks)) if role in (Role.HOME, Role.CHECK)]
    assert asked == ["https://chat.example/", "https://chat.example/a"]


def test_the_first_offer_of_another_vendor_is_asked_to_compare() -> None:
    board = shown()
    found = addresses(board.by_id["api"], Offers(board).instead_of("api"))
    assert [each.url for each in found if each.role is Role.OTHER] == ["https://bot.example"]


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Chat.Example/a?b", "https://chat.example"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
        ("https://a;script-src *", ""),
        ("https://*.example/", ""),
        ("https://a,b/", ""),
        ("ftp://a.example/", ""),
        ("chat.example:443", ""),
        ("", ""),
    ],
)
def test_an_origin_is_one_that_a_policy_can_name(url: str, origin: str) -> None:
    assert origin_of(url) == origin


def test_origins_are_those_of_others_each_once() -> None:
    assert origins(addresses(a_view())) == (
        "https://chat.example",
        "https://www.chat.example",
        "https://status.chat.example",
    )
