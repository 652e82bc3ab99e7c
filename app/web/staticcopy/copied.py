"""What makes the application answer as its copy does: what pages know of being one, and where their links lead."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Final

from markupsafe import Markup
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.board.keeper import BoardKeeper
from app.board.words import clock
from app.web.languages import SOURCE, spoken
from app.web.moments import iso
from app.web.staticcopy.links import relinked
from app.web.staticcopy.model import Naming, Terms, file_name, in_language
from app.web.toldmarkup import ToldMarkup

LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SWITCH: Final = "/language/"


class Copied:
    """Of the copy that is being made: for templates, and for what leads links."""

    def __init__(self, terms: Terms, keeper: BoardKeeper) -> None:
        self.terms = terms
        self._keeper = keeper
        self.places: Mapping[str, str] = {}
        """Where each address of the server stands in the copy."""
        self.spoken: frozenset[str] = frozenset()
        """The addresses that stand there in every language."""

    @property
    def as_of(self) -> Markup:
        """The moment that the copy describes, with its year, for a copy may be read on any later day."""
        made_at = self._keeper.board.made_at if self._keeper.board is not None else LONG_AGO
        return ToldMarkup.of('<time datetime="{}">{}</time>', iso(made_at), clock(made_at, LONG_AGO))

    @property
    def json_ending(self) -> str:
        """What scripts have to put behind an address of the API."""
        return ".json" if self.terms.naming is Naming.FILES else ""

    def lead(self, page: str, href: str) -> str | None:
        """Where a link of a page leads to: within the copy, else to the server if there is one to be led to."""
        address, hash_, fragment = href.partition("#")
        language = spoken()
        if address.startswith(_SWITCH):
            address, language = page, address.removeprefix(_SWITCH)
        place = self.places.get(address)
        if place is None:
            return f"{self.terms.live}{href}" if self.terms.live else None
        if address in self.spoken or (language != SOURCE and page == address):
            place = in_language(place, language)
        return f"{self.named(place)}{hash_}{fragment}"

    def named(self, place: str) -> str:
        """What leads to a place: where addresses are files, an answer of the API is named with its ending."""
        is_named = place.startswith("/api/") and self.terms.naming is Naming.FILES
        return f"/{file_name(place)}" if is_named else place


class Relinked:
    """Stands before the application that is copied: leads the links of its pages."""

    def __init__(self, app: ASGIApp, copied: Copied) -> None:
        self._app = app
        self._copied = copied

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        start: Message = {}
        body = b""

        async def take(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._pass(scope, start, body, send)

        await self._app(scope, receive, take)

    async def _pass(self, scope: Scope, start: Message, body: bytes, send: Send) -> None:
        headers = [header for header in start["headers"] if header[0] != b"content-length"]
        if any(name == b"content-type" and value.startswith(b"text/html") for name, value in headers):
            query = scope["query_string"].decode()
            page = f"{scope['path']}?{query}" if query else scope["path"]
            body = relinked(body.decode(), partial(self._copied.lead, page)).encode()
        headers.append((b"content-length", b"%d" % len(body)))
        await send({**start, "headers": headers})
        await send({"type": "http.response.body", "body": body})
