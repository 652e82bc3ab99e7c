"""What every operation is given beside the question."""

from typing import Annotated

from fastapi import Depends, Request, Response

from app.web.site import Site
from app.web.snapshots import PRIVATE, SHARED


async def _site(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


TheSite = Annotated[Site, Depends(_site)]
"""Where what is told comes from."""


async def kept(response: Response) -> None:
    """Say that the answer holds until the next board."""
    response.headers.update(SHARED)


async def passing(response: Response) -> None:
    """Say that the answer holds for this moment alone."""
    response.headers.update(PRIVATE)
