"""The description of the API: valid, whole, and true to what is answered."""

from typing import Any

import httpx
import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from app.pipeline.bus import Bus
from app.pipeline.desk import ReportDesk
from app.settings import resource
from app.web.api.description import Tag
from app.web.app import create_app
from app.web.problems import KINDS
from tests.web.api_examples import ASKED
from tests.web.conftest import Site


@pytest.fixture
async def spec(site: Site) -> dict[str, Any]:
    app = create_app(
        keeper=site.keeper,
        database=site.database,
        clock=site.clock,
        templates=resource("templates"),
        static=resource("static"),
        desk=ReportDesk(database=site.database, clock=site.clock, bus=Bus()),
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://stillup.test") as client:
        told: dict[str, Any] = (await client.get("/api/v1/openapi.json")).json()
    return told


def operations(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for methods in spec["paths"].values() for operation in methods.values()]


def test_it_is_openapi(spec: dict[str, Any]) -> None:
    validate(spec)


def test_every_operation_has_its_name_its_heading_its_errors_and_an_example(spec: dict[str, Any]) -> None:
    headings = {tag["name"] for tag in spec["tags"]}
    for operation in operations(spec):
        right = operation["responses"]["200"]["content"]["application/json"]
        assert {"operationId", "summary", "description", "x-codeSamples"} <= operation.keys()
        assert set(operation["tags"]) <= headings
        assert {"429", "500", "503"} <= operation["responses"].keys()
        assert "example" in right
    ids = [operation["operationId"] for operation in operations(spec)]
    assert sorted(ids) == sorted(set(ids))
    assert headings == {tag.value for tag in Tag}
    assert set(ids) == {*ASKED, "reportProblem"}


def test_every_error_is_a_problem_and_every_parameter_is_described(spec: dict[str, Any]) -> None:
    problems = [response["content"] for response in spec["components"]["responses"].values()]
    assert [list(content) for content in problems] == [["application/problem+json"]] * len(problems)
    assert "HTTPValidationError" not in spec["components"]["schemas"]
    assert [
        parameter["name"]
        for operation in operations(spec)
        for parameter in operation.get("parameters", ())
        if not parameter.get("description")
    ] == []


def test_the_examples_are_what_the_description_says(spec: dict[str, Any]) -> None:
    registry = Registry().with_resource("urn:spec", DRAFT202012.create_resource(spec))
    for operation in operations(spec):
        told = operation["responses"]["200"]["content"]["application/json"]
        reference = {"$ref": f"urn:spec{told['schema']['$ref']}"}
        validator = OAS31Validator(reference, registry=registry)
        assert [error.message for error in validator.iter_errors(told["example"])] == [], operation["operationId"]


async def test_people_read_all_of_it_by_chapters_and_find_every_kind_of_problem(site: Site) -> None:
    page = (await site.client.get("/docs")).text
    spec = await site.json("/api/v1/openapi.json")
    assert [
        operation["operationId"]
        for operation in operations(spec)
        if f'id="{operation["operationId"]}"' not in page
    ] == []
    assert [kind.type for kind in KINDS.values() if f'id="{kind.type.partition("#")[2]}"' not in page] == []
    assert "curl -s &#34;http://stillup.test/api/v1/services/chatgpt&#34;" in page
