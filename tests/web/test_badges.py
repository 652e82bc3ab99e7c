"""Badges, and how wide their texts are."""

from xml.etree import ElementTree as ET

import pytest

from app.domain.status import Status
from app.web.badges import COLOURS, badge
from app.web.textwidth import width_of

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("up", 14), ("ChatGPT", 48), ("Über", 27), ("Чат", 21), ("文心一言", 44), ("e\u0301", 7)],
)
def test_a_text_is_as_wide_as_its_letters(text: str, width: int) -> None:
    assert round(width_of(text)) == width


def test_a_badge_says_label_and_status_to_eyes_and_readers() -> None:
    drawn = ET.fromstring(badge("ChatGPT", "up", COLOURS[Status.UP]))  # noqa: S314 - our own drawing
    texts = [text.text for text in drawn.iter(f"{SVG}text")]
    assert (texts, drawn.attrib["aria-label"], drawn.attrib["width"]) == (
        ["ChatGPT", "up"],
        "ChatGPT: up",
        str(48 + 14 + 24),
    )


def test_markup_in_a_name_stays_text() -> None:
    evil = '"><script>alert(1)</script>&'
    drawn = ET.fromstring(badge(evil, "up", "#000"))  # noqa: S314 - it is safe or the test fails
    assert [text.text for text in drawn.iter(f"{SVG}text")] == [evil, "up"]
    assert [each.tag for each in drawn.iter() if "script" in each.tag] == []


@pytest.mark.parametrize("status", Status)
def test_white_letters_can_be_read_on_every_status(status: Status) -> None:
    channels = [int(COLOURS[status][place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    assert 1.05 / (luminance + 0.05) >= 4.5
