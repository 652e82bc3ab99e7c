"""Every page as Markdown, for programs that read: at its address with `.md`, or where `Accept` prefers it.

A page needs nothing for that: its Markdown is made from its HTML.
"""

import asyncio
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.domain.saying import say
from app.web.inside import ask
from app.web.markdowntext import escaped
from app.web.moments import iso
from app.web.site import Site
from app.web.snapshots import SHARED

MEDIA_TYPE = "text/markdown; charset=utf-8"


class Markdown:
    """Answers with the Markdown of pages, and with the list of what there is to read."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def routes(self) -> list[Route]:
        """Where it is; these stand before the pages, whose ids may be anything."""
        return [Route("/llms.txt", self.contents), Route("/{page:path}.md", self.page)]

    def contents(self, request: Request) -> Response:
        """What there is to read, as https://llmstxt.org has it."""
        template = self._site.templates.english.get_template("markdown/llms.txt")
        told = template.render(board=self._site.board, address=self._site.address(request), text=escaped)
        return Response(told, headers=SHARED, media_type="text/plain; charset=utf-8")

    async def page(self, request: Request) -> Response:
        """The page that stands at the address without `.md`."""
        path = f"/{request.path_params['page']}"
        path = "/" if path == "/index" else path
        made = await ask(request.app, path, request.scope)
        if made.status_code != HTTPStatus.OK:
            return made
        if not made.headers.get("content-type", "").startswith("text/html"):
            raise HTTPException(HTTPStatus.NOT_FOUND, say("There is no page at {path}.", path=path))
        from app.web.tomarkdown import markdown_of  # noqa: PLC0415 - nobody may ever ask, and its parser is large

        html, url = bytes(made.body).decode(), f"{self._site.address(request)}{path}"
        told = await asyncio.to_thread(markdown_of, html, url)
        source = f"\n---\n\nStillup · <{url}> · {iso(self._site.board.made_at)}\n"
        headers = {"cache-control": made.headers["cache-control"], "access-control-allow-origin": "*"}
        return Response(told + source, headers=headers, media_type=MEDIA_TYPE)
