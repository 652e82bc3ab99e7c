"""What editors are told: the published schemas are the ones the program has, and they speak of everything."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from app.catalogue.schema import catalogue_schema
from app.probes.registry import PROBERS
from tests.catalogue.ground import KINDS

DOCS = Path(__file__).parents[2] / "docs"


def test_the_published_schema_is_the_one_in_force() -> None:
    published = json.loads((DOCS / "stillup.schema.json").read_text())
    assert published == catalogue_schema(PROBERS), "write it anew with `make docs`"


def properties(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, part in {"": schema, **schema["$defs"]}.items():
        for key, described in part.get("properties", {}).items():
            yield f"{name}.{key}", described


def test_every_key_has_a_description() -> None:
    schema = catalogue_schema(PROBERS)
    silent = [
        name
        for name, described in properties(schema)
        if "description" not in described
        and "description" not in schema["$defs"][described["$ref"].rpartition("/")[2]]
    ]
    assert silent == []


def test_an_operators_file_need_not_repeat_anything() -> None:
    assert "required" not in json.dumps(catalogue_schema(KINDS))


def test_the_options_of_the_kinds_are_part_of_it() -> None:
    definitions = catalogue_schema(KINDS)["$defs"]
    assert definitions["CheckEntry"]["properties"]["ask"] == {"$ref": "#/$defs/Ask"}
    assert definitions["Ask"]["description"] == "Ask a web address."
    assert definitions["Ask"]["properties"]["url"] == {"description": "What to ask.", "type": "string"}
    assert definitions["Ask"]["additionalProperties"] is False


def test_durations_and_ids_look_as_they_are_written() -> None:
    schema = catalogue_schema(KINDS)
    interval = schema["$defs"]["CheckEntry"]["properties"]["interval"]
    assert (interval["type"], interval["default"]) == ("string", "5m")
    assert schema["properties"]["vendors"]["propertyNames"]["pattern"] == "^[a-z0-9]+(-[a-z0-9]+)*$"
    assert schema["properties"]["vendors"]["additionalProperties"] == {"$ref": "#/$defs/VendorEntry"}
