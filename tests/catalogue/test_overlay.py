"""An operator's file over the builtin catalogue."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.catalogue.assemble import CONTROLS
from app.domain.check import Check, Policy
from app.domain.result import CheckId
from app.domain.service import Catalogue
from app.domain.status import Status
from tests.catalogue.ground import Ask, Knock, Method, load

MINE = """
  mine:
    name: Mine
    vendor: acme
    capabilities: [code]
    home: https://mine.test/
    checks: {page: {ask: {url: https://mine.test/}}}
"""


@pytest.fixture
def own_file(tmp_path: Path) -> Path:
    return tmp_path / "stillup.yaml"


def laid(own_file: Path, text: str, **environ: str) -> Catalogue:
    own_file.write_text(text)
    return load(own_file, environ)


def models(catalogue: Catalogue) -> Check:
    return catalogue.check_by_id[CheckId("acme-api/models")]


def ids(catalogue: Catalogue) -> list[str]:
    return [service.id for service in catalogue.services]


def test_without_a_file_the_builtin_catalogue_stands() -> None:
    catalogue = load()
    assert ids(catalogue) == ["acme-api", "acme-chat"]
    assert [vendor.id for vendor in catalogue.vendors] == ["acme"]
    assert [control.id for control in catalogue.controls] == [f"{CONTROLS}/one", f"{CONTROLS}/two"]


@pytest.mark.parametrize(
    "text", ["", "services:\n  # acme-api: {enabled: false}\ncontrols:\norder:", "x-mine: [1]"]
)
def test_a_file_that_says_nothing_changes_nothing(own_file: Path, text: str) -> None:
    assert laid(own_file, text) == load()


def test_one_figure_of_one_check_is_changed_and_nothing_else(own_file: Path) -> None:
    catalogue = laid(own_file, "services: {acme-api: {checks: {models: {interval: 30s, slow_after: 2s}}}}")
    before, after = models(load()), models(catalogue)
    assert after.cadence.interval == timedelta(seconds=30)
    assert after.thresholds.slow_after == timedelta(seconds=2)
    assert (after.spec, after.verified_on, after.note) == (before.spec, "2026-10-10", "Seen to refuse.")
    assert catalogue.service_by_id["acme-chat"] == load().service_by_id["acme-chat"]


def test_a_changed_question_is_no_longer_vouched_for(own_file: Path) -> None:
    check = models(laid(own_file, "services: {acme-api: {checks: {models: {ask: {status: [200]}}}}}"))
    assert check.spec == Ask(url="https://api.acme.test/models", status=(200,))
    assert (check.verified_on, check.note) == (None, None)


def test_a_question_of_another_kind_takes_the_place_of_the_old_one(own_file: Path) -> None:
    check = models(laid(own_file, "services: {acme-api: {checks: {models: {knock: {host: a.test, port: 1}}}}}"))
    assert (check.kind, check.spec) == ("knock", Knock(host="a.test", port=1))


def test_a_name_of_a_check_that_is_the_name_of_a_kind_is_only_a_name(own_file: Path) -> None:
    text = (
        "services: {acme-api: {checks: {ask: {knock: {host: a.test, port: 1}}, knock: {ask: {url: https://a}}}}}"
    )
    catalogue = laid(own_file, text)
    assert [check.name for check in catalogue.service_by_id["acme-api"].checks] == [
        "models",
        "port",
        "ask",
        "knock",
    ]


def test_lists_are_replaced(own_file: Path) -> None:
    service = laid(own_file, "services: {acme-api: {capabilities: [router]}}").service_by_id["acme-api"]
    assert service.capabilities == ("router",)


def test_what_may_be_absent_is_taken_away_by_null(own_file: Path) -> None:
    catalogue = laid(own_file, "vendors: {acme: {status_page: null}}\nservices: {acme-api: {about: ~}}")
    assert catalogue.vendor_by_id["acme"].status_page is None
    assert catalogue.service_by_id["acme-api"].about is None


@pytest.mark.parametrize(
    "text",
    [
        "disable: [acme-chat]",
        "services: {acme-chat: {enabled: false}}",
        "services: {acme-chat: {enabled: no}}",
        "services: {acme-chat: {checks: {page: {enabled: false}}}}",
        "builtin: false\nservices: {acme-api: {}}",
    ],
)
def test_there_are_several_ways_to_do_without_a_service(own_file: Path, text: str) -> None:
    assert ids(laid(own_file, text)) == ["acme-api"]


def test_a_check_can_be_left_out(own_file: Path) -> None:
    catalogue = laid(own_file, "services: {acme-api: {checks: {port: {enabled: false}}}}")
    assert list(catalogue.check_by_id) == ["acme-api/models", "acme-chat/page"]


@pytest.mark.parametrize("text", ["builtin: false", "vendors: {acme: {enabled: false}}"])
def test_a_vendor_without_services_is_left_out(own_file: Path, text: str) -> None:
    catalogue = laid(own_file, text)
    assert (catalogue.vendors, catalogue.services) == ((), ())
    assert len(catalogue.controls) == 2


def test_an_own_service_may_be_of_a_builtin_vendor_while_its_services_are_out(own_file: Path) -> None:
    catalogue = laid(own_file, f"builtin: false\nservices:{MINE}")
    assert (ids(catalogue), [vendor.id for vendor in catalogue.vendors]) == (["mine"], ["acme"])


def test_own_services_come_first_unless_ordered(own_file: Path) -> None:
    assert ids(laid(own_file, f"services:{MINE}")) == ["mine", "acme-api", "acme-chat"]
    assert ids(laid(own_file, f"order: [acme-chat]\nservices:{MINE}")) == ["acme-chat", "mine", "acme-api"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("controls: {}", []),
        ("controls: {mine: {knock: {host: gateway.test, port: 443}}}", ["mine"]),
    ],
)
def test_own_controls_replace_the_builtin_ones(own_file: Path, text: str, names: list[str]) -> None:
    assert [control.name for control in laid(own_file, text).controls] == names


def test_every_field_of_a_check_arrives(own_file: Path) -> None:
    text = """
services:
  acme-api:
    checks:
      models:
        impact: none
        allow_private: true
        verified_on: 2026-11-01
        note: Ours.
        policy: {false_alarm_every: 30d}
        ask: {url: https://b.test/, method: POST, headers: {a: b}, timeout: 1m30s}
"""
    check = models(laid(own_file, text))
    assert (check.id, check.service_id, check.name, check.kind) == ("acme-api/models", "acme-api", "models", "ask")
    assert (check.impact, check.allow_private) == (Status.UP, True)
    assert (check.verified_on, check.note) == ("2026-11-01", "Ours.")
    assert check.policy == Policy(false_alarm_every=timedelta(days=30))
    assert check.spec == Ask(
        url="https://b.test/", method=Method.POST, headers={"a": "b"}, status=(401,), timeout=timedelta(seconds=90)
    )


def test_values_from_the_environment_arrive_and_hide_themselves(own_file: Path) -> None:
    text = """
x-key: &key "Bearer ${KEY}"
services:
  acme-api:
    name: ${NAME:-Acme}
    enabled: ${ON}
    checks:
      models: {interval: "${EVERY}", ask: {headers: {authorization: *key}, status: ["${STATUS}"]}}
"""
    catalogue = laid(own_file, text, KEY="sk-1", ON="true", EVERY="1m", STATUS="204")
    check = models(catalogue)
    assert check.cadence.interval == timedelta(minutes=1)
    assert check.spec == Ask(
        url="https://api.acme.test/models", headers={"authorization": "Bearer sk-1"}, status=(204,)
    )
    assert "sk-1" not in repr(catalogue)
    assert catalogue.service_by_id["acme-api"].name == "Acme"


def test_what_a_service_depends_on_may_be_left_out_itself(own_file: Path) -> None:
    text = "disable: [acme-chat]\nservices:" + MINE + "    depends_on: [acme-api, acme-chat]"
    assert laid(own_file, text).service_by_id["mine"].depends_on == ("acme-api", "acme-chat")
