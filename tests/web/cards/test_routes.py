"""Cards as they are sent, and what they say of the board."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image

from app.board.load import load_story
from app.board.model import Board
from app.domain.incident import EventKind
from app.domain.status import Status
from app.web.answers import as_of
from app.web.cards.model import Paint
from app.web.cards.telling import card_of_all, card_of_incident, card_of_service, voice_of
from tests.build import minute
from tests.web.conftest import INCIDENT, Site

CARDS = ["/card.png", "/services/api/card.png", "/services/hidden/card.png", f"{INCIDENT}/card.png"]


def the_board(site: Site) -> Board:
    assert site.keeper.board is not None
    return site.keeper.board


@pytest.mark.parametrize("path", CARDS)
async def test_a_card_is_a_picture_that_may_be_kept_and_shown_anywhere(site: Site, path: str) -> None:
    answer = await site.client.get(path, headers={"accept-encoding": "br, gzip"})
    again = await site.client.get(path, headers={"if-none-match": answer.headers["etag"]})
    assert (answer.status_code, answer.headers["content-type"], again.status_code) == (200, "image/png", 304)
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "public" in answer.headers["cache-control"]
    assert "content-encoding" not in answer.headers, "a picture is packed already"
    assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)


@pytest.mark.parametrize("path", ["/services/nobody/card.png", "/incidents/none/card.png"])
async def test_there_is_no_card_of_what_is_not_there(site: Site, path: str) -> None:
    assert (await site.client.get(path)).status_code == 404


async def test_a_new_board_that_says_the_same_has_the_same_card(site: Site) -> None:
    tags = {}
    for minutes in (0, 4, 5):
        site.clock.move(minute(10 + minutes) - site.clock.now())
        await site.keeper.renew()
        tags[minutes] = (await site.client.get("/services/chat/card.png")).headers["etag"]
    assert tags[0] == tags[4] != tags[5]


async def test_a_card_speaks_the_language_that_its_address_asks_for(site: Site) -> None:
    reader = {"accept-language": "de"}
    asked = ("/services/api/card.png", "/services/api/card.png?lang=de", "/services/api/card.png?lang=xx")
    english, german, unknown = [(await site.client.get(path, headers=reader)).content for path in asked]
    assert english == unknown != german


async def test_the_card_of_a_service_says_what_its_page_says(site: Site) -> None:
    board = the_board(site)
    voice = voice_of(board)
    down = card_of_service(board, board.by_id["api"], voice)
    assert (down.status, down.claim) == (Status.DOWN, "Api is down since 14:00 UTC")
    assert down.lines[0] == "Answered 503 instead of 401."
    assert down.lines[1].startswith("Api: “Errors <script>")
    assert (down.note, down.axis[0], down.axis[2]) == ("As of 1 Mar 2026, 14:10 UTC", "90 days ago", "today")
    assert down.rows[0].bits[-1].paint == Paint.DOWN
    assert {bit.paint for bit in down.rows[0].bits[:80]} == {Paint.UNWATCHED}
    assert card_of_service(board, board.by_id["chat"], voice).claim == "Chat works"
    unseen = card_of_service(board, board.by_id["hidden"], voice)
    assert (unseen.status, unseen.claim.endswith("cannot be seen from here")) == (Status.UNKNOWN, True)


async def test_the_card_of_all_has_a_cell_for_each_what_is_not_well_first(site: Site) -> None:
    board = the_board(site)
    card = card_of_all(board, voice_of(board, is_simulated=True))
    assert (card.status, card.claim) == (Status.DOWN, "Api is down since 14:00 UTC")
    assert [bit.paint for bit in card.rows[0].bits] == [Paint.DOWN, Paint.UNKNOWN, Paint.UP]
    assert [tally.words for tally in card.tallies] == ["1 down", "1 unknown", "1 up"]
    assert card.simulated == "Simulated"


async def test_the_card_of_a_trouble_has_a_lane_for_each_witness_and_stays_once_it_is_over(site: Site) -> None:
    board = the_board(site)
    story = await load_story(site.database, INCIDENT.removeprefix("/incidents/"))
    assert story is not None
    card = card_of_incident(board, story, voice_of(board))
    assert card.claim == "Api is down since 14:00 UTC"
    assert card.lines[1] == "Api’s first word came 4 min after our first bad reading."
    assert [(row.label, row.bits[0].start) for row in card.rows] == [("Measured", 0.0), ("Api", 0.4)]
    over = replace(story.incident.events[0], kind=EventKind.CLOSED, at=minute(9), status=Status.UP)
    ended = replace(story.incident, events=(*story.incident.events, over), closed_at=minute(9), status=Status.UP)
    cards = {
        card_of_incident(later, replace(story, incident=ended), voice_of(later))
        for later in (board, replace(board, made_at=minute(30)))
    }
    assert {each.claim for each in cards} == {"Api was down for 9 min"}
    assert {(each.lines[0], each.note, each.is_over) for each in cards} == {
        ("From 1 Mar 2026, 14:00 UTC to 14:09 UTC. It is over.", "", True)
    }


async def test_a_name_that_cannot_be_written_is_told_by_its_id(site: Site) -> None:
    board = the_board(site)
    api = board.by_id["api"]
    foreign = replace(api, service=replace(api.service, name="文心一言"))
    changed = replace(board, services=(foreign, *board.services[1:]))
    assert card_of_service(changed, foreign, voice_of(changed)).claim == "api is down since 14:00 UTC"


@pytest.mark.parametrize(
    ("made_at", "told_at", "expected"),
    [(14.5, None, 10), (14.5, 3, 10), (14.5, 12, 12), (14.5, 20, 10), (15, None, 15)],
)
async def test_a_card_is_as_of_a_moment_that_seldom_changes(
    site: Site, made_at: float, told_at: float | None, expected: float
) -> None:
    board = replace(the_board(site), made_at=minute(made_at))
    told = [minute(told_at) if told_at is not None else None]
    assert as_of(board, told) - minute(0) == timedelta(minutes=expected)
