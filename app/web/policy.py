"""What our pages allow browsers: nothing from elsewhere, but where a page asks to ask others or be framed."""

import re
from collections.abc import Iterable
from typing import Final

HEADER: Final = b"content-security-policy"
STRICT: Final = (
    b"default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Nothing from elsewhere runs in our pages, and they run in nobody else's."""

_FRAMED: Final = STRICT.replace(b"frame-ancestors 'none'", b"frame-ancestors *")
FRAMED: Final = {HEADER.decode(): _FRAMED.decode()}
"""The header of a page that is made to stand in pages of others; in all else it is as strict as any."""

_ORIGIN = rb"https?://[a-z0-9._\-\[\]:]+"
_MAY_ASK = re.compile(rb"; connect-src 'self'(?: %b)*" % _ORIGIN)


def may_ask(origins: Iterable[str]) -> dict[str, str]:
    """The header of a page whose scripts may ask these origins beside us; in all else it is as strict as any.

    An origin that is not written as one is left out.
    """
    asked = " ".join(["'self'", *(each for each in origins if re.fullmatch(_ORIGIN, each.encode()))])
    return {HEADER.decode(): f"{STRICT.decode()}; connect-src {asked}"}


def is_strict(policy: bytes) -> bool:
    """Whether a policy is ours, and allows no more than asking origins that it names, or being framed."""
    return policy == _FRAMED or (policy.startswith(STRICT) and _MAY_ASK.fullmatch(policy, len(STRICT)) is not None)
