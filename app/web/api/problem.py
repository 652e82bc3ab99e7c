"""What an error looks like in the API; a shape."""

from typing import Any

from app.web.api.shape import Shape

EXAMPLE: dict[str, Any] = {
    "type": "/docs#problem-not-understood",
    "title": "Unprocessable Entity",
    "status": 422,
    "detail": "limit: Input should be less than or equal to 100",
    "instance": "/api/v1/incidents",
    "errors": [{"field": "limit", "detail": "Input should be less than or equal to 100"}],
}


class Fault(Shape):
    """One thing that is wrong with a question."""

    field: str
    """The parameter, or the field of what was sent, that is wrong."""
    detail: str
    """What is wrong with it."""


class Problem(Shape):
    """What went wrong, after RFC 9457."""

    type: str
    """Which kind of problem it is: an address where it is described, relative to this server."""
    title: str
    """The name of the status."""
    status: int
    """The status again."""
    detail: str
    """What was wrong, in a sentence."""
    instance: str
    """The path that was asked for."""
    errors: tuple[Fault, ...] = ()
    """What is wrong with the question, one by one; left out where it is not the question."""
