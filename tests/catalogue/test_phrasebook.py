"""The book of phrases: what it says is sound, what it knows, and how its mistakes are told."""

import os
from pathlib import Path

import pytest

from app.catalogue.errors import CatalogueError
from app.catalogue.load import BUILTIN, load_catalogue
from app.catalogue.phrasebook import PHRASES, load_phrases
from app.domain.itsme import Step
from app.domain.phrases import recognise, signs_of
from app.domain.result import FailureKind
from app.probes.registry import PROBERS
from app.probes.signs import known_signs

BOOK = load_phrases()


@pytest.mark.parametrize(
    ("vendor", "message", "meant"),
    [
        (None, "Something went wrong", "something-went-wrong"),
        ("openai", "Hmm... something seems to have gone wrong.", "chatgpt-something-went-wrong"),
        ("openai", "Unable to load conversation 6f2c", "chatgpt-conversation"),
        ("openai", "You’ve hit your limit. Please try again later.", "chatgpt-limit"),
        ("openai", "Our systems have detected unusual activity from your system", "chatgpt-unusual-activity"),
        ("anthropic", "Claude usage limit reached. Your limit will reset at 3pm", "claude-limit"),
        ("anthropic", "Due to unexpected capacity constraints, Claude is unable to respond", "claude-capacity"),
        ("anthropic", 'API Error: 529 {"type":"error","error":{"type":"overloaded_error"}}', "overloaded"),
        ("google", "Something went wrong (1060)", "gemini-error-numbers"),
        ("google", "429 RESOURCE_EXHAUSTED", "gemini-quota"),
        (
            "microsoft",
            "Sorry, I wasn't able to respond to that. Is there something else",
            "copilot-something-went-wrong",
        ),
        ("github", "Sorry, you have exceeded your premium request allowance", "github-copilot-limit"),
        ("midjourney", "The application did not respond", "midjourney-failed"),
        ("deepseek", "The server is busy. Please try again later.", "deepseek-busy"),
        (None, "429", "rate-limited"),
        (None, "Error 529", "overloaded"),
        (None, "503", "server-error"),
        (None, "HTTP 502", "cloudflare-origin"),
        (None, "402", "quota"),
        (None, "401", "key-refused"),
        (None, "overloaded", "overloaded"),
        (None, "You've reached your limit", "reached-limit"),
        (None, "network error", "connection-broke"),
        (None, "unable to load conversation", "chatgpt-conversation"),
        (None, "Error 1020 Access denied", "cloudflare-1020"),
        (None, "capacity", "overloaded"),
        (None, "context_length_exceeded", "too-long"),
        (None, "invalid_api_key", "key-refused"),
        (None, "quota", "quota"),
        (None, "You exceeded your current quota, please check your plan (insufficient_quota) 429", "quota"),
        (None, "model not found", "model-gone"),
        (None, "The model `gpt-4-32k` does not exist or you do not have access to it.", "model-gone"),
        (None, "has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header", "cors"),
        (None, "net::ERR_BLOCKED_BY_CLIENT", "blocked-by-client"),
        (None, "Verify you are human by completing the action below", "verify-human"),
        (None, "DNS_PROBE_FINISHED_NXDOMAIN", "name-not-found"),
        (None, "an excellent soup", None),
    ],
)
def test_what_people_meet_is_recognised(vendor: str | None, message: str, meant: str | None) -> None:
    found = recognise(message, signs_of(BOOK, known_signs(), vendor))
    assert (found.id if found else None) == meant


def test_vendors_of_phrases_are_those_of_the_catalogue() -> None:
    vendors = load_catalogue(BUILTIN, None, PROBERS, os.environ).vendor_by_id
    assert {vendor for phrase in BOOK for vendor in phrase.vendors} - set(vendors) == set()


def test_no_text_stands_twice_where_it_could_mean_two_things() -> None:
    for vendor in (None, *{vendor for phrase in BOOK for vendor in phrase.vendors}):
        texts = [
            text for phrase in BOOK if phrase.vendors == ((vendor,) if vendor else ()) for text in phrase.says
        ]
        assert sorted(texts) == sorted(set(texts))


def test_every_phrase_ends_its_sentences_and_is_known_by_something() -> None:
    assert [phrase.id for phrase in BOOK if not phrase.means.endswith(".")] == []
    assert [phrase.id for phrase in BOOK if not phrase.says and phrase.failure is None] == []


def test_cookies_are_no_remedy_for_what_is_theirs() -> None:
    assert [phrase.id for phrase in BOOK if Step.COOKIES in phrase.steps] == [
        "openai-auth-trouble",
        "headers-too-large",
    ]


def test_what_our_probes_know_is_taken_from_them() -> None:
    signs = known_signs()
    assert 529 in signs[FailureKind.OVERLOADED].statuses
    assert "insufficient_quota" in signs[FailureKind.QUOTA_EXHAUSTED].codes
    assert (429, "high demand") in signs[FailureKind.OVERLOADED].texts


WRONG = """\
phrases:
  Bad Id:
    title: A title
    means: Something.
    whose: thm
    steps: [again]
    says: [ab]
  good-id:
    titel: A title
    means: Something.
    whose: them
    steps: []
"""
TOLD = [
    (
        'book.yaml:2:3: the id of phrase "Bad Id" must be an id (lower-case letters, digits and single hyphens); '
        'did you mean "bad-id"?'
    ),
    (
        'book.yaml:5:12: "whose" in phrase "Bad Id" must be one of them, you, between, either, not "thm"; '
        'did you mean "them"?'
    ),
    'book.yaml:7:12: "says" in phrase "Bad Id": too short to tell anything: at least 3 characters, and around a *',
    'book.yaml:9:5: phrase "good-id" lacks "title"',
    'book.yaml:9:5: unknown key "titel" in phrase "good-id"; did you mean "title"?',
    'book.yaml:12:12: "steps" in phrase "good-id" must not be empty',
]


def test_mistakes_are_told_with_their_places(tmp_path: Path) -> None:
    path = tmp_path / "book.yaml"
    path.write_text(WRONG)
    with pytest.raises(CatalogueError) as caught:
        load_phrases(path)
    assert str(caught.value).splitlines() == TOLD


def test_the_shipped_book_is_the_one_that_is_read_by_default() -> None:
    assert load_phrases(PHRASES) == BOOK
