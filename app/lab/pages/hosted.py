"""A status page as a host on the network: which product serves it, and how that product itself fails."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from app.lab.answer import Answer, Request, whole
from app.lab.face import Face, Fault, plain_refusal
from app.lab.pages import betterstack, feeds, incidentio, instatus, statuspage
from app.lab.pages.state import PageState


class PageKind(StrEnum):
    """The product that hosts a status page."""

    STATUSPAGE = "statuspage"
    INCIDENTIO = "incidentio"
    INSTATUS = "instatus"
    BETTERSTACK = "betterstack"
    FEED = "feed"


PAGES: Mapping[PageKind, Callable[[Request, PageState, float], Answer]] = {
    PageKind.STATUSPAGE: statuspage.answer,
    PageKind.INCIDENTIO: incidentio.answer,
    PageKind.INSTATUS: instatus.answer,
    PageKind.BETTERSTACK: betterstack.answer,
    PageKind.FEED: feeds.answer,
}
_HTML = "text/html; charset=utf-8"

ERRORS: Mapping[str, Fault] = {
    "server_error": Fault(
        status=500, content="<html><title>Internal Server Error</title></html>", content_type=_HTML
    ),
    "overloaded": Fault(status=503, content="<html><title>Service Unavailable</title></html>", content_type=_HTML),
    "rate_limited": Fault(status=429, content="Too Many Requests", content_type="text/plain"),
    "waf_405": Fault(
        status=405,
        content="<html><title>Human Verification</title></html>",
        content_type=_HTML,
        headers=(("server", "CloudFront"), ("x-amzn-waf-action", "captcha")),
    ),
    "page_deactivated": Fault(status=401, content={"error": "This page is not available."}),
    "page_deleted": Fault(status=302, content="", headers=(("location", "https://page-deleted.lab.test/"),)),
}

FACE = Face(
    base="",
    answer=lambda _request, scene: whole(404, b"", at=scene.pace.head),
    errors=ERRORS,
    refuse=lambda fault, _request, scene: plain_refusal(fault, scene),
    error_event=lambda *_: b"",
    speaks=False,
    is_page=True,
)
"""How a page fails; what it says depends on the vendor and the moment, and is served by `page_face`."""


def page_face(kind: PageKind, state_at: Callable[[datetime], PageState]) -> Face:
    """The face of one vendor's page, which tells what `state_at` gives for the moment of the scene."""
    return replace(FACE, answer=lambda request, scene: PAGES[kind](request, state_at(scene.now), scene.pace.head))
