"""Which services somebody wants to see: by name, kind, vendor and trouble, and what of it does not exist."""

import pytest

from app.board.choosing import MOST_MINE, Choice, ids_of, unknown_of
from tests.board.test_alternatives import shown


@pytest.mark.parametrize(
    ("choice", "ids"),
    [
        (Choice(), {"chat", "api", "bot"}),
        (Choice(sought="CHA"), {"chat"}),
        (Choice(only_problems=True), {"api"}),
        (Choice(vendor="api-inc"), {"api"}),
        (Choice(vendor="nobody"), set()),
        (Choice(kind="images"), set()),
        (Choice(mine=("chat",)), {"chat", "api", "bot"}),
    ],
)
def test_only_what_fits_everything_is_taken(choice: Choice, ids: set[str]) -> None:
    views = [shown().by_id[each] for each in ("chat", "api", "bot")]
    assert {view.service.id for view in choice.of(views)} == ids


def test_a_kind_is_a_heading_or_a_capability() -> None:
    view = shown().by_id["chat"]
    heading = view.service.group.name.lower().replace("_", "-")
    assert [Choice(kind=each).takes(view) for each in (heading, view.service.capabilities[0])] == [True, True]


def test_ids_are_taken_once_each_in_their_order_and_not_without_end() -> None:
    assert ids_of(["b, a", "a,,c"]) == ("b", "a", "c")
    assert len(ids_of([",".join(map(str, range(1_000)))])) == MOST_MINE


def test_what_does_not_exist_is_said() -> None:
    wanted = Choice(kind="pets", vendor="nobody", mine=("chat", "gone"))
    service, kind, vendor = unknown_of(wanted, shown())
    assert (service, vendor) == ("There is no service “gone”.", "There is no vendor “nobody”.")
    assert kind.startswith("There is no kind “pets”; there are ")
    assert unknown_of(Choice(mine=("chat",)), shown()) == ()
