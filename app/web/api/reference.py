"""The OpenAPI description, in the order and words in which people read it; pure."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

JSON = "application/json"
NOTHING = {"type": "null"}
_KEY = re.compile(r"^( *)(&#34;[^&]*&#34;):", re.MULTILINE)
INWARDS = 8
"""How deep fields in fields are told; what reaches deeper would be told without end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A parameter, or a field of what is sent or answered, with the `fields` that it has itself.

    `kind` is its type in the words of JSON; `choices` is empty where anything goes; `otherwise` is what counts
    where it is left out.
    """

    name: str
    kind: str
    about: str
    is_needed: bool = False
    choices: tuple[str, ...] = ()
    otherwise: str = ""
    fields: "tuple[Field, ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """Something that can be asked: the `command` that asks it, and as JSON an `example` of what comes back."""

    id: str
    method: str
    path: str
    title: str
    about: str
    parameters: tuple[Field, ...]
    answer: tuple[Field, ...]
    command: str
    example: Markup
    errors: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """Operations under one heading."""

    id: str
    title: str
    about: str
    operations: tuple[Operation, ...]


def chapters(spec: Mapping[str, Any]) -> Sequence[Chapter]:
    """Everything that can be asked, under the headings of the description."""
    told = [
        (operation["tags"][0], _operation(spec, path, method, operation))
        for path, methods in spec["paths"].items()
        for method, operation in methods.items()
    ]
    found = [
        Chapter(
            id=tag["name"].lower(),
            title=tag["name"],
            about=tag["description"],
            operations=tuple(operation for name, operation in told if name == tag["name"]),
        )
        for tag in spec["tags"]
    ]
    return [chapter for chapter in found if chapter.operations]


def drawn(value: Any) -> Markup:
    """The value as JSON over several lines, its keys marked."""
    told = str(escape(json.dumps(value, ensure_ascii=False, indent=2)))
    return Markup(_KEY.sub(r"\1<i>\2</i>:", told))  # noqa: S704 - escaped above


def _operation(spec: Mapping[str, Any], path: str, method: str, told: Mapping[str, Any]) -> Operation:
    right = told["responses"]["200"]["content"][JSON]
    sent = told.get("requestBody", {}).get("content", {}).get(JSON)
    parameters = tuple(_parameter(spec, parameter) for parameter in told.get("parameters", ()))
    return Operation(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        title=told["summary"],
        about=told["description"],
        parameters=(*parameters, *(_fields(spec, sent["schema"]) if sent is not None else ())),
        answer=_fields(spec, right["schema"]),
        command=told["x-codeSamples"][0]["source"],
        example=drawn(right["example"]),
        errors=tuple(int(status) for status in told["responses"] if status >= "4"),
    )


def _parameter(spec: Mapping[str, Any], told: Mapping[str, Any]) -> Field:
    schema = {**told["schema"], "description": told["description"]}
    return _field(spec, told["name"], schema, is_needed=told["required"])


def _fields(spec: Mapping[str, Any], schema: Mapping[str, Any], inwards: int = INWARDS) -> tuple[Field, ...]:
    """The fields of an object, of what a list consists of, or of neither."""
    whole = _resolved(spec, schema)
    whole = _resolved(spec, whole["items"]) if "items" in whole else whole
    needed = whole.get("required", ())
    properties = whole.get("properties", {}) if inwards else {}
    return tuple(
        _field(spec, name, told, is_needed=name in needed, inwards=inwards - 1)
        for name, told in properties.items()
    )


def _field(
    spec: Mapping[str, Any], name: str, told: Mapping[str, Any], *, is_needed: bool, inwards: int = INWARDS
) -> Field:
    schema = _resolved(spec, told)
    default = told.get("default")
    return Field(
        name=name,
        kind=_kind(spec, told),
        about=told.get("description", ""),
        is_needed=is_needed,
        choices=tuple(_resolved(spec, schema.get("items", schema)).get("enum", ())),
        otherwise="" if default in (None, [], "") else str(default),
        fields=_fields(spec, schema, inwards),
    )


def _kind(spec: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """The type as people say it: `string`, `list of integer`, `date-time or null`."""
    if "$ref" in schema:
        return _kind(spec, _resolved(spec, schema))
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_kind(spec, each) for each in schema["anyOf"]))
    if schema.get("type") == "array":
        return f"list of {_kind(spec, schema.get('items') or schema['prefixItems'][0])}"
    return str(schema.get("format") or schema.get("type", "any"))


def _resolved(spec: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a schema is, or refers to, where it may be `null` as well."""
    given = [each for each in schema.get("anyOf", ()) if each != NOTHING]
    schema = given[0] if len(given) == 1 else schema
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: Mapping[str, Any] = spec["components"]["schemas"][reference.rpartition("/")[2]]
    return found
