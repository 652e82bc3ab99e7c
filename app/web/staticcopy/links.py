"""What a page of the server needs to stand in a copy: links that lead somewhere, and nothing to be sent; pure.

Pages are our own: every attribute is quoted, and what others wrote is escaped. So tags can be told by their look,
and whatever is not changed stays as it was to the byte.
"""

import re
from collections.abc import Callable
from html import escape, unescape
from typing import Final

Lead = Callable[[str], str | None]
"""Where an address of ours leads to in the copy; `None` where it leads nowhere."""

_FORM: Final = re.compile(r"<form\b[^>]*\b(?:action|method)=.*?</form>\s*", re.DOTALL)
_TAG: Final = re.compile(r"<(a|link|img|script|iframe)\b[^>]*>")
_LINK: Final = re.compile(r'\s(href|src)="(/[^"]*)"')


def relinked(html: str, lead: Lead) -> str:
    """The page with its links led to where they lead in the copy, and without forms that a server would answer."""

    def led(tag: re.Match[str]) -> str:
        found = _LINK.search(tag[0])
        if found is None:
            return tag[0]
        where = lead(unescape(found[2]))
        if where is not None:
            return tag[0].replace(found[0], f' {found[1]}="{escape(where)}"')
        return tag[0].replace(found[0], "") if tag[1] == "a" else ""

    return _TAG.sub(led, _FORM.sub("", html))
