"""What tools answer in structured form: the shapes of the API, cut to what a model can use."""

from datetime import datetime

from app.domain.service import Capability
from app.domain.status import Status
from app.web.api.alternatives import AlternativeOut
from app.web.api.estimates import EstimateOut
from app.web.api.schemas import ServiceLine
from app.web.api.shape import Answer, Shape
from app.web.api.stories import IncidentLine


class WitnessesOut(Shape):
    """What each of the three witnesses says, in sentences."""

    measured: str
    """What our own probes found."""
    vendor: str | None
    """What the vendor says on its status page; `null` where it has none."""
    people: str
    """How many people reported trouble."""


class ServiceStatusOut(Answer):
    """One service as it stands."""

    made_at: datetime
    """The moment this describes."""
    sentence: str
    """The answer, as one would say it."""
    service: ServiceLine
    """Its status, since when, why, and on what evidence."""
    witnesses: WitnessesOut
    """What was measured, what the vendor says, what people report."""
    notes: tuple[str, ...]
    """Where the witnesses contradict each other, or the trouble is not everybody's."""
    estimate: EstimateOut | None
    """How long its trouble will probably last; `null` where it has none, or too little is known to say."""
    estimate_sentence: str | None
    """The same in words, or why none can be made."""
    alternatives: tuple[AlternativeOut, ...]
    """What works now and may be used instead, the best first."""
    own_troubles: tuple[str, ...]
    """What is wrong with the observer itself; while this is not empty, `unknown` may be its fault."""
    url: str
    """The page of the service, for people."""


class ServiceBrief(Shape):
    """A service in one line."""

    id: str
    """Its name in other tools."""
    name: str
    """Its name for people."""
    vendor: str
    """Who runs it."""
    capabilities: tuple[Capability, ...]
    """What it is for."""
    status: Status
    """What all witnesses amount to; `unknown` is neither up nor down."""
    since_at: datetime | None
    """Since when; `null` before the first evidence."""
    reason: str
    """What the status rests on, in words."""


class ServicesFoundOut(Answer):
    """The services that were asked for."""

    made_at: datetime
    """The moment this describes."""
    sentence: str
    """What is true of all services that are watched, not only of these."""
    services: tuple[ServiceBrief, ...]
    """Those that fit, the worst first."""


class IncidentBrief(IncidentLine):
    """An incident in one line."""

    name: str
    """The name of its service."""
    sentence: str
    """What happened, as one would say it."""
    url: str
    """Its page, for people."""


class IncidentsFoundOut(Answer):
    """The incidents that were asked for."""

    made_at: datetime
    """The moment this describes."""
    incidents: tuple[IncidentBrief, ...]
    """Newest first."""
    has_more: bool
    """Whether there are older ones that were left out."""
