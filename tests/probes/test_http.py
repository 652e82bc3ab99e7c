import asyncio
from typing import Any

import pytest

from app.domain.result import ProbeResult
from app.probes.expect import ContentType, Expect
from app.probes.http import HttpSpec, Method
from app.probes.place import parse_url
from tests.probes.asking import AGENT, PATIENT, ask, impatient, said, told
from tests.probes.conftest import Run
from tests.servers.http import BEHAVIOURS, REFUSAL, answer, says, stalls_after, web_server
from tests.servers.listening import for_ever, ignoring, listening, refusing

LIST = Expect(content_type=(ContentType.JSON,), json_nonempty=("data",))
KEYLESS = Expect(status=(401,), content_type=(ContentType.JSON,), json_has=("error.message",))
ANY_200 = Expect()

DOWN = ("vendor", "down")
OVERLOADED = ("overloaded", "vendor_capacity", "degraded")
OURS = ("us_config", "unknown")
BOT = ("bot_challenge", "bot_wall", "unknown")
GEO = ("geo_blocked", "geo", "unknown")

Fate = tuple[str, str, str] | str
FATES: list[tuple[str, Expect, Fate]] = [
    ("healthy", LIST, "up"),
    ("refusal", KEYLESS, "up"),
    ("forbidden", Expect(status=(401, 403), json_has=("error.status",)), "up"),
    (
        "refusal-without-type",
        Expect(status=(401,), content_type=(ContentType.NONE,), contains=("governor",)),
        "up",
    ),
    ("not-allowed", Expect(status=(405,)), "up"),
    ("nothing", Expect(status=(204,)), "up"),
    ("until-close", LIST, "up"),
    ("chunked", LIST, "up"),
    ("early-hints", LIST, "up"),
    ("bare-newlines", LIST, "up"),
    ("zipped", LIST, "up"),
    ("deflated", LIST, "up"),
    ("deflated-raw", LIST, "up"),
    ("marked", LIST, "up"),
    ("large", LIST, "up"),
    ("large", Expect(json_has=("data.0.id",), contains=("model-17",)), "up"),
    ("large", Expect(json_has=("data.49999",)), ("answer_too_large", *OURS)),
    ("large", Expect(contains=("model-49999",)), ("answer_too_large", *OURS)),
    ("page", Expect(content_type=(ContentType.HTML,), contains=("went wrong",)), "up"),
    ("latin-page", Expect(contains=("caf",)), "up"),
    ("redirect", Expect(status=(302,)), "up"),
    ("endless", ANY_200, "up"),
    ("bomb", ANY_200, "up"),
    ("brotli", ANY_200, "up"),
    ("legal", Expect(status=(451,)), "up"),
    ("broken", LIST, ("server_error", *DOWN)),
    ("broken", KEYLESS, ("server_error", *DOWN)),
    ("bad-gateway", LIST, ("gateway_error", *DOWN)),
    ("origin-timed-out", LIST, ("gateway_error", *DOWN)),
    ("unavailable", KEYLESS, ("server_error", *DOWN)),
    ("gateway-timeout", LIST, ("upstream_timeout", *DOWN)),
    ("overloaded", LIST, OVERLOADED),
    ("overloaded-529", LIST, OVERLOADED),
    ("slow-down", LIST, OVERLOADED),
    ("too-many-though-allowed", LIST, OVERLOADED),
    ("overloaded-in-200", LIST, OVERLOADED),
    ("too-many", LIST, ("rate_limited", "us_quota", "unknown")),
    ("out-of-quota", LIST, ("quota_exhausted", "us_quota", "unknown")),
    ("day-is-over", LIST, ("quota_exhausted", "us_quota", "unknown")),
    ("payment", LIST, ("quota_exhausted", "us_quota", "unknown")),
    ("bad-request", LIST, ("request_refused", "us_request", "unknown")),
    ("bad-key-in-400", LIST, ("key_refused", "us_key", "unknown")),
    ("no-model", LIST, ("model_retired", *OURS)),
    ("refusal", LIST, ("unexpected_status", *OURS)),
    ("forbidden", LIST, ("unexpected_status", *OURS)),
    ("healthy", KEYLESS, ("unexpected_status", *OURS)),
    ("page", KEYLESS, ("unexpected_status", *OURS)),
    ("not-found", KEYLESS, ("stale_url", *OURS)),
    ("not-allowed", KEYLESS, ("stale_url", *OURS)),
    ("gone", KEYLESS, ("stale_url", *OURS)),
    ("redirect", KEYLESS, ("redirected", *OURS)),
    ("challenge", LIST, BOT),
    ("challenge", Expect(status=(403,)), BOT),
    ("challenge-429", LIST, BOT),
    ("challenge-503", LIST, BOT),
    ("challenge-vercel", LIST, BOT),
    ("blocked", LIST, BOT),
    ("geo", LIST, GEO),
    ("geo", Expect(status=(401, 403)), GEO),
    ("geo-banned", LIST, GEO),
    ("geo-gemini", Expect(status=(400, 403)), GEO),
    ("legal", LIST, GEO),
    ("html", LIST, ("wrong_content_type", *DOWN)),
    ("html-called-json", LIST, ("wrong_body", *DOWN)),
    ("empty", LIST, ("wrong_body", *DOWN)),
    ("empty-list", LIST, ("wrong_body", *DOWN)),
    ("error-in-200", LIST, ("wrong_body", *DOWN)),
    ("not-utf8", LIST, ("wrong_body", *DOWN)),
    ("too-deep", LIST, ("wrong_body", *DOWN)),
    ("page", Expect(contains=("Ollama is running",)), ("wrong_body", *DOWN)),
    ("refusal-as-page", KEYLESS, ("wrong_content_type", *OURS)),
    ("endless", LIST, ("wrong_body", *DOWN)),
    ("huge-chunk", ANY_200, ("body_timeout", *DOWN)),
    ("huge", ANY_200, ("body_timeout", *DOWN)),
    ("silent", LIST, ("first_byte_timeout", *DOWN)),
    ("stalled", LIST, ("body_timeout", *DOWN)),
    ("stalled-and-unavailable", KEYLESS, ("server_error", *DOWN)),
    ("dripping", LIST, ("body_timeout", *DOWN)),
    ("dripping-head", LIST, ("body_timeout", *DOWN)),
    ("endless-head", LIST, ("answer_too_large", *DOWN)),
    ("endless-hints", LIST, ("answer_too_large", *DOWN)),
    ("endless-chunk-head", LIST, ("answer_too_large", *DOWN)),
    ("absurd-chunk", LIST, ("malformed_answer", *DOWN)),
    ("garbage", LIST, ("malformed_answer", *DOWN)),
    ("other-protocol", LIST, ("malformed_answer", *DOWN)),
    ("body-without-head", LIST, ("malformed_answer", *DOWN)),
    ("closed", LIST, ("closed_early", *DOWN)),
    ("closed-in-head", LIST, ("closed_early", *DOWN)),
    ("reset", LIST, ("closed_early", *DOWN)),
    ("reset-in-body", LIST, ("body_truncated", *DOWN)),
    ("truncated", LIST, ("body_truncated", *DOWN)),
    ("truncated-chunks", LIST, ("body_truncated", *DOWN)),
    ("bomb", LIST, ("answer_too_large", *OURS)),
    ("bomb-of-blanks", LIST, ("wrong_body", *DOWN)),
    ("badly-zipped", LIST, ("body_undecodable", *DOWN)),
    ("half-zipped", LIST, ("body_undecodable", *DOWN)),
    ("brotli", LIST, ("body_undecodable", *OURS)),
    ("zstandard", LIST, ("body_undecodable", *OURS)),
]
IN_TIME = {
    "silent": ("first_byte",),
    **dict.fromkeys(
        ("stalled", "stalled-and-unavailable", "dripping", "dripping-head", "huge", "huge-chunk"), ("body",)
    ),
}


async def _asked(path: str, **options: Any) -> ProbeResult:
    async with web_server() as origin:
        return await ask("http", HttpSpec(url=f"{origin}/{path}", **{"timeouts": PATIENT, **options}))


@pytest.mark.parametrize(("name", "expect", "fate"), FATES, ids=[f"{name}-{fate[0]}" for name, _, fate in FATES])
def test_a_service_that_answers_so_fares_so(run: Run, name: str, expect: Expect, fate: Fate) -> None:
    timeouts = impatient(*IN_TIME.get(name, ()))
    assert told(run(_asked(name, expect=expect, timeouts=timeouts)).failure) == fate


def test_every_behaviour_is_in_the_table() -> None:
    assert set(BEHAVIOURS) == {name for name, _, _ in FATES}


@pytest.mark.parametrize(
    ("name", "fate"),
    [
        ("refusal", ("key_refused", "us_key", "unknown")),
        ("forbidden", ("key_refused", "us_key", "unknown")),
        ("healthy", "up"),
        ("broken", ("server_error", "vendor", "down")),
    ],
)
def test_with_a_key_a_refusal_is_about_the_key(run: Run, name: str, fate: Any) -> None:
    result = run(_asked(name, expect=LIST, headers={"Authorization": "Bearer sk-very-secret"}))
    assert told(result.failure) == fate


def test_the_steps_are_timed_apart_and_sum_to_the_whole(run: Run) -> None:
    async def hesitate(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0.05)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")
        await asyncio.sleep(0.1)
        writer.write(b"ok")

    async def asked() -> ProbeResult:
        async with listening(hesitate) as port:
            return await ask("http", HttpSpec(url=f"http://localhost:{port}/", timeouts=PATIENT))

    phases = run(asked()).phases
    assert None not in (phases.dns_ms, phases.connect_ms, phases.send_ms)
    assert phases.tls_ms is None
    assert phases.first_byte_ms >= 45
    assert phases.body_ms >= 95


def test_the_address_and_the_family_are_stated(run: Run) -> None:
    result = run(_asked("healthy"))
    assert (result.family, result.address, result.status_code) == ("ipv4", "127.0.0.1", 200)


def test_it_speaks_over_ipv6(run: Run) -> None:
    async def asked() -> ProbeResult:
        async with web_server(host="::1") as origin:
            return await ask("http", HttpSpec(url=f"{origin}/echo", expect=Expect(contains=("Host: [::1]:",))))

    result = run(asked())
    assert (told(result.failure), result.family, result.address) == ("up", "ipv6", "::1")


def test_the_evidence_names_what_helps_the_vendor(run: Run) -> None:
    evidence = run(_asked("healthy")).evidence
    assert evidence == {
        "server": "cloudflare",
        "cf-ray": "8f0a1b2c3d4e5f60-FRA",
        "x-request-id": "req-1",
        "content-type": "application/json",
    }


def test_a_failure_shows_what_the_answer_said_to_people(run: Run) -> None:
    evidence = run(_asked("bad-gateway")).evidence
    assert evidence["excerpt"] == "Oops Something went wrong"


def test_a_redirect_shows_where_it_leads_but_no_token(run: Run) -> None:
    result = run(_asked("redirect", expect=KEYLESS))
    assert result.evidence["location"] == "https://login.example/"
    assert said(result) == "answered 302 Found instead of 401: it sends us to https://login.example/"


def test_what_we_sent_never_comes_to_light(run: Run) -> None:
    secret = "sk-very-secret-4711"
    result = run(_asked("echo?key=other-secret", headers={"Authorization": f"Bearer {secret}"}, expect=KEYLESS))
    assert told(result.failure) == ("unexpected_status", "us_config", "unknown")
    assert "Authorization: …" in result.evidence["excerpt"]
    assert secret not in repr(result)
    assert "other-secret" not in repr(result)


def _request(run: Run, url_path: str = "echo", **options: Any) -> str:
    expect = Expect(status=(599,))
    return str(run(_asked(url_path, expect=expect, **options)).evidence["excerpt"])


def test_the_request_says_who_asks_and_closes(run: Run) -> None:
    request = _request(run)
    assert request.startswith("GET /echo HTTP/1.1 Host: 127.0.0.1:")
    assert f"User-Agent: {AGENT} Accept: */* Accept-Encoding: gzip" in request
    assert request.endswith("Connection: close")


def test_headers_of_the_check_replace_the_usual_ones(run: Run) -> None:
    request = _request(run, headers={"user-agent": "Me", "Anthropic-Version": "2023"})
    assert "user-agent: Me" in request
    assert "Anthropic-Version: 2023" in request
    assert "Stillup" not in request


def test_a_body_is_sent_whole_however_large(run: Run) -> None:
    async def asked(size: int) -> ProbeResult:
        async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(size)
            assert f"Content-Length: {size}".encode() in head
            writer.write(answer("200 OK", {"ends": body[-3:].decode()}))

        async with listening(count) as port:
            spec = HttpSpec(
                url=f"http://127.0.0.1:{port}/",
                method=Method.POST,
                body="x" * (size - 3) + "END",
                expect=Expect(contains=('"END"',)),
                timeouts=PATIENT,
            )
            return await ask("http", spec)

    assert told(run(asked(20)).failure) == "up"
    assert told(run(asked(3_000_000)).failure) == "up"


def test_a_service_that_does_not_take_the_request_is_told_so(run: Run) -> None:
    async def asked() -> ProbeResult:
        async with listening(for_ever) as port:
            spec = HttpSpec(
                url=f"http://127.0.0.1:{port}/",
                method=Method.POST,
                body="x" * 30_000_000,
                timeouts=impatient("send"),
            )
            return await ask("http", spec)

    assert told(run(asked()).failure) == ("send_timeout", "vendor", "down")


def test_an_answer_that_comes_before_the_request_was_taken_is_read(run: Run) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await stalls_after(answer("401 Unauthorized", REFUSAL))(reader, writer)

    async def asked() -> ProbeResult:
        async with listening(refuse) as port:
            url = f"http://127.0.0.1:{port}/"
            large = HttpSpec(url=url, method=Method.POST, body="x" * 30_000_000, expect=KEYLESS, timeouts=PATIENT)
            return await ask("http", large)

    assert told(run(asked()).failure) == "up"


def test_redirects_are_followed_on_demand(run: Run) -> None:
    result = run(_asked("to//to//healthy", follow_redirects=True, expect=LIST))
    assert (told(result.failure), result.status_code) == ("up", 200)


def test_redirects_that_go_round_end(run: Run) -> None:
    result = run(_asked("round", follow_redirects=True))
    assert told(result.failure) == ("redirected", "us_config", "unknown")


def test_a_redirect_to_nowhere_is_told_so(run: Run) -> None:
    result = run(_asked("to/gopher://old.example/", follow_redirects=True))
    assert told(result.failure) == ("redirected", "us_config", "unknown")


def test_a_key_does_not_follow_a_redirect_to_another_origin(run: Run) -> None:
    async def asked() -> ProbeResult:
        async with web_server() as first, web_server() as other:
            spec = HttpSpec(
                url=f"{first}/to/{other}/echo",
                headers={"Authorization": "Bearer sk-very-secret"},
                follow_redirects=True,
                expect=Expect(contains=("Authorization",)),
                timeouts=PATIENT,
            )
            return await ask("http", spec)

    assert told(run(asked()).failure) == ("wrong_body", "vendor", "down")


def test_a_redirect_that_would_take_a_key_to_another_host_is_not_followed(run: Run) -> None:
    key = "AIzaSyD-very-secret"

    async def asked() -> ProbeResult:
        async with web_server() as first, web_server() as other:
            url = f"{first}/to/{other}/echo/{key}?key={key}"
            return await ask("http", HttpSpec(url=url, follow_redirects=True, timeouts=PATIENT))

    result = run(asked())
    assert told(result.failure) == ("redirected", "us_config", "unknown")
    assert key not in repr(result)


def test_a_body_does_not_follow_a_redirect_to_another_origin(run: Run) -> None:
    async def asked() -> ProbeResult:
        async with web_server() as other:
            away = answer("307 Temporary Redirect", b"", headers={"Location": f"{other}/echo"})
            async with listening(says(away)) as port:
                spec = HttpSpec(
                    url=f"http://127.0.0.1:{port}/",
                    method=Method.POST,
                    body="secret",
                    follow_redirects=True,
                    expect=Expect(contains=("POST /echo", "Content-Length: 0")),
                    timeouts=PATIENT,
                )
                return await ask("http", spec)

    assert told(run(asked()).failure) == "up"


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://a.example/v1/models", "https://a.example/v1/models"),
        ("https://a.example/v1/models?key=k-123456&alt=sse", "https://a.example/v1/models?key=…&alt=sse"),
        ("https://a.example/bot/AAHdqTcvCH1vGWJxfSeo/me", "https://a.example/bot/…/me"),
        (
            "https://a.example/9f8e7d6c-1234-4aaa-8bbb-0123456789ab",
            "https://a.example/9f8e7d6c-1234-4aaa-8bbb-0123456789ab",
        ),
    ],
)
def test_people_are_shown_what_is_asked_without_the_keys_in_it(url: str, target: str) -> None:
    assert (HttpSpec(url=url).target, HttpSpec(url=url, method=Method.POST).target) == (target, f"POST {target}")


def test_a_private_address_is_not_asked(run: Run) -> None:
    async def asked(host: str) -> ProbeResult:
        async with web_server() as origin:
            port = origin.rpartition(":")[2]
            return await ask("http", HttpSpec(url=f"http://{host}:{port}/healthy"), allow_private=False)

    for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"):
        result = run(asked(host))
        assert told(result.failure) == ("address_forbidden", "us_config", "unknown")
        assert "loopback" in said(result)


def test_a_port_that_nobody_listens_on_refuses(run: Run) -> None:
    with refusing() as port:
        result = run(ask("http", HttpSpec(url=f"http://127.0.0.1:{port}/", timeouts=PATIENT)))
    assert told(result.failure) == ("connect_refused", "vendor", "down")
    assert said(result) == f"refused the connection (127.0.0.1 port {port})"


def test_a_port_that_does_not_answer_times_out(run: Run) -> None:
    with ignoring() as port:
        spec = HttpSpec(url=f"http://127.0.0.1:{port}/", timeouts=impatient("connect"))
        result = run(ask("http", spec))
    assert told(result.failure) == ("connect_timeout", "vendor", "down")
    assert said(result) == "did not accept a connection within 0.3 s"


def test_a_name_that_does_not_exist_is_told_so(run: Run) -> None:
    result = run(ask("http", HttpSpec(url="http://nowhere.invalid/")))
    assert told(result.failure) == ("name_not_found", "vendor", "down")


def test_all_steps_together_have_a_deadline_too(run: Run) -> None:
    result = run(_asked("dripping", timeouts=impatient("total")))
    assert told(result.failure) == ("total_timeout", "vendor", "down")
    assert said(result) == "was not done within 0.3 s in all"


def test_it_can_be_cancelled_from_outside(run: Run) -> None:
    async def cancelled() -> None:
        async with web_server() as origin:
            spec = HttpSpec(url=f"{origin}/silent", timeouts=PATIENT)
            task = asyncio.ensure_future(ask("http", spec))
            await asyncio.sleep(0.05)
            task.cancel()
            await task

    with pytest.raises(asyncio.CancelledError):
        run(cancelled())


def test_many_at_once_do_not_get_into_each_others_way(run: Run) -> None:
    async def asked() -> list[ProbeResult]:
        async with web_server() as origin:
            names = [name for name in ("healthy", "broken", "garbage", "closed") for _ in range(25)]
            specs = [HttpSpec(url=f"{origin}/{name}", expect=LIST, timeouts=PATIENT) for name in names]
            return await asyncio.gather(*(ask("http", spec) for spec in specs))

    kinds = [told(result.failure)[0] for result in run(asked())]
    assert kinds == ["u"] * 25 + ["server_error"] * 25 + ["malformed_answer"] * 25 + ["closed_early"] * 25


@pytest.mark.parametrize(
    ("options", "mistake"),
    [
        ({"url": "ftp://a.example/"}, "does not begin with http"),
        ({"url": "a.example"}, "does not begin with http"),
        ({"url": "http:///x"}, "not the name or address of a host"),
        ({"url": "http://a..b/"}, "not the name or address of a host"),
        ({"url": "http://exa mple/"}, "not the name or address of a host"),
        ({"url": "http://me:pw@a.example/"}, "must not carry a user or a password"),
        ({"url": "http://a.example:99999/"}, "range"),
        ({"url": "http://a.example/", "headers": {"X": "a\r\nb"}}, "cannot be sent"),
        ({"url": "http://a.example/", "headers": {"X Y": "a"}}, "cannot be sent"),
        ({"url": "http://a.example/", "headers": {"Content-Length": "3"}}, "set by the probe itself"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_once(options: dict[str, Any], mistake: str) -> None:
    with pytest.raises(ValueError, match=mistake):
        HttpSpec(**options)


@pytest.mark.parametrize(
    ("url", "target", "host"),
    [
        ("http://a.example", "/", "a.example"),
        ("https://a.example:443/x?y=1#z", "/x?y=1", "a.example"),
        ("http://A.Example.:8080/%7Eme/ü b", "/%7Eme/%C3%BC%20b", "a.example:8080"),
        ("https://bücher.example/", "/", "xn--bcher-kva.example"),
        ("http://[2001:DB8::1]:81/", "/", "[2001:db8::1]:81"),
    ],
)
def test_a_url_becomes_what_goes_over_the_wire(url: str, target: str, host: str) -> None:
    place = parse_url(url)
    assert (place.path, place.host_header) == (target, host)


def test_the_target_is_what_people_see() -> None:
    url = "https://api.example/v1/chat"
    assert HttpSpec(url=url).target == url
    assert HttpSpec(url=url, method=Method.POST).target == f"POST {url}"
