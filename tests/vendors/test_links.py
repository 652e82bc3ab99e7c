"""Whatever a vendor writes where an address should be, no page holds a link that leads anywhere but to the web."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.vendor import VendorPage
from app.vendors.registry import READERS, detect
from app.vendors.text import web_address
from tests.vendors.documents import SAMPLES, wrote

ADDRESS = re.compile(rb"https?://[^\\\"'<>\s]+")
DOCUMENTS = sorted(path for path in SAMPLES.glob("*/*") if path.is_file() and ADDRESS.search(path.read_bytes()))
URL = "https://status.example/incidents.json"


def links(page: VendorPage) -> Iterator[str]:
    """Every address that a page would be shown with."""
    urls = (page.url, *(one.url for one in page.incidents), *(one.url for one in page.maintenances))
    yield from (url for url in urls if url is not None)


@pytest.mark.parametrize("written", [b"javascript:alert(1)", b"javascript://x/%0aalert(1)", b"//[", b"data:x,y"])
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_link_leads_anywhere_but_to_the_web(path: Path, written: bytes) -> None:
    kind = path.parent.name if path.parent.name in READERS else detect(wrote(path.read_bytes())) or "rss"
    page = READERS[kind].parse(wrote(ADDRESS.sub(written, path.read_bytes()), url=URL))

    assert [link for link in links(page) if not link.startswith("https://")] == []


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://status.example/a", "https://status.example/a"),
        (" HTTP://status.example/a\n", "HTTP://status.example/a"),
        ("ftp://status.example/a", None),
        ("javascript:alert(1)", None),
        ("status.example/a", None),
        ("", None),
    ],
)
def test_a_web_address_is_one_that_says_so(written: str, read: str | None) -> None:
    assert web_address(written) == read
