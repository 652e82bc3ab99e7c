"""What a healthy answer is, and whether an answer is one: pure, with the reason."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le, MinLen

from app.domain.result import Failure, FailureKind
from app.domain.saying import say
from app.probes.answer import NOT_JSON, Answer
from app.probes.failures import OUR_CONFIG, THEIRS, Judgement, failed
from app.probes.prober import SCHEMA


class ContentType(StrEnum):
    """A family of media types; `none` is an answer that does not say what it is."""

    JSON = "json"
    HTML = "html"
    TEXT = "text"
    OTHER = "other"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """What a healthy answer is. Everything that is said must hold; what is not said does not matter."""

    __pydantic_config__: ClassVar[dict[str, Any]] = SCHEMA

    status: Annotated[tuple[Annotated[int, Ge(100), Le(599)], ...], MinLen(1)] = (200,)
    """HTTP statuses, any of which is healthy: `[401]` where the vendor has to refuse a call without a key."""
    content_type: tuple[ContentType, ...] = ()
    """Families of media types, any of which is healthy. What calls itself JSON must then be JSON in truth."""
    json_has: tuple[str, ...] = ()
    """Dotted paths that a JSON body must have: `error.message`, `data.0.id`."""
    json_nonempty: tuple[str, ...] = ()
    """Dotted paths to a list, an object or a text that must not be empty."""
    contains: tuple[str, ...] = ()
    """Texts that the body must contain, letter by letter."""


def unmet(expect: Expect, answer: Answer) -> Failure | None:
    """What is amiss with an answer whose status is as expected, or `None` if all is well.

    A success in a wrong shape is the vendor's failure, for people get the same. A refusal in another shape
    than usual tells of no outage, only of a catalogue that is out of date.
    """
    judgement = THEIRS if answer.is_success else OUR_CONFIG
    is_json = False
    if expect.content_type:
        family = family_of(answer.content_type)
        if family not in expect.content_type:
            sentence = say(
                "answered with {found} instead of {wanted}",
                found=answer.content_type or say("no content type"),
                wanted=" or ".join(expect.content_type),
            )
            return failed(FailureKind.WRONG_CONTENT_TYPE, sentence, judgement)
        is_json = family is ContentType.JSON
    paths = (*expect.json_has, *expect.json_nonempty)
    if answer.unreadable is not None and (is_json or paths or expect.contains):
        return answer.unreadable
    if (is_json or paths) and (wrong := _unmet_json(expect, answer, judgement)) is not None:
        return wrong
    return _unmet_text(expect, answer, judgement) if expect.contains else None


def family_of(content_type: str) -> ContentType:
    """The family of a media type that stands in lower case and without parameters."""
    if content_type in _KNOWN_TYPES:
        return _KNOWN_TYPES[content_type]
    if content_type.endswith("+json"):
        return ContentType.JSON
    return ContentType.TEXT if content_type.startswith("text/") else ContentType.OTHER


_KNOWN_TYPES = {
    "": ContentType.NONE,
    "application/json": ContentType.JSON,
    "text/json": ContentType.JSON,
    "text/html": ContentType.HTML,
    "application/xhtml+xml": ContentType.HTML,
}


def _unmet_json(expect: Expect, answer: Answer, judgement: Judgement) -> Failure | None:
    document = answer.document()
    if document is NOT_JSON:
        what = say("a body that is not JSON") if answer.body.strip() else say("an empty body instead of JSON")
        return failed(FailureKind.WRONG_BODY, say("answered with {what}", what=what), judgement)
    for path in (*expect.json_has, *expect.json_nonempty):
        found = _at(path, document)
        if found is _ABSENT or (not found and path in expect.json_nonempty):
            lack = say("JSON without {path!r}", path=path)
            if found is not _ABSENT:
                lack = say("JSON with {path!r} empty", path=path)
            return _lacking(lack, answer, judgement)
    return None


def _unmet_text(expect: Expect, answer: Answer, judgement: Judgement) -> Failure | None:
    body = answer.text()
    missing = next((text for text in expect.contains if text not in body), None)
    return (
        None
        if missing is None
        else _lacking(say("a body without the words {words!r}", words=missing), answer, judgement)
    )


def _lacking(what: str, answer: Answer, judgement: Judgement) -> Failure:
    if answer.is_cut:
        sentence = say(
            "could not be judged: {what} in the part of the answer that was read, and there is more of it",
            what=what,
        )
        return failed(FailureKind.ANSWER_TOO_LARGE, sentence, OUR_CONFIG)
    return failed(FailureKind.WRONG_BODY, say("answered with {what}", what=what), judgement)


_ABSENT: Any = object()


def _at(path: str, document: Any) -> Any:
    """What stands at a dotted path, list items by their number from 0, or `_ABSENT`."""
    for name in path.split("."):
        if isinstance(document, dict) and name in document:
            document = document[name]
        elif isinstance(document, list) and name.isascii() and name.isdigit() and int(name) < len(document):
            document = document[int(name)]
        else:
            return _ABSENT
    return document
