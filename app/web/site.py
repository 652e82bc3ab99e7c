"""What every page and every answer is made from."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request

from app.board.keeper import BoardKeeper
from app.board.model import Board, ServiceView
from app.clock import Clock
from app.domain.saying import say
from app.store.engine import Database
from app.web.templating import Templates


class NotReadyError(HTTPException):
    """There is no board yet; asking again soon may help."""

    def __init__(self) -> None:
        super().__init__(
            503, say("The first board is not made yet; try again in a few seconds."), {"retry-after": "5"}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where what is shown comes from. `public_url` is where people reach it, empty where nobody said.

    `is_simulated` tells that what is watched is only pretended, which every page, badge and answer says;
    `takes_reports` that visitors may report problems.
    """

    keeper: BoardKeeper
    database: Database
    clock: Clock
    templates: Templates
    public_url: str = ""
    is_simulated: bool = False
    takes_reports: bool = False

    @property
    def board(self) -> Board:
        """The board as it stands. Raises `NotReadyError` before there is one."""
        if self.keeper.board is None:
            raise NotReadyError
        return self.keeper.board

    def address(self, request: Request) -> str:
        """Where people reach it, without a slash at the end: as somebody said, else as it was asked."""
        return (self.public_url or str(request.base_url)).rstrip("/")

    def vendor(self, vendor_id: str) -> list[ServiceView]:
        """The services of a vendor as they stand. Raises an `HTTPException` (404) where there is none."""
        views = [view for view in self.board.services if view.vendor.id == vendor_id]
        if not views:
            raise HTTPException(404, say("There is no vendor “{id}”.", id=vendor_id))
        return views

    def service(self, service_id: str) -> ServiceView:
        """A service as it stands. Raises an `HTTPException` (404) where there is none."""
        view = self.board.by_id.get(service_id)
        if view is None:
            raise HTTPException(404, say("There is no service “{id}”.", id=service_id))
        return view

    def wanted_services(self, service_id: str | None, vendor_id: str | None) -> list[str] | None:
        """The ids of one service, of a vendor's, or of both at once; `None` where all are wanted.

        Raises an `HTTPException` (404) where there is no such service or vendor.
        """
        services = [self.service(service_id)] if service_id is not None else self.board.services
        of_vendor = {view.service.id for view in self.vendor(vendor_id)} if vendor_id is not None else None
        if service_id is None and of_vendor is None:
            return None
        return [view.service.id for view in services if of_vendor is None or view.service.id in of_vendor]
