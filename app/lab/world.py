"""The lab's door: a pretended outside world on one port, its clock, its troubles, and where to find whom."""

import asyncio
import signal
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from app.lab.addressing import Address, address_of, parse_address
from app.lab.answer import Answer, Request, whole
from app.lab.chance import chance, token
from app.lab.clock import LabClock
from app.lab.control import control
from app.lab.dns import ZONE, open_name_server, trouble_of
from app.lab.effects import perform
from app.lab.face import Face, Pace, Scene
from app.lab.pages.hosted import page_face
from app.lab.pages.state import SEVERITY, PageState, Story, page_state
from app.lab.ports import make_certificates, open_trouble_ports
from app.lab.scenario import Scenario, load_scenario, nothing_happens
from app.lab.server import Exchange, HttpServer
from app.lab.troubles import Asker, Scope, Surface, Trouble, UnknownTroubleError, check_kind, strikes
from app.lab.vendors import Vendor, pretended_vendors

_REMEMBERED = 2000
_BY_HAND = 1000
"""Incidents announced by hand are numbered from here, so that they never share an id with the script's."""
_PREAMBLE = "A simulated world for rehearsals. Nothing here is run by, or says anything about, a real vendor.\n"


class World:
    """The pretended outside world; `lab_world` makes one. Any thread may make trouble and turn the clock."""

    def __init__(self, *, scenario: Scenario | str | Path | None, clock: LabClock, seed: int) -> None:
        self.vendors = pretended_vendors()
        self.scenario = nothing_happens()
        self.clock = clock
        self.seed = seed
        self.log: deque[Exchange] = deque(maxlen=_REMEMBERED)
        """What was asked and answered, oldest first."""
        self.origin = ""
        """Scheme, host and port of the plain port."""
        self.ports: dict[str, int] = {}
        """Trouble ports by name; empty unless they were wanted."""
        self.authority = b""
        """PEM of the authority behind the good certificates; empty without trouble ports."""
        self.server = HttpServer(self.handle, self.log)
        self._troubles: dict[str, tuple[str, Trouble]] = {}
        self._made = 0
        self._stories: dict[str, list[Story]] = {}
        self._asked: dict[str, int] = {}
        if scenario is not None:
            self.play(scenario)

    def url(self, vendor: str, surface: Surface | str = Surface.API, region: str = "", *, by: str = "") -> str:
        """The root of a pretended host, without a slash at its end; `by` names a trouble port to reach it by."""
        self._vendor(vendor)
        origin = self.origin
        if by:
            scheme = "https" if by.startswith("tls") else "http"
            origin = f"{scheme}://{origin.removeprefix('http://').rpartition(':')[0]}:{self.ports[by]}"
        return f"{origin}/{Address(vendor=vendor, surface=Surface(surface), region=region)}"

    def base_url(self, vendor: str, region: str = "") -> str:
        """What the vendor's own SDK is given as its base URL."""
        return self.url(vendor, region=region) + self._vendor(vendor).face.base

    def trouble(self, vendor: str, trouble: Trouble | str, **fields: Any) -> str:
        """Make trouble from now on, in addition to the script's, and tell its name.

        `trouble` is a whole `Trouble`, or its kind, the rest of whose fields may be given. Raises
        `UnknownTroubleError` for a vendor or a kind that there is not, `ValueError` for a surface or scope.
        """
        given = replace(trouble, **fields) if isinstance(trouble, Trouble) else Trouble(kind=trouble, **fields)
        wanted = replace(
            given, surface=Surface(given.surface), scope=Scope(given.scope), regions=frozenset(given.regions)
        )
        check_kind(wanted, self._vendor(vendor).face_of(wanted.surface))
        self._made += 1
        name = f"made-{self._made}"
        self._troubles = {**self._troubles, name: (vendor, wanted)}
        return name

    def clear(self, name: str | None = None) -> None:
        """End one trouble that was made by hand, or all of them. The script's go on."""
        self._troubles = {key: value for key, value in self._troubles.items() if name not in (None, key)}

    def reigning(self) -> Iterator[tuple[str, str, Trouble]]:
        """Every trouble there is at this moment: vendor, name, trouble."""
        for vendor in self.vendors:
            for surface in Surface:
                yield from ((vendor, name, trouble) for name, trouble in self._troubles_of(vendor, surface))

    def play(self, scenario: Scenario | str | Path) -> None:
        """Play another script; its times count from the clock's start. Raises `ScenarioError`."""
        self.scenario = scenario if isinstance(scenario, Scenario) else load_scenario(scenario, self.vendors)

    def pace(self, vendor: str, pace: Pace) -> None:
        """Let a vendor answer at this pace from now on."""
        self.vendors = {**self.vendors, vendor: replace(self._vendor(vendor), pace=pace)}

    def announce(
        self,
        vendor: str,
        name: str,
        status: str,
        text: str = "",
        *,
        impact: str = "minor",
        components: dict[str, str] | None = None,
    ) -> None:
        """Let a vendor say something on its page now: an update of its incident of this name, or a new incident.

        Raises `ValueError` where there is no page, no such component, or no such status of a component.
        """
        given, known = components or {}, self._vendor(vendor)
        if not known.page:
            raise ValueError(f"{vendor} has no status page")
        if unknown := sorted(set(given) - set(known.components)):
            raise ValueError(f"{vendor} lists no component {unknown[0]!r}")
        if odd := sorted(set(given.values()) - set(SEVERITY)):
            raise ValueError(f"a component cannot be {odd[0]!r}; it is one of {', '.join(SEVERITY)}")
        stories = self._stories.get(vendor, [])
        told = next((story for story in stories if story.name == name), None)
        story = told or Story(number=_BY_HAND + len(stories), name=name, impact=impact, updates=())
        grown = replace(story, impact=impact, updates=(*story.updates, (self.clock.now(), status, text, given)))
        self._stories[vendor] = [*(one for one in stories if one is not told), grown]

    def below(self, vendor: str, layer: str) -> str:
        """Which trouble of a layer below HTTP (`tls` or `dns`) strikes a vendor now, without the layer's name.

        Nobody has said who they are yet, so every connection, and every question, is somebody else's.
        """
        number = self._asked[layer] = self._asked.get(layer, 0) + 1
        asker = Asker(user=f"{layer} {number}", region="", number=number)
        nothing = Request(method="GET", target="/", headers={})
        reigning = [one for surface in Surface for one in self._troubles_of(vendor, surface)]
        for name, trouble in reigning:
            if trouble.kind.startswith(f"{layer}_") and strikes(trouble, name, nothing, asker, self.seed):
                return trouble.kind.removeprefix(f"{layer}_")
        return ""

    def resolve(self, name: str) -> str:
        """Which trouble strikes a question for this name: its vendor's, or the one that it is called after."""
        address = parse_address(name.removesuffix(f".{ZONE}"), self.vendors)
        return (self.below(address.vendor, "dns") if address else "") or trouble_of(name)

    def hang_up(self) -> None:
        """Drop everybody who is connected now; to be called on the lab's own loop."""
        self.server.drop_all()

    def page(self, vendor: str, at: datetime | None = None) -> PageState:
        """What a vendor's status page shows, now or at another moment."""
        known = self._vendor(vendor)
        return page_state(
            vendor=known.id,
            name=known.name,
            url=self.url(known.id, Surface.STATUS),
            parts=known.components,
            stories=[*self.scenario.stories(known.id, self.clock.start), *self._stories.get(known.id, [])],
            start=self.clock.start,
            now=at or self.clock.now(),
        )

    def handle(self, request: Request) -> Answer:
        """The answer to any request to the lab's port."""
        if request.path == "/lab" or request.path.startswith("/lab/"):
            return control(self, request)
        addressed = address_of(request, self.vendors)
        if not addressed:
            text = _PREAMBLE + "".join(f"/{vendor}\n" for vendor in self.vendors)
            return whole(200 if request.path == "/" else 404, text.encode(), "text/plain; charset=utf-8")
        return self._answer(*addressed)

    def _answer(self, address: Address, request: Request) -> Answer:
        vendor = self.vendors[address.vendor]
        number = self._asked[vendor.id] = self._asked.get(vendor.id, 0) + 1
        face = self._face(vendor, address.surface)
        asker = Asker(user=_user(request, face), region=address.region, number=number)
        struck = [
            trouble
            for name, trouble in self._troubles_of(vendor.id, address.surface)
            if strikes(trouble, name, request, asker, self.seed)
        ]
        return perform(face, request, self._scene(vendor, address, number), struck)

    def _face(self, vendor: Vendor, surface: Surface) -> Face:
        if surface is Surface.STATUS and vendor.page:
            return page_face(vendor.page, lambda moment: self.page(vendor.id, moment))
        return vendor.face_of(surface)

    def _scene(self, vendor: Vendor, address: Address, number: int) -> Scene:
        pace = vendor.pace
        if pace.jitter:
            sway = 1 + pace.jitter * (2 * chance(self.seed, "pace", vendor.id, number) - 1)
            pace = replace(pace, first=pace.first * sway, rate=pace.rate / sway)
        return Scene(
            vendor=vendor.name if address.surface is Surface.WEB else vendor.id,
            now=self.clock.now(),
            opened_at=self.clock.start,
            request_id=token(self.seed, vendor.id, number, length=32),
            pace=pace,
            models=vendor.models,
            region=address.region,
        )

    def _troubles_of(self, vendor: str, surface: Surface) -> Iterator[tuple[str, Trouble]]:
        yield from self.scenario.troubles_at(self.clock.elapsed(), vendor, surface)
        for name, (whose, trouble) in self._troubles.items():
            if whose == vendor and trouble.surface is surface:
                yield name, trouble

    def _vendor(self, name: str) -> Vendor:
        if name not in self.vendors:
            raise UnknownTroubleError(f"no vendor {name!r}; there are {', '.join(self.vendors)}")
        return self.vendors[name]


def _user(request: Request, face: Face) -> str:
    """Who asks: by name, by key, and without either every connection is somebody else."""
    return request.headers.get("x-lab-user") or face.key_of(request) or f"connection {request.connection}"


@asynccontextmanager
async def lab_world(
    scenario: Scenario | str | Path | None = None,
    *,
    clock: LabClock | None = None,
    seed: int = 1,
    host: str = "127.0.0.1",
    port: int = 0,
    trouble_ports: bool = False,
) -> AsyncIterator[World]:
    """A world that serves while the context lasts, on this loop.

    `scenario` is one that comes with the lab (by name), one's own (by path), or none. The same `seed` gives the
    same draws to the same requests. `trouble_ports` opens the ports of `ports.py` and the name server besides.
    Raises `ScenarioError`, `OSError` where the port cannot be had.
    """
    world = World(scenario=scenario, clock=clock or LabClock(), seed=seed)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(world.server.close)
        bound = await world.server.listen(host, port)
        world.origin = f"http://{f'[{host}]' if ':' in host else host}:{bound}"
        if trouble_ports:
            certificates = make_certificates()
            ports = await stack.enter_async_context(
                open_trouble_ports(world.server, host, certificates, tuple(world.vendors), world.below)
            )
            name_server = await stack.enter_async_context(open_name_server(host, world.resolve))
            world.ports, world.authority = {**ports, "dns": name_server}, certificates.authority
        yield world


async def serve(
    scenario: Scenario | str | Path | None = None,
    *,
    clock: LabClock | None = None,
    seed: int = 1,
    host: str = "127.0.0.1",
    port: int = 8800,
    trouble_ports: bool = True,
    ready: Callable[[World], None] = lambda _world: None,
) -> None:
    """Serve a world until this process is told to stop (SIGINT, SIGTERM); `ready` is called once it listens.

    Run it on uvloop where there is one: its timers keep time better.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    async with lab_world(
        scenario, clock=clock, seed=seed, host=host, port=port, trouble_ports=trouble_ports
    ) as world:
        ready(world)
        await stop.wait()
