"""What a page may allow itself: to ask others, by name, and nothing else."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from app.web.policy import STRICT, may_ask
from app.web.snapshots import CACHE, PRIVATE, Snapshots

ASKING = f"{STRICT.decode()}; connect-src 'self' https://a.example http://127.0.0.1:8000 http://[::1]:8000"


def told(policy: str, kept: dict[str, str]) -> list[str]:
    async def page(_request: Request) -> Response:
        return PlainTextResponse("a page", headers={**kept, "content-security-policy": policy})

    app = Snapshots(Starlette(routes=[Route("/", page)]), {})
    return TestClient(app).get("/").headers.get_list("content-security-policy")


def test_whom_a_page_asks_is_named_and_what_is_no_origin_is_left_out() -> None:
    origins = [
        *("https://a.example", "http://127.0.0.1:8000", "http://[::1]:8000"),
        *("https://*", "https://b.example; script-src *", "data:", "https://", "'unsafe-inline'", ""),
    ]
    assert may_ask(origins) == {"content-security-policy": ASKING}


@pytest.mark.parametrize("kept", [CACHE, PRIVATE], ids=["kept", "private"])
@pytest.mark.parametrize(
    ("policy", "sent"),
    [
        (ASKING, ASKING),
        (f"{STRICT.decode()}; connect-src 'self'", f"{STRICT.decode()}; connect-src 'self'"),
        (f"{STRICT.decode()}; connect-src *", STRICT.decode()),
        (f"{STRICT.decode()}; connect-src 'self' https:", STRICT.decode()),
        (f"{STRICT.decode()}; connect-src 'self' https://*.example", STRICT.decode()),
        (f"{ASKING}; script-src 'unsafe-inline'", STRICT.decode()),
        (f"{STRICT.decode()}; style-src 'unsafe-inline'", STRICT.decode()),
        ("default-src *", STRICT.decode()),
        ("", STRICT.decode()),
    ],
)
def test_a_policy_that_allows_anything_else_is_replaced(policy: str, sent: str, kept: dict[str, str]) -> None:
    assert told(policy, kept) == [sent]
