"""The catalogue that is shipped."""

import re
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app.catalogue.load import BUILTIN, load_catalogue
from app.catalogue.tree import plain, table_at
from app.domain.check import Check
from app.domain.service import Capability, Catalogue
from app.domain.status import Status
from app.probes.registry import PROBERS
from tests.catalogue.ground import tree_of

# What people could not reach when this was thought of, and what the overview would be laughed at for lacking.
EXPECTED = """
chatgpt openai-api openai-images codex sora gemini gemini-api vertex-ai copilot azure-openai github-copilot
claude claude-api claude-code grok xai-api le-chat mistral-api cohere groq together fireworks deepseek-chat
deepseek-api perplexity perplexity-api openrouter huggingface replicate elevenlabs bedrock nvidia-nim cerebras
deepinfra sambanova cursor midjourney stability runway luma character-ai poe kimi moonshot-api minimax meta-ai
deepgram assemblyai pinecone voyage modal fal black-forest-labs langsmith
"""


@cache
def shipped() -> Catalogue:
    return load_catalogue(BUILTIN, None, PROBERS, {})


def checks() -> list[Check]:
    return list(shipped().check_by_id.values())


def test_it_holds_what_people_depend_on() -> None:
    assert len(shipped().services) >= 45
    assert [name for name in EXPECTED.split() if name not in shipped().service_by_id] == []


def test_every_declared_vendor_runs_a_service() -> None:
    declared = [
        name for path in BUILTIN.glob("*.yaml") for name in table_at(tree_of(path.read_bytes()), ("vendors",))
    ]
    assert sorted(declared) == sorted(vendor.id for vendor in shipped().vendors)


def test_a_file_is_named_after_the_vendor_in_it() -> None:
    misplaced = [
        path.name
        for path in BUILTIN.glob("[!_]*.yaml")
        if list(table_at(tree_of(path.read_bytes()), ("vendors",))) != [path.stem]
    ]
    assert misplaced == []


def test_every_service_can_be_judged() -> None:
    silent = [
        service.id
        for service in shipped().services
        if not any(check.impact in (Status.DOWN, Status.DEGRADED) for check in service.checks)
    ]
    assert silent == []


def test_every_service_says_what_it_is_in_one_sentence() -> None:
    assert [each.id for each in shipped().services if not re.fullmatch(r"[^\n]{10,110}\.", each.about or "")] == []


def test_every_capability_is_offered_by_somebody() -> None:
    offered = {capability for service in shipped().services for capability in service.capabilities}
    assert offered == set(Capability)


def test_the_order_of_the_overview_is_complete() -> None:
    shared = plain(tree_of((BUILTIN / "_shared.yaml").read_bytes()))
    assert [service.id for service in shipped().services] == shared["order"]


def test_a_check_is_verified_or_says_that_it_is_not() -> None:
    unclear = [
        check.id for check in checks() if check.kind == "http" and check.verified_on is None and not check.note
    ]
    assert unclear == []


def test_nothing_was_verified_in_the_future() -> None:
    assert [
        check.id
        for check in checks()
        if check.verified_on and date.fromisoformat(check.verified_on) > date(2026, 11, 30)
    ] == []


def test_probing_is_polite() -> None:
    assert [check.id for check in checks() if check.cadence.interval < timedelta(minutes=2)] == []
    assert [check.id for check in checks() if check.allow_private] == []


def test_certificates_warn_and_never_take_a_service_down() -> None:
    assert {check.impact for check in checks() if check.name == "certificate"} == {Status.DEGRADED}


def test_an_edge_alone_cannot_say_that_a_service_is_down() -> None:
    assert {check.impact for check in checks() if "/cdn-cgi/trace" in check.spec.target} == {Status.DEGRADED}


def test_the_controls_have_nothing_to_do_with_each_other() -> None:
    hosts = [urlsplit(control.spec.target).hostname or control.spec.target for control in shipped().controls]
    assert len({".".join(host.split(".")[-2:]) for host in hosts}) == len(hosts) >= 3


def test_a_file_points_editors_at_its_schema() -> None:
    pointer = "# yaml-language-server: $schema=../../../docs/stillup.schema.json\n"
    assert [path.name for path in BUILTIN.glob("*.yaml") if not path.read_text().startswith(pointer)] == []


@pytest.mark.parametrize("path", sorted(BUILTIN.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_file_is_short_enough_to_be_read(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 160


def test_canaries_are_there_where_their_key_is() -> None:
    def canaries(**environ: str) -> list[str]:
        known = load_catalogue(BUILTIN, None, PROBERS, environ)
        return sorted(check.id for check in known.check_by_id.values() if check.kind == "inference")

    assert canaries() == []
    assert canaries(OPENAI_API_KEY="k", CO_API_KEY="k") == ["cohere/canary", "openai-api/canary"]
    assert "secret" not in repr(load_catalogue(BUILTIN, None, PROBERS, {"OPENAI_API_KEY": "secret"}))


def test_who_only_passes_on_to_others_says_so() -> None:
    silent = [
        service.id
        for service in shipped().services
        if Capability.ROUTER in service.capabilities and not service.depends_on and service.id != "huggingface"
    ]
    assert silent == []  # Hugging Face passes on to whoever of many runs an open model
    assert shipped().service_by_id["github-copilot"].depends_on == ("openai-api", "claude-api", "gemini-api")
