"""Makes a copy: asks the application itself for every address, so that copy and server cannot disagree."""

import json
from collections.abc import Iterable
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from app.board.keeper import BoardKeeper
from app.board.model import Board
from app.clock import Clock
from app.store.engine import Database
from app.web.app import API, create_app
from app.web.inside import ask
from app.web.languages import LANGUAGES, SOURCE
from app.web.policy import HEADER
from app.web.problems import MISSING
from app.web.snapshots import Snapshots
from app.web.staticcopy.addresses import addresses_of
from app.web.staticcopy.copied import Copied
from app.web.staticcopy.model import (
    FOR_EVER,
    PASSING,
    CopiedFile,
    CopyError,
    StaticCopy,
    Terms,
    in_language,
)

OPENAPI: Final = f"{API}/openapi.json"


class Copier:
    """Makes copies, one board after another; to be used by one task at a time."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        templates: Path,
        static: Path,
        terms: Terms,
        is_simulated: bool = False,
    ) -> None:
        self._board: Board | None = None
        self._keeper = BoardKeeper(self._given, clock=clock)
        self._copied = Copied(terms, self._keeper)
        self.app: Final = create_app(
            keeper=self._keeper,
            database=database,
            clock=clock,
            templates=templates,
            static=static,
            public_url=terms.url,
            is_simulated=is_simulated,
            copied=self._copied,
        )

    async def copy(self, board: Board) -> StaticCopy:
        """The copy of that board. Raises `CopyError` where an address does not answer as it should."""
        self._board = board
        await self._keeper.renew()
        plan = addresses_of(await self.routes(), board)
        fixed = {address: address for address in self.app.fixed}
        self._copied.places, self._copied.spoken = {**plan, **fixed}, frozenset()
        answers = {address: await self._asked(address) for address in (*plan, *fixed)}
        spoken = frozenset(address for address, answer in answers.items() if "content-language" in answer.headers)
        self._copied.spoken = spoken
        files = [self._file(self._copied.places[address], answer) for address, answer in answers.items()]
        for language in LANGUAGES:
            if language != SOURCE:
                files += [await self._translated(address, language) for address in sorted(spoken)]
        files = [told for each in files for told in await self._with_following(each)]
        _refuse_doubles(files)
        self.app.forget()
        ordered = tuple(sorted(files, key=lambda each: each.address))
        return StaticCopy(made_at=board.made_at, terms=self._copied.terms, files=ordered)

    async def routes(self) -> list[str]:
        """Every address of the application that is copied, with its parameters."""
        return await routes_of(self.app)

    async def _given(self) -> Board:
        if self._board is None:
            raise CopyError("There is no board to be copied.")
        return self._board

    async def _translated(self, address: str, language: str) -> CopiedFile:
        answer = await self._asked(address, language)
        return self._file(in_language(self._copied.places[address], language), answer)

    async def _with_following(self, first: CopiedFile) -> list[CopiedFile]:
        """An answer, and where it is told page by page those behind it, each with a link to the next."""
        told = [first]
        while (following := _next_of(told[-1])) is not None:
            place = f"{first.address}/pages/{len(told) + 1}"
            answer = await self._asked(following.removeprefix(self._copied.terms.url))
            link = self._copied.terms.url + self._copied.named(place)
            told[-1] = replace(told[-1], body=told[-1].body.replace(_quoted(following), _quoted(link)))
            told.append(self._file(place, answer))
        return told

    async def _asked(self, address: str, language: str = SOURCE) -> Response:
        path, _, query = address.partition("?")
        accepted = b"text/html" if path == MISSING else b"application/json"
        answer = await ask(self.app, path, _scope(query, language), accepted)
        wanted = HTTPStatus.NOT_FOUND if path == MISSING else HTTPStatus.OK
        if answer.status_code != wanted:
            raise CopyError(f"{address} answers {answer.status_code} and cannot be copied.")
        return answer

    def _file(self, place: str, answer: Response) -> CopiedFile:
        cache = answer.headers.get("cache-control", "")
        return CopiedFile(
            address=place,
            body=bytes(answer.body),
            content_type=answer.headers["content-type"],
            cache_control=cache if FOR_EVER in cache else PASSING,
            policy=answer.headers.get(HEADER.decode(), ""),
        )


async def routes_of(app: Snapshots) -> list[str]:
    """Every address that answers a GET, with its parameters: of the API by its own description."""
    described = json.loads(bytes((await ask(app, OPENAPI, _scope("", SOURCE))).body))
    api = [f"{API}{path}" for path, methods in described["paths"].items() if "get" in methods]
    pages = [route.path for route in getattr(app.behind, "routes", ()) if _is_read(route)]
    return [*pages, *app.streams, *api, OPENAPI]


def _is_read(route: object) -> bool:
    return isinstance(route, Route) and route.methods is not None and "GET" in route.methods


def _scope(query: str, language: str) -> dict[str, Any]:
    return {
        "type": "http",
        "http_version": "1.1",
        "scheme": "http",
        "server": ("localhost", 80),
        "client": None,
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(b"host", b"localhost"), (b"accept-language", language.encode())],
    }


def _next_of(told: CopiedFile) -> str | None:
    """Where the next page of a list is, by its own word."""
    if not told.content_type.startswith("application/json") or b'"next":"' not in told.body:
        return None
    following = json.loads(told.body).get("next")
    return following if isinstance(following, str) else None


def _quoted(link: str) -> bytes:
    return json.dumps(link).encode()


def _refuse_doubles(files: Iterable[CopiedFile]) -> None:
    seen: set[str] = set()
    for each in files:
        if each.name in seen:
            raise CopyError(f"Two addresses of the copy would be one file: {each.name}.")
        seen.add(each.name)
