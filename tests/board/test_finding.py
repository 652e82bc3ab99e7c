"""Services are found by what people call them, and never by a guess."""

from datetime import UTC, datetime

import pytest

from app.board.assemble import Present, assemble_board
from app.board.finding import find_services, find_vendor, suggested_services
from app.board.model import OwnHealth, ServiceView
from app.board.stretches import Folded, Pasts, assemble_past
from tests.web.scenes import the_catalogue

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def views() -> tuple[ServiceView, ...]:
    catalogue, nothing = the_catalogue(), Folded(strips={}, hours={})
    pasts = {each.id: assemble_past(each, folded=nothing, anchor=NOW) for each in catalogue.services}
    own = OwnHealth(started_at=NOW, probing=False)
    return assemble_board(catalogue, Pasts(anchor=NOW, by_service=pasts), Present(), own, NOW).services


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("chatgpt", ["chatgpt"]),
        ("ChatGPT", ["chatgpt"]),
        ("chat gpt", ["chatgpt"]),
        ("chatgpt.com", ["chatgpt"]),
        ("openai api", ["openai-api"]),
        ("OpenAI-API", ["openai-api"]),
        ("anthropic api", ["claude-api"]),
        ("copilot", ["copilot"]),
        ("github copilot", ["github-copilot"]),
        ("Claude", ["claude"]),
        ("", []),
        ("...", []),
        ("chatgtp", []),
    ],
)
def test_a_service_is_found_by_what_it_is_called(
    views: tuple[ServiceView, ...], asked: str, found: list[str]
) -> None:
    assert [view.service.id for view in find_services(views, asked)] == found


def test_a_vendor_of_several_services_is_not_clear_enough(views: tuple[ServiceView, ...]) -> None:
    assert len(find_services(views, "OpenAI")) > 1


@pytest.mark.parametrize(("asked", "first"), [("chatgtp", "chatgpt"), ("gpt", "chatgpt"), ("gemeni", "gemini")])
def test_a_misspelt_one_is_suggested(views: tuple[ServiceView, ...], asked: str, first: str) -> None:
    assert suggested_services(views, asked)[0].service.id == first


@pytest.mark.parametrize(("asked", "found"), [("openai", "openai"), ("Open AI", "openai"), ("nobody", None)])
def test_a_vendor_is_found_by_id_or_name(views: tuple[ServiceView, ...], asked: str, found: str | None) -> None:
    assert find_vendor(views, asked) == found
