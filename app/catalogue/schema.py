"""The two uses of the entries' types: checking what a file says, and telling editors what it may say."""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError, SchemaValidator, core_schema

from app.catalogue.durations import DURATION_PATTERN, format_duration, parse_duration
from app.catalogue.entries import SpecKinds, file_type
from app.catalogue.interpolate import Secret

UNREAD = "x-"
"""How the keys at the top of a file begin that are left to its author, for anchors and notes."""

NOT_A_DURATION = "not_a_duration"
"""The type of pydantic's finding where a span of time is not written as one."""


def file_validator(kinds: SpecKinds) -> SchemaValidator:
    """What turns the plain values of a catalogue file into a `FileEntry`, or raises pydantic's `ValidationError`.

    Spans of time are read as people write them, `true` is no number, and text from the environment goes on
    hiding itself: in the entries, and in the specs of the kinds that know nothing of all this.
    """
    return validator_of(file_type(kinds))


def catalogue_schema(kinds: SpecKinds) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a catalogue file, an operator's or one of the builtin catalogue.

    Nothing is required by it, for an operator's file may override one part of a builtin entry; what a whole one
    lacks is told when the files are loaded.
    """
    schema = schema_of(file_type(kinds))
    unread = {f"^{UNREAD}": {"description": "Free for anchors and notes; not read."}}
    return {"$schema": _JsonSchema.schema_dialect, **_without_required(schema), "patternProperties": unread}


def validator_of(file: Any) -> SchemaValidator:
    """What turns plain values into that type of file in our way of reading, or raises `ValidationError`."""
    return SchemaValidator(_adapted(TypeAdapter(file).core_schema))


def schema_of(file: Any) -> dict[str, Any]:
    """The JSON Schema of a type of file, for telling what would have been right."""
    return TypeAdapter(file).json_schema(schema_generator=_JsonSchema)


def _adapted(schema: Any) -> Any:
    """The same core schema with our way of reading at its leaves."""
    if isinstance(schema, list):
        return [_adapted(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    adapted = {key: part if key in _NOT_SCHEMAS else _adapted(part) for key, part in schema.items()}
    kind = schema.get("type")
    return _READ[kind](adapted) if isinstance(kind, str) and kind in _READ else adapted


def _read_duration(value: object) -> timedelta:
    try:
        return parse_duration(value if isinstance(value, str) else "")
    except ValueError:
        raise PydanticCustomError(NOT_A_DURATION, "not a duration") from None


def _read_whole_number(value: object) -> object:
    if isinstance(value, bool):
        raise PydanticKnownError("int_type")
    return value


def _read_number(value: object) -> object:
    if isinstance(value, bool):
        raise PydanticKnownError("float_type")
    return value


def _read_text(value: object, validate: Callable[[object], str]) -> str:
    text = validate(value)
    return Secret(text) if isinstance(value, Secret) else text


_NOT_SCHEMAS = frozenset({"metadata", "default", "config", "expected"})
_READ: Mapping[str, Callable[[CoreSchema], CoreSchema]] = {
    "timedelta": lambda schema: core_schema.no_info_before_validator_function(_read_duration, schema),
    "int": lambda schema: core_schema.no_info_before_validator_function(_read_whole_number, schema),
    "float": lambda schema: core_schema.no_info_before_validator_function(_read_number, schema),
    "str": lambda schema: core_schema.no_info_wrap_validator_function(_read_text, schema),
}

_FIRST_SENTENCE = re.compile(r"(?<=\.)\s")


class _JsonSchema(GenerateJsonSchema):
    """pydantic's generator, speaking of durations and ids as the files do, and silent where nothing is said."""

    def timedelta_schema(self, schema: core_schema.TimedeltaSchema) -> JsonSchemaValue:
        """A span of time is text."""
        del schema
        return {"type": "string", "pattern": DURATION_PATTERN, "examples": ["30s", "5m", "1h30m"]}

    def encode_default(self, dft: Any) -> Any:
        """A default span is written as one would write it."""
        return format_duration(dft) if isinstance(dft, timedelta) else super().encode_default(dft)

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """`None` as a default says nothing to an editor."""
        described = super().default_schema(schema)
        if described.get("default", ...) is None:
            del described["default"]
        return described

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Keys with a pattern are checked, not merely recognised."""
        described = super().dict_schema(schema)
        for pattern, values in described.pop("patternProperties", {}).items():
            names = {**described.get("propertyNames", {}), "pattern": pattern}
            described |= {"propertyNames": names, "additionalProperties": values}
        return described

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        """A class tells what it is by its first sentence, its fields by the docstrings that follow them."""
        described = super().dataclass_schema(schema)
        described["description"] = _FIRST_SENTENCE.split(inspect.cleandoc(schema["cls"].__doc__ or ""))[0]
        for name, told in _attribute_docstrings(schema["cls"]).items():
            if name in described["properties"]:
                described["properties"][name].setdefault("description", told)
        return described

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Keys speak for themselves."""
        del schema
        return False


def _attribute_docstrings(cls: type) -> dict[str, str]:
    """What stands as a bare string after each field of a class and of its bases, on one line."""
    told: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        try:
            source = ast.parse(textwrap.dedent(inspect.getsource(base))).body[0]
        except (OSError, TypeError):  # a class that was made, not written
            continue
        for field, after in pairwise(source.body if isinstance(source, ast.ClassDef) else ()):
            match field, after:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                    told[name] = " ".join(text.split())
    return told


def _without_required(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_without_required(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _without_required(part)
        for key, part in schema.items()
        if not (key == "required" and isinstance(part, list))
    }
