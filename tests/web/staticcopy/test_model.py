"""Where an address of the server stands in a copy, and what its file is called."""

import pytest

from app.web.staticcopy.model import file_name, in_language, object_key, place_of


@pytest.mark.parametrize(
    ("address", "place", "name"),
    [
        ("/", "/", "index.html"),
        ("/services/chatgpt", "/services/chatgpt", "services/chatgpt/index.html"),
        ("/services/chatgpt.md", "/services/chatgpt.md", "services/chatgpt.md"),
        ("/services/chatgpt/feed.atom", "/services/chatgpt/feed.atom", "services/chatgpt/feed.atom"),
        ("/api/v1/services", "/api/v1/services", "api/v1/services.json"),
        (
            "/api/v1/checks/openai-api/models",
            "/api/v1/checks/openai-api/models",
            "api/v1/checks/openai-api/models.json",
        ),
        ("/api/v2/summary.json", "/api/v2/summary.json", "api/v2/summary.json"),
        ("/incidents?month=2026-10", "/incidents/month/2026-10", "incidents/month/2026-10/index.html"),
        ("/badge/chatgpt.svg?show=dot", "/badge/chatgpt/show/dot.svg", "badge/chatgpt/show/dot.svg"),
        ("/_headers", "/_headers", "_headers"),
        ("/embed/_all", "/embed/_all", "embed/_all/index.html"),
    ],
)
def test_an_address_has_a_place_and_a_file(address: str, place: str, name: str) -> None:
    assert (place_of(address), file_name(place)) == (place, name)


def test_in_a_bucket_an_address_is_its_own_name() -> None:
    keys = [object_key(each) for each in ("/", "/services/chatgpt", "/api/v1/services", "/de")]
    assert keys == ["index.html", "services/chatgpt", "api/v1/services", "de"]


def test_languages_stand_apart_and_the_first_stands_where_it_stands_on_the_server() -> None:
    assert [in_language(each, "de") for each in ("/", "/docs")] == ["/de", "/de/docs"]
    assert in_language("/docs", "en") == "/docs"
