"""What is told to whoever serves a copy."""

import json
from datetime import UTC, datetime

from app.web.staticcopy.hosts import HEADERS, MANIFEST, REDIRECTS, headers, redirects, with_manifest
from app.web.staticcopy.model import CopiedFile, Naming, StaticCopy, Terms
from tests.web.staticcopy.ground import FIVE_MINUTES, URL

HTML = "text/html; charset=utf-8"
FILES = (
    CopiedFile(address="/", body=b"<h1>", content_type=HTML),
    CopiedFile(address="/embed/x", body=b"<p>", content_type="text/html; charset=utf-8", policy="default-src *"),
    CopiedFile(
        address="/de/embed/x", body=b"<p>", content_type="text/html; charset=utf-8", policy="default-src *"
    ),
    CopiedFile(address="/api/v1/services", body=b"{}", content_type="application/json"),
    CopiedFile(address="/api/v2/summary.json", body=b"{}", content_type="application/json"),
    CopiedFile(address="/feed.json", body=b"{}", content_type="application/feed+json"),
    CopiedFile(
        address="/static/1/site.css",
        body=b"a{}",
        content_type="text/css; charset=utf-8",
        cache_control="public, max-age=31536000, immutable",
    ),
)


def copy_of(naming: Naming) -> StaticCopy:
    terms = Terms(url=URL, every=FIVE_MINUTES, naming=naming)
    return StaticCopy(made_at=datetime(2026, 3, 1, 14, tzinfo=UTC), terms=terms, files=FILES)


def test_headers_differ_where_the_servers_do() -> None:
    told = headers(FILES)
    common, *others = told.split("\n\n")
    assert common.startswith("/*\n  content-security-policy: default-src 'self'; ")
    assert "\n  x-content-type-options: nosniff\n" in common
    assert others == [
        "/static/*\n  ! cache-control\n  cache-control: public, max-age=31536000, immutable",
        "/*.css\n  content-type: text/css; charset=utf-8",
        "/*.json\n  content-type: application/json",
        "/feed.json\n  content-type: application/feed+json",
        "/*/feed.json\n  content-type: application/feed+json",
        "/de/embed/*\n  ! content-security-policy\n  content-security-policy: default-src *",
        "/embed/*\n  ! content-security-policy\n  content-security-policy: default-src *\n",
    ]


def test_an_answer_of_the_api_is_found_at_its_address() -> None:
    assert redirects(FILES) == "/api/v1/services /api/v1/services.json 200\n"


def test_the_manifest_tells_of_every_file_and_only_folders_have_files_for_their_hosts() -> None:
    files = {each.address: each for each in with_manifest(copy_of(Naming.FILES))}
    told = json.loads(files[MANIFEST].body)
    assert {key: told[key] for key in ("made_at", "url", "every_seconds")} == {
        "made_at": "2026-03-01T14:00:00Z",
        "url": URL,
        "every_seconds": 300,
    }
    assert told["files"].keys() == {each.address for each in FILES}
    assert told["files"]["/api/v1/services"]["file"] == "api/v1/services.json"
    assert files.keys() - told["files"].keys() == {MANIFEST, HEADERS, REDIRECTS}
    in_a_bucket = {each.address for each in with_manifest(copy_of(Naming.ADDRESSES))}
    assert in_a_bucket == {each.address for each in FILES} | {MANIFEST}
