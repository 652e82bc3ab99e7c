"""What search engines are asked to leave alone: questions, and what is for programs; where pages are listed."""

from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.web.site import Site
from app.web.sitemap import ADDRESS as SITEMAP
from app.web.snapshots import CACHE

LEFT_ALONE: Final = ("/api/", "/mcp", "/me?service=", "/me?error=", "/report?service=")
"""With a whole question, for there are robots to which `/me?` is `/me`, and with it `/methodology`."""

TEXT: Final = "".join(("User-agent: *\n", *(f"Disallow: {path}\n" for path in LEFT_ALONE)))


class Robots:
    """Answers with robots.txt (RFC 9309)."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def routes(self) -> list[Route]:
        """Where it is."""
        return [Route("/robots.txt", self.robots)]

    async def robots(self, request: Request) -> Response:
        """The same for everybody."""
        sitemap = f"{self._site.address(request)}{SITEMAP}"
        return PlainTextResponse(f"{TEXT}\nSitemap: {sitemap}\n", headers=CACHE)
