"""The pretended vendors' web apps: a page, the edge's trace, paths that reach the origin, a session endpoint.

A web app has failures of its own: "Something went wrong" while the API still answers, or a log-in that fails while
all else works. Both leave the edge's trace alive, because only the edge answers it.
"""

from collections.abc import Mapping

from app.lab.answer import Answer, Request, whole, whole_json
from app.lab.edge import trace
from app.lab.face import Face, Fault, Scene, plain_refusal

_LOGIN_PATHS = ("/login", "/api/auth/session", "/auth/login", "/backend-api/me")
_SORRY = "Something went wrong. If this issue persists please contact us through our help center."

ERRORS: Mapping[str, Fault] = {
    "something_went_wrong": Fault(
        status=500,
        content=f"<!DOCTYPE html><html><head><title>Error</title></head><body><p>{_SORRY}</p></body></html>\n",
        content_type="text/html; charset=utf-8",
        headers=(("server", "cloudflare"),),
    ),
    "login_broken": Fault(
        status=500,
        content={"detail": "We are experiencing issues with sign in.", "code": "authentication_unavailable"},
    ),
    "server_error": Fault(status=500, content={"detail": "Internal Server Error"}),
    "overloaded": Fault(status=503, content={"detail": "Our systems are a bit busy at the moment."}),
    "rate_limited": Fault(status=429, content={"detail": "Too many requests"}),
    "geo_blocked": Fault(
        status=403,
        content={"cf_details": "Country, region, or territory not supported", "type": "unsupported_country"},
    ),
}


def strikes(name: str, path: str) -> bool:
    """Whether an error of the web app shows on this path; `/cdn-cgi/trace` is the edge's and stays well."""
    if path == "/cdn-cgi/trace":
        return False
    return path in _LOGIN_PATHS if name == "login_broken" else True


def _answer(request: Request, scene: Scene) -> Answer:
    at = scene.pace.head
    if request.path == "/cdn-cgi/trace":
        host = request.headers.get("host", "")
        return whole(200, trace(host, scene).encode(), "text/plain", headers=(("server", "cloudflare"),), at=at)
    if request.path.startswith("/backend-api/codex/"):
        return _origin(request, at)
    if request.path == "/generate_204":
        return Answer(status=204, head_at=at)
    if request.path in _LOGIN_PATHS:
        return (
            whole_json(200, {}, at=at)
            if "session" in request.path
            else whole(200, b"<html></html>", "text/html", at=at)
        )
    if request.path == "/":
        return whole(
            200, _page(scene).encode(), "text/html; charset=utf-8", headers=(("server", "cloudflare"),), at=at
        )
    return whole(404, b"<html><title>Not found</title></html>", "text/html; charset=utf-8", at=at)


def _origin(request: Request, at: float) -> Answer:
    """A path that only the origin's router knows: a GET is not allowed, and that proves the origin is there."""
    if request.method == "GET":
        return whole_json(405, {"detail": "Method Not Allowed"}, headers=(("allow", "POST"),), at=at)
    return whole_json(401, {"detail": "Unauthorized"}, at=at)


def _page(scene: Scene) -> str:
    return (
        f"<!DOCTYPE html>\n<html lang='en'><head><title>{scene.vendor} (simulated)</title></head>\n"
        "<body><main><h1>What can I help with?</h1><form><textarea name='prompt'></textarea></form></main>\n"
        f"<!-- build {scene.id('build', 8)} --></body></html>\n"
    )


FACE = Face(
    base="",
    answer=_answer,
    errors=ERRORS,
    refuse=lambda fault, _request, scene: plain_refusal(fault, scene),
    error_event=lambda *_: b"",
    speaks=False,
)
