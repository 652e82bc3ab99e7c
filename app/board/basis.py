"""On whom a status rests, and what does not fit together, in words; pure."""

from collections.abc import Callable, Mapping

from app.board.model import ServiceView
from app.board.words import as_sentence, listed
from app.domain.discord import Discord
from app.domain.saying import Saying, say, say_many
from app.domain.status import Status
from app.domain.verdict import Witness


def rests_on(view: ServiceView) -> str:
    """Whom the status of a troubled service rests on, in a sentence; empty where it is not troubled."""
    witnesses = view.verdict.witnesses
    if not view.status.is_bad:
        return ""
    if Witness.MEASURED in witnesses:
        others = [_NAMES[each](view) for each in witnesses if each is not Witness.MEASURED]
        if others:
            return say("Measured by our own probes, and told by {others}.", others=listed(others))
        return say("Measured by our own probes.")
    who = listed([_NAMES[each](view) for each in witnesses])
    if view.verdict.measured.status is Status.UP:
        return say(
            "By the word of {who}: our probes are answered, but prove no more than that the door opens.", who=who
        )
    return say("By the word of {who}: we cannot see it from here.", who=who)


def measured_sentence(view: ServiceView) -> str:
    """What our own probes say of a troubled service."""
    status = view.verdict.measured.status
    if status is view.status:
        return as_sentence(view.reason)
    return _OTHERWISE.get(status, as_sentence(view.verdict.measured.reason))


_OTHERWISE = {
    Status.UP: say("Our probes are answered, which proves that the door opens."),
    Status.UNKNOWN: say("It cannot be seen from here."),
}


def beside(view: ServiceView) -> tuple[str, ...]:
    """What does not fit together, in sentences; how the vendor's word stands to ours is told with its word."""
    return tuple(_DISCORDS[each](view) for each in view.discords if each in _DISCORDS)


def people_sentence(view: ServiceView) -> Saying:
    """What visitors report: "31 people reported trouble within the last hour; 2 are usual."."""
    told, usual = view.people, round(view.people.usual)
    if not told.last_hour:
        return say("Nobody reported trouble within the last hour.")
    who = counted_people(told.last_hour)
    if not usual:
        return say("{who} reported trouble within the last hour; none is usual.", who=who)
    return say_many(
        "{who} reported trouble within the last hour; {count} is usual.",
        "{who} reported trouble within the last hour; {count} are usual.",
        usual,
        who=who,
    )


def counted_people(number: int) -> Saying:
    """So many people."""
    return say_many("{count} person", "{count} people", number)


_NAMES: Mapping[Witness, Callable[[ServiceView], str]] = {
    Witness.MEASURED: lambda _view: say("our own probes"),
    Witness.VENDOR: lambda view: view.vendor.name,
    Witness.PEOPLE: lambda _view: say("people who use it"),
}


def _some_regions(view: ServiceView) -> str:
    measured = view.verdict.measured
    bad, well = listed(measured.bad_regions), listed(measured.well_regions)
    return say("Only from some places: it fails from {bad} and works from {well}.", bad=bad, well=well)


_DISCORDS: Mapping[Discord, Callable[[ServiceView], str]] = {
    Discord.SOME_REGIONS: _some_regions,
    Discord.WEB_APP_ONLY: lambda view: say(
        "Only the app fails: the API of {vendor} answers.", vendor=view.vendor.name
    ),
    Discord.ONLY_PEOPLE: lambda view: say(
        "Neither we nor {vendor} see what people report.", vendor=view.vendor.name
    ),
    Discord.ONLY_YOU: lambda _view: say(
        "A few people report trouble, no more than usual: it is likely on their side."
    ),
}
