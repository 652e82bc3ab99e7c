"""Links of a page, as they are led in a copy."""

import pytest

from app.web.staticcopy.links import relinked

LED = {"/there": "/de/there", "/a?b=c&d=e": "/a/b/c/d/e"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<a class="x" href="/there">T</a>', '<a class="x" href="/de/there">T</a>'),
        ('<a href="/a?b=c&amp;d=e">T</a>', '<a href="/a/b/c/d/e">T</a>'),
        ('<a href="/gone" rel="prev">T</a>', '<a rel="prev">T</a>'),
        ('<a href="https://elsewhere.example/">T</a>', '<a href="https://elsewhere.example/">T</a>'),
        ('<a href="#below">T</a>', '<a href="#below">T</a>'),
        ('x<link rel="alternate" href="/gone">y', "xy"),
        ('x<img src="/gone" alt="a">y', "xy"),
        ('<form method="post"><button formaction="/x">B</button></form>\nz', "z"),
        ('<form class="report" method="post" action="/x">\n<input>\n</form>', ""),
        (
            '<form class="filter" role="search" hidden><input></form>',
            '<form class="filter" role="search" hidden><input></form>',
        ),
        (
            "<blockquote>&lt;a href=&#34;/gone&#34;&gt;</blockquote>",
            "<blockquote>&lt;a href=&#34;/gone&#34;&gt;</blockquote>",
        ),
        ("<abbr title='x'>A</abbr>", "<abbr title='x'>A</abbr>"),
    ],
)
def test_what_leads_nowhere_does_not_look_as_if_it_did(before: str, after: str) -> None:
    assert relinked(before, LED.get) == after
