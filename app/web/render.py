"""From a path to what stands there: pages, JSON, badges and static files, of the board as it is now."""

import json
import mimetypes
import re
from collections.abc import Callable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

from app.board.keeper import BoardKeeper
from app.board.model import Board
from app.domain.incident import Incident
from app.web.api import incident_json, service_json, services_json
from app.web.badges import COLOURS, badge
from app.web.snapshots import Rendered
from app.web.templating import environment

HTML = "text/html; charset=utf-8"
JSON = "application/json"
SVG = "image/svg+xml; charset=utf-8"
YEAR_S = 365 * 24 * 3600

STYLES = ("tokens.css", "base.css", "parts.css", "pages.css")
"""Sent as one file, in this order."""


class Renderer:
    """Renders what is asked for; answers `None` for a path it does not know."""

    def __init__(self, keeper: BoardKeeper, templates: Path, static: Path) -> None:
        self._keeper = keeper
        self._files = _static_files(static)
        self._templates = environment(templates, self._files.address)
        self._routes: tuple[tuple[re.Pattern[str], Callable[..., Rendered | None]], ...] = (
            (re.compile(r"/"), lambda _board: self.page("overview")),
            (re.compile(r"/methodology"), lambda _board: self.page("methodology")),
            (re.compile(r"/docs"), lambda _board: self.page("api")),
            (re.compile(r"/services/([a-z0-9-]+)"), self._service),
            (re.compile(r"/incidents/([A-Za-z0-9-]+)"), self._incident),
            (re.compile(r"/api/v1/services"), self._services_json),
            (re.compile(r"/api/v1/services/([a-z0-9-]+)"), self._service_json),
            (re.compile(r"/api/v1/incidents/([A-Za-z0-9-]+)"), self._incident_json),
            (re.compile(r"/badge/([a-z0-9-]+)\.svg"), self._badge),
            (re.compile(r"/favicon\.svg"), self._favicon),
        )

    def __call__(self, path: str) -> Rendered | None:
        """What stands at `path`."""
        if path.startswith("/static/"):
            return self._files.get(path)
        board = self._keeper.board
        if board is None:
            return None
        for pattern, render in self._routes:
            if match := pattern.fullmatch(path):
                return render(board, *match.groups())
        return None

    def page(self, name: str, *, status: int = 200, **context: Any) -> Rendered:
        """A page of that template."""
        board = self._keeper.board
        shown = context | {"board": board, "status": board.status if board is not None else "unknown"}
        return Rendered(
            body=self._templates.get_template(f"pages/{name}.html").render(shown).encode(),
            content_type=HTML,
            status=status,
        )

    def _service(self, board: Board, service_id: str) -> Rendered | None:
        view = board.by_id.get(service_id)
        return None if view is None else self.page("service", view=view)

    def _incident(self, board: Board, incident_id: str) -> Rendered | None:
        incident = _incident_of(board, incident_id)
        if incident is None:
            return None
        return self.page("incident", incident=incident, view=board.by_id[incident.service_id])

    def _services_json(self, board: Board) -> Rendered:
        return _json(services_json(board))

    def _service_json(self, board: Board, service_id: str) -> Rendered | None:
        view = board.by_id.get(service_id)
        return None if view is None else _json(service_json(view))

    def _incident_json(self, board: Board, incident_id: str) -> Rendered | None:
        incident = _incident_of(board, incident_id)
        return None if incident is None else _json(incident_json(incident))

    def _badge(self, board: Board, service_id: str) -> Rendered:
        view = board.by_id.get(service_id)
        if view is None:
            body, status = badge("stillup", "no such service", "#5f6670"), 404
        else:
            body, status = badge(view.service.name, view.status.value, COLOURS[view.status]), 200
        return Rendered(body=body, content_type=SVG, status=status, max_age_s=60, is_shared=True)

    def _favicon(self, board: Board) -> Rendered:
        colour = COLOURS[board.status]
        body = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
            f'<circle cx="16" cy="16" r="14" fill="{colour}"/>'
            '<path d="M9 17l5 5 9-11" fill="none" stroke="#fff" stroke-width="3.5" stroke-linecap="round"/></svg>'
        )
        if board.status.is_bad:
            body = body.replace("M9 17l5 5 9-11", "M16 8v10M16 23v.5")
        return Rendered(body=body.encode(), content_type=SVG, max_age_s=60)


def _incident_of(board: Board, incident_id: str) -> Incident | None:
    return next(
        (incident for view in board.services for incident in view.incidents if incident.id == incident_id), None
    )


def _json(data: Mapping[str, Any]) -> Rendered:
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    return Rendered(body=body, content_type=JSON, is_shared=True)


class _StaticFiles:
    """Static files under addresses that change with their content, so that they may be kept for ever."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self._addresses = {name: _address(name, body) for name, body in contents.items()}
        self._by_address = {
            self._addresses[name]: Rendered(
                body=body,
                content_type=_content_type(name),
                max_age_s=YEAR_S,
                is_immutable=True,
            )
            for name, body in contents.items()
        }

    def address(self, name: str) -> str:
        """Where the file of that name is. Raises `KeyError` where there is none."""
        return self._addresses[name]

    def get(self, address: str) -> Rendered | None:
        """The file at that address."""
        return self._by_address.get(address)


def _static_files(folder: Path) -> _StaticFiles:
    contents = {"style.css": b"\n".join((folder / "css" / name).read_bytes() for name in STYLES)}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".css":
            contents[str(path.relative_to(folder))] = path.read_bytes()
    return _StaticFiles(contents)


def _address(name: str, body: bytes) -> str:
    stem, dot, suffix = name.rpartition(".")
    return f"/static/{stem}.{blake2b(body, digest_size=6).hexdigest()}{dot}{suffix}"


def _content_type(name: str) -> str:
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{guessed}; charset=utf-8" if guessed.startswith("text/") else guessed
