"""Lists that are told page by page: which page is asked for, and where the next one is."""

from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from fastapi import Depends, Query, Request, Response

from app.web.api.cursor import CURSOR, Place, cursor_of, following, place_of
from app.web.api.shape import PageSize
from app.web.problems import FieldError
from app.web.site import Site

Entry = TypeVar("Entry")


def _place(
    cursor: Annotated[
        str | None,
        Query(pattern=CURSOR, description="From `next` of the page before, to go on behind it."),
    ] = None,
) -> Place | None:
    try:
        return place_of(cursor) if cursor is not None else None
    except ValueError as error:
        raise FieldError("cursor", str(error)) from error


class Paging:
    """Which page is asked for: at most `limit` entries, those behind `after`."""

    def __init__(
        self,
        request: Request,
        response: Response,
        limit: Annotated[PageSize, Query(description="At most how many on a page, from 1 to 100.")] = 20,
        after: Annotated[Place | None, Depends(_place)] = None,
    ) -> None:
        self._request = request
        self._response = response
        self._limit = limit
        self.after = after

    @property
    def wanted(self) -> int:
        """How many entries to look for: one more than fit on the page tells that there is a next one."""
        return self._limit + 1

    def cut(
        self, site: Site, found: Sequence[Entry], place: Callable[[Entry], Place]
    ) -> tuple[Sequence[Entry], str | None]:
        """The page out of `wanted` entries, and where the next one is; the header `Link` then says so as well."""
        page = found[: self._limit]
        if len(found) <= self._limit:
            return page, None
        asked = {name: told for name, told in self._request.query_params.items() if name != "cursor"}
        root = site.address(self._request).removesuffix(self._request.scope["root_path"])
        link = following(f"{root}{self._request.url.path}", asked, cursor_of(place(page[-1])))
        self._response.headers["link"] = f'<{link}>; rel="next"'
        return page, link
