"""The web app manifest: by it the pages install on a phone or a desk, and open there without a browser around."""

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.web.site import Site
from app.web.snapshots import SHARED

ADDRESS: Final = "/site.webmanifest"
PAPER: Final = "#faf9f6"
"""The style sheet's, by day: a manifest knows one colour."""

ICONS: Final = (
    ("img/icon-192.png", "192x192", "any"),
    ("img/icon-512.png", "512x512", "any"),
    ("img/icon-maskable-512.png", "512x512", "maskable"),
)


class WebManifest:
    """Answers with the manifest (https://www.w3.org/TR/appmanifest/)."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def routes(self) -> list[Route]:
        """Where it is."""
        return [Route(ADDRESS, self.manifest)]

    async def manifest(self, _request: Request) -> Response:
        """The same for everybody."""
        told = {
            "id": "/",
            "name": "Stillup (simulated)" if self._site.is_simulated else "Stillup",
            "short_name": "Stillup",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": PAPER,
            "theme_color": PAPER,
            "icons": [
                {"src": self._site.templates.static(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
                for name, sizes, purpose in ICONS
            ],
        }
        return JSONResponse(told, headers=SHARED, media_type="application/manifest+json")
