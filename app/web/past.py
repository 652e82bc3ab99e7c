"""The page of past incidents, month by month."""

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app.board.past import Kind, Measured, Month, PastWish, load_month, month_named, month_of
from app.domain.saying import say
from app.web.pastwords import KIND_WORDS, lag_told, month_claim, month_seen, month_summary, month_told, month_words
from app.web.sharing import share_page
from app.web.site import Site
from app.web.snapshots import CACHE
from app.web.templating import render

ADDRESS = "/incidents"


class PastPages:
    """Shows what was."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def routes(self) -> list[Route]:
        """Where it is."""
        return [Route(ADDRESS, self.month)]

    async def month(self, request: Request) -> Response:
        """The incidents of a month."""
        board = self._site.board
        wish = wish_of(request.query_params, month_of(board.made_at))
        service = self._site.service(wish.service_id) if wish.service_id else None
        vendor = self._site.vendor(wish.vendor_id)[0].vendor if wish.vendor_id else None
        past = await load_month(self._site.database, board, wish)
        page = render(
            self._site.templates,
            "incidents",
            live="all",
            status=board.headline.status,
            shared=share_page(self._site, request, _page_of(wish, month_of(board.made_at))),
            board=board,
            now=board.made_at,
            past=past,
            service=service,
            vendor=vendor,
            vendors=sorted(
                {view.vendor.id: view.vendor for view in board.services}.values(),
                key=lambda each: each.name.lower(),
            ),
            kinds=KIND_WORDS,
            is_measured=lambda entry: isinstance(entry, Measured),
            address=lambda **changed: address_of(wish, **changed),
            month_words=month_words,
            claim=month_claim(past),
            summary=month_summary(past),
            told=month_told(past),
            seen=month_seen(past),
            lag_told=lag_told,
        )
        return HTMLResponse(page, headers=CACHE)


def _page_of(wish: PastWish, newest: Month) -> str:
    """The one address of what is wished for, however it was asked."""
    return ADDRESS if wish == PastWish(month=newest) else address_of(wish)


def wish_of(query: QueryParams | Mapping[str, str], newest: Month) -> PastWish:
    """The wish in a query; what is left empty is not wished for. Raises an `HTTPException` (404)."""
    text = query.get("month") or str(newest)
    month = month_named(text)
    if month is None:
        raise HTTPException(
            HTTPStatus.NOT_FOUND, say("There is no month “{text}”; write it as 2026-11.", text=text)
        )
    if newest < month:
        raise HTTPException(HTTPStatus.NOT_FOUND, say("The month {text} has not come yet.", text=text))
    kind = query.get("kind") or Kind.ALL
    if kind not in tuple(Kind):
        choices = ", ".join(Kind)
        raise HTTPException(
            HTTPStatus.NOT_FOUND,
            say("There is no kind “{text}”; there are {choices}.", text=kind, choices=choices),
        )
    return PastWish(
        month=month,
        kind=Kind(kind),
        service_id=query.get("service") or None,
        vendor_id=query.get("vendor") or None,
    )


def address_of(
    wish: PastWish, *, month: Month | None = None, kind: Kind | None = None, base: str = ADDRESS
) -> str:
    """Where the same is shown of another month or kind."""
    asked = {
        "month": str(month or wish.month),
        "service": wish.service_id,
        "vendor": wish.vendor_id,
        "kind": None if (kind or wish.kind) == Kind.ALL else kind or wish.kind,
    }
    return f"{base}?{urlencode({name: value for name, value in asked.items() if value})}"
