"""How much one client may ask of the API: counted by client, told in headers, and not counted from memory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest

from app.settings import resource
from app.web.app import create_app
from app.web.limit import MOST_REMEMBERED, RateLimit
from tests.web.conftest import Site

API = "/api/v1"


@asynccontextmanager
async def clients(
    site: Site, *addresses: str, most: int, proxies: int = 0
) -> AsyncIterator[list[httpx.AsyncClient]]:
    app = create_app(
        keeper=site.keeper,
        database=site.database,
        clock=site.clock,
        templates=resource("templates"),
        static=resource("static"),
        trusted_proxies=proxies,
        rate_limit=most,
    )
    yield [
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app, client=(address, 4711)), base_url="http://stillup.test"
        )
        for address in addresses
    ]


async def test_one_too_many_is_refused_until_the_minute_is_over(site: Site) -> None:
    async with clients(site, "198.51.100.7", "198.51.100.8", most=2) as (asker, other):
        answers = [await asker.get(f"{API}/incidents?limit={number}") for number in (1, 2, 3)]
        refused = answers[-1]
        site.clock.move(timedelta(seconds=20))
        later = await asker.get(f"{API}/health")
        of_other = await other.get(f"{API}/health")
        site.clock.move(timedelta(seconds=40))
        after = await asker.get(f"{API}/health")
    assert [(each.status_code, each.headers["ratelimit"]) for each in answers] == [
        (200, '"default";r=1;t=60'),
        (200, '"default";r=0;t=60'),
        (429, '"default";r=0;t=60'),
    ]
    assert {each.headers["ratelimit-policy"] for each in answers} == {'"default";q=2;w=60'}
    assert (refused.headers["retry-after"], refused.json()["type"]) == ("60", "/docs#problem-too-many")
    assert (later.status_code, later.headers["retry-after"]) == (429, "40")
    assert (of_other.status_code, after.status_code) == (200, 200)


async def test_what_is_answered_from_memory_is_not_counted_and_tells_nobody_what_another_has_left(
    site: Site,
) -> None:
    async with clients(site, "198.51.100.7", "198.51.100.8", most=1) as (first, second):
        made = await first.get(f"{API}/services")
        kept = [await client.get(f"{API}/services") for client in (first, second, first)]
        refused = await first.get(f"{API}/vendors")
    assert made.headers["ratelimit"] == '"default";r=0;t=60'
    assert [(each.status_code, each.headers.get("ratelimit")) for each in kept] == [(200, None)] * 3
    assert kept[0].headers["ratelimit-policy"] == '"default";q=1;w=60'
    assert refused.status_code == 429


async def test_a_client_behind_a_proxy_of_ours_is_known_by_what_that_says(site: Site) -> None:
    async with clients(site, "10.0.0.1", most=1, proxies=1) as (proxy,):
        told = [
            (await proxy.get(f"{API}/health", headers={"x-forwarded-for": f"203.0.113.9, {address}"})).status_code
            for address in ("198.51.100.7", "198.51.100.8", "198.51.100.7")
        ]
    assert told == [200, 200, 429]


async def test_without_a_limit_nothing_is_counted(site: Site) -> None:
    answer = await site.client.get(f"{API}/health")
    assert {"ratelimit", "ratelimit-policy"} & set(answer.headers) == set()


@pytest.mark.parametrize(
    ("first", "second", "is_one_client"),
    [
        ("198.51.100.7", "198.51.100.7", True),
        ("198.51.100.7", "198.51.100.8", False),
        ("2001:db8::1", "2001:db8::ffff:0:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("unix", "unix", True),
        ("", "", True),
    ],
)
def test_a_client_is_an_address_or_a_network_of_ipv6(first: str, second: str, *, is_one_client: bool) -> None:
    limit = RateLimit(1)
    assert not limit.take(first, 0.0).is_exceeded
    assert limit.take(second, 1.0).is_exceeded == is_one_client


def test_only_so_many_clients_are_remembered_and_the_longest_known_is_forgotten_first() -> None:
    limit = RateLimit(1)
    for number in range(MOST_REMEMBERED + 1):
        limit.take(str(number), 0.0)
    assert limit.take(str(MOST_REMEMBERED), 1.0).is_exceeded
    assert not limit.take("0", 1.0).is_exceeded
