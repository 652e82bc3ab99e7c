"""Which parts and incidents of a page concern which service."""

import pytest

from app.domain.mapping import Basis, PageMap, is_selected
from app.domain.service import Components
from app.domain.vendor import VendorIncident
from tests.pages import a_part, a_service, acmes_page, an_incident, an_update

SELECTED = [
    (Components(ids=("p1",)), "p1", "Anything", True),
    (Components(ids=("p1",)), "p2", "Anything", False),
    (Components(names=("API",)), "p1", "api", True),
    (Components(names=("API",)), "p1", "API Docs", False),
    (Components(names=("WARP",)), "p1", "Cloudflare Sites and Services - WARP", True),
    (Components(names=("Le  Chat",)), "p1", "Le Chat", True),
    (Components(pattern="(?i)codex"), "p1", "OpenAI Codex CLI", True),
    (Components(pattern="^API"), "p1", "Platform API", False),
    (Components(ids=("p1",), pattern="x"), "p2", "", False),
]


@pytest.mark.parametrize(("components", "part_id", "name", "expected"), SELECTED)
def test_a_part_is_selected_by_id_name_or_pattern(
    components: Components, part_id: str, name: str, *, expected: bool
) -> None:
    assert is_selected(components, part_id, name) is expected


API = a_service("acme-api", name="Acme API", components=Components(names=("API",)))
CHAT = a_service("acme-chat", name="Acme", components=Components(ids=("chat",)))
CODE = a_service("acme-code", name="Acme Code", components=Components(pattern="(?i)code"))
ALL = a_service("acme-all", name="Everything", components=Components())
PARTS = (a_part("API"), a_part("Chat (chat.acme.example)", part_id="chat"), a_part("Code"), a_part("Billing"))
LISTED = PageMap(acmes_page(API, CHAT, CODE, ALL), PARTS)


def concerned(page_map: PageMap, incident: VendorIncident) -> dict[str, Basis]:
    pairs = ((service.id, page_map.basis(service, incident)) for service in (API, CHAT, CODE))
    return {service_id: basis for service_id, basis in pairs if basis is not None}


def titled(title: str, text: str = "We are looking.") -> VendorIncident:
    return an_incident("i1", an_update(0, text=text), title=title)


PERHAPS_ALL = dict.fromkeys(["acme-api", "acme-chat", "acme-code"], Basis.NOTHING_NAMED)

ROWS = [
    ("its part by id", an_incident(parts=("Chat",)), {"acme-chat": Basis.PART}),
    ("several parts", an_incident(parts=("API", "Code")), {"acme-api": Basis.PART, "acme-code": Basis.PART}),
    ("a part that is no service's", an_incident(parts=("Billing",)), {}),
    ("a service in the title", titled("Acme API: errors"), {"acme-api": Basis.TITLE}),
    ("the longest name", titled("Acme Code is slow"), {"acme-code": Basis.TITLE}),
    ("the shortest name", titled("Acme is slow"), {"acme-chat": Basis.TITLE}),
    ("a part in the title", titled("Errors in Chat"), {"acme-chat": Basis.TITLE}),
    ("another part in the title", titled("Billing is late", "The Acme API works."), {}),
    ("a part within a word", titled("Rapid APIs of Chatham"), PERHAPS_ALL),
    ("a pattern in the title", titled("Vscode cannot connect"), {"acme-code": Basis.TITLE}),
    ("a service in the text", titled("Elevated errors", "Users of Acme API see 500s."), {"acme-api": Basis.TEXT}),
    ("a part in the text only", titled("Elevated errors", "Chat with us."), PERHAPS_ALL),
]


@pytest.mark.parametrize(("incident", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_an_incident_is_given_to_services_by_stated_rules(
    incident: VendorIncident, expected: dict[str, Basis]
) -> None:
    assert concerned(LISTED, incident) == expected


def test_a_service_that_takes_the_whole_page_takes_every_incident() -> None:
    assert LISTED.basis(ALL, titled("Billing is late")) is Basis.WHOLE_PAGE
    assert LISTED.parts_of(ALL) == PARTS


def test_on_a_page_without_parts_who_is_not_named_is_not_hit() -> None:
    bare = PageMap(acmes_page(API, CHAT, CODE), ())
    assert concerned(bare, titled("Storage - East US", "Virtual machines are slow.")) == {}
    assert concerned(bare, titled("East US", "The codec of Acme.")) == {"acme-chat": Basis.TEXT}
    assert concerned(bare, titled("East US", "Our code is slow.")) == {"acme-code": Basis.TEXT}
    assert concerned(bare, an_incident(parts=("API",))) == {"acme-api": Basis.PART}


def test_what_an_incident_names_of_a_service_is_told_by_id_first() -> None:
    assert LISTED.named(CHAT, an_incident(parts=("Chat", "API"))) == ("chat",)
    assert PageMap(acmes_page(API), ()).named(API, an_incident(parts=("API",))) == ("API",)
