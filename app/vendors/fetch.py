"""Fetches the documents of status pages; the only I/O of the readers.

Vendors' pages are strangers' servers: what they send is bounded in size, in time and in how often it may send us
elsewhere, also after decompression, and no name or redirect may lead us to an address that the guard refuses.
"""

import asyncio
import socket
import ssl
import zlib
from collections.abc import AsyncIterable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from ipaddress import ip_address
from types import TracebackType
from typing import Self

import httpx

from app.domain.saying import say
from app.vendors.inflate import Inflater
from app.vendors.reader import Document, Source

LARGEST = 16 * 1024 * 1024
MOST_REDIRECTS = 5
STEP_SECONDS = 10.0
"""Longest wait for a connection, or for the next bytes."""
WHOLE_SECONDS = 30.0
"""Longest time for a document, with all redirects."""
ADDRESSES_TRIED = 3

Guard = Callable[[str], str | None]
"""Why an IP address may not be asked ("a private address"), or `None` if it may."""


class FetchErrorKind(StrEnum):
    """Why there is no document."""

    BAD_ADDRESS = "bad_address"
    NAME_NOT_FOUND = "name_not_found"
    ADDRESS_FORBIDDEN = "address_forbidden"
    NO_CONNECTION = "no_connection"
    TLS_FAILED = "tls_failed"
    TIMEOUT = "timeout"
    CLOSED_EARLY = "closed_early"
    STATUS = "status"
    REDIRECTED = "redirected"
    TOO_LARGE = "too_large"
    UNDECODABLE = "undecodable"


class FetchError(Exception):
    """No document: the kind, a sentence, and how long the server asks us to wait, where it does."""

    def __init__(
        self,
        kind: FetchErrorKind,
        sentence: str,
        *,
        status_code: int | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        self.kind = kind
        self.status_code = status_code
        self.retry_after = retry_after
        super().__init__(sentence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave along to ask with whether a document has changed."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A document and its validators; `document` is `None` where it has not changed since those we asked with."""

    document: Document | None
    validators: Validators


class Fetcher:
    """Fetches documents in the name of one user agent; every document over a connection of its own.

    Connections are made to the very address that the guard has judged, under the host's name. They are not kept:
    two hosts behind one address would share them, with the certificate of only one of them verified.
    """

    def __init__(
        self, *, user_agent: str, guard: Guard, tls: ssl.SSLContext | None = None, largest: int = LARGEST
    ) -> None:
        self._user_agent = user_agent
        self._guard = guard
        self._largest = largest
        self._transport = httpx.AsyncHTTPTransport(
            verify=tls or ssl.create_default_context(),
            limits=httpx.Limits(max_keepalive_connections=0),
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of everything."""
        await self._transport.aclose()

    async def fetch(self, source: Source, now: datetime, known: Validators | None = None) -> Fetched:
        """The document at a source, or that it is the one of `known`. Raises `FetchError` and nothing else."""
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                return await self._follow(source, now, known or Validators())
        except TimeoutError:
            told = say("The page took longer than {seconds:.0f} s.", seconds=WHOLE_SECONDS)
            raise FetchError(FetchErrorKind.TIMEOUT, told) from None

    async def _follow(self, source: Source, now: datetime, known: Validators) -> Fetched:
        url, headers = _url(source.url), dict(source.headers or {}) | _conditions(known)
        for hop in range(MOST_REDIRECTS + 1):
            response = await self._ask(source, url, headers, is_own_word=hop == 0)
            try:
                if not response.has_redirect_location:
                    return await self._taken(response, url, now, known)
                onward = _onward(source, url, response)
            finally:
                await response.aclose()
            if onward.host != url.host:
                headers = {}  # what was meant for one host, a key perhaps, is not for another
            url = onward
        told = say("The page redirected more than {times} times.", times=MOST_REDIRECTS)
        raise FetchError(FetchErrorKind.REDIRECTED, told)

    async def _ask(
        self, source: Source, url: httpx.URL, headers: Mapping[str, str], *, is_own_word: bool
    ) -> httpx.Response:
        addresses = await self._addresses(url, is_own_word=is_own_word)
        for number, address in enumerate(addresses, start=1):
            request = httpx.Request(
                source.method,
                url.copy_with(host=address),
                content=source.body,
                headers={
                    "host": url.netloc.decode("ascii"),
                    "user-agent": self._user_agent,
                    "accept": "*/*",
                    "accept-encoding": "gzip",
                    **headers,
                },
                extensions={"sni_hostname": url.host, "timeout": httpx.Timeout(STEP_SECONDS).as_dict()},
            )
            try:
                return await self._transport.handle_async_request(request)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                if number == len(addresses):
                    raise _translated(error) from error
            except httpx.TransportError as error:
                raise _translated(error) from error
        raise FetchError(FetchErrorKind.NAME_NOT_FOUND, say("{host} has no address.", host=url.host))

    async def _addresses(self, url: httpx.URL, *, is_own_word: bool) -> list[str]:
        """The addresses to try; one that the catalogue itself spells out is its writer's own choice."""
        if is_own_word and _is_spelled_out(url.host):
            return [url.host]
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(url.host, url.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            told = say("{host} cannot be found.", host=url.host)
            raise FetchError(FetchErrorKind.NAME_NOT_FOUND, told) from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        allowed = [address for address in addresses if self._guard(address) is None]
        if addresses and not allowed:
            why = self._guard(addresses[0])
            told = say("{host} leads to {what}.", host=url.host, what=why)
            raise FetchError(FetchErrorKind.ADDRESS_FORBIDDEN, told)
        return allowed[:ADDRESSES_TRIED]

    async def _taken(self, response: httpx.Response, url: httpx.URL, now: datetime, known: Validators) -> Fetched:
        validators = Validators(
            etag=response.headers.get("etag"), last_modified=response.headers.get("last-modified")
        )
        if response.status_code == httpx.codes.NOT_MODIFIED:
            return Fetched(document=None, validators=known)
        if response.status_code != httpx.codes.OK:
            raise FetchError(
                FetchErrorKind.STATUS,
                say("The page answered {code}.", code=response.status_code),
                status_code=response.status_code,
                retry_after=_retry_after(response.headers.get("retry-after", ""), now),
            )
        content_type = response.headers.get("content-type", "")
        body = await self._body(response)
        return Fetched(
            document=Document(body=body, url=str(url), read_at=now, content_type=content_type),
            validators=validators,
        )

    async def _body(self, response: httpx.Response) -> bytes:
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        if encoding not in _ENCODINGS:
            told = say("The page is encoded as {encoding!r}, unasked.", encoding=encoding)
            raise FetchError(FetchErrorKind.UNDECODABLE, told)
        if not isinstance(response.stream, AsyncIterable):
            raise TypeError("an asynchronous transport answers asynchronously")
        body, inflate = bytearray(), Inflater() if _ENCODINGS[encoding] else None
        try:
            async for chunk in response.stream:
                room = self._largest - len(body)
                body += inflate.take(chunk, room + 1) if inflate else chunk
                if len(body) > self._largest:
                    told = say("The page has more than {most:,} bytes.", most=self._largest)
                    raise FetchError(FetchErrorKind.TOO_LARGE, told)
        except httpx.TransportError as error:
            raise _translated(error) from error
        except zlib.error as error:
            raise FetchError(FetchErrorKind.UNDECODABLE, say("The page cannot be decompressed.")) from error
        if inflate is not None and not inflate.is_complete:
            raise FetchError(FetchErrorKind.UNDECODABLE, say("The page's compression ended early."))
        return bytes(body)


_ENCODINGS = {"identity": False, "": False, "gzip": True, "x-gzip": True, "deflate": True}
"""The encodings that are understood, and whether they compress. Brotli is not asked for: its decoder cannot be
told how much it may unfold in one step."""


def _url(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError):
        url = httpx.URL()
    if url.scheme not in ("http", "https") or not url.host:
        told = say("{text!r} is not the address of a page.", text=text[:200])
        raise FetchError(FetchErrorKind.BAD_ADDRESS, told)
    return url


def _onward(source: Source, url: httpx.URL, response: httpx.Response) -> httpx.URL:
    try:
        onward = url.join(response.headers["location"])
    except (httpx.InvalidURL, ValueError):
        raise FetchError(FetchErrorKind.REDIRECTED, say("The page redirected to no address at all.")) from None
    if onward.scheme != "https" and (url.scheme == "https" or onward.scheme != "http"):
        raise FetchError(FetchErrorKind.REDIRECTED, say("The page redirected to an address that is not https."))
    if source.method != "GET" and response.status_code not in (307, 308):
        told = say("The page answered {code} to a call.", code=response.status_code)
        raise FetchError(FetchErrorKind.REDIRECTED, told)
    return _url(str(onward))


def _conditions(known: Validators) -> dict[str, str]:
    given = {"if-none-match": known.etag, "if-modified-since": known.last_modified}
    return {name: value for name, value in given.items() if value}


def _is_spelled_out(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _translated(error: httpx.TransportError) -> FetchError:
    if isinstance(error, httpx.TimeoutException):
        told = say("The page did not answer within {seconds:.0f} s.", seconds=STEP_SECONDS)
        return FetchError(FetchErrorKind.TIMEOUT, told)
    if isinstance(error, httpx.ConnectError):
        if isinstance(error.__context__ and error.__context__.__context__, ssl.SSLError) or "SSL" in str(error):
            return FetchError(FetchErrorKind.TLS_FAILED, say("The page has no valid certificate."))
        return FetchError(FetchErrorKind.NO_CONNECTION, say("The page's server accepts no connection."))
    return FetchError(FetchErrorKind.CLOSED_EARLY, say("The page's server broke off."))


def _retry_after(text: str, now: datetime) -> timedelta | None:
    """What `Retry-After` asks for: seconds, or a time."""
    if text.isdecimal():
        return timedelta(seconds=min(int(text[:9]), 24 * 3600))
    try:
        until = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta()), timedelta(days=1))
