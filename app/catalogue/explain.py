"""What pydantic finds wrong, said in our words and with its place: `unknown key "intervall" in check "models"`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import ErrorDetails

from app.catalogue.entries import DATE_PATTERN, SLUG_PATTERN, URL_PATTERN
from app.catalogue.errors import Complain, Place, quoted
from app.catalogue.schema import NOT_A_DURATION
from app.catalogue.suggest import did_you_mean, nearest
from app.catalogue.tree import Items, Path, Scalar, Table, Tree, deepest, has_hole, table_at
from app.catalogue.whereabouts import described_at, key_in, name_of

_WITHHELD = "this cannot be used (why is not shown: it could tell what stands in the environment)"
_UNKNOWN_KEY = ("unexpected_keyword_argument", "extra_forbidden")
_UNKNOWN_WORD = ("enum", "literal_error")
_EMPTY = ("string_too_short", "too_short")
_A_LIST = "a list"
_WANTED = {
    NOT_A_DURATION: "a duration such as 500ms, 30s, 5m, 1h30m or 1d",
    "string_type": "text",
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), "a whole number"),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), "a number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
    **dict.fromkeys(("dataclass_type", "dict_type", "mapping_type"), 'a mapping (lines of "key: value")'),
    **dict.fromkeys(("list_type", "tuple_type", "set_type", "frozen_set_type"), _A_LIST),
}
_LIMITS = {
    "greater_than_equal": ("ge", "at least {}"),
    "greater_than": ("gt", "more than {}"),
    "less_than_equal": ("le", "at most {}"),
    "less_than": ("lt", "less than {}"),
    "string_too_long": ("max_length", "at most {} characters long"),
    "too_long": ("max_length", "a list of at most {}"),
}
_FORMS = {
    SLUG_PATTERN: "an id (lower-case letters, digits and single hyphens)",
    URL_PATTERN: "a web address (https://…)",
    DATE_PATTERN: "a day (2026-10-31)",
}


def explain(
    findings: Sequence[ErrorDetails],
    masked: Sequence[ErrorDetails],
    tree: Table,
    schema: Mapping[str, Any],
    complain: Complain,
) -> None:
    """Tell `complain` of every finding.

    `masked` are the findings on the same tree with every value from the environment replaced by what the file
    says instead: what the specs of the kinds complain about in their own words is quoted from there. `schema` is
    the JSON Schema of the same type; it knows the keys and the words that would have been right.
    """
    lacking: dict[Path, list[str]] = {}
    own_words = {error["loc"]: str(error["ctx"]["error"]) for error in masked if error["type"] == "value_error"}
    for error in findings:
        finding = _Finding.of(error, tree, schema)
        if finding.type == "missing":
            lacking.setdefault(finding.path, []).append(quoted(error["loc"][-1]))
        elif has_hole(finding.part) or _is_echo(finding):
            continue
        elif finding.type == "value_error":
            complain(finding.part.place, f"{key_in(finding.path)}: {own_words.get(error['loc'], _WITHHELD)}")
        else:
            complain(finding.place, _sentence(finding))
    for path, keys in lacking.items():
        complain(deepest(tree, path)[0].place, f"{name_of(path)} lacks {', '.join(keys)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    """A finding of pydantic with the part of the tree that it is about, or about the key of which it is."""

    type: str
    context: Mapping[str, Any]
    path: Path
    part: Tree
    is_of_key: bool
    siblings: Mapping[str, Any]
    schema: Mapping[str, Any]

    @classmethod
    def of(cls, error: ErrorDetails, tree: Table, schema: Mapping[str, Any]) -> "_Finding":
        part, beyond = deepest(tree, error["loc"])
        path = error["loc"][: len(error["loc"]) - len(beyond)]
        return cls(
            type=error["type"],
            context=error.get("ctx", {}),
            path=path,
            part=part,
            is_of_key=error["type"] in _UNKNOWN_KEY or beyond == ("[key]",),
            siblings=table_at(tree, path[:-1]),
            schema=schema,
        )

    @property
    def key(self) -> str:
        return str(self.path[-1])

    @property
    def place(self) -> Place:
        place: Place = self.siblings[self.key].place if self.is_of_key else self.part.place
        return place


def _is_echo(finding: _Finding) -> bool:
    """Whether something only counts as empty because all that it holds is wrong, which is told by itself."""
    return finding.type == "too_short" and finding.part.size > 1


def _sentence(finding: _Finding) -> str:
    if finding.type in _UNKNOWN_KEY:
        owner = finding.path[:-1]
        known = described_at(finding.schema, owner).get("properties", {})
        meant = did_you_mean(finding.key, known)
        return f"unknown key {quoted(finding.key)} in {name_of(owner)}{meant}"
    if finding.is_of_key:
        return f"the id of {name_of(finding.path)} must be {_wanted(finding)}{_remedy(finding, finding.key)}"
    subject = key_in(finding.path)
    if isinstance(finding.part, Scalar) and finding.part.value is None:
        return f"{subject} has no value"
    if finding.type in _EMPTY:
        return f"{subject} must not be empty"
    value = finding.part.value if isinstance(finding.part, Scalar) and not finding.part.is_secret else None
    return f"{subject} must be {_wanted(finding)}, not {_shown(finding.part)}{_remedy(finding, value)}"


def _wanted(finding: _Finding) -> str:
    """What would have been right, to stand behind "must be"."""
    if finding.type in _LIMITS:
        name, words = _LIMITS[finding.type]
        return words.format(finding.context[name])
    if finding.type in _UNKNOWN_WORD:
        return f"one of {', '.join(_words(finding))}"
    if finding.type == "string_pattern_mismatch":
        return _FORMS.get(finding.context["pattern"], "of another form")
    return _WANTED.get(finding.type, "something else")


def _remedy(finding: _Finding, value: object) -> str:
    """What was probably meant, in half a sentence."""
    if finding.type == "string_type" and isinstance(value, bool | int | float):
        return f"; put it in quotes: {quoted(_written(finding.part))}"
    if finding.type == NOT_A_DURATION and isinstance(value, int | float) and not isinstance(value, bool):
        span = f"{value}s" if isinstance(value, int) else f"{value * 1000:.0f}ms"
        return f'; did you mean "{span}"?'
    if _WANTED.get(finding.type) == _A_LIST and value is not None:
        return f"; did you mean [{_written(finding.part)}]?"
    if finding.type in _UNKNOWN_WORD and isinstance(value, str) and (word := nearest(value, _words(finding))):
        return f'; did you mean "{word}"?'
    if finding.type == "string_pattern_mismatch" and isinstance(value, str):
        return _remedied(finding.context["pattern"], value)
    return ""


def _remedied(pattern: str, text: str) -> str:
    if pattern == SLUG_PATTERN and (slug := "-".join(re.findall(r"[a-z0-9]+", text.lower()))):
        return f"; did you mean {quoted(slug)}?"
    if pattern == URL_PATTERN and re.match(URL_PATTERN, f"https://{text}") and "://" not in text and "." in text:
        return f"; did you mean {quoted(f'https://{text}')}?"
    return ""


def _words(finding: _Finding) -> Sequence[str]:
    return tuple(described_at(finding.schema, finding.path).get("enum", ()))


def _written(part: Tree) -> str:
    return part.written if isinstance(part, Scalar) else ""


def _shown(part: Tree) -> str:
    """A value as the file says it, so that nothing from the environment is ever shown."""
    match part:
        case Scalar(value=str()):
            return quoted(part.written)
        case Scalar():
            return part.written
        case Items():
            return "a list"
        case Table():
            return "a mapping"
