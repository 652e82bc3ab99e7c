"""One document of a streamed body, taken out of whatever framed it."""

from typing import Final, NamedTuple


class Frame(NamedTuple):
    """A document as text, under the name of its event where it has one.

    Without `data` it is a sign of life; `is_exception` tells that the framing itself calls it an error, and
    `broken`, where it is not empty, why it cannot be read.
    """

    data: str = ""
    name: str = ""
    is_exception: bool = False
    broken: str = ""


KEEP_ALIVE: Final = Frame()
