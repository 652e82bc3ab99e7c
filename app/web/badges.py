"""Badges in the flat look that everybody knows from shields.io: a label, and the status in its colour."""

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.domain.status import Status
from app.web.site import Site
from app.web.snapshots import PRIVATE
from app.web.textwidth import width_of

COLOURS = {
    Status.UP: "#2b7a53",
    Status.DEGRADED: "#955f00",
    Status.DOWN: "#bf2f1d",
    Status.UNKNOWN: "#666b72",
    Status.MAINTENANCE: "#2f62b3",
}
"""White letters on any of them have a contrast of at least 4.5 to 1."""

CACHE = {
    "cache-control": "public, max-age=30, stale-while-revalidate=60",
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
}
"""Badges stand in documents that many people open; half a minute late is still on time there."""

PADDING = 6

_BADGE = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="20" role="img" aria-label="{title}">'
    "<title>{title}</title>"
    '<linearGradient id="s" x2="0" y2="100%"><stop offset="0" stop-color="#bbb" stop-opacity=".1"/>'
    '<stop offset="1" stop-opacity=".1"/></linearGradient>'
    '<clipPath id="r"><rect width="{whole}" height="20" rx="3"/></clipPath>'
    '<g clip-path="url(#r)"><path fill="#444a52" d="M0 0h{left}v20H0z"/>'
    '<path fill="{colour}" d="M{left} 0h{right}v20H{left}z"/>'
    '<path fill="url(#s)" d="M0 0h{whole}v20H0z"/></g>'
    '<g fill="#fff" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11">'
    '<text x="{label_at}" y="14" textLength="{label_width}">{label}</text>'
    '<text x="{word_at}" y="14" textLength="{word_width}">{word}</text></g></svg>'
)


def badge(label: str, word: str, colour: str, *, is_simulated: bool = False) -> str:
    """A badge as SVG; `label` and `word` may be any text. The title of a simulated one says that it is."""
    label_width, word_width = width_of(label), width_of(word)
    left, right = round(label_width) + 2 * PADDING, round(word_width) + 2 * PADDING
    return _BADGE.format(
        whole=left + right,
        left=left,
        right=right,
        title=f"{label}: {word}{' (simulated)' if is_simulated else ''}",
        colour=colour,
        label=label,
        word=word,
        label_at=PADDING,
        word_at=left + PADDING,
        label_width=round(label_width),
        word_width=round(word_width),
    )


class Badges:
    """Draws the badge of a service."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def routes(self) -> list[Route]:
        """Where they are."""
        return [Route("/badge/{service_id}.svg", self.status)]

    async def status(self, request: Request) -> Response:
        """The status of a service; for one that nobody knows, a badge that says so."""
        view = self._site.board.by_id.get(request.path_params["service_id"])
        if view is None:
            return _svg(badge("stillup", "not found", COLOURS[Status.UNKNOWN]), 404, CACHE | PRIVATE)
        drawn = badge(view.service.name, view.status, COLOURS[view.status], is_simulated=self._site.is_simulated)
        return _svg(drawn, 200, CACHE)


def _svg(drawn: str, status: int, headers: dict[str, str]) -> Response:
    return Response(drawn, status, headers, "image/svg+xml; charset=utf-8")
