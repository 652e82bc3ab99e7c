"""Text in Markdown that stays text, and the addresses of pages in Markdown; pure."""

import re
from typing import Final

PAGE: Final = re.compile(
    r"/|/(?:methodology|incidents|compare|badges|docs)|/(?:services|incidents|vendors)/[^/.]+"
)
"""The addresses of pages; each has its Markdown at the same address with `.md`, the first at `/index.md`."""

_SPECIAL: Final = re.compile(r"[\\`*\[\]<>~|]|(?<!\w)_|_(?!\w)|&(?=#|\w+;)|(?<=\w):(?=//)|(?<=www)\.|@")
_AT_THE_START: Final = re.compile(r"^(?:[#+=-]|\d+(?=[.)](?:\s|$)))")
_SPACE: Final = re.compile(r"\s+")


def address_in_markdown(path: str) -> str | None:
    """Where the Markdown of the page at this path is; `None` where no page is."""
    if PAGE.fullmatch(path) is None:
        return None
    return "/index.md" if path == "/" else f"{path}.md"


def escaped(text: str) -> str:
    """Text that stays text in Markdown, in one line."""
    return _SPECIAL.sub(r"\\\g<0>", _SPACE.sub(" ", text))


def begun(line: str) -> str:
    """A line that does not begin what it is not: a heading, a list."""
    return _AT_THE_START.sub(lambda found: _protected(found[0]), line)


def _protected(start: str) -> str:
    return f"{start}\\" if start.isdigit() else f"\\{start}"
