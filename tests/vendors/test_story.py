"""What every reader's updates have in common."""

from app.domain.vendor import Phase, VendorUpdate
from app.vendors.story import newest_first
from tests.vendors.documents import at, page


def update(key: str, moment: str, text: str = "") -> VendorUpdate:
    return VendorUpdate(id=key, at=at(f"2026-04-02 {moment}"), phase=Phase.UNKNOWN, words="", text=text)


def test_updates_that_are_named_by_their_moment_have_names_of_their_own() -> None:
    first, second, third = (update("10:00", "10:00", text) for text in ("first", "second", "third"))
    later = update("10:05", "10:05")

    before = {each.text: each.id for each in newest_first([second, first])}
    after = {each.text: each.id for each in newest_first([later, third, second, first])}
    assert before == {"first": "10:00", "second": "10:00 2"}
    assert after == {"first": "10:00", "second": "10:00 2", "third": "10:00 3", "": "10:05"}


def test_a_feed_that_tells_minutes_names_each_of_its_updates() -> None:
    incidents = page("atom", "feeds/statuspage-history.atom").incidents
    names = [update.id for incident in incidents for update in incident.updates]
    assert len(set(names)) == len(names) > 0
