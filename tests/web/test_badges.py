"""Badges: what they say, how they are drawn, and how wide their texts are."""

from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.board.history import Window
from app.board.load import load_history
from app.board.uptime import UptimeWindow, load_uptime
from app.domain.rollup import merge_tallies
from app.domain.status import Status
from app.web.badgedrawing import COLOURS, NAMED_COLOURS, PLAIN, Badge, Style, colour_of, draw, letters_on
from app.web.badgewish import Shown, Wish, address_of, wish_of
from app.web.textwidth import width_of
from tests.web.conftest import Site

SVG = "{http://www.w3.org/2000/svg}"
PARTS = {"svg", "title", "linearGradient", "stop", "clipPath", "rect", "g", "path", "text"}
EVIL = '"><script>alert(1)</script>&'


def drawn(label: str = "ChatGPT", word: str = "up", style: Style = Style.FLAT) -> ET.Element:
    return ET.fromstring(draw(Badge(label=label, word=word, colour=COLOURS[Status.UP]), style))  # noqa: S314 - our own drawing


def texts(picture: ET.Element) -> list[str | None]:
    return [text.text for text in picture.iter(f"{SVG}text")]


async def asked(site: Site, address: str) -> tuple[int, ET.Element]:
    answer = await site.client.get(f"/badge/{address}")
    assert answer.headers["content-type"] == "image/svg+xml; charset=utf-8"
    return answer.status_code, ET.fromstring(answer.content)  # noqa: S314 - our own drawing


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("up", 14), ("ChatGPT", 48), ("Über", 27), ("Чат", 21), ("文心一言", 44), ("e\u0301", 7)],
)
def test_a_text_is_as_wide_as_its_letters(text: str, width: int) -> None:
    assert round(width_of(text)) == width


def test_a_badge_says_label_and_status_to_eyes_and_readers() -> None:
    picture = drawn()
    assert (texts(picture), picture.attrib["aria-label"], picture.attrib["width"]) == (
        ["ChatGPT", "up"],
        "ChatGPT: up",
        str(48 + 14 + 24),
    )


@pytest.mark.parametrize(
    ("style", "height", "said"),
    [
        (Style.FLAT, "20", ["ChatGPT", "up"]),
        (Style.FLAT_SQUARE, "20", ["ChatGPT", "up"]),
        (Style.PLASTIC, "18", ["ChatGPT", "up"]),
        (Style.FOR_THE_BADGE, "28", ["CHATGPT", "UP"]),
    ],
)
def test_every_style_fits_its_texts(style: Style, height: str, said: list[str]) -> None:
    picture = drawn(style=style)
    ends = [float(text.attrib["x"]) + float(text.attrib["textLength"]) for text in picture.iter(f"{SVG}text")]
    starts = [float(text.attrib["x"]) for text in picture.iter(f"{SVG}text")]
    assert (picture.attrib["height"], texts(picture), picture.attrib["aria-label"]) == (
        height,
        said,
        "ChatGPT: up",
    )
    assert (ends[0] < starts[1], ends[1] < float(picture.attrib["width"])) == (True, True)


def test_markup_in_a_name_stays_text() -> None:
    picture = drawn(EVIL)
    assert texts(picture) == [EVIL, "up"]
    assert [each.tag for each in picture.iter() if "script" in each.tag] == []


@settings(deadline=None)
@given(st.text(), st.text(), st.sampled_from(Style))
def test_any_text_makes_a_whole_picture(label: str, word: str, style: Style) -> None:
    picture = drawn(label, word, style)
    assert {each.tag.removeprefix(SVG) for each in picture.iter()} <= PARTS
    assert float(picture.attrib["width"]) >= 0


def contrast(letters: str, ground: str) -> float:
    def luminance(colour: str) -> float:
        digits = colour[1:] if len(colour) == 7 else "".join(2 * each for each in colour[1:])
        channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
        linear = [each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(letters), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", [*COLOURS.values(), PLAIN])
def test_letters_can_be_read_on_every_status(colour: str) -> None:
    assert contrast(letters_on(colour), colour) >= 4.5


@pytest.mark.parametrize(
    ("text", "colour"),
    [("f00", "#f00"), ("#2B7A53", "#2b7a53"), ("blue", NAMED_COLOURS["blue"]), ("f00;", None), ("url(#s)", None)],
)
def test_a_colour_is_a_name_or_a_hexadecimal_number(text: str, colour: str | None) -> None:
    assert colour_of(text) == colour


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("api.svg", "Api: down"),
        ("api.svg?show=uptime", "Api uptime 90d: 0 %"),
        ("chat.svg?show=uptime&window=24h", "Chat uptime 24h: 100 %"),
        ("chat.svg?show=uptime&window=7d", "Chat uptime 7d: 100 %"),
        ("chat.svg?show=uptime&window=365d", "Chat uptime 365d: 100 %"),
        ("hidden.svg?show=uptime&window=30d", '<script>alert("x")</script>& uptime 30d: unknown'),
        ("chat.svg?show=latency", "Chat latency: 120 ms"),
        ("api.svg?show=latency", "Api latency: unknown"),
        ("chat.svg?show=first-token", "Chat first token: unknown"),
        ("api.svg?show=incident", "Api incident: down for 10 min"),
        ("chat.svg?show=incident", "Chat incident: none in 90 d"),
        ("api.svg?show=dot", "Api: down"),
        ("_all.svg", "services: 1 down"),
        ("_all.svg?show=dot", "services: 1 down"),
        ("api.svg?label=Assistant", "Assistant: down"),
        ("api.svg?label=", "down"),
        ("api.svg?label=a%00b%0Ac%EF%BF%BE", "ab c: down"),
        ("api.svg?label=%22%3E%3Cscript%3E", '"><script>: down'),
    ],
)
async def test_a_badge_tells_what_is_asked_for(site: Site, address: str, title: str) -> None:
    status, picture = await asked(site, address)
    assert (status, picture.attrib["aria-label"]) == (200, title)


async def test_colours_can_be_chosen(site: Site) -> None:
    _, picture = await asked(site, "api.svg?color=ff0&labelColor=blue")
    fills = [path.attrib["fill"] for path in picture.iter(f"{SVG}path")]
    assert fills[:2] == ["#007ec6", "#ff0"]
    assert [text.attrib["fill"] for text in picture.iter(f"{SVG}text")] == ["#fff", "#222"]


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("api.svg", "Api: ausgefallen"),
        ("chat.svg?show=uptime&window=24h", "Chat Verfügbarkeit 24h: 100 %"),
        ("chat.svg?show=latency", "Chat Latenz: 120 ms"),
        ("api.svg?show=latency", "Api Latenz: unbekannt"),
        ("chat.svg?show=first-token", "Chat erstes Token: unbekannt"),
        ("api.svg?show=incident", "Api Störung: ausgefallen seit 10 min"),
        ("chat.svg?show=incident", "Chat Störung: keine in 90 d"),
        ("api.svg?show=dot", "Api: ausgefallen"),
        ("_all.svg", "Dienste: 1 ausgefallen"),
        ("api.svg?label=down", "down: ausgefallen"),
    ],
)
async def test_a_badge_speaks_the_language_that_its_address_asks_for(site: Site, address: str, title: str) -> None:
    german = f"{address}{'&' if '?' in address else '?'}lang=de"
    status, picture = await asked(site, german)
    assert (status, picture.attrib["aria-label"]) == (200, title)


async def test_longer_words_of_another_language_have_the_room_that_they_need(site: Site) -> None:
    pictures = [(await asked(site, f"api.svg?lang={code}"))[1] for code in ("en", "de")]
    widths = [float(picture.attrib["width"]) for picture in pictures]
    assert round(widths[1] - widths[0]) == round(width_of("ausgefallen")) - round(width_of("down"))


async def test_shields_is_told_in_that_language_too(site: Site) -> None:
    told: Any = await site.json("/badge/api.json?lang=de")
    assert (told["label"], told["message"]) == ("Api", "ausgefallen")


@pytest.mark.parametrize(
    "wish",
    [
        Wish(),
        Wish(show=Shown.UPTIME, window=UptimeWindow.YEAR, style=Style.PLASTIC, language="de"),
        Wish(show=Shown.UPTIME, label="50 % & [more] (or less)", colour="#f00", label_colour="#2b7a53"),
        Wish(show=Shown.LATENCY, label="", style=Style.FOR_THE_BADGE),
        Wish(show=Shown.DOT, label="Api"),
    ],
)
def test_an_address_says_all_of_a_wish_and_nothing_that_is_usual(wish: Wish) -> None:
    path, _, query = address_of("api", wish).partition("?")
    assert (path, wish_of(dict(parse_qsl(query, keep_blank_values=True)))) == ("/badge/api.svg", wish)
    assert not set("()[]<> ") & set(query)


@pytest.mark.parametrize(
    ("wish", "address"),
    [
        (Wish(window=UptimeWindow.DAY), "/badge/api.svg"),
        (Wish(show=Shown.DOT, style=Style.PLASTIC, label_colour="#f00"), "/badge/api.svg?show=dot"),
    ],
)
def test_what_makes_no_difference_is_not_in_an_address(wish: Wish, address: str) -> None:
    assert address_of("api", wish) == address


@pytest.mark.parametrize(
    ("address", "status", "word"),
    [
        ("nobody.svg", 404, "not found"),
        ("api.svg?show=mood", 422, "show is one of status, uptime, latency, first-token, incident, dot"),
        ("api.svg?window=1y", 422, "window is one of 24h, 7d, 30d, 90d, 365d"),
        ("api.svg?style=round", 422, "style is one of flat, flat-square, plastic, for-the-badge"),
        ("api.svg?lang=xx", 422, "lang is one of en, de"),
        ("api.svg?lang=", 422, "lang is one of en, de"),
        ("api.svg?color=%22onload", 422, "color is a name or a hex number"),
        ("api.svg?labelColor=12", 422, "labelColor is a name or a hex number"),
        (f"api.svg?label={'x' * 81}", 422, "label longer than 80"),
        ("_all.svg?show=latency", 422, "no latency of all services"),
    ],
)
async def test_a_wrong_wish_is_answered_with_a_badge_that_says_so(
    site: Site, address: str, status: int, word: str
) -> None:
    told, picture = await asked(site, address)
    assert (told, texts(picture)) == (status, ["stillup", word])


async def test_shields_is_told_in_its_own_format(site: Site) -> None:
    told: Any = await site.json("/badge/api.json?style=plastic&label=Api%20now")
    assert told == {
        "schemaVersion": 1,
        "label": "Api now",
        "message": "down",
        "color": "bf2f1d",
        "labelColor": "444a52",
        "cacheSeconds": 300,
        "style": "plastic",
    }
    unknown = await site.client.get("/badge/nobody.json")
    assert (unknown.status_code, unknown.json()["message"], unknown.json()["isError"]) == (404, "not found", True)


async def test_an_image_proxy_may_keep_a_badge_and_ask_again_for_nothing(site: Site) -> None:
    told = await site.client.get("/badge/api.svg?style=plastic")
    again = await site.client.get("/badge/api.svg?style=plastic", headers={"if-none-match": told.headers["etag"]})
    assert (again.status_code, told.headers["cache-control"]) == (
        304,
        "public, max-age=30, stale-while-revalidate=60",
    )


@pytest.mark.parametrize("window", [UptimeWindow.DAY, UptimeWindow.WEEK, UptimeWindow.MONTH])
async def test_an_uptime_is_what_the_history_of_that_window_adds_up_to(site: Site, window: UptimeWindow) -> None:
    board = site.keeper.board
    assert board is not None
    view = board.by_id["api"]
    history = await load_history(site.database, view.service, Window(window), board.made_at)
    tally = merge_tallies([each.tally for each in history.stretches])
    uptime = await load_uptime(site.database, view, window, board.made_at)
    assert (uptime.share, uptime.coverage) == (tally.uptime, tally.coverage)
