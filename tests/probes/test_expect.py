import json
from typing import Any

import pytest

from app.domain.status import Status
from app.probes.answer import Answer
from app.probes.expect import ContentType, Expect, family_of, unmet


def an_answer(body: Any, status: int = 200, content_type: str = "application/json", **more: Any) -> Answer:
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, {"content-type": content_type}, payload, **more)


MODELS = {"data": [{"id": "m-1", "price": 0}], "next": None, "note": ""}
JSON = (ContentType.JSON,)


@pytest.mark.parametrize(
    ("expect", "sentence"),
    [
        (Expect(), None),
        (Expect(content_type=JSON), None),
        (Expect(content_type=(ContentType.HTML, ContentType.JSON)), None),
        (Expect(json_has=("data", "data.0", "data.0.id", "data.0.price", "next", "note")), None),
        (Expect(json_nonempty=("data", "data.0", "data.0.id")), None),
        (Expect(contains=('"m-1"', "data")), None),
        (Expect(content_type=(ContentType.HTML,)), "answered with application/json instead of html"),
        (Expect(json_has=("models",)), "answered with JSON without 'models'"),
        (Expect(json_has=("data.1",)), "answered with JSON without 'data.1'"),
        (Expect(json_has=("data.-1",)), "answered with JSON without 'data.-1'"),
        (Expect(json_has=("data.id",)), "answered with JSON without 'data.id'"),
        (Expect(json_has=("note.x",)), "answered with JSON without 'note.x'"),
        (Expect(json_nonempty=("note",)), "answered with JSON with 'note' empty"),
        (Expect(json_nonempty=("next",)), "answered with JSON with 'next' empty"),
        (Expect(json_nonempty=("models",)), "answered with JSON without 'models'"),
        (Expect(contains=("m-2",)), "answered with a body without the words 'm-2'"),
    ],
)
def test_what_is_said_must_hold(expect: Expect, sentence: str | None) -> None:
    failure = unmet(expect, an_answer(MODELS))
    assert (failure and failure.sentence) == sentence


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "answered with an empty body instead of JSON"),
        (b" \r\n", "answered with an empty body instead of JSON"),
        (b"<html>", "answered with a body that is not JSON"),
        (b'{"a":', "answered with a body that is not JSON"),
        (b'"\xff"', "answered with a body that is not JSON"),
        (b"[" * 60_000, "answered with a body that is not JSON"),
        (b"1" * 60_000, "answered with a body that is not JSON"),
    ],
)
def test_what_calls_itself_json_must_be_json(body: bytes, sentence: str) -> None:
    for expect in (Expect(content_type=JSON), Expect(json_has=("a",))):
        failure = unmet(expect, an_answer(body))
        assert failure is not None
        assert failure.sentence == sentence


def test_a_wrong_shape_is_the_vendors_failure_only_in_a_success() -> None:
    expect = Expect(status=(200, 401), json_has=("error",))
    verdicts = {status: unmet(expect, an_answer({}, status)) for status in (200, 401)}
    assert [failure and failure.verdict for failure in verdicts.values()] == [Status.DOWN, Status.UNKNOWN]


def test_what_lies_beyond_the_part_that_was_read_is_not_judged() -> None:
    cut = an_answer(b'{"data":[{"id":"m-1"},{"id":"m-', is_cut=True)
    assert unmet(Expect(content_type=JSON, json_nonempty=("data", "data.0.id")), cut) is None
    for expect in (Expect(json_has=("next",)), Expect(json_has=("data.1.id",)), Expect(contains=("m-2",))):
        failure = unmet(expect, cut)
        assert failure is not None
        assert (failure.kind, failure.verdict) == ("answer_too_large", Status.UNKNOWN)


@pytest.mark.parametrize(
    ("content_type", "family"),
    [
        ("application/json", ContentType.JSON),
        ("text/json", ContentType.JSON),
        ("application/problem+json", ContentType.JSON),
        ("text/html", ContentType.HTML),
        ("application/xhtml+xml", ContentType.HTML),
        ("text/plain", ContentType.TEXT),
        ("text/event-stream", ContentType.TEXT),
        ("image/png", ContentType.OTHER),
        ("", ContentType.NONE),
    ],
)
def test_media_types_come_in_families(content_type: str, family: ContentType) -> None:
    assert family_of(content_type) == family


def test_parameters_of_a_media_type_do_not_matter() -> None:
    answer = an_answer({}, content_type=" Application/JSON ; charset=utf-8")
    assert unmet(Expect(content_type=JSON), answer) is None
