"""Scenarios: what they may say, how they are refused, and what they make true at which minute."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.lab.answer import Request
from app.lab.clock import LabClock
from app.lab.scenario import (
    ScenarioError,
    load_scenario,
    parse_scenario,
    parse_span,
    scenario_names,
    value_at,
)
from app.lab.troubles import Surface
from app.lab.vendors import pretended_vendors
from app.lab.world import World

VENDORS = pretended_vendors()
HEAD = "title: T\nsummary: S\nduration: 1h\n"


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("90s", timedelta(seconds=90)),
        ("25m", timedelta(minutes=25)),
        ("1h30m", timedelta(minutes=90)),
        ("1.5h", timedelta(minutes=90)),
        ("250ms", timedelta(milliseconds=250)),
        ("-2d", timedelta(days=-2)),
        (0, timedelta(0)),
    ],
)
def test_a_span_is_written_as_people_write_it(text: object, span: timedelta) -> None:
    assert parse_span(text) == span


@pytest.mark.parametrize("text", ["", "5", "5 minutes", "1h 30m", "m5", "1x", None, "--5m"])
def test_what_is_no_span_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="is no span of time"):
        parse_span(text)


@pytest.mark.parametrize(
    ("minute", "value"), [(0, 0.1), (10, 0.1), (15, 0.3), (20, 0.5), (30, 0.5), (35, 0.25), (40, 0.0), (90, 0.0)]
)
def test_a_curve_moves_in_straight_lines_between_its_keyframes(minute: int, value: float) -> None:
    frames = {10: 0.1, 20: 0.5, 30: 0.5, 40: 0.0}
    curve = {timedelta(minutes=at): level for at, level in frames.items()}
    assert value_at(curve, timedelta(minutes=minute)) == pytest.approx(value)


WRONG = {
    "title: [": ("s.yaml:1: not YAML",),
    "just text": ("s.yaml:1: scenario: ",),
    HEAD.replace("1h", "soon"): ("s.yaml:3: duration: 'soon' is no span of time",),
    HEAD + "trubles: []": ("s.yaml:4: trubles: Extra inputs are not permitted",),
    HEAD + "troubles:\n  - vendor: openai\n": ("s.yaml:5: troubles[0].kind: Field required",),
    HEAD + "troubles:\n  - vendor: openai\n    kind: overlaoded\n": (
        "s.yaml:6: troubles[0].kind: openai: no trouble 'overlaoded' here; there is overloaded",
    ),
    HEAD + "troubles:\n  - {vendor: opneai, kind: hang}\n": ("s.yaml:5: troubles[0].vendor: no vendor 'opneai'",),
    HEAD + 'troubles:\n  - {vendor: "*", kind: frozen}\n': (
        "s.yaml:5: troubles[0].kind: openai: no trouble 'frozen'",
    ),
    HEAD + "troubles:\n  - vendor: openai\n    kind: hang\n    share: {0: 0, 5m: 2}\n": (
        "s.yaml:7: troubles[0].share",
    ),
    HEAD + "troubles:\n  - vendor: openai\n    kind: hang\n    surface: phone\n": (
        "s.yaml:7: troubles[0].surface: Input should be 'api', 'web' or 'status'",
    ),
    HEAD + "incidents:\n  - {vendor: gemini, name: N, updates: [{at: 0, status: resolved, text: T}]}\n": (
        "s.yaml:5: incidents[0].vendor: no vendor 'gemini' for this; there are openai",
    ),
    HEAD + "incidents:\n  - {vendor: openai, name: N, updates: []}\n": ("s.yaml:5: incidents[0].updates: List",),
    HEAD
    + "incidents:\n  - vendor: openai\n    name: N\n    updates:\n"
    + "      - {at: 9m, status: resolved, text: T}\n      - {at: 5m, status: identified, text: T}\n": (
        "s.yaml:7: incidents[0].updates: updates stand in the order in which they are said",
    ),
    HEAD
    + "incidents:\n  - vendor: openai\n    name: N\n    updates:\n"
    + "      - {at: 1m, status: identified, text: T, components: {apy: operational}}\n": (
        "s.yaml:8: incidents[0].updates[0].components.apy: no component 'apy'; there are api, web",
    ),
    HEAD + "duraton: 1\ntroubles:\n  - {vendor: x, kind: hang, probability: often}\n": (
        "s.yaml:6: troubles[0].probability",
        "s.yaml:4: duraton: Extra inputs",
    ),
}


@pytest.mark.parametrize(("text", "messages"), WRONG.items())
def test_a_mistake_is_named_with_its_line_and_place(text: str, messages: tuple[str, ...]) -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, VENDORS, source="s.yaml")
    assert [message for message in messages if message not in str(caught.value)] == []


def test_an_unknown_scenario_names_those_there_are() -> None:
    with pytest.raises(ScenarioError, match=r"nonsense: no such scenario .* there are clean-outage, "):
        load_scenario("nonsense", VENDORS)


def test_a_trouble_of_everybody_strikes_those_who_can_have_it() -> None:
    scenario = parse_scenario(HEAD + 'troubles:\n  - {vendor: "*", kind: slow_down_503}\n', VENDORS)
    world = World(scenario=scenario, clock=LabClock.by_hand(), seed=1)
    asked = [Request(method="GET", target=f"/{vendor}/v1/models", headers={}) for vendor in ("openai", "mistral")]
    assert [world.handle(request).status for request in asked] == [503, 401]


def test_ones_own_scenario_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(HEAD)
    assert load_scenario(path, VENDORS).title == "T"


def test_these_scenarios_come_with_the_lab() -> None:
    assert scenario_names() == [
        "clean-outage",
        "flapping-region",
        "image-launch-overload",
        "login-broken",
        "own-network-fails",
        "quiet-day",
        "status-page-down",
    ]


@pytest.mark.parametrize("name", scenario_names())
def test_all_is_over_by_the_end_of_a_scenario(name: str) -> None:
    scenario = load_scenario(name, VENDORS)
    last = scenario.duration - timedelta(seconds=1)
    struck = [
        trouble
        for vendor in VENDORS
        for surface in Surface
        for _, trouble in scenario.troubles_at(last, vendor, surface)
        if trouble.probability > 0.05 and trouble.share > 0.05
    ]
    assert struck == []
    assert [incident.name for incident in scenario.incidents if incident.updates[-1].at > scenario.duration] == []


class Stage:
    """A world in which a scenario is looked at, minute by minute."""

    def __init__(self, name: str) -> None:
        self.clock = LabClock.by_hand()
        self.world = World(scenario=name, clock=self.clock, seed=1)

    def at(self, minute: float) -> "Stage":
        self.clock.advance(timedelta(minutes=minute) - self.clock.elapsed())
        return self

    def get(self, target: str, **headers: str) -> int | None:
        return self.world.handle(Request(method="GET", target=target, headers=headers)).status

    def statuses(self, vendor: str, target: str, times: int = 300) -> set[int | None]:
        key = {"authorization": "Bearer key", "x-api-key": "key", "anthropic-version": "2023-06-01"}
        body = b'{"model": "gpt-6-luna", "messages": []}'
        return {
            self.world.handle(Request(method="POST", target=f"/{vendor}{target}", headers=key, body=body)).status
            for _ in range(times)
        }

    def said(self, vendor: str) -> list[str]:
        return [incident.status for incident in self.world.page(vendor).incidents]


def test_the_image_launch_as_it_went() -> None:
    stage = Stage("image-launch-overload")
    chat = "/v1/chat/completions"
    users = [f"user-{number}" for number in range(50)]

    def failing() -> int:
        return sum(stage.get("/web.openai/", **{"x-lab-user": user}) == 500 for user in users)

    story = []
    for minute in (0, 20, 35, 60, 90, 125):
        stage.at(minute)
        story.append((stage.statuses("openai", chat), failing() > 25, stage.said("openai")))
    assert story == [
        ({200}, False, []),
        ({200, 503, 529}, True, []),
        ({200, 503, 529}, True, ["investigating"]),
        ({200, 503, 529}, True, ["identified"]),
        ({200, 503, 529}, False, ["monitoring"]),
        ({200}, False, ["resolved"]),
    ]


def test_the_vendor_is_silent_for_25_minutes() -> None:
    scenario = load_scenario("image-launch-overload", VENDORS)
    began = min(entry.since for entry in scenario.troubles if entry.surface is Surface.WEB)
    assert scenario.incidents[0].updates[0].at - began == timedelta(minutes=25)


def test_a_clean_outage() -> None:
    stage = Stage("clean-outage")
    seen = [
        (stage.at(minute).get("/web.anthropic/"), stage.get("/anthropic/v1/models"), stage.said("anthropic"))
        for minute in (0, 6, 10, 25, 42, 56)
    ]
    assert seen == [
        (200, 401, []),
        (520, 500, []),
        (520, 500, ["investigating"]),
        (520, 500, ["identified"]),
        (200, 401, ["monitoring"]),
        (200, 401, ["resolved"]),
    ]


def test_a_region_flaps_while_the_others_stand() -> None:
    stage = Stage("flapping-region")
    seen = [
        (stage.at(minute).get("/eu.mistral/v1/models"), stage.get("/us.mistral/v1/models"))
        for minute in (9, 11, 15, 23, 27, 101)
    ]
    assert seen == [(401, 401), (503, 401), (401, 401), (503, 401), (401, 401), (401, 401)]


def test_login_is_broken_and_all_that_is_public_stands() -> None:
    stage = Stage("login-broken").at(30)
    assert [stage.get(f"/web.openai{path}") for path in ("/", "/login")] == [200, 500]
    assert stage.get("/openai/v1/models") == 401
    assert stage.statuses("openai", "/v1/chat/completions") == {200, 401}


def test_a_quiet_day_is_quiet() -> None:
    stage = Stage("quiet-day").at(6.5 * 60)
    assert stage.statuses("openai", "/v1/chat/completions") == {200}
    page = stage.world.page("cohere")
    assert [(one.key, one.status) for one in page.components][:1] == [("api", "under_maintenance")]
    assert stage.said("anthropic") == ["resolved"]


def test_our_own_network_takes_everything_with_it() -> None:
    targets = (
        "/openai/v1/models",
        "/status.anthropic/",
        "/web.control1/generate_204",
        "/web.control3/generate_204",
    )
    stage = Stage("own-network-fails")
    seen = [[stage.at(minute).get(target) for target in targets] for minute in (1, 6, 16)]
    assert seen == [[401, 200, 204, 204], [None] * 4, [401, 200, 204, 204]]


def test_the_status_page_goes_down_with_the_service() -> None:
    stage = Stage("status-page-down")
    summary = "/status.openai/api/v2/summary.json"
    assert [stage.at(minute).get(summary) for minute in (1, 6, 20, 45, 61)] == [200, 403, 503, 200, 200]


def test_a_frozen_page_still_believes_what_it_believed() -> None:
    stage = Stage("status-page-down")

    def summary(minute: float) -> bytes:
        request = Request(method="GET", target="/status.openai/api/v2/summary.json", headers={})
        return stage.at(minute).world.handle(request).body

    at_first, frozen, thawed = summary(0), summary(55), summary(61)
    assert (frozen == at_first, b'"status":"monitoring"' in thawed) == (True, True)


def test_a_hastened_story_is_the_same_in_a_fraction_of_its_time() -> None:
    vendors = pretended_vendors()
    usual = load_scenario("image-launch-overload", vendors)
    fast = usual.hastened(10)
    assert fast.duration == usual.duration / 10
    for minute in (0, 9, 26, 50, 99, 140):
        moment = timedelta(minutes=minute)
        for surface in Surface:
            then = list(usual.troubles_at(moment, "openai", surface))
            assert list(fast.troubles_at(moment / 10, "openai", surface)) == then
    start = datetime(2026, 3, 1, tzinfo=UTC)
    told = [at - start for story in usual.stories("openai", start) for at, *_ in story.updates]
    assert [(at - start) * 10 for story in fast.stories("openai", start) for at, *_ in story.updates] == told


def test_what_was_told_before_is_told_before_the_story() -> None:
    vendors = pretended_vendors()
    before = load_scenario("clean-outage", vendors).incidents
    story = load_scenario("image-launch-overload", vendors)
    assert story.after(before).incidents == [*before, *story.incidents]
