"""Every kind that the catalogue knows has a reader, and a document finds its own."""

import pytest

from app.catalogue.entries import PageKind
from app.vendors.registry import READERS, detect, guesses
from tests.vendors.documents import document, wrote


def test_every_kind_of_the_catalogue_has_a_reader() -> None:
    assert set(READERS) == {kind.value for kind in PageKind} - {"auto"}
    assert [reader.kind for reader in READERS.values()] == list(READERS)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("statuspage/summary-quiet.json", "statuspage"),
        ("statuspage/summary-words-of-the-future.json", "statuspage"),
        ("statuspage/incidents.json", "statuspage"),
        ("statuspage/components.json", "statuspage"),
        ("statuspage/history.json", "statuspage"),
        ("statuspage/status.json", "statuspage"),
        ("incidentio/summary-quiet.json", "incidentio"),
        ("incidentio/incidents.json", "incidentio"),
        ("incidentio/proxy.json", "incidentio"),
        ("incidentio/proxy-incidents.json", "incidentio"),
        ("incidentio/widget-quiet.json", "incidentio"),
        ("instatus/summary-quiet.json", "instatus"),
        ("instatus/components.json", "instatus"),
        ("google-cloud/incidents.json", "google-cloud"),
        ("feeds/azure-quiet.xml", "azure-rss"),
        ("feeds/xai.xml", "rss"),
        ("feeds/anyones.rss", "rss"),
        ("feeds/statuspage-history.atom", "atom"),
    ],
)
def test_a_document_is_known_by_its_marks(path: str, kind: str) -> None:
    assert detect(document(path)) == kind


@pytest.mark.parametrize("body", ["", "{}", "[]", "<!DOCTYPE html><html></html>", "<svg/>", "7", "\x00" * 99])
def test_what_nobody_knows_is_of_no_kind(body: str) -> None:
    assert detect(wrote(body)) is None


def test_a_page_of_unknown_kind_is_sought_where_each_kind_has_it_and_nowhere_twice() -> None:
    urls = [source.url for source in guesses("https://status.heron.example/")]

    assert urls[0] == "https://status.heron.example/"
    assert {
        "https://status.heron.example/api/v2/summary.json",
        "https://status.heron.example/summary.json",
        "https://status.heron.example/index.json",
        "https://status.heron.example/incidents.json",
    } <= set(urls)
    assert len(urls) == len(set(urls))
