"""JSON that refers to itself by position becomes ordinary values, whatever it holds."""

from typing import Any

import pytest

from app.vendors.slots import unpacked


@pytest.mark.parametrize(
    ("slots", "root"),
    [
        pytest.param([{"_1": 2}, "name", "Sluice"], {"name": "Sluice"}, id="turbo-stream names keys by position"),
        pytest.param([{"name": 1}, "Sluice"], {"name": "Sluice"}, id="devalue names keys in place"),
        pytest.param([["ShallowReactive", 1], ["Reactive", 2], [3], 7], [7], id="wrappers are looked through"),
        pytest.param([[1, 2], ["D", 1000], ["Date", "2026-01-01"]], [1000, "2026-01-01"], id="moments as told"),
        pytest.param([[-5, 9, 1, "x", 1.5], "a"], [None, None, "a", None, None], id="what is nowhere is nothing"),
        pytest.param([[1], ["P", 3]], [None], id="a promise holds nothing yet"),
        pytest.param([{"_9": 1, "_x": 1, "_": 1, "_1": 1}, 4], {"_9": 4, "_x": 4, "_": 4, "_1": 4}, id="odd keys"),
        pytest.param([["Ref", 0]], None, id="a wrapper around itself"),
    ],
)
def test_the_root_is_read_from_its_positions(slots: list[Any], root: Any) -> None:
    assert unpacked(slots)[0] == root


def test_a_shared_entry_is_one_value() -> None:
    root = unpacked([[1, 1], ["nothing"], "x"])[0]
    shared = unpacked([[1, 1], [2], "x"])[0]

    assert root == [None, None]
    assert shared == [["x"], ["x"]]
    assert shared[0] is shared[1]


def test_a_cycle_is_kept_and_not_followed() -> None:
    root = unpacked([{"self": 0}])[0]

    assert root["self"] is root
