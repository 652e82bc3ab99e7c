"""What stands before a vendor and answers in its place: Cloudflare's pages, bot walls, country blocks.

Shapes: developers.cloudflare.com (detect a challenge page; 5xx errors). `cf-mitigated: challenge` is set on every
challenge page, and has no other value.
"""

from collections.abc import Mapping

from app.lab.answer import Headers
from app.lab.face import Fault, Scene

_HTML = "text/html; charset=UTF-8"
_HIDDEN: Headers = (
    ("server", "cloudflare"),
    ("cache-control", "private, max-age=0, no-store, no-cache, must-revalidate, post-check=0, pre-check=0"),
    ("referrer-policy", "same-origin"),
)
_CHALLENGED: Headers = (*_HIDDEN, ("cf-mitigated", "challenge"))
_TITLES = {
    500: "Internal server error",
    502: "Bad gateway",
    504: "Gateway time-out",
    520: "Web server is returning an unknown error",
    521: "Web server is down",
    522: "Connection timed out",
    523: "Origin is unreachable",
    524: "A timeout occurred",
    525: "SSL handshake failed",
    526: "Invalid SSL certificate",
    530: "Origin DNS error",
}
_CHALLENGE_PAGE = """<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title>
<meta http-equiv="refresh" content="360"></head><body>
<noscript>Enable JavaScript and cookies to continue</noscript>
<script>(function(){window._cf_chl_opt={cvId:'3',cType:'managed',cRay:'lab'};
var a=document.createElement('script');
a.src='/cdn-cgi/challenge-platform/h/g/orchestrate/chl_page/v1?ray=lab';})();</script></body></html>
"""
_BLOCK_PAGE = """<!DOCTYPE html><html lang="en-US"><head><title>Attention Required! | Cloudflare</title></head>
<body><h1>Sorry, you have been blocked</h1><h2>You are unable to access this site</h2></body></html>
"""


def _page(status: int) -> Fault:
    title = _TITLES[status]
    page = (
        f"<!DOCTYPE html>\n<html lang='en-US'><head><title>lab | {status}: {title}</title></head>\n"
        f"<body><h1><span>{title}</span> <span>Error code {status}</span></h1>"
        "<p>Performance &amp; security by Cloudflare</p></body></html>\n"
    )
    return Fault(status=status, content=page, content_type=_HTML, headers=_HIDDEN)


def _wall(status: int, page: str, headers: Headers) -> Fault:
    return Fault(status=status, content=page, content_type=_HTML, headers=headers)


EDGE_ERRORS: Mapping[str, Fault] = {
    "bad_gateway": _page(502),
    "edge_gateway_timeout": _page(504),
    **{f"edge_{status}": _page(status) for status in (500, 520, 521, 522, 523, 524, 525, 526, 530)},
    "challenge": _wall(403, _CHALLENGE_PAGE, _CHALLENGED),
    "challenge_429": _wall(429, _CHALLENGE_PAGE, _CHALLENGED),
    "challenge_503": _wall(503, _CHALLENGE_PAGE, _CHALLENGED),
    "vercel_challenge": _wall(
        429,
        "<html><head><title>Vercel Security Checkpoint</title></head></html>",
        (("x-vercel-mitigated", "challenge"),),
    ),
    "blocked": _wall(403, _BLOCK_PAGE, _HIDDEN),
    "legal_block": _wall(451, "<html><head><title>Unavailable For Legal Reasons</title></head></html>", _HIDDEN),
    "html_200": _wall(
        200, "<!doctype html><html><head><title>Welcome</title></head><body>Hello</body></html>\n", ()
    ),
    "empty_200": Fault(status=200, content="", content_type="text/plain"),
    "error_200": Fault(status=200, content={"error": {"message": "Something went wrong", "type": "server_error"}}),
    "redirect_to_login": Fault(status=302, content="", headers=(("location", "https://login.lab.test/"),)),
    "gone": Fault(status=410, content={"error": {"message": "This service was retired.", "code": "gone"}}),
}
"""Errors that any vendor may answer with, by name."""


def trace(host: str, scene: Scene) -> str:
    """The edge's own word at `/cdn-cgi/trace`: it answers even when the origin is dead."""
    lines = {
        "fl": f"{scene.id('fl', 6)}",
        "h": host,
        "ip": "127.0.0.1",
        "ts": f"{scene.now.timestamp():.3f}",
        "visit_scheme": "http",
        "uag": "lab",
        "colo": "LAB",
        "sliver": "none",
        "http": "http/1.1",
        "loc": (scene.region or "XX").upper()[:2],
        "tls": "off",
        "sni": "off",
        "warp": "off",
        "gateway": "off",
        "rbi": "off",
        "kex": "none",
    }
    return "".join(f"{name}={value}\n" for name, value in lines.items())
