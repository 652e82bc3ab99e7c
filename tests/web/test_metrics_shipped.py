"""The alert rules and the dashboard that we ship ask for nothing that does not exist, and ring as they should."""

import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.prometheus import promtool

ROOT = Path(__file__).parent.parent.parent
RULES = ROOT / "docs" / "prometheus" / "rules.yml"
BOARD = json.loads((ROOT / "docs" / "grafana" / "stillup.json").read_text())
PANELS = [panel for panel in BOARD["panels"] if panel["type"] != "row"]
QUERIES = [target["expr"] for panel in PANELS for target in panel["targets"]]
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


@pytest.mark.parametrize("query", QUERIES)
def test_the_dashboard_asks_for_metrics_that_exist(query: str) -> None:
    assert asked_for(query)
    assert asked_for(query) <= DOCUMENTED


def test_the_dashboard_asks_only_by_variables_that_it_has() -> None:
    declared = {variable["name"] for variable in BOARD["templating"]["list"]}
    used = set(re.findall(r"\$\{?([a-z_]+)", json.dumps(BOARD["panels"])))
    assert (used, declared) == ({"datasource", "job", "service"}, {"datasource", "job", "service"})


def test_the_dashboard_asks_the_prometheus_that_was_chosen() -> None:
    chosen = {"type": "prometheus", "uid": "${datasource}"}
    assert BOARD["schemaVersion"] >= 36
    assert [panel["title"] for panel in PANELS if panel["datasource"] != chosen] == []
    assert {target["datasource"]["uid"] for panel in PANELS for target in panel["targets"]} == {chosen["uid"]}


def test_no_panel_lies_on_another_and_each_has_an_id_of_its_own() -> None:
    ids = [panel["id"] for panel in BOARD["panels"]]
    assert len(set(ids)) == len(ids)
    overlaps = [
        (one["title"], other["title"]) for one, other in combinations(BOARD["panels"], 2) if _overlap(one, other)
    ]
    assert overlaps == []


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    a, b = one["gridPos"], other["gridPos"]
    beside = a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"]
    below = a["y"] + a["h"] <= b["y"] or b["y"] + b["h"] <= a["y"]
    return not (beside or below)
