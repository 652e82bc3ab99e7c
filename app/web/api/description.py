"""The OpenAPI description: what FastAPI tells of the operations, with what it does not know; pure."""

from collections.abc import Mapping
from copy import deepcopy
from enum import StrEnum
from typing import Any, Final

from app.web.api.problem import EXAMPLE, Problem
from app.web.api.reports import WHERE, report_operation, report_schemas
from app.web.problems import KINDS

SCHEMA_REF: Final = "#/components/schemas/{model}"
BASE: Final = "/api/v1"


class Tag(StrEnum):
    """The headings of the description, in the order in which people look for them."""

    SERVICES = "Services"
    ALTERNATIVES = "Alternatives"
    INCIDENTS = "Incidents"
    VENDORS = "Vendors"
    CHECKS = "Checks"
    REPORTS = "Reports"
    OWN = "Ourselves"


ABOUT: Final[Mapping[Tag, str]] = {
    Tag.SERVICES: "What is up, what is not, since when and why; how it was, and how fast.",
    Tag.ALTERNATIVES: "What works now, for routers and failover.",
    Tag.INCIDENTS: "Troubles with their whole story, and how long they will probably last.",
    Tag.VENDORS: "What vendors say of their services, and how much later than we measured it.",
    Tag.CHECKS: "What exactly is asked, how often, and what came back last.",
    Tag.REPORTS: "What people tell.",
    Tag.OWN: "How the watcher is itself.",
}

MISSING: Final[dict[int | str, dict[str, Any]]] = {404: {"description": KINDS[404].about}}
"""For operations that name something which may not be there."""

NAMED: Final = {
    "service_id": "chatgpt",
    "vendor_id": "openai",
    "check_id": "openai-api/models",
    "incident_id": "codex-20261120T140211",
}
"""What is named in examples, by the parameter that names it."""

UNCHANGED: Final = {"description": "What you have is still good."}
_KEPT_HEADERS: Final = {
    "ETag": "What this answer is, for `If-None-Match`.",
    "Cache-Control": "For how long it may be kept.",
}
_HEADERS: Final = {
    **_KEPT_HEADERS,
    "RateLimit-Policy": "How much may be asked: `q` answers that are not sent from memory within `w` seconds.",
    "RateLimit": "How much is left: `r` answers within the next `t` seconds. Not on an answer from memory.",
}
_OF_A_PAGE: Final = {"Link": 'Where the next page is (`rel="next"`), if there is one.'}
_MAY_WAIT: Final = (429, 503)
_ALWAYS: Final = (429, 500, 503)


def finished(spec: Mapping[str, Any], examples: Mapping[str, Any], *, takes_reports: bool) -> dict[str, Any]:
    """The description with errors, headers and examples on every operation.

    `examples` gives by the id of an operation the address that was asked, below `BASE`, and the `answer`.
    """
    told = _with_components(spec, {**_HEADERS, **_OF_A_PAGE})
    told["servers"] = [{"url": BASE}]
    told["tags"] = [{"name": tag.value, "description": ABOUT[tag]} for tag in Tag]
    for methods in told["paths"].values():
        for operation in methods.values():
            _finish(operation, examples.get(operation["operationId"]))
    if takes_reports:
        told["components"]["schemas"] |= report_schemas(SCHEMA_REF)
        report = report_operation(Tag.REPORTS)
        report["responses"] |= _errors((403, 404, 413, 422, *_ALWAYS))
        told["paths"]["/services/{service_id}/reports"] = {"post": report}
    return told


def read_only(spec: Mapping[str, Any]) -> dict[str, Any]:
    """The description with errors and headers on every operation, of what nobody has to ask sparingly."""
    told = _with_components(spec, _KEPT_HEADERS)
    told["servers"] = [{"url": "/"}]
    for methods in told["paths"].values():
        for operation in methods.values():
            right, found = operation["responses"]["200"], (404,) if "404" in operation["responses"] else ()
            right["headers"] = {name: _ref("headers", name) for name in _KEPT_HEADERS}
            operation["responses"] = {"200": right, "304": UNCHANGED, **_errors((*found, 500, 503))}
            for each in operation.get("parameters", ()):
                each["example"] = NAMED[each["name"]]
    return told


def _with_components(spec: Mapping[str, Any], headers: Mapping[str, str]) -> dict[str, Any]:
    """A copy of the description that knows every error and these headers."""
    told = deepcopy(dict(spec))
    schemas = told["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    problem = Problem.model_json_schema(ref_template=SCHEMA_REF)
    schemas |= problem.pop("$defs")
    schemas["Problem"] = problem | {"examples": [EXAMPLE]}
    told["components"]["responses"] = {_name(status): _problem(status) for status in KINDS}
    told["components"]["headers"] = {
        name: {"description": about, "schema": {"type": "string"}} for name, about in headers.items()
    }
    return told


def _finish(operation: dict[str, Any], example: Mapping[str, Any] | None) -> None:
    answers = operation["responses"]
    parameters = operation.get("parameters", [])
    can_be_wrong = any(each["in"] == "query" for each in parameters)
    found = (404,) if "404" in answers else ()
    right = answers["200"]
    right["headers"] = {name: _ref("headers", name) for name in _HEADERS}
    if any(each["name"] == "cursor" for each in parameters):
        right["headers"] |= {name: _ref("headers", name) for name in _OF_A_PAGE}
    for each in parameters:
        each["schema"] = _if_given(each["schema"])
        if each["name"] in NAMED:
            each["example"] = NAMED[each["name"]]
    if example is not None:
        right["content"]["application/json"]["example"] = example["answer"]
        operation["x-codeSamples"] = [{"lang": "Shell", "source": f'curl -s "{WHERE}{BASE}{example["path"]}"'}]
    operation["responses"] = {
        "200": right,
        "304": UNCHANGED,
        **_errors((*found, *((422,) if can_be_wrong else ()), *_ALWAYS)),
    }


def _if_given(schema: Mapping[str, Any]) -> dict[str, Any]:
    """What a parameter is when it is given: one that is left out is not `null`."""
    given = next((each for each in schema.get("anyOf", ()) if each != {"type": "null"}), schema)
    return {name: told for name, told in given.items() if name not in ("title", "description")}


def _errors(statuses: tuple[int, ...]) -> dict[str, Any]:
    return {str(status): _ref("responses", _name(status)) for status in statuses}


def _problem(status: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "description": KINDS[status].about,
        "content": {"application/problem+json": {"schema": {"$ref": SCHEMA_REF.format(model="Problem")}}},
    }
    if status in _MAY_WAIT:
        told["headers"] = {
            "Retry-After": {"description": "After how many seconds to try again.", "schema": {"type": "string"}}
        }
    return told


def _name(status: int) -> str:
    return "".join(word.capitalize() for word in KINDS[status].slug.split("-"))


def _ref(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}
