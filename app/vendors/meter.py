"""How much work a document may cause: what is read of it is counted, and what no page of its size has is refused.

A megabyte is to be read within 50 ms, whatever it is made of. A bound on every list would not do: lists of a
hundred within each other are all short, and a page that nobody can draw. So everything that a reader looks at is
paid for out of one purse, by about what it takes. A unit is a look at one field, a microsecond or less.
"""

from app.vendors.reader import ReadError, ReadErrorKind

MEGABYTE = 1_000_000
UNITS_A_MEGABYTE = 29_000
"""Units that a document has for each megabyte, and at least.

Three hundred incidents of Statuspage with all that was said of them make a megabyte and take nearly all of it.
"""


class Meter:
    """What is left of the work that a document of so many bytes may cause, in units."""

    __slots__ = ("left",)

    def __init__(self, size: int = 0) -> None:
        self.left = UNITS_A_MEGABYTE * max(size, MEGABYTE) // MEGABYTE

    def spent(self, where: str) -> ReadError:
        """The error for a document that has used up what it had. It is refused whole: the rest may be the news."""
        return ReadError(ReadErrorKind.TOO_LARGE, where, "more to read than a page has")
