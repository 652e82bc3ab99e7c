"""What to use instead, as the pages and the API tell it."""

from dataclasses import replace
from typing import Any

import pytest
from markupsafe import escape

from app.domain.network import NetworkView
from app.domain.service import Capability
from app.web.api.alternatives import ABOUT
from tests.build import minute
from tests.web.conftest import EVIL, Site

ALTERNATIVES = "/api/v1/alternatives"


async def test_what_works_now_is_told_with_its_reasons(site: Site) -> None:
    told: Any = await site.json(f"{ALTERNATIVES}?capability=chat-api&not=api")
    assert (told["made_at"], told["capabilities"], told["replaced"]) == (
        "2026-03-01T14:10:00Z",
        ["chat-api"],
        ["api"],
    )
    assert told["alternatives"] == [
        {
            "rank": 1,
            "id": "chat",
            "name": "Chat",
            "vendor": {"id": "chat-inc", "name": "Chat"},
            "home": "https://chat.example",
            "capability": "chat-api",
            "evidence": "reachable",
            "kinship": "stranger",
            "kin_id": None,
            "failed_together": {
                "service_id": "api",
                "of": 0,
                "times": 0,
                "since_at": "2026-03-01T00:00:00Z",
                "share": 0.05,
            },
            "uptime_90d": 1.0,
            "latency_ms": 120,
            "first_token_ms": None,
            "reasons": [
                {"kind": "evidence", "sentence": "Reachable."},
                {"kind": "uptime", "sentence": "100 % up."},
                {"kind": "speed", "sentence": "Answers in 120 ms."},
            ],
            "sentence": "Reachable; 100 % up; answers in 120 ms.",
        }
    ]
    assert told["left_out"] == [{"id": "hidden", "name": EVIL, "why": "unknown"}]


@pytest.mark.parametrize(
    ("query", "offered", "left_out"),
    [
        ("capability=chat-api", ["chat"], ["api", "hidden"]),
        ("capability=chat-api&not=api&not=chat", [], ["hidden"]),
        ("service=api", ["chat"], ["hidden"]),
        ("service=chat", [], ["api", "hidden"]),
        ("service=api&not=chat", [], ["hidden"]),
        ("service=api&capability=chat-api", ["chat"], ["hidden"]),
        ("service=api&capability=video", [], []),
    ],
)
async def test_a_capability_or_a_service_may_be_asked_for(
    site: Site, query: str, offered: list[str], left_out: list[str]
) -> None:
    told: Any = await site.json(f"{ALTERNATIVES}?{query}")
    assert [each["id"] for each in told["alternatives"]] == offered
    assert [each["id"] for each in told["left_out"]] == left_out


@pytest.mark.parametrize(
    ("query", "status", "detail"),
    [
        ("", 422, "Say which `capability` is wanted, or which `service` is to be replaced."),
        ("?not=api", 422, "Say which `capability` is wanted, or which `service` is to be replaced."),
        ("?service=nobody", 404, "There is no service “nobody”."),
        ("?capability=chat-api&not=api&not=nobody", 404, "There is no service “nobody”."),
    ],
)
async def test_a_question_that_names_nothing_is_refused(site: Site, query: str, status: int, detail: str) -> None:
    answer = await site.client.get(f"{ALTERNATIVES}{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["detail"] == detail


async def test_an_unknown_capability_is_refused_with_those_that_are_known(site: Site) -> None:
    answer = await site.client.get(f"{ALTERNATIVES}?capability=poetry")
    assert answer.status_code == 422
    assert "'chat-api'" in answer.json()["detail"]


async def test_capabilities_are_told_with_who_has_them_and_who_works(site: Site) -> None:
    told: Any = await site.json("/api/v1/capabilities")
    assert told["capabilities"] == [
        {
            "id": "chat-api",
            "about": "A language model that programs talk to.",
            "services": ["api", "chat", "hidden"],
            "working": ["chat"],
        }
    ]


@pytest.mark.parametrize("path", [f"{ALTERNATIVES}?capability=chat-api&not=api", "/api/v1/capabilities"])
async def test_asking_again_and_again_costs_next_to_nothing(site: Site, path: str) -> None:
    first = await site.client.get(path)
    again = await site.client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, first.headers["cache-control"][:6]) == (304, "public")
    assert first.headers["access-control-allow-origin"] == "*"


async def test_the_overview_the_page_and_both_answers_offer_the_same(site: Site) -> None:
    asked: Any = await site.json(f"{ALTERNATIVES}?service=api")
    told: Any = await site.json("/api/v1/services/api")
    overview = (await site.client.get("/")).text
    page = (await site.client.get("/services/api")).text
    assert told["alternatives"] == asked["alternatives"]
    assert (told["depends_on"], [each["id"] for each in told["alternatives"]]) == ([], ["chat"])
    assert '<b>Use instead:</b> <span><svg class="mark up"' in overview
    assert '<a href="https://chat.example" rel="noreferrer">Chat</a>' in overview
    section = page.partition('id="instead"')[2].partition("</section>")[0]
    assert "Reachable; 100 % up; answers in 120 ms." in section
    assert escape(EVIL) not in section


async def test_on_a_good_day_what_could_stand_in_is_folded(site: Site) -> None:
    page = (await site.client.get("/services/hidden")).text
    assert "<details><summary>1 service could stand in for it now</summary>" in page
    assert "Nothing else of its kind is known to work now." in (await site.client.get("/services/chat")).text


async def test_nothing_is_offered_while_our_own_network_fails(site: Site) -> None:
    site.own = replace(
        site.own, network=NetworkView(works=False, seen_at=minute(9), sentence="2 of 2 targets do not answer.")
    )
    await site.keeper.renew()
    told: Any = await site.json(f"{ALTERNATIVES}?service=api")
    assert told["alternatives"] == []
    assert [(each["id"], each["why"]) for each in told["left_out"]] == [("chat", "unknown"), ("hidden", "unknown")]
    assert "Use instead" not in (await site.client.get("/")).text


async def test_the_rule_is_shown_with_the_figures_in_force(site: Site) -> None:
    page = (await site.client.get("/methodology")).text
    rule = page.partition('id="instead"')[2].partition("<h2")[0]
    assert "in steps at 10, 25 and 50 %" in rule
    assert "uptime, in steps at 99.9, 99 and 95 %" in rule
    assert (
        "in steps at 0.25, 0.5, 1, 2 and 4 s, or to an answer where no model is asked, in steps at 1, 2 and 4 s"
        in rule
    )
    assert "5 % for strangers, 25 % for two that rely on the same service, 40 % for one that passes" in rule


async def test_the_reference_names_the_capabilities_to_choose_from(site: Site) -> None:
    page = (await site.client.get("/docs")).text
    assert "<code>assistant</code> <code>chat-api</code> " in page


def test_every_capability_is_described() -> None:
    assert list(ABOUT) == list(Capability)
