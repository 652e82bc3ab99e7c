"""What drifted of a status page, in sentences."""

from dataclasses import replace

from app.domain.drift import page_drift
from app.domain.said import PageState
from tests.build import minute
from tests.pages import a_page, a_part, a_service, acmes_page

WATCHED = acmes_page(a_service())
READ = PageState(key="acme", page=a_page(), read_at=minute(0))


def test_a_page_that_is_as_the_catalogue_says_has_not_drifted() -> None:
    assert page_drift(WATCHED, READ, minute(1)) == ()


def test_every_drift_is_a_sentence() -> None:
    drifted = replace(
        a_page(parts=(a_part("Web"),), kind="incidentio"), drift=("components[].status: unknown word 'meh'",)
    )
    assert page_drift(WATCHED, replace(READ, page=drifted), minute(1)) == (
        "The page is of the kind incidentio; the catalogue says statuspage.",
        "The format differs: components[].status: unknown word 'meh'.",
        "None of the parts that the page lists speaks of Acme API (acme-api).",
    )


def test_a_page_that_cannot_be_read_has_drifted() -> None:
    failed = PageState(key="acme", failures=2, trouble="The page answered 404.")
    assert page_drift(WATCHED, failed, minute(1)) == ("The page answered 404.",)
