"""A copy in a bucket: only what changed is sent, what leads there last, and nothing of others is touched."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from app.clock import SystemClock
from app.web.staticcopy.bucket import Place, publish_to_bucket
from app.web.staticcopy.model import PASSING, CopiedFile, CopyError, Naming, StaticCopy
from app.web.staticcopy.signing import Key
from tests.web.staticcopy.buckets import BUCKET, Buckets, buckets

CLOCK = SystemClock()
KEY = Key(identity="AKIDTESTTESTTEST", secret="0123456789abcdefghijklmnopqrstuvwxyz")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Buckets]:
    with buckets(tmp_path_factory.mktemp("moto")) as started:
        yield started


async def test_every_object_is_there_as_the_server_would_answer_it(
    server: Buckets, copies: dict[Naming, StaticCopy]
) -> None:
    copy = copies[Naming.ADDRESSES]
    assert await publish_to_bucket(copy, server.place("all"), CLOCK) == len(copy.files)
    told = server.objects("all")
    assert {name: (each["body"], each["type"], each["cache"]) for name, each in told.items()} == {
        **{
            each.address.strip("/") or "index.html": (each.body, each.content_type, each.cache_control)
            for each in copy.files
        },
        "copy.json": (told["copy.json"]["body"], "application/json", PASSING),
    }
    assert {"services/api", "api/v1/services", "api/v1/services/api", "de", "de/services/api"} <= told.keys()
    assert await publish_to_bucket(copy, server.place("all"), CLOCK) == 0


async def test_only_what_changed_is_sent_what_is_gone_goes_and_what_others_keep_there_stays(
    server: Buckets, copies: dict[Naming, StaticCopy]
) -> None:
    copy = replace(copies[Naming.ADDRESSES], files=copies[Naming.ADDRESSES].files[:6])
    first, second, *rest = copy.files
    await publish_to_bucket(copy, server.place("some"), CLOCK)
    for name in ("theirs", second.address.strip("/")):
        server.client.put_object(Bucket=BUCKET, Key=f"some/{name}", Body=b"by others")
    changed = replace(copy, files=(replace(first, body=b"new"), second, *rest[:-1]))
    assert await publish_to_bucket(changed, server.place("some"), CLOCK) == 2
    told = {name: each["body"] for name, each in server.objects("some").items()}
    assert told.pop("copy.json") != b""
    assert told == {
        first.address.strip("/") or "index.html": b"new",
        second.address.strip("/"): b"by others",
        **{each.address.strip("/"): each.body for each in rest[:-1]},
        "theirs": b"by others",
    }


async def test_where_objects_cannot_be_folders_too_they_are_called_as_files(
    server: Buckets, copies: dict[Naming, StaticCopy]
) -> None:
    copy = copies[Naming.FILES]
    await publish_to_bucket(copy, server.place("files"), CLOCK)
    names = server.objects("files").keys()
    assert names == {*(each.name for each in copy.files), "copy.json"}
    assert "api/v1/services.json" in names


async def test_a_wrong_key_is_told_in_the_buckets_words_and_without_the_key(
    server: Buckets, copies: dict[Naming, StaticCopy]
) -> None:
    wrong = replace(server.key, secret=KEY.secret)
    with pytest.raises(CopyError, match=r"^PUT of \S+ in the bucket failed: 403 SignatureDoesNotMatch: ") as error:
        await publish_to_bucket(copies[Naming.ADDRESSES], server.place("never", wrong), CLOCK)
    assert [secret for secret in (wrong.secret, wrong.identity) if secret in str(error.value)] == []
    assert server.objects("never") == {}


@pytest.mark.parametrize(
    ("endpoint", "by_host", "root"),
    [
        (None, True, "https://status.s3.eu-west-1.amazonaws.com/a/b/"),
        (None, False, "https://s3.eu-west-1.amazonaws.com/status/a/b/"),
        ("https://id.r2.cloudflarestorage.com", False, "https://id.r2.cloudflarestorage.com/status/a/b/"),
        ("http://127.0.0.1:9000", True, "http://status.127.0.0.1:9000/a/b/"),
    ],
)
def test_a_bucket_is_named_in_the_host_or_in_the_path(endpoint: str | None, root: str, *, by_host: bool) -> None:
    place = Place.of("status", "/a/b/", endpoint=endpoint, region="eu-west-1", key=KEY, by_host=by_host)
    assert place.root == root
    assert Place.of("status", "", endpoint=endpoint, region="eu-west-1", key=KEY, by_host=by_host).root == (
        root.removesuffix("a/b/")
    )


@dataclass
class Recorded:
    """What a bucket was asked, and what it answers next in place of what it should."""

    url: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    moods: list[int] = field(default_factory=list)
    manifest: bytes = b""


@contextmanager
def recorder() -> Iterator[Recorded]:
    told = Recorded()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            told.asked.append((self.command, self.path.removeprefix("/status/")))
            status = told.moods.pop(0) if told.moods else 200
            if self.path.endswith("/copy.json") and self.command == "PUT":
                told.manifest = body
            answer = told.manifest if self.command == "GET" else b""
            self.send_response(status if self.command != "GET" or answer else 404)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_PUT = do_DELETE = _answer  # noqa: N815 - as its base calls them

        def log_message(self, *_told: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def at(recorded: Recorded) -> Place:
    return Place.of("status", "", endpoint=recorded.url, region="auto", key=KEY, by_host=False)


def small(copies: dict[Naming, StaticCopy], *addresses: str) -> StaticCopy:
    copy = copies[Naming.ADDRESSES]
    static = next(each for each in copy.files if each.address.startswith("/static/"))
    chosen = [each for each in copy.files if each.address in addresses]
    assert len(chosen) == len(addresses)
    return replace(copy, files=(*chosen, static))


async def test_what_pages_are_made_of_comes_first_and_where_people_begin_last(
    copies: dict[Naming, StaticCopy],
) -> None:
    copy = small(copies, "/", "/de", "/docs", "/feed.atom")
    static = copy.files[-1].address.strip("/")
    with recorder() as recorded:
        await publish_to_bucket(copy, at(recorded), CLOCK)
        first = recorded.asked.copy()
        recorded.asked.clear()
        await publish_to_bucket(replace(copy, files=copy.files[1:]), at(recorded), CLOCK)
    assert [first[:2], {*first[2:4]}, {*first[4:6]}, first[6:]] == [
        [("GET", "copy.json"), ("PUT", static)],
        {("PUT", "docs"), ("PUT", "feed.atom")},
        {("PUT", "index.html"), ("PUT", "de")},
        [("PUT", "copy.json")],
    ]
    assert recorded.asked == [("GET", "copy.json"), ("PUT", "copy.json"), ("DELETE", "index.html")]


async def test_a_bucket_that_is_busy_is_asked_again_and_one_that_breaks_keeps_the_old_manifest(
    copies: dict[Naming, StaticCopy],
) -> None:
    copy = small(copies, "/")
    with recorder() as recorded:
        recorded.moods = [200, 503]
        assert await publish_to_bucket(copy, at(recorded), CLOCK) == 2
        assert [name for _, name in recorded.asked].count(copy.files[-1].address.strip("/")) == 2
        before = recorded.manifest
        recorded.moods = [200, 400]
        changed = replace(copy, files=(replace(copy.files[0], body=b"new"),))
        with pytest.raises(CopyError, match=r"^PUT of index\.html in the bucket failed: 400 Bad Request$"):
            await publish_to_bucket(changed, at(recorded), CLOCK)
        assert recorded.manifest == before
        recorded.manifest = b"[]"
        assert await publish_to_bucket(changed, at(recorded), CLOCK) == 1


async def test_where_no_bucket_answers_it_says_so(tmp_path: Path, copies: dict[Naming, StaticCopy]) -> None:
    with recorder() as recorded:
        gone = at(recorded)
    with pytest.raises(CopyError, match=r"^GET of copy\.json in the bucket failed: "):
        await publish_to_bucket(small(copies, "/"), gone, CLOCK)


def test_a_file_is_told_from_another_by_its_headers_too() -> None:
    one = CopiedFile(address="/", body=b"x", content_type="text/html")
    assert one.digest == replace(one, address="/elsewhere").digest
    assert len({each.digest for each in (one, replace(one, cache_control="no"), replace(one, body=b"y"))}) == 3
