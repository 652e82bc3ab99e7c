"""The lab's own small API at `/lab/…`: look at it, make trouble, turn the clock. For loopback only.

It changes things without a password, so it answers none but this machine, none that was addressed by a foreign
name (a page that rebinds its name), and takes changes as JSON only, which no foreign page can send unasked.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.lab.answer import Answer, Request, whole, whole_json
from app.lab.scenario import Impact, IncidentStatus, ScenarioError, Span, scenario_names
from app.lab.troubles import Scope, Surface, Trouble, UnknownTroubleError, known_kinds

if TYPE_CHECKING:
    from app.lab.world import World


_Carry = Callable[["World", Any], Any]
"""An order carried out: what it changed, as JSON."""


class _Order(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _TroubleOrder(_Order):
    vendor: str
    kind: str
    surface: Surface = Surface.API
    scope: Scope = Scope.EVERYTHING
    probability: float = Field(default=1.0, ge=0, le=1)
    share: float = Field(default=1.0, ge=0, le=1)
    regions: frozenset[str] = frozenset()
    model: str = ""
    after: int = Field(default=1, ge=0)
    seconds: float = Field(default=1.0, ge=0)
    factor: float = Field(default=10.0, gt=0)
    error: str = "overloaded"
    headers: dict[str, str] = Field(default_factory=dict)


class _ClockOrder(_Order):
    advance: Span | None = None
    rate: float | None = Field(default=None, ge=0)


class _ScenarioOrder(_Order):
    name: str


class _Announcement(_Order):
    vendor: str
    name: str
    status: IncidentStatus
    text: str = ""
    impact: Impact = "minor"
    components: dict[str, str] = Field(default_factory=dict)


def control(world: "World", request: Request) -> Answer:
    """The answer to a request for `/lab/…`."""
    if not _is_from_here(request):
        return whole_json(403, {"error": "the lab is controlled from its own machine only"})
    if request.method == "GET" and (view := _views().get(request.path)):
        return whole_json(200, view(world))
    if request.method == "DELETE" and request.path.startswith("/lab/troubles"):
        world.clear(request.path.removeprefix("/lab/troubles").strip("/") or None)
        return whole_json(200, {"troubles": _troubles(world)})
    if request.method == "POST" and (order := _orders().get(request.path)):
        return _obey(order, world, request)
    text = f"GET {', '.join(_views())}\nPOST {', '.join(_orders())}\nDELETE /lab/troubles[/NAME]\n"
    return whole(404, text.encode(), "text/plain; charset=utf-8")


def _obey(order: "_Carry", world: "World", request: Request) -> Answer:
    if "application/json" not in request.headers.get("content-type", ""):
        return whole_json(415, {"error": "send JSON"})
    try:
        return whole_json(200, order(world, json.loads(request.body or b"{}")))
    except (ValidationError, UnknownTroubleError, ScenarioError, KeyError, ValueError) as error:
        return whole_json(400, {"error": str(error)})


def _is_from_here(request: Request) -> bool:
    host = request.headers.get("host", "").rsplit(":", 1)[0].strip("[]")
    return _is_loopback(request.peer) and (host == "localhost" or _is_loopback(host))


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _views() -> Mapping[str, Callable[["World"], Any]]:
    return {
        "/lab": _overview,
        "/lab/troubles": lambda world: {"troubles": _troubles(world)},
        "/lab/clock": _clock,
        "/lab/scenarios": lambda _world: {"scenarios": scenario_names()},
        "/lab/requests": _requests,
    }


def _overview(world: "World") -> dict[str, Any]:
    return {
        "scenario": world.scenario.title,
        "clock": _clock(world),
        "ports": world.ports,
        "vendors": {
            one.id: {
                "name": one.name,
                **{surface.value: world.url(one.id, surface) for surface in one.surfaces()},
                "base_url": world.base_url(one.id),
                "page": one.page,
                "models": [model.id for model in one.models],
                "troubles": {surface.value: known_kinds(one.face_of(surface)) for surface in one.surfaces()},
            }
            for one in world.vendors.values()
        },
        "troubles": _troubles(world),
    }


def _troubles(world: "World") -> list[dict[str, Any]]:
    """What reigns now, by script or by hand."""
    return [
        {"name": name, "vendor": vendor, **asdict(trouble), "regions": sorted(trouble.regions)}
        for vendor, name, trouble in world.reigning()
    ]


def _clock(world: "World") -> dict[str, Any]:
    return {
        "now": world.clock.now().isoformat(),
        "elapsed_s": round(world.clock.monotonic(), 3),
        "rate": world.clock.rate,
    }


def _requests(world: "World") -> dict[str, Any]:
    return {
        "requests": [
            {
                "method": one.request.method,
                "target": one.request.target,
                "status": one.answer.status,
                "ending": one.answer.ending,
                "sent_ms": [round(moment * 1000, 1) for moment in one.sent],
            }
            for one in world.log
        ]
    }


def _orders() -> Mapping[str, _Carry]:
    return {
        "/lab/troubles": _make_trouble,
        "/lab/clock": _turn_clock,
        "/lab/scenario": _play,
        "/lab/incidents": _announce,
    }


def _make_trouble(world: "World", content: Any) -> dict[str, Any]:
    order = _TroubleOrder.model_validate(content)
    name = world.trouble(order.vendor, Trouble(**order.model_dump(exclude={"vendor"})))
    return {"name": name, "troubles": _troubles(world)}


def _turn_clock(world: "World", content: Any) -> dict[str, Any]:
    order = _ClockOrder.model_validate(content)
    if order.rate is not None:
        world.clock.rate = order.rate
    if order.advance is not None:
        world.clock.advance(order.advance)
    return _clock(world)


def _play(world: "World", content: Any) -> dict[str, Any]:
    world.play(_ScenarioOrder.model_validate(content).name)
    return {"scenario": world.scenario.title}


def _announce(world: "World", content: Any) -> dict[str, Any]:
    order = _Announcement.model_validate(content)
    world.announce(**order.model_dump())
    return {"announced": order.name}
