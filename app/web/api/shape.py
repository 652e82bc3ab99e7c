"""What all shapes of the JSON API have in common, and the forms in which they are asked for."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

Share = Annotated[float, Field(ge=0, le=1)]

MILLISECOND = timedelta(milliseconds=1)
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


class Shape(BaseModel):
    """A part of an answer; the text below a field describes it."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class Answer(Shape):
    """What every answer tells."""

    simulated: bool
    """Whether all of this is only pretended, as in `stillup demo`."""


def moment_of(text: Any) -> datetime:
    """A moment as RFC 3339 writes it, in whole milliseconds of UTC; what lies centuries off as near as need be.

    Raises `ValueError` for anything else, and for a moment without an offset: nobody can tell when that is.
    """
    if not isinstance(text, str) or not _MOMENT.fullmatch(text):
        raise ValueError("a moment such as 2026-11-20T14:00:00Z is wanted")
    told = datetime.fromisoformat(text.upper())
    if not EARLIEST.year <= told.year < LATEST.year:
        return EARLIEST if told.year < EARLIEST.year else LATEST
    moment = told.astimezone(UTC)
    return max(moment.replace(microsecond=moment.microsecond // 1000 * 1000), EARLIEST)


def truth_of(text: Any) -> bool:
    """`true` or `false`. Raises `ValueError` for anything else."""
    if text not in ("true", "false"):
        raise ValueError("`true` or `false` is wanted")
    return bool(text == "true")


def number_of(text: Any) -> int:
    """A whole number in figures. Raises `ValueError` for anything else, such as `1.0` or `1_0`."""
    if not re.fullmatch(r"-?\d{1,9}", str(text), re.ASCII):
        raise ValueError("a whole number is wanted")
    return int(text)


Moment = Annotated[datetime, BeforeValidator(moment_of), WithJsonSchema({"type": "string", "format": "date-time"})]
Truth = Annotated[bool, BeforeValidator(truth_of), WithJsonSchema({"type": "boolean"})]
PageSize = Annotated[int, Field(ge=1, le=100), BeforeValidator(number_of)]
