"""On whom a status rests, and what does not fit together, in words; pure."""

from collections.abc import Callable, Mapping

from app.board.model import ServiceView
from app.board.words import as_sentence, listed
from app.domain.discord import Discord
from app.domain.status import Status
from app.domain.verdict import Witness


def rests_on(view: ServiceView) -> str:
    """Whom the status of a troubled service rests on, in a sentence; empty where it is not troubled."""
    witnesses = view.verdict.witnesses
    if not view.status.is_bad:
        return ""
    if Witness.MEASURED in witnesses:
        others = [_NAMES[each](view) for each in witnesses if each is not Witness.MEASURED]
        return f"Measured by our own probes{f', and told by {listed(others)}' if others else ''}."
    who = listed([_NAMES[each](view) for each in witnesses])
    if view.verdict.measured.status is Status.UP:
        return f"By the word of {who}: our probes are answered, but prove no more than that the door opens."
    return f"By the word of {who}: we cannot see it from here."


def measured_sentence(view: ServiceView) -> str:
    """What our own probes say of a troubled service."""
    status = view.verdict.measured.status
    if status is view.status:
        return as_sentence(view.reason)
    return _OTHERWISE.get(status, as_sentence(view.verdict.measured.reason))


_OTHERWISE = {
    Status.UP: "Our probes are answered, which proves that the door opens.",
    Status.UNKNOWN: "It cannot be seen from here.",
}


def beside(view: ServiceView) -> tuple[str, ...]:
    """What does not fit together, in sentences; how the vendor's word stands to ours is told with its word."""
    return tuple(_DISCORDS[each](view) for each in view.discords if each in _DISCORDS)


def people_sentence(view: ServiceView) -> str:
    """What visitors report: "31 people reported trouble within the last hour; 2 are usual."."""
    told, usual = view.people, round(view.people.usual)
    if not told.last_hour:
        return "Nobody reported trouble within the last hour."
    who = counted_people(told.last_hour)
    return f"{who} reported trouble within the last hour; {usual or 'none'} {'is' if usual < 2 else 'are'} usual."  # noqa: PLR2004 - a plural


def counted_people(number: int) -> str:
    """So many people."""
    return "1 person" if number == 1 else f"{number} people"


_NAMES: Mapping[Witness, Callable[[ServiceView], str]] = {
    Witness.MEASURED: lambda _view: "our own probes",
    Witness.VENDOR: lambda view: view.vendor.name,
    Witness.PEOPLE: lambda _view: "people who use it",
}


def _some_regions(view: ServiceView) -> str:
    measured = view.verdict.measured
    bad, well = listed(measured.bad_regions), listed(measured.well_regions)
    return f"Only from some places: it fails from {bad} and works from {well}."


_DISCORDS: Mapping[Discord, Callable[[ServiceView], str]] = {
    Discord.SOME_REGIONS: _some_regions,
    Discord.WEB_APP_ONLY: lambda view: f"Only the app fails: the API of {view.vendor.name} answers.",
    Discord.ONLY_PEOPLE: lambda view: f"Neither we nor {view.vendor.name} see what people report.",
    Discord.ONLY_YOU: lambda _view: "A few people report trouble, no more than usual: it is likely on their side.",
}
