"""The alert rules and the dashboard that we ship ask for nothing that does not exist, and ring as they should."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.prometheus import promtool

ROOT = Path(__file__).parent.parent.parent
RULES = ROOT / "docs" / "prometheus" / "rules.yml"
DOCUMENTED = set(re.findall(r"^\| `([a-z_]+)`", (ROOT / "docs" / "metrics.md").read_text(), re.MULTILINE))
NAMED = re.compile(r"\b(?:stillup|process)_[a-z_]+\b")
SUFFIX = re.compile(r"_(?:bucket|sum|count)$")


def asked_for(query: str) -> set[str]:
    """The metrics that a query names; a histogram's parts by its own name."""
    return {name if name in DOCUMENTED else SUFFIX.sub("", name) for name in NAMED.findall(query)}


def rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: str(rule["alert"]))
def test_a_rule_asks_for_metrics_that_exist(rule: dict[str, Any]) -> None:
    assert asked_for(rule["expr"]) <= DOCUMENTED
    assert asked_for(rule["expr"]) or 'up{job="stillup"}' in rule["expr"]


def test_promtool_finds_no_fault_with_the_rules() -> None:
    assert "SUCCESS" in promtool("check", "rules", str(RULES))


def test_the_rules_ring_when_they_should() -> None:
    assert "SUCCESS" in promtool("test", "rules", str(Path(__file__).parent / "rules.yml"))
