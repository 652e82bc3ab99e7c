"""What all shapes of the JSON API have in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]


class Shape(BaseModel):
    """A part of an answer; the text below a field describes it."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class Answer(Shape):
    """What every answer tells."""

    simulated: bool
    """Whether all of this is only pretended, as in `stillup demo`."""
