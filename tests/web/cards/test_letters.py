"""What a card can write, and how its texts are broken into lines."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.web.cards.lettering import DISPLAY, ELLIPSIS, TEXT, balanced, cut, fitted, lettered, wrapped
from app.web.cards.letters import RANGES, named_anew, writable

WIDTH = 600


@pytest.mark.parametrize("name", [TEXT, DISPLAY])
def test_every_letter_that_we_say_is_there_is_in_the_font(name: str) -> None:
    font = lettered(name, 24)
    missing = bytes(font.getmask("\uffff"))
    letters = [chr(code) for first, last in RANGES for code in range(first, last + 1)]
    assert [letter for letter in letters if bytes(font.getmask(letter)) == missing] == []


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("ChatGPT is down – “503”", "ChatGPT is down – “503”"),
        ("Größe\tund\n Übermut", "Größe und Übermut"),
        ("Cafe\N{COMBINING ACUTE ACCENT}", "Café"),
        ("\N{LATIN SMALL LIGATURE FI}x", "fix"),
        ("e\N{COMBINING TILDE}", "e"),
        ("in\N{ZERO WIDTH SPACE}visible", "invisible"),
        ("Яндекс Ω", "Яндекс Ω"),
        ("文心一言", None),
        ("fine \N{THUMBS UP SIGN}", None),
        ("", ""),
    ],
)
def test_what_has_no_letters_is_not_drawn_as_boxes(text: str, written: str | None) -> None:
    assert writable(text) == written


def test_a_name_without_letters_is_told_by_its_id() -> None:
    assert (
        named_anew("文心一言 and Qwen are down", {"文心一言": "ernie", "Qwen": "qwen"})
        == "ernie and Qwen are down"
    )


@given(st.text(alphabet="abc W.-", max_size=200))
@settings(max_examples=60)
def test_no_line_is_wider_than_it_may_be_and_no_letter_is_lost(text: str) -> None:
    font = lettered(TEXT, 40)
    for lines in (wrapped(text, font, WIDTH), balanced(text, font, WIDTH)):
        assert [line for line in lines if font.getlength(line) > WIDTH] == []
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert len(balanced(text, font, WIDTH)) == len(wrapped(text, font, WIDTH))


def test_what_is_too_long_says_so() -> None:
    font = lettered(TEXT, 40)
    lines = cut(wrapped("word " * 100, font, WIDTH), 2, font, WIDTH)
    assert (len(lines), lines[1][-1], font.getlength(lines[1]) <= WIDTH) == (2, ELLIPSIS, True)


def test_a_long_claim_is_smaller_before_it_is_cut() -> None:
    ways = ((60, 1), (40, 2))
    assert fitted("It works", DISPLAY, ways, WIDTH) == (60, ["It works"])
    assert fitted("ChatGPT and Codex are down", DISPLAY, ways, WIDTH)[0] == 40
    size, lines = fitted("Down " * 60, DISPLAY, ways, WIDTH)
    assert (size, len(lines), lines[1][-1]) == (40, 2, ELLIPSIS)
