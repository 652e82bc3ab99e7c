"""Every kind can be read from a catalogue, and explains itself to those who write one."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from app.probes.expect import ContentType, Expect
from app.probes.http import HttpSpec, Method
from app.probes.registry import PROBERS
from app.probes.trip import Timeouts

LEAST: dict[str, dict[str, Any]] = {
    "http": {"url": "https://api.example/v1/models"},
    "tls": {"host": "api.example"},
    "dns": {"name": "api.example"},
    "tcp": {"host": "api.example", "port": 25},
    "inference": {"dialect": "openai", "base_url": "https://api.example/v1", "model": "m"},
}


def test_there_are_these_kinds() -> None:
    assert set(PROBERS) == set(LEAST)


@pytest.mark.parametrize("kind", LEAST)
def test_a_spec_needs_no_more_than_this(kind: str) -> None:
    spec: Any = TypeAdapter(PROBERS[kind].spec).validate_python(LEAST[kind])
    assert spec == PROBERS[kind].spec(**LEAST[kind])
    assert "api.example" in spec.target


@pytest.mark.parametrize("kind", LEAST)
def test_every_option_is_explained(kind: str) -> None:
    schema = TypeAdapter(PROBERS[kind].spec).json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    options = [pair for part in parts for pair in part.get("properties", {}).items()]
    silent = [name for name, option in options if "description" not in option]
    assert silent == []


def test_options_are_read_as_they_are_written_in_a_catalogue() -> None:
    spec = TypeAdapter(HttpSpec).validate_python(
        {
            "url": "https://api.example/",
            "method": "POST",
            "headers": {"X-Api-Key": "k"},
            "expect": {"status": [401, 403], "content_type": ["json"], "json_has": ["error.message"]},
            "timeouts": {"body": 2},
        }
    )
    assert spec == HttpSpec(
        url="https://api.example/",
        method=Method.POST,
        headers={"X-Api-Key": "k"},
        expect=Expect(status=(401, 403), content_type=(ContentType.JSON,), json_has=("error.message",)),
        timeouts=Timeouts(body=timedelta(seconds=2)),
    )
    assert spec.has_key


@pytest.mark.parametrize(
    ("kind", "option", "mistake"),
    [
        ("http", {"urls": 1}, "Unexpected keyword argument"),
        ("http", {"url": "ftp://x/"}, "does not begin with http"),
        ("http", {"expect": {"status": []}}, "at least 1 item"),
        ("http", {"expect": {"status": [99]}}, "greater than or equal to 100"),
        ("http", {"expect": {"stats": [200]}}, "Unexpected keyword argument"),
        ("http", {"timeouts": {"body": 0}}, "greater than 0 seconds"),
        ("http", {"body_limit": -1}, "greater than or equal to 0"),
        ("tls", {"port": 0}, "greater than or equal to 1"),
        ("tcp", {"port": 65536}, "less than or equal to 65535"),
        ("tcp", {"banner": ""}, "at least 1"),
        ("dns", {"type": "SRV"}, "Input should be"),
    ],
)
def test_a_mistake_is_named(kind: str, option: dict[str, Any], mistake: str) -> None:
    with pytest.raises(ValidationError, match=mistake):
        TypeAdapter(PROBERS[kind].spec).validate_python(LEAST[kind] | option)
