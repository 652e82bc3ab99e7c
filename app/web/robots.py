"""What search engines are asked to leave alone: what depends on a question, and what is for programs."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.web.snapshots import CACHE

TEXT = "User-agent: *\nDisallow: /api/\nDisallow: /mcp\nDisallow: /me?\nDisallow: /report?\n"


class Robots:
    """Answers with robots.txt (RFC 9309)."""

    @property
    def routes(self) -> list[Route]:
        """Where it is."""
        return [Route("/robots.txt", self.robots)]

    async def robots(self, _request: Request) -> Response:
        """The same for everybody."""
        return PlainTextResponse(TEXT, headers=CACHE)
