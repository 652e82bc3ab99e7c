"""What is pasted into a document to have a badge, a frame or a line of status in it; pure."""

from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from app.domain.saying import Saying, say
from app.web.markdowntext import escaped

FRAME: Final = (360, 48)
"""Pixels, wide and high: room for one line of most names."""

_HTML: Final = Markup('<a href="{page}"><img src="{picture}" alt="{alt}"></a>')
_FRAME: Final = Markup(
    '<iframe src="{address}" title="{title}" width="{width}" height="{height}" style="border:0"></iframe>'
)
_SCRIPT: Final = Markup('<script src="{address}" data-service="{service_id}" async></script>')


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A text to copy, and what it is written in."""

    name: str
    title: Saying
    text: str


def of_a_badge(picture: str, page: str, alt: str) -> list[Snippet]:
    """A badge that leads to a page, in the ways that documents are written; both addresses are whole."""
    return [
        Snippet(name="markdown", title=say("Markdown"), text=f"[![{escaped(alt)}]({picture})]({page})"),
        Snippet(name="html", title=say("HTML"), text=str(_HTML.format(page=page, picture=picture, alt=alt))),
        Snippet(name="rst", title=say("reStructuredText"), text=_restructured(picture, page, alt)),
        Snippet(name="asciidoc", title=say("AsciiDoc"), text=_asciidoc(picture, page, alt)),
        Snippet(name="address", title=say("The address alone"), text=picture),
    ]


def of_a_frame(address: str, title: str) -> Snippet:
    """A page of ours within another."""
    width, height = FRAME
    text = _FRAME.format(address=address, title=title, width=width, height=height)
    return Snippet(name="frame", title=say("A frame, as HTML"), text=str(text))


def of_a_script(address: str, service_id: str) -> Snippet:
    """A script that draws a line where it stands."""
    text = _SCRIPT.format(address=address, service_id=service_id)
    return Snippet(name="script", title=say("A script, as HTML"), text=str(text))


def _restructured(picture: str, page: str, alt: str) -> str:
    return f".. image:: {picture}\n   :alt: {alt}\n   :target: {page}"


def _asciidoc(picture: str, page: str, alt: str) -> str:
    quoted = alt.replace("]", "\\]").replace('"', '\\"')
    return f'image:{picture}["{quoted}",link="{page}"]'
