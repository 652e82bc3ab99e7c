"""A real Prometheus scrapes the running program, and finds no fault with what it is told."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.acceptance.outside import outside
from tests.acceptance.program import Program, running
from tests.prometheus import Prometheus, promtool, watching

DOCS = Path(__file__).parent.parent.parent / "docs"
RULES = DOCS / "prometheus" / "rules.yml"
DRAWN_AT_ONCE = {"Services", "Our own network", "Board made", "Simulated", "Status", "Troubles of ours", "Process"}
"""Panels of the dashboard that have something to show from the first board on, whatever happens."""
DOWN = 'stillup_service_status{service="broken",status="down"}'


@pytest.fixture(scope="module")
def stillup(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """One service that answers and one that does not, asked each second."""
    folder = tmp_path_factory.mktemp("stillup")
    with outside(tmp_path_factory.mktemp("outside")) as world:
        services = {
            name: {
                "name": name.title(),
                "vendor": "lab",
                "capabilities": ["chat-api"],
                "home": "https://lab.example/",
                "checks": {
                    "models": {
                        "interval": "1s",
                        "allow_private": True,
                        "http": {"url": world.urls[name], "expect": {"status": [401]}},
                    }
                },
            }
            for name in ("healthy", "broken")
        }
        host, _, port = world.urls["healthy"].strip("/").rpartition("/")[2].partition(":")
        catalogue = {
            "builtin": False,
            "controls": {"healthy": {"allow_private": True, "tcp": {"host": host, "port": int(port)}}},
            "vendors": {"lab": {"name": "Lab", "home": "https://lab.example/"}},
            "services": services,
        }
        own = folder / "stillup.yaml"
        own.write_text(yaml.safe_dump(catalogue))
        with running(folder / "data", own) as program:
            yield program


@pytest.fixture(scope="module")
def prometheus(stillup: Program, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    target = stillup.url.removeprefix("http://")
    with watching(tmp_path_factory.mktemp("prometheus"), target, RULES) as started:
        started.wait_for("a good scrape", lambda: started.value('up{job="stillup"}') == 1)
        yield started


def test_promtool_finds_no_fault_with_the_metrics(stillup: Program) -> None:
    stillup.wait_for("a probe", lambda: "stillup_probe_phase_seconds_bucket" in stillup.text("/metrics"))
    assert promtool("check", "metrics", told=stillup.text("/metrics")) == ""


def test_prometheus_knows_what_the_pages_know(stillup: Program, prometheus: Prometheus) -> None:
    prometheus.wait_for("that it is down", lambda: prometheus.value(DOWN) == 1)
    assert stillup.json("/api/v1/services/broken")["status"] == "down"
    assert prometheus.value('stillup_service_up{service="broken"}') == 0
    prometheus.wait_for("that it is up", lambda: prometheus.value('stillup_service_up{service="healthy"}') == 1)


def test_prometheus_works_out_quantiles_and_rates(prometheus: Prometheus) -> None:
    span = 'rate(stillup_probe_phase_seconds_bucket{service="healthy",phase="total"}[1m])'
    quantile = f"histogram_quantile(0.5, sum by (le) ({span})) > 0"
    assert prometheus.wait_for("a quantile", lambda: prometheus.value(quantile)) < 5
    failing = 'rate(stillup_failures_total{service="broken",kind="server_error",blame="vendor"}[1m]) > 0'
    prometheus.wait_for("a rate of failures", lambda: prometheus.value(failing))


def test_it_reads_openmetrics(prometheus: Prometheus) -> None:
    told = prometheus.data("metadata", metric="stillup_readings")
    assert [each["type"] for each in told["stillup_readings"]] == ["counter"]


def test_the_shipped_rules_ring(prometheus: Prometheus) -> None:
    alert = prometheus.wait_for("an alert", lambda: _firing(prometheus, "AIServiceDown"))
    assert (alert["labels"]["service"], alert["annotations"]["summary"]) == ("broken", "Broken is down")
    rules = [rule for group in prometheus.data("rules")["groups"] for rule in group["rules"]]
    assert {rule["name"]: rule["lastError"] for rule in rules if rule.get("lastError")} == {}
    assert {rule["health"] for rule in rules} == {"ok"}


def test_every_panel_of_the_dashboard_can_be_drawn(prometheus: Prometheus) -> None:
    prometheus.wait_for("a trouble", lambda: prometheus.value("stillup_service_incident_open == 1"))
    panels = json.loads((DOCS / "grafana" / "stillup.json").read_text())["panels"]
    drawn = {
        panel["title"]
        for panel in panels
        for target in panel.get("targets", ())
        if prometheus.data("query", query=_filled(target["expr"]))["result"]
    }
    assert drawn >= DRAWN_AT_ONCE | {"Troubles that are not over", "Checks that fail now"}


def _filled(query: str) -> str:
    """A query as Grafana asks it for all services."""
    return query.replace("$job", "stillup").replace("$service", ".*")


def _firing(prometheus: Prometheus, name: str) -> Any:
    firing = (each for each in prometheus.data("alerts")["alerts"] if each["state"] == "firing")
    return next((each for each in firing if each["labels"]["alertname"] == name), None)
