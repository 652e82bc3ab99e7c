"""Whom the command line asks: a running server or one within this process, and both the same."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import httpx
from pydantic import ValidationError

from app import __version__
from app.cli.ground import ExitCode, catalogue_or_fail, fail, settings_or_fail
from app.clock import Clock
from app.domain.service import Catalogue
from app.settings import Settings

if TYPE_CHECKING:
    from app.web.api.shape import Shape

API = "/api/v1"
PATIENCE_SECONDS = 10

AnyShape = TypeVar("AnyShape", bound="Shape")
Work = TypeVar("Work")
Asked = Mapping[str, str | int | list[str]]


class NoAnswerError(Exception):
    """Nobody answered, or nobody who is Stillup; says what to do."""


class NotUnderstoodError(Exception):
    """The question is wrong; says what is wrong with it."""


class MissingError(Exception):
    """What the question names is not there; says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told(Generic[AnyShape]):
    """An answer: `plain` is the JSON exactly as it came."""

    answer: AnyShape
    plain: dict[str, Any]


class Source:
    """Whom to ask, at `place`."""

    def __init__(self, client: httpx.AsyncClient, place: str, renew: Callable[[], Awaitable[None]]) -> None:
        self._client = client
        self._place = place
        self.renew = renew
        """Have it look again before it is asked again; a server does so by itself."""

    async def ask(self, path: str, shape: type[AnyShape], asked: Asked | None = None) -> Told[AnyShape]:
        """The answer of the API at that path.

        Raises `MissingError`, `NotUnderstoodError` and `NoAnswerError`.
        """
        answer = await self._get(path, asked or {})
        if answer.is_success:
            try:
                told: dict[str, Any] = answer.json()
                return Told(answer=shape.model_validate(told), plain=told)
            except (ValidationError, ValueError):
                raise self._stranger(answer) from None
        detail = self._problem(answer)
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise MissingError(detail)
        if answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
            raise NotUnderstoodError(detail)
        raise NoAnswerError(f"{self._place} cannot tell: {detail}")

    async def _get(self, path: str, asked: Asked) -> httpx.Response:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._client.get(f"{API}{path}", params=dict(asked))
        except (TimeoutError, httpx.TimeoutException):
            late = f"{self._place} did not answer within {PATIENCE_SECONDS} s. Try again, or ask another (--url)."
            raise NoAnswerError(late) from None
        except httpx.ConnectError as error:
            remedy = "Is `stillup serve` running there? --url or STILLUP_URL says where to ask."
            raise NoAnswerError(f"Nothing answers at {self._place}: {_reason(error)}. {remedy}") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NoAnswerError(f"{self._place} cannot be asked: {_reason(error)}. Is --url right?") from None

    def _problem(self, answer: httpx.Response) -> str:
        """What the server says is wrong. Raises `NoAnswerError` where it is not one of ours that says so."""
        from app.web.api.problem import Problem  # noqa: PLC0415 - slow to import, and rarely needed

        try:
            return Problem.model_validate_json(answer.content).detail
        except ValidationError:
            raise self._stranger(answer) from None

    def _stranger(self, answer: httpx.Response) -> NoAnswerError:
        kind = answer.headers.get("content-type", "no content type").split(";")[0]
        return NoAnswerError(
            f"What answers at {self._place} is no Stillup of this version: it sent "
            f"{answer.status_code} {answer.reason_phrase} ({kind}) for {API}. "
            f"--url wants the address of its first page, such as https://status.example."
        )


@asynccontextmanager
async def open_source(
    settings: Settings, catalogue: Callable[[], Catalogue], clock: Clock | None = None
) -> AsyncIterator[Source]:
    """Whom these settings say to ask: the server at their `url`, else their database at the time of that clock."""
    if settings.url is not None:
        address = _address(settings.url.removesuffix(API))
        async with httpx.AsyncClient(
            base_url=address,
            headers={"user-agent": f"stillup/{__version__}"},
            timeout=PATIENCE_SECONDS,
            follow_redirects=True,
        ) as client:
            yield Source(client, str(address.copy_with(userinfo=b"")).rstrip("/"), _nothing)
        return
    from app.cli.within import WITHIN, serving_within  # noqa: PLC0415 - slow to import, and only for the database
    from app.store.engine import StoreError  # noqa: PLC0415 - see above

    place = f"the database in {settings.data}"
    try:
        async with serving_within(settings, catalogue(), clock) as within:
            transport = httpx.ASGITransport(app=within.app)
            async with httpx.AsyncClient(transport=transport, base_url=WITHIN) as client:
                yield Source(client, place, within.renew)
    except StoreError as error:
        remedy = "Start `stillup serve` to make one, or ask a running one with --url or STILLUP_URL."
        raise NoAnswerError(f"{error} {remedy}") from None


def ask_or_fail(url: str | None, file: Path | None, work: Callable[[Source], Awaitable[Work]]) -> Work:
    """What comes of asking; every way to fail leaves with a sentence and an exit code of its own."""
    from app.wiring import run  # noqa: PLC0415 - slow to import, and not for completion

    settings = settings_or_fail(url=url, catalogue=file)
    # What is wrong with a board stands in the answer, and a log would be written across a watched screen.
    logging.basicConfig(handlers=[logging.NullHandler()])

    async def asking() -> Work:
        async with open_source(settings, lambda: catalogue_or_fail(settings)) as source:
            return await work(source)

    try:
        return run(asking())
    except NoAnswerError as error:
        fail(ExitCode.NO_ANSWER, str(error))
    except NotUnderstoodError as error:
        fail(ExitCode.USAGE, str(error))
    except MissingError as error:
        fail(ExitCode.MISSING, str(error))


async def _nothing() -> None:
    """What has to be done for a server to look again."""


def _address(url: str) -> httpx.URL:
    try:
        return httpx.URL(url)
    except httpx.InvalidURL as error:
        raise NotUnderstoodError(f"--url {url} is no address: {error}.") from None


def _reason(error: Exception) -> str:
    return str(error).rstrip(".") or type(error).__name__
