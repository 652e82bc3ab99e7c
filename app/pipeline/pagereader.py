"""Reads one status page: its documents fetched, told apart, parsed and put together."""

import asyncio
import hashlib
import zlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.clock import Clock
from app.domain.evidence import Attachment
from app.domain.saying import say
from app.domain.service import StatusPage
from app.domain.vendor import VendorPage, merge_pages
from app.domain.watched import WatchedPage
from app.vendors.fetch import Fetched, FetchError, FetchErrorKind, Validators
from app.vendors.reader import Document, Reader, ReadError, Source, Sources

Fetch = Callable[[Source, datetime, Validators | None], Awaitable[Fetched]]
"""Fetches a document, or learns that it is unchanged. Raises `FetchError`."""

AUTO = "auto"
LARGE = 200_000
"""Bytes from which on a document is parsed in a thread: smaller ones take less time than the way there."""

KEPT_FOR = timedelta(hours=1)
"""So long the last good version stands in for an optional document that cannot be had."""

PARSED_ANEW = timedelta(minutes=10)
"""An unchanged document is read anew so often, for what lay in its future may have come."""

BETWEEN_HISTORY = timedelta(seconds=1)
"""Past incidents can be many documents; they are asked for one after the other, with a rest between."""

_NOBODY_THERE = (
    FetchErrorKind.NAME_NOT_FOUND,
    FetchErrorKind.NO_CONNECTION,
    FetchErrorKind.TLS_FAILED,
    FetchErrorKind.TIMEOUT,
    FetchErrorKind.ADDRESS_FORBIDDEN,
)


class PageError(Exception):
    """A page that could not be read: a sentence, and how long its server asks us to wait."""

    def __init__(self, sentence: str, retry_after: timedelta | None = None) -> None:
        self.retry_after = retry_after or timedelta()
        super().__init__(sentence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One document of a page as it was read: what it is evidence of, its body compressed, and what it says."""

    source: Source
    attachment: Attachment
    packed: bytes
    validators: Validators
    page: VendorPage
    parsed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A page as read at one moment, from these documents; `has_history` if past incidents were read along."""

    page: VendorPage
    parts: tuple[Part, ...]
    has_history: bool = False

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The documents as evidence."""
        return tuple(part.attachment for part in self.parts)


@dataclass(slots=True)
class _Memory:
    """What is remembered of a page between readings: what it turned out to be, and its documents by address."""

    page: StatusPage
    kind: str
    parts: dict[str, Part] = field(default_factory=dict)


class PageReader:
    """Reads pages, whatever product hosts them, and remembers what spares asking again."""

    def __init__(
        self,
        *,
        fetch: Fetch,
        clock: Clock,
        readers: Mapping[str, Reader],
        detect: Callable[[Document], str | None],
        guesses: Callable[[str], Sequence[Source]],
        between_history: timedelta = BETWEEN_HISTORY,
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._readers = readers
        self._detect = detect
        self._guesses = guesses
        self._between_history = between_history
        self._memories: dict[str, _Memory] = {}

    def has_history(self, watched: WatchedPage) -> bool:
        """Whether the page, as it is known now, tells past incidents in documents of their own."""
        memory = self._memory(watched)
        return memory.kind != AUTO and bool(self._sources(memory, memory.kind).history)

    async def read(self, watched: WatchedPage, last_kind: str | None = None) -> Reading:
        """The page as it stands; one that became another product's is read as that. Raises `PageError`.

        `last_kind` is what a page of unknown kind was found to be in another life of this process.
        """
        memory = self._memory(watched)
        if memory.kind == AUTO:
            if last_kind is not None and last_kind in self._readers:
                memory.kind = last_kind
            else:
                memory.kind = await self._discovered(memory)
        try:
            return await self._read_as(memory, memory.kind)
        except _UnreadableError as error:
            other = self._detect(error.document)
            if other in (None, memory.kind):
                # Whatever it turns out to be when it can be read again, it need not be what we took it for.
                memory.kind = memory.page.kind if memory.page.kind in self._readers else AUTO
                raise PageError(error.sentence) from error
        try:
            reading = await self._read_as(memory, other)
        except _UnreadableError as error:
            raise PageError(error.sentence) from error
        memory.kind = other
        return reading

    async def read_back(self, watched: WatchedPage, reading: Reading) -> Reading:
        """The reading with past incidents put behind it, as far as they can be had."""
        memory = self._memory(watched)
        asked = {part.source.url for part in reading.parts}
        past: list[Part] = []
        for source in self._sources(memory, memory.kind).history:
            if source.url not in asked:
                await asyncio.sleep(self._between_history.total_seconds())
                with suppress(FetchError, _UnreadableError):
                    past.append(await self._part(memory, memory.kind, source))
        parts = (*reading.parts, *past)
        return Reading(page=merge_pages([part.page for part in parts]), parts=parts, has_history=True)

    async def answers(self, url: str) -> bool:
        """Whether anyone answers at an address, whatever it is."""
        try:
            await self._fetch(Source(url=url), self._clock.now(), None)
        except FetchError as error:
            return error.kind not in _NOBODY_THERE
        return True

    def _memory(self, watched: WatchedPage) -> _Memory:
        memory = self._memories.get(watched.key)
        if memory is None or memory.page != watched.page:
            kind = watched.page.kind if watched.page.kind in self._readers else AUTO
            memory = self._memories[watched.key] = _Memory(page=watched.page, kind=kind)
        return memory

    def _sources(self, memory: _Memory, kind: str) -> Sources:
        return self._readers[kind].sources(memory.page.feed or memory.page.url)

    async def _discovered(self, memory: _Memory) -> str:
        """What kind of page it is, found out by asking where the kinds have their documents."""
        for number, source in enumerate(self._guesses(memory.page.feed or memory.page.url)):
            try:
                fetched = await self._fetch(source, self._clock.now(), None)
            except FetchError as error:
                if number == 0 and error.kind in _NOBODY_THERE:
                    raise PageError(str(error), error.retry_after) from error
                continue
            kind = self._detect(fetched.document) if fetched.document is not None else None
            if kind is not None:
                return kind
        raise PageError("The page is of no kind that we can read.")

    async def _read_as(self, memory: _Memory, kind: str) -> Reading:
        parts: list[Part] = []
        for source in self._sources(memory, kind).now:
            try:
                parts.append(await self._part(memory, kind, source))
            except (FetchError, _UnreadableError) as error:
                if not source.optional and isinstance(error, FetchError):
                    raise PageError(str(error), error.retry_after) from error
                if not source.optional:
                    raise
                parts += self._still_kept(memory, source)
        if not parts:
            raise PageError("None of the page's documents can be had.")
        return Reading(page=merge_pages([part.page for part in parts]), parts=tuple(parts))

    def _still_kept(self, memory: _Memory, source: Source) -> list[Part]:
        """The last good version of an optional document, while it is not too old to stand in."""
        part = memory.parts.get(source.url)
        is_fresh = part is not None and self._clock.now() - part.attachment.read_at < KEPT_FOR
        return [part] if part is not None and is_fresh else []

    async def _part(self, memory: _Memory, kind: str, source: Source) -> Part:
        """A document, from the network or, unchanged, from memory. Raises `FetchError` and `_UnreadableError`."""
        now = self._clock.now()
        kept = memory.parts.get(source.url)
        kept = kept if kept is not None and kept.page.kind == kind else None
        fetched = await self._fetch(source, now, kept.validators if kept else None)
        if kept is not None and fetched.document is None:
            part = await self._again(kept, kind, now)
        elif fetched.document is not None:
            part = await self._parsed(kind, source, fetched.document, fetched.validators)
        else:
            raise FetchError(FetchErrorKind.STATUS, "The page answered 304 to a question without conditions.")
        memory.parts[source.url] = part
        return part

    async def _again(self, kept: Part, kind: str, now: datetime) -> Part:
        """An unchanged document, read anew now and then: what lay in its future may have come."""
        attachment = replace(kept.attachment, read_at=now)
        if now - kept.parsed_at < PARSED_ANEW:
            return replace(kept, attachment=attachment)
        document = Document(
            body=zlib.decompress(kept.packed),
            url=kept.attachment.url,
            content_type=kept.attachment.content_type,
            read_at=now,
        )
        return await self._parsed(kind, kept.source, document, kept.validators)

    async def _parsed(self, kind: str, source: Source, document: Document, validators: Validators) -> Part:
        if len(document.body) < LARGE:
            return self._parse(kind, source, document, validators)
        return await asyncio.to_thread(self._parse, kind, source, document, validators)

    def _parse(self, kind: str, source: Source, document: Document, validators: Validators) -> Part:
        try:
            page = self._readers[kind].parse(document)
        except ReadError as error:
            raise _UnreadableError(document, error) from error
        attachment = Attachment(
            url=document.url,
            sha256=hashlib.sha256(document.body).hexdigest(),
            read_at=document.read_at,
            content_type=document.content_type,
            etag=validators.etag,
            last_modified=validators.last_modified,
        )
        return Part(
            source=source,
            attachment=attachment,
            packed=zlib.compress(document.body),
            validators=validators,
            page=page,
            parsed_at=document.read_at,
        )


class _UnreadableError(Exception):
    """A document that a reader refused."""

    def __init__(self, document: Document, error: ReadError) -> None:
        self.document = document
        self.sentence = say("The page cannot be read: {why}.", why=str(error))
        super().__init__(self.sentence)
