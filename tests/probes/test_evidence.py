import json
from base64 import b64encode, urlsafe_b64encode
from html import escape
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.probes.answer import Answer
from app.probes.evidence import evidence_of, excerpt, redacted, secrets_in, secrets_in_url, without_query


def page(text: str, content_type: str = "text/html") -> Answer:
    return Answer(200, {"content-type": content_type}, text.encode())


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<h1>Down</h1> for <b>now</b>", "Down for now"),
        ("<script>var x = '<b>';</script>Down<style>p{}</style>", "Down"),
        ("<SCRIPT>x</SCRIPT >Down", "Down"),
        ("<!-- <b>hidden</b> -- still -->Down", "Down"),
        ("<script>never closed", ""),
        ("<!-- never closed", ""),
        ("a < b <never closed", "a"),
        ("tabs\tand\nlines\x00\x1b[31m", "tabs and lines [31m"),
    ],
)
def test_an_excerpt_is_what_a_page_says_to_people(html: str, said: str) -> None:
    assert excerpt(page(html), ()) == said


def test_other_texts_are_left_as_they_are() -> None:
    assert excerpt(page('{"a": "<b>"}', "application/json"), ()) == '{"a": "<b>"}'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("key sk-proj-aB3dE5fG7hJ9kL1mN2pQ4 is wrong", "key … is wrong"),
        ("unsupported_country_region_territory", "unsupported_country_region_territory"),
        ("4f1c2a9be0d84c7fa61b3f0e9d2c7b58", "…"),
        ("only 123 words", "only 123 words"),
    ],
)
def test_what_looks_like_a_key_is_blotted_out(text: str, said: str) -> None:
    assert excerpt(page(text), ()) == said


def test_secrets_are_blotted_out_wherever_they_stand() -> None:
    secrets = secrets_in({"Authorization": "Bearer abc-def", "X-Short": "1"}, {"key-in-url"})
    assert set(secrets) == {"Bearer", "abc-def", "key-in-url"}
    answer = Answer(
        401,
        {"server": "abc-def", "location": "https://a.example/abc-def?x=1", "set-cookie": "abc-def"},
        b"you said Bearer abc-def, or abc-def, or key-in-url",
    )
    assert evidence_of(answer, secrets, with_excerpt=True) == {
        "server": "…",
        "location": "https://a.example/…",
        "excerpt": "you said … …, or …, or …",
    }


KEY = 'sk-Ab3/9+Xy"Zw\\Qm&Rt=Lp7Kd2Vn8'


@pytest.mark.parametrize(
    "written",
    [
        KEY,
        KEY.upper(),
        KEY[:13],
        KEY[-12:],
        quote(KEY, safe=""),
        json.dumps(KEY)[1:-1],
        json.dumps(KEY)[1:-1].replace("/", "\\/"),
        escape(KEY),
        repr(KEY)[1:-1],
        urlsafe_b64encode(KEY.encode()).decode()[:-4],
    ],
)
def test_a_secret_is_known_in_pieces_and_however_it_is_written(written: str) -> None:
    assert redacted(f"not <{written}>!", [KEY]) == "not <…>!"


@pytest.mark.parametrize("user", ["", "a:", "me:"])
def test_a_secret_is_known_within_something_encoded(user: str) -> None:
    said = redacted(b64encode(f"{user}{KEY}".encode()).decode(), [KEY])
    assert "…" in said
    assert len(said) <= 2 * 4 + 1


def test_what_everybody_sends_is_no_secret() -> None:
    usual = {"Content-Type": "application/json", "anthropic-version": "2023-06-01"}
    assert secrets_in({**usual, "x-key": "k-123456"}, ()) == ["k-123456"]


def test_a_secret_that_is_cut_off_by_our_own_limits_is_still_known() -> None:
    answer = Answer(302, {"location": f"https://a.example/{'x' * 90}/k123456789012345678901234567890"})
    secrets = secrets_in({"x-key": "k123456789012345678901234567890"}, ())
    assert evidence_of(answer, secrets, with_excerpt=False) == {"location": f"https://a.example/{'x' * 90}/…"}


def test_headers_are_short_and_printable() -> None:
    evidence = evidence_of(Answer(200, {"server": "x\x1b[31m" + "y" * 500}), (), with_excerpt=False)
    assert evidence["server"].startswith("x [31myyy")
    assert len(evidence["server"]) == 120


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/b?token=1#c", "https://a.example/b"),
        ("/login?next=x", "/login"),
        ("http://[broken", ""),
    ],
)
def test_a_url_is_shown_without_what_may_be_secret(url: str, shown: str) -> None:
    assert without_query(url) == shown


@pytest.mark.parametrize(
    ("url", "hidden"),
    [
        ("https://a.example/v1/models?alt=sse", []),
        ("https://a.example/v1?key=k-123456&alt=sse", ["k-123456"]),
        ("https://a.example/bot/AAHdqTcvCH1vGWJxfSeo/me", ["AAHdqTcvCH1vGWJxfSeo"]),
        ("https://a.example/9f8e7d6c-1234-4aaa-8bbb-0123456789ab", []),
    ],
)
def test_keys_are_known_in_a_url(url: str, hidden: list[str]) -> None:
    assert list(secrets_in_url(url)) == hidden


@given(st.text(st.sampled_from("<>!-/scriptSTYLE aé\x00")))
def test_any_page_has_a_short_printable_excerpt(html: str) -> None:
    said = excerpt(page(html), ())
    assert len(said) <= 300
    assert said.isprintable()


@pytest.mark.parametrize("piece", ["<script", "<!--", "<", "-", "<script><", "a1" * 20, "</style"])
def test_no_page_is_hard_to_read(piece: str) -> None:
    """Quadratic work on these would take minutes."""
    assert len(excerpt(page(piece * (2_000_000 // len(piece))), ())) <= 300
