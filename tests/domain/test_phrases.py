"""What messages mean: which sign is found, in whatever dress, and which of several is meant."""

import pytest

from app.domain.itsme import Step
from app.domain.phrases import LONGEST_MESSAGE, Phrase, Signs, Whose, pattern_of, recognise, signs_of
from app.domain.result import FailureKind


def a_phrase(
    phrase_id: str, *says: str, vendors: tuple[str, ...] = (), failure: FailureKind | None = None
) -> Phrase:
    return Phrase(
        id=phrase_id,
        title=phrase_id,
        means="Something.",
        whose=Whose.EITHER,
        steps=(Step.AGAIN,),
        says=says,
        vendors=vendors,
        failure=failure,
    )


PHRASES = [
    a_phrase("vague", "something went wrong"),
    a_phrase("limit", "you've reached your limit", "you've hit the * limit"),
    a_phrase("their-vague", "something went wrong", vendors=("acme",)),
    a_phrase("their-own", "the widget is jammed", vendors=("acme",)),
    a_phrase("very-busy", "so very busy"),
    a_phrase("busy", "busy", failure=FailureKind.OVERLOADED),
    a_phrase("often", failure=FailureKind.RATE_LIMITED),
]
KNOWN = {
    FailureKind.OVERLOADED: Signs(codes=["overloaded_error"], statuses=[529], texts=[(429, "high demand")]),
    FailureKind.RATE_LIMITED: Signs(codes=["rate_limit_error"], statuses=[429]),
}


@pytest.mark.parametrize(
    ("message", "vendor", "meant"),
    [
        ("Something went wrong.", None, "vague"),
        ("Oh no! SOMETHING   went\nwrong", "acme", "their-vague"),
        ("Something went wrong", "other", "vague"),
        ("The widget is jammed", None, "their-own"),
        ("The widget is jammed", "other", None),
        ("You\N{RIGHT SINGLE QUOTATION MARK}ve reached your limit", None, "limit"),
        ("you've hit the GPT-9 weekly limit!", None, "limit"),
        (f"you've hit the {'long ' * 20}limit", None, None),
        ("It is so very busy", None, "very-busy"),
        ("busybody", None, None),
        ("unbusy", None, None),
        ('{"type":"overloaded_error"}', None, "busy"),
        ("error 529", None, "busy"),
        ("HTTP/1.1 429", None, "often"),
        ("429: we see HIGH DEMAND today", None, "busy"),
        ("high demand, hence a 429", None, "busy"),
        ("high demand", None, None),
        ("4290", None, None),
        ("429 and something went wrong", None, "vague"),
        ("overloaded_error, status 429", None, "busy"),
        ("", None, None),
        ("x" * LONGEST_MESSAGE + " busy", None, None),
    ],
)
def test_the_first_sign_that_fits_is_meant(message: str, vendor: str | None, meant: str | None) -> None:
    found = recognise(message, signs_of(PHRASES, KNOWN, vendor))
    assert (found.id if found else None) == meant


def test_what_is_special_to_a_regular_expression_is_taken_as_it_is() -> None:
    found = recognise("went wrong (1060) [a+b]?", signs_of([a_phrase("special", "wrong (1060) [a+b]?")], {}))
    assert found is not None


def test_patterns_are_of_the_syntax_that_javascript_shares() -> None:
    assert pattern_of(["you've hit the * limit"]) == (
        "(?:^|[^a-z0-9])you['`\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}]ve\\s+hit\\s+the"
        "[\\s\\S]{0,60}?limit(?![a-z0-9])"
    )
    assert pattern_of(["429", "a.b"]) == (
        "^(?=[\\s\\S]*?(?:^|[^a-z0-9])429(?![a-z0-9]))(?=[\\s\\S]*?(?:^|[^a-z0-9])a\\.b(?![a-z0-9]))"
    )
