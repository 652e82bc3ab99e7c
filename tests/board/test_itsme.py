"""What a board knows of a service, as far as it tells whose trouble somebody has."""

from dataclasses import replace

import pytest

from app.board.itsme import explained, headline_of, known_of, stirrings
from app.board.model import Board, ServiceView, Trouble
from app.domain.discord import Discord
from app.domain.itsme import Known, Why
from app.domain.network import NetworkView
from app.domain.report import People
from app.domain.service import Vendor
from app.domain.status import Status
from app.domain.verdict import Witness
from tests.board.test_alternatives import CHAT, EDGE, shown
from tests.board.test_assemble import WELL
from tests.build import START, a_failure


def seen(service_id: str, board: Board | None = None, **changed: object) -> tuple[Board, ServiceView]:
    """A board, and a view of it changed; `chat` is up at its door, `bot` is proven, `api` is down."""
    board = board or shown()
    view = replace(board.by_id[service_id], **changed)  # type: ignore[arg-type] # fields of a view
    return board, view


def with_word(view: ServiceView, well: Witness) -> ServiceView:
    return replace(view, verdict=replace(view.verdict, well={**view.verdict.well, well: None}))


def with_status(view: ServiceView, status: Status) -> ServiceView:
    return replace(view, verdict=replace(view.verdict, status=status))


def test_what_is_down_is_bad_and_regional_where_others_are_served() -> None:
    assert known_of(*seen("api")) is Known.BAD
    assert known_of(*seen("api", discords=(Discord.SOME_REGIONS,))) is Known.REGIONAL


def test_what_is_up_is_agreed_where_somebody_vouches_for_it_and_a_door_where_not() -> None:
    board, chat = seen("chat")
    assert known_of(*seen("bot")) is Known.AGREED
    assert known_of(board, chat) is Known.DOOR
    assert known_of(board, with_word(chat, Witness.VENDOR)) is Known.AGREED


def test_planned_work_and_blindness_are_known_as_what_they_are() -> None:
    board, chat = seen("chat")
    stale = replace(board, trouble=Trouble(since_at=START, sentence="the database is gone"))
    assert known_of(board, with_status(chat, Status.MAINTENANCE)) is Known.PLANNED
    assert known_of(board, with_status(chat, Status.UNKNOWN)) is Known.BLIND
    assert known_of(stale, chat) is Known.BLIND
    dark = replace(WELL, network=NetworkView(works=False, seen_at=START, sentence="Nobody answers."))
    assert known_of(*seen("chat", shown(own=dark))) is Known.BLIND


@pytest.mark.parametrize(
    ("people", "told"),
    [
        (People(last_hour=1), ()),
        (People(last_hour=2), ("2 people reported trouble within the last hour, more than usual.",)),
        (People(last_hour=5, usual=2.0), ()),
        (People(last_hour=6, usual=2.0), ("6 people reported trouble within the last hour, more than usual.",)),
    ],
)
def test_more_reports_than_usual_stir(people: People, told: tuple[str, ...]) -> None:
    board, view = seen("chat", people=people)
    assert stirrings(board, view) == told
    assert known_of(board, view) is (Known.STIRRING if told else Known.DOOR)


def test_an_unconfirmed_failure_stirs_even_of_a_part() -> None:
    for check in (CHAT, EDGE):
        board, view = seen("chat", shown(last={check.id: a_failure()}))
        assert stirrings(board, view) == ("Our last probe of it failed, which is not confirmed yet.",)


def test_trouble_of_a_sibling_stirs_and_of_a_stranger_does_not() -> None:
    board, chat = seen("chat")
    vendor = Vendor(id="api-inc", name="Api", home="https://api.example")
    assert stirrings(board, replace(chat, vendor=vendor)) == ("Of the same vendor, Api is down.",)
    assert stirrings(board, chat) == ()


@pytest.mark.parametrize("why", Why)
def test_every_reason_has_its_sentence(why: Why) -> None:
    board, view = seen("chat")
    assert headline_of(why, view)
    assert all(each.endswith(".") for each in explained(why, board, view))
    assert bool(explained(why, board, view)) == (
        why not in (Why.TROUBLE, Why.SOME_PLACES, Why.PLANNED, Why.BEGINNING)
    )
