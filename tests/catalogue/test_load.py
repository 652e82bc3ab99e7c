"""Reading the files, and noticing that they changed."""

import os
from pathlib import Path

import pytest

from app.catalogue.errors import CatalogueError
from app.catalogue.load import BUILTIN, fingerprint, load_catalogue
from tests.catalogue.ground import KINDS, SMALL, load

SERVICE = (
    "{name: A, vendor: a, capabilities: [code], home: https://a.test/, checks: {c: {ask: {url: https://a.test/}}}}"
)


def problems(builtin: Path, own_file: Path | None = None) -> list[str]:
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(builtin, own_file, KINDS, {})
    return [
        f"{Path(problem.place.file).name}:{problem.place.line}: {problem.text}"
        for problem in caught.value.problems
    ]


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    assert problems(SMALL, tmp_path / "none.yaml") == [
        "none.yaml:1: the file cannot be read: No such file or directory"
    ]


def test_a_builtin_catalogue_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    assert problems(tmp_path / "none") == ["none:1: there is no such folder"]


def test_what_two_builtin_files_say_of_the_same_id_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        f"vendors: {{a: {{name: A, home: https://a.test}}}}\nservices: {{s: {SERVICE}}}"
    )
    (tmp_path / "b.yaml").write_text(f"\nservices: {{s: {SERVICE}}}\ndisable: 3")
    (tmp_path / "c.yaml").write_text("disable: []")
    assert problems(tmp_path) == [
        f'b.yaml:2: "s" stands in "services" of {tmp_path}/a.yaml:2:12 already',
        'b.yaml:3: "disable" must be a list, not 3; did you mean [3]?',
        f'c.yaml:1: "disable" stands in {tmp_path}/b.yaml:3:1 already',
    ]


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("vendors: {a: {name: A, hom: https://a.test}}")
    (tmp_path / "b.yaml").write_text("services: [")
    own_file = tmp_path / "own" / "stillup.yaml"
    own_file.parent.mkdir()
    own_file.write_text("disable: [s]\nvendors: {a: {home: 3}}")
    assert problems(tmp_path, own_file) == [
        'a.yaml:1: unknown key "hom" in vendor "a"; did you mean "home"?',
        "b.yaml:2: a value is missing here, or a bracket is not closed",
        'stillup.yaml:1: "disable" names the unknown service "s"',
        'stillup.yaml:2: "home" in vendor "a" must be text, not 3; put it in quotes: "3"',
    ]


def test_variables_are_filled_into_the_shipped_files_too(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "vendors: {a: {name: '${HOME:-nobody}', home: https://a.test}}\nservices: {s: " + SERVICE + "}"
    )
    assert load_catalogue(tmp_path, None, KINDS, {}).vendors[0].name == "nobody"
    assert load_catalogue(tmp_path, None, KINDS, {"HOME": "Acme"}).vendors[0].name == "Acme"


class TestFingerprint:
    @pytest.fixture
    def own_file(self, tmp_path: Path) -> Path:
        file = tmp_path / "stillup.yaml"
        file.write_text("services: {acme-api: {about: '${KEY}'}}")
        return file

    def test_stays_while_nothing_changes(self, own_file: Path) -> None:
        assert fingerprint(SMALL, own_file, {"KEY": "a"}) == fingerprint(SMALL, own_file, {"KEY": "a"})

    def test_changes_with_the_operators_file(self, own_file: Path) -> None:
        before = fingerprint(SMALL, own_file, {})
        own_file.write_text("services: {acme-api: {about: '${KEX}'}}")
        after = fingerprint(SMALL, own_file, {})
        own_file.unlink()
        assert len({repr(each) for each in (before, after, fingerprint(SMALL, own_file, {}))}) == 3

    def test_changes_with_a_file_of_the_builtin_catalogue(self, tmp_path: Path) -> None:
        builtin = tmp_path / "builtin"
        builtin.mkdir()
        seen = [fingerprint(builtin, None, {})]
        (builtin / "a.yaml").write_text("x-a: 1")
        seen.append(fingerprint(builtin, None, {}))
        os.utime(builtin / "a.yaml", ns=(1, 1))
        seen.append(fingerprint(builtin, None, {}))
        assert len({repr(each) for each in seen}) == 3

    def test_changes_with_a_secret_that_the_builtin_catalogue_names(self, tmp_path: Path) -> None:
        secret = tmp_path / "key"
        secret.write_text("one")
        environ = {"OPENAI_API_KEY_FILE": str(secret), "UNUSED_FILE": str(tmp_path / "log")}
        before = fingerprint(BUILTIN, None, environ)
        (tmp_path / "log").write_text("nobody reads it")
        assert fingerprint(BUILTIN, None, environ) == before
        secret.write_text("another")
        assert fingerprint(BUILTIN, None, environ) != before

    def test_changes_with_a_file_that_holds_a_secret(self, own_file: Path, tmp_path: Path) -> None:
        secret = tmp_path / "key"
        environ = {"KEY_FILE": str(secret)}
        seen = [fingerprint(SMALL, own_file, environ)]
        secret.write_text("one")
        seen.append(fingerprint(SMALL, own_file, environ))
        replacement = tmp_path / "other"
        replacement.write_text("two")
        replacement.replace(secret)
        seen.append(fingerprint(SMALL, own_file, environ))
        assert len({repr(each) for each in seen}) == 3


def test_the_same_files_are_the_same_catalogue() -> None:
    assert load() == load()
