"""`stillup mcp`: what language models may ask, over standard input and output.

Whatever is asked is handed to a server over HTTP, to a running one or to one within this process that only reads
the database: there is one set of tools, and it answers the same wherever it is asked.
"""

import logging
import sys
from typing import TYPE_CHECKING, Any

from app import __version__
from app.cli.ground import CatalogueOption, ExitCode, UrlOption, catalogue_or_fail, fail, settings_or_fail
from app.cli.within import WITHIN, serving_within
from app.domain.service import Catalogue
from app.settings import Settings
from app.store.engine import StoreError
from app.wiring import run

if TYPE_CHECKING:
    import httpx2
    from mcp import Client
    from mcp.server.lowlevel import Server


def mcp(
    url: UrlOption = None,
    file: CatalogueOption = None,
) -> None:
    """Answer language models (Model Context Protocol) on standard input and output.

    Without --url it reads the database of this machine, and probes nothing.
    """
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    settings = settings_or_fail(catalogue=file, url=url)
    if settings.url is not None:
        _answer_for(settings.url.removesuffix("/mcp"))
        return
    try:
        run(_answer_from(settings, catalogue_or_fail(settings)))
    except StoreError as error:
        fail(ExitCode.USAGE, str(error))


def _answer_for(url: str) -> None:
    """Answer from what a running server says, until the input ends."""
    import httpx2  # noqa: PLC0415 - slow to import, and only for this
    from mcp import MCPError  # noqa: PLC0415 - see above

    try:
        run(_answer(url, None))
    except ExceptionGroup as group:
        unreachable = group.subgroup((httpx2.HTTPError, MCPError))
        if unreachable is None:
            raise
        fail(ExitCode.UNKNOWN, f"There is no Stillup to be asked at {url}: {_innermost(unreachable)}")


def _innermost(group: BaseException) -> BaseException:
    while isinstance(group, BaseExceptionGroup):
        group = group.exceptions[0]
    return group


async def _answer_from(settings: Settings, catalogue: Catalogue) -> None:
    """Answer from the database as it stands, until the input ends."""
    import httpx2  # noqa: PLC0415 - slow to import, and only for this

    async with (
        serving_within(settings, catalogue) as within,
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app=within.app)) as client,
    ):
        await _answer(WITHIN, client)


async def _answer(url: str, client: "httpx2.AsyncClient | None") -> None:
    """Hand what comes in to the server at that address, and its answers out, until the input ends."""
    from mcp import Client  # noqa: PLC0415 - slow to import, and only for this
    from mcp.client.streamable_http import streamable_http_client  # noqa: PLC0415 - see above
    from mcp.server.stdio import stdio_server  # noqa: PLC0415 - see above

    async with Client(streamable_http_client(f"{url}/mcp", http_client=client)) as behind:
        server = _handing_on(behind)
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())


def _handing_on(behind: "Client") -> "Server[Any]":
    """A server that knows nothing itself: it asks the one behind, which it presents as itself."""
    from mcp.server.lowlevel import Server  # noqa: PLC0415 - see above

    async def list_tools(_context: Any, _params: Any) -> Any:
        return await behind.list_tools()

    async def call_tool(_context: Any, params: Any) -> Any:
        return await behind.call_tool(params.name, params.arguments or {})

    async def list_templates(_context: Any, _params: Any) -> Any:
        return await behind.list_resource_templates()

    async def list_resources(_context: Any, _params: Any) -> Any:
        return await behind.list_resources()

    async def read_resource(_context: Any, params: Any) -> Any:
        return await behind.read_resource(str(params.uri))

    return Server(
        "stillup",
        version=__version__,
        title="Stillup",
        instructions=behind.instructions,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resource_templates=list_templates,
        on_list_resources=list_resources,
        on_read_resource=read_resource,
    )
