"""Which pages are read, and under which names."""

from app.domain.service import StatusPage
from app.domain.watched import watched_pages
from tests.pages import a_service, acme

OWN = StatusPage(url="https://chat.acme.example/status")


def test_a_vendors_page_is_read_once_for_all_its_services() -> None:
    (page,) = watched_pages(acme(a_service("api"), a_service("web")))
    assert (page.key, [service.id for service in page.services]) == ("acme", ["api", "web"])


def test_a_service_with_a_page_of_its_own_is_not_spoken_for_by_the_vendors() -> None:
    pages = watched_pages(acme(a_service("api"), a_service("chat", status_page=OWN)))
    assert [(page.key, [service.id for service in page.services]) for page in pages] == [
        ("acme", ["api"]),
        ("acme/chat", ["chat"]),
    ]


def test_services_that_share_a_page_of_their_own_have_it_read_once() -> None:
    (page,) = watched_pages(acme(a_service("chat", status_page=OWN), a_service("code", status_page=OWN)))
    assert (page.key, len(page.services)) == ("acme/chat", 2)


def test_a_vendor_without_a_page_is_not_read() -> None:
    assert watched_pages(acme(page=None)) == ()
