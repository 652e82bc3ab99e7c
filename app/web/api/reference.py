"""The OpenAPI description, in the order and words in which people read it; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A parameter, or a field of an answer. `choices` is empty where anything goes."""

    name: str
    about: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """Something that can be asked."""

    path: str
    about: str
    parameters: tuple[Field, ...]
    answer: tuple[Field, ...]


def operations(spec: Mapping[str, Any]) -> Sequence[Operation]:
    """Everything that can be asked with a GET, in the order of the description."""
    return [
        Operation(
            path=path,
            about=asked["description"],
            parameters=tuple(_parameter(spec, parameter) for parameter in asked.get("parameters", ())),
            answer=_fields(spec, asked["responses"]["200"]["content"]["application/json"]["schema"]),
        )
        for path, methods in spec["paths"].items()
        if (asked := methods.get("get")) is not None
    ]


def _parameter(spec: Mapping[str, Any], parameter: Mapping[str, Any]) -> Field:
    schema = _resolved(spec, parameter["schema"])
    return Field(name=parameter["name"], about=parameter["description"], choices=tuple(schema.get("enum", ())))


def _fields(spec: Mapping[str, Any], schema: Mapping[str, Any]) -> tuple[Field, ...]:
    properties = _resolved(spec, schema)["properties"]
    return tuple(Field(name=name, about=field.get("description", "")) for name, field in properties.items())


def _resolved(spec: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a schema is, or refers to, where it may be left out as well."""
    schema = next((each for each in schema.get("anyOf", ()) if each.get("type") != "null"), schema)
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: Mapping[str, Any] = spec["components"]["schemas"][reference.rpartition("/")[2]]
    return found
