"""The catalogue while its files, and the files of keys that it names, change under it."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest

from app.catalogue.load import BUILTIN, fingerprint, load_catalogue
from app.domain.service import Catalogue
from app.pipeline.reload import CatalogueWatch
from app.probes.inference import InferenceSpec
from app.probes.registry import PROBERS

CANARY = "openai-api/canary"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    file = tmp_path / "key"
    file.write_text("sk-first\n")
    return file


def put(file: Path, text: str) -> None:
    file.write_text(text)


def remove(file: Path) -> None:
    file.unlink()


def watch_over(environ: Mapping[str, str]) -> CatalogueWatch:
    async def take(_catalogue: Catalogue) -> None:
        """Nobody needs it here."""

    return CatalogueWatch(
        load=partial(load_catalogue, BUILTIN, None, PROBERS, environ),
        fingerprint=partial(fingerprint, BUILTIN, None, environ),
        take=take,
    )


def key_in(watch: CatalogueWatch) -> str | None:
    assert watch.catalogue is not None
    spec = watch.catalogue.check_by_id[CANARY].spec  # type: ignore[index] # an id is text
    assert isinstance(spec, InferenceSpec)
    return spec.key


def trouble_of(watch: CatalogueWatch) -> str | None:
    return watch.trouble


async def test_a_key_that_is_changed_in_its_file_is_asked_with_from_then_on(key: Path) -> None:
    watch = watch_over({"OPENAI_API_KEY_FILE": str(key)})
    await watch.start()
    put(key, "sk-second\n")
    before = key_in(watch)
    await watch.look()
    assert (before, key_in(watch), watch.trouble) == ("sk-first", "sk-second", None)


async def test_a_key_file_that_is_gone_costs_no_catalogue_and_is_named_with_the_remedy(key: Path) -> None:
    watch = watch_over({"OPENAI_API_KEY_FILE": str(key)})
    await watch.start()
    remove(key)
    await watch.look()
    assert key_in(watch) == "sk-first"
    trouble = trouble_of(watch) or ""
    assert f"OPENAI_API_KEY_FILE names {key}, which cannot be read (No such file or directory)" in trouble
    assert trouble.endswith("or set OPENAI_API_KEY itself")

    put(key, "sk-back\n")
    await watch.look()
    assert key_in(watch) == "sk-back"
    assert trouble_of(watch) is None


async def test_a_key_file_that_is_empty_for_a_moment_costs_no_catalogue(key: Path) -> None:
    watch = watch_over({"OPENAI_API_KEY_FILE": str(key)})
    await watch.start()
    put(key, "")
    await watch.look()
    assert (key_in(watch), "is empty" in (trouble_of(watch) or "")) == ("sk-first", True)
