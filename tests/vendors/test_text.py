"""Whatever vendors write becomes plain text with its links spelled out."""

import pytest

from app.vendors.text import LONGEST_LINE, LONGEST_TEXT, one_line, plain, plain_line


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param("All is well.", "All is well.", id="plain"),
        pytest.param("One.<br /><br />Two.<BR>Three.", "One.\n\nTwo.\nThree.", id="breaks"),
        pytest.param("<p>One.</p>\n<p>Two.</p>", "One.\n\nTwo.", id="paragraphs"),
        pytest.param("<ul><li>one<li>two</ul>", "- one\n- two", id="items"),
        pytest.param(
            'See <a href="https://x.example/?a=1&amp;b=2" target="_blank">the <b>notes</b></a>.',
            "See the notes (https://x.example/?a=1&b=2).",
            id="a link of HTML",
        ),
        pytest.param(
            '<a href="https://x.example/">https://x.example/</a>',
            "https://x.example/",
            id="a link that says itself",
        ),
        pytest.param(
            '<a href="javascript:alert(1)">click</a> <a>here</a>', "click here", id="a link to nowhere good"
        ),
        pytest.param(
            "See [the notes](https://x.example/n).", "See the notes (https://x.example/n).", id="of Markdown"
        ),
        pytest.param("See <https://x.example/n>.", "See https://x.example/n.", id="a bare link of Markdown"),
        pytest.param("**Bold** and __strong__", "Bold and strong", id="emphasis"),
        pytest.param("## \\# Report\n### Summary", "# Report\nSummary", id="headings"),
        pytest.param("<script>alert(1)</script><style>p{}</style>Fine", "Fine", id="scripts are silent"),
        pytest.param(
            "<!-- hidden -->a <500ms & b > 2 &lt;b&gt;", "a <500ms & b > 2 <b>", id="what only looks like markup"
        ),
        pytest.param("a\x00b\u202ec\ud800d\x1be", "abcde", id="what must not be handed on"),
        pytest.param("&#" + "9" * 5000, "&#" + "9" * 5000, id="a reference that is no number"),
        pytest.param("  a \t b \r\n\n\n\n c ", "a b\n\nc", id="room"),
        pytest.param("正在调查。", "正在调查。", id="any script"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_text_is_read(written: str, read: str) -> None:
    assert plain(written) == read


def test_a_text_without_end_ends() -> None:
    assert (len(plain("word " * 10**6)), plain("word " * 10**6)[-1]) == (LONGEST_TEXT, "…")


def test_a_line_is_one_line_of_limited_length() -> None:
    assert one_line(" Errors\n in\tchat ") == "Errors in chat"
    assert (len(one_line("x" * 10**6)), one_line("x" * 10**6)[-1]) == (LONGEST_LINE, "…")
    assert plain_line("Errors &amp; <b>delays</b>") == "Errors & delays"


@pytest.mark.parametrize(
    "unit",
    [
        "<",
        "<a",
        "<a href=",
        "<a href=http://",
        "</a>",
        "<script>",
        "<!--",
        "[",
        "[a](",
        "**",
        "__a",
        "\\#",
        "&#9",
        "&a",
    ],
)
def test_no_markup_costs_more_than_its_length(unit: str) -> None:
    assert len(plain(unit * (2_000_000 // len(unit)))) <= LONGEST_TEXT
