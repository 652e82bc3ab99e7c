"""What the lab can do stands in its documentation."""

from pathlib import Path

import pytest

from app.lab.edge import EDGE_ERRORS
from app.lab.pages import hosted
from app.lab.scenario import parse_scenario, scenario_names
from app.lab.troubles import Behaviour, Trouble
from app.lab.vendors import pretended_vendors

TEXT = (Path(__file__).parents[2] / "docs" / "lab.md").read_text(encoding="utf-8")
IN_A_ROW = {f"edge_{status}" for status in range(521, 526)}
PAGES_OWN = set(hosted.ERRORS) - {"server_error", "overloaded", "rate_limited"}

PROMISES = {
    "behaviours": {behaviour.value for behaviour in Behaviour},
    "edge errors": set(EDGE_ERRORS) - IN_A_ROW,
    "page errors": PAGES_OWN,
    "scenarios": set(scenario_names()),
    "vendors": set(pretended_vendors()),
    "fields": set(Trouble.__dataclass_fields__),
}


@pytest.mark.parametrize("what", PROMISES)
def test_everything_is_documented(what: str) -> None:
    assert sorted(name for name in PROMISES[what] if f"`{name}`" not in TEXT) == []


def test_the_scenario_in_the_documentation_can_be_played() -> None:
    text = TEXT.split("```yaml\n")[1].split("```")[0]
    assert parse_scenario(text, pretended_vendors()).title == "A slow afternoon"
