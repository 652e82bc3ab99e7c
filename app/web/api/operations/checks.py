"""What can be asked of checks."""

from http import HTTPStatus
from typing import Annotated

from fastapi import HTTPException, Path, Query

from app.domain.status import Status
from app.web.api.checks import CheckRecordOut, ChecksOut, check_record_out, checks_out
from app.web.api.operations.given import TheSite


def checks(
    site: TheSite,
    service: Annotated[str | None, Query(description="The id of a service: only its checks.")] = None,
    status: Annotated[Status | None, Query(description="Only checks of this status.")] = None,
) -> ChecksOut:
    """Every check: what exactly is asked, how often, its status, and the last result with its phases."""
    views = [site.service(service)] if service is not None else site.board.services
    wanted = [check for view in views for check in view.checks if status in (None, check.status)]
    return checks_out(wanted, site.board.made_at, is_simulated=site.is_simulated)


def check(
    check_id: Annotated[str, Path(description="The id of a check, such as `openai-api/models`.")],
    site: TheSite,
    region: Annotated[
        str | None, Query(description="From where it is asked; the first region if not given.")
    ] = None,
) -> CheckRecordOut:
    """One check: what exactly is asked, how often, its status, and the last result with its evidence."""
    found = [each for view in site.board.services for each in view.checks if each.check.id == check_id]
    told = check_record_out(found, region, is_simulated=site.is_simulated)
    if told is None:
        whence = f" from “{region}”" if found else ""
        raise HTTPException(HTTPStatus.NOT_FOUND, f"There is no check “{check_id}”{whence}.")
    return told
