"""Every partial of the pages in every state that it can have, on one page: `make patterns` serves it."""

import asyncio
import re
import tempfile
from pathlib import Path
from typing import Final

import uvicorn
from jinja2 import Environment, Template
from markupsafe import Markup
from starlette.responses import HTMLResponse
from starlette.types import Receive, Scope, Send

from app.settings import resource
from app.web.static import Static
from app.web.templating import Templates
from tests.web.scenes import NOW
from tests.web.specimens import Specimen, World, specimens, the_world

PORT: Final = 8001
LISTS: Final = ("services", "stories")
"""Classes of lists, around a partial that is one of their rows."""

IDS: Final = re.compile(r'\b(id|for|form|aria-labelledby)="([^"]+)"')


def drawn(templates: Templates, world: World) -> str:
    """The page, in English."""
    environment = templates.english
    given = {
        "parts": environment.get_template("macros/parts.html").module,
        "steps": environment.get_template("macros/steps.html").module,
        "now": NOW,
    }
    told = [
        {
            "of": each.of,
            "state": each.state,
            "wrapped": each.wrapped,
            "tag": "ul" if each.wrapped in LISTS else "div",
            "drawn": _apart(_template(environment, each).render(**{**given, **each.given}), number),
        }
        for number, each in enumerate(specimens(world))
    ]
    page = environment.get_template("patterns.html")
    return page.render(specimens=told, board=world.bad, now=NOW, status=world.bad.headline.status)


def _template(environment: Environment, specimen: Specimen) -> Template:
    if specimen.source:
        return environment.from_string(specimen.source)
    return environment.get_template(f"partials/{specimen.of}.html")


def _apart(html: str, number: int) -> Markup:
    """With ids of its own, for the same partial is on the page many times."""
    return Markup(IDS.sub(rf'\1="\2-{number}"', html))  # noqa: S704 - our own templates made it


class Shown:
    """An application that answers with the page, and with what it is styled by."""

    def __init__(self, world: World) -> None:
        static = Static(resource("static"))
        self._files = static.kept
        self._page = HTMLResponse(drawn(Templates(resource("templates"), static), world))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        kept = self._files.get(scope["path"])
        await (self._page(scope, receive, send) if kept is None else kept.answer(scope, send))


def main() -> None:
    """Serve it until somebody stops it."""
    with tempfile.TemporaryDirectory() as folder:
        world = asyncio.run(the_world(Path(folder)))
    print(f"http://127.0.0.1:{PORT}")  # noqa: T201 - it is what whoever asks for it wants to know
    uvicorn.run(Shown(world), port=PORT, log_level="warning", lifespan="off")


if __name__ == "__main__":
    main()
