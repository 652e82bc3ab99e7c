"""Puts a copy into a bucket of S3, or of whatever speaks as S3 does: what changed, and what leads there last."""

import asyncio
import json
import ssl
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from app.clock import Clock
from app.web.languages import LANGUAGES
from app.web.staticcopy.hosts import MANIFEST, manifest_file
from app.web.staticcopy.model import FOR_EVER, CopiedFile, CopyError, Naming, StaticCopy
from app.web.staticcopy.signing import Key, signed

AT_ONCE: Final = 8
ATTEMPTS: Final = 3
PATIENCE_SECONDS: Final = 30.0
LONGEST_REASON: Final = 300

_MISSING: Final = (HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN)
"""Who may not list a bucket is forbidden to know that an object is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A bucket: `root` is the address that keys are put behind, with a slash at its end."""

    root: str
    region: str
    key: Key

    @classmethod
    def of(
        cls, bucket: str, prefix: str, endpoint: str | None, region: str, key: Key, *, by_host: bool
    ) -> "Place":
        """The place of a bucket: named in the host, as AWS prefers, or in the path, as everybody understands."""
        parts = urlsplit(endpoint or f"https://s3.{region}.amazonaws.com")
        host = (
            f"{parts.scheme}://{bucket}.{parts.netloc}" if by_host else f"{parts.scheme}://{parts.netloc}/{bucket}"
        )
        below = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        return cls(root=f"{host}/{below}", region=region, key=key)


async def publish_to_bucket(copy: StaticCopy, place: Place, clock: Clock) -> int:
    """Bring the bucket up to date, and tell how many objects changed. Raises `CopyError`.

    What is there already is told by the manifest that was put there last, so what others keep there stays.
    """
    # The default of httpx reads all roots anew for every client; the system's are as good and read once.
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS, verify=ssl.create_default_context()) as client:
        bucket = _Bucket(client, place, clock)
        known = await bucket.known()
        wanted = [each for each in copy.files if not _is_there(each, copy.terms.naming, known)]
        for rank in _in_order(wanted):
            await bucket.put(rank, copy.terms.naming)
        names = {copy.terms.naming.name_of(each.address) for each in copy.files}
        gone = sorted({entry["file"] for entry in known.values()} - names)
        if wanted or gone:
            await bucket.put([manifest_file(copy)], copy.terms.naming)
        await bucket.remove(gone)
        return len(wanted) + len(gone)


class _Bucket:
    """Asks a bucket; every request is signed, and made again where that may help."""

    def __init__(self, client: httpx.AsyncClient, place: Place, clock: Clock) -> None:
        self._client = client
        self._place = place
        self._clock = clock
        self._seats = asyncio.Semaphore(AT_ONCE)

    async def known(self) -> Mapping[str, Any]:
        """What the last manifest says is there; nothing where there is none, or none that can be read."""
        answer = await self._ask("GET", MANIFEST.strip("/"))
        try:
            files = json.loads(answer.content)["files"] if answer.is_success else {}
            return files if all(entry["file"] and entry["digest"] for entry in files.values()) else {}
        except (ValueError, KeyError, TypeError, AttributeError):
            return {}

    async def put(self, files: Iterable[CopiedFile], naming: Naming) -> None:
        """Put these objects there, several at once."""

        async def one(each: CopiedFile) -> None:
            headers = {"content-type": each.content_type, "cache-control": each.cache_control}
            await self._ask("PUT", naming.name_of(each.address), headers, each.body)

        await _all(one(each) for each in files)

    async def remove(self, names: Iterable[str]) -> None:
        """Take these objects away."""
        await _all(self._ask("DELETE", name) for name in names)

    async def _ask(
        self, method: str, name: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> httpx.Response:
        url, why = self._place.root + name, ""
        for attempt in range(ATTEMPTS):
            await asyncio.sleep(attempt)
            try:
                answer = await self._send(method, url, headers or {}, body)
            except httpx.HTTPError as error:
                why = str(error) or type(error).__name__
                continue
            if answer.is_success or (method != "PUT" and answer.status_code in _MISSING):
                return answer
            why = f"{answer.status_code} {_reason(answer)}"
            if not answer.is_server_error and answer.status_code != HTTPStatus.TOO_MANY_REQUESTS:
                break
        raise CopyError(f"{method} of {name} in the bucket failed: {why}")

    async def _send(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> httpx.Response:
        place, now = self._place, self._clock.now()
        async with self._seats:
            told = signed(method, url, headers, body, key=place.key, region=place.region, now=now)
            return await self._client.request(method, url, headers=told, content=body)


async def _all(asked: Iterable[Any]) -> None:
    """All of it; the first that fails ends the others."""
    try:
        async with asyncio.TaskGroup() as group:
            for each in asked:
                group.create_task(each)
    except* CopyError as errors:
        raise _first(errors) from None


def _first(errors: BaseExceptionGroup[CopyError]) -> CopyError:
    first = errors.exceptions[0]
    return first if isinstance(first, CopyError) else _first(first)


def _is_there(each: CopiedFile, naming: Naming, known: Mapping[str, Any]) -> bool:
    entry = known.get(each.address, {})
    return bool(entry) and (entry["digest"], entry["file"]) == (each.digest, naming.name_of(each.address))


def _in_order(files: Sequence[CopiedFile]) -> Iterable[list[CopiedFile]]:
    """What pages are made of, then all that leads to it, then where people begin."""
    begins = {"/", *(f"/{language}" for language in LANGUAGES)}

    def rank(each: CopiedFile) -> int:
        return 0 if FOR_EVER in each.cache_control else 2 if each.address in begins else 1

    return ([each for each in files if rank(each) == number] for number in range(3))


def _reason(answer: httpx.Response) -> str:
    """What the bucket says is wrong, in its own words and without its markup."""
    text = answer.text
    found = [part.partition("<")[0] for name in ("Code", "Message") for part in text.split(f"<{name}>")[1:2]]
    return ": ".join(found)[:LONGEST_REASON] or answer.reason_phrase
