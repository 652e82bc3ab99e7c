"""The second witness in words: what a vendor says beside what was measured; pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from app.board.model import ServiceView, VendorPlan, VendorReport
from app.board.words import as_sentence, clock, listed, spell
from app.domain.accord import Accord, called_over
from app.domain.said import SeenIncident
from app.domain.saying import Saying, say, say_many
from app.domain.status import Status, severity, worst_of
from app.domain.vendor import Phase, VendorIncident
from app.domain.vendorword import VendorWord

ANNOUNCED_WITHIN = timedelta(days=1)
"""A maintenance is worth a line on the overview from a day before it begins."""

MOST_NAMED = 3

PHASE_WORDS = {
    Phase.INVESTIGATING: say("investigating"),
    Phase.IDENTIFIED: say("cause identified"),
    Phase.MONITORING: say("fix in place, being watched"),
    Phase.RESOLVED: say("resolved"),
    Phase.SCHEDULED: say("planned"),
    Phase.IN_PROGRESS: say("in progress"),
    Phase.COMPLETED: say("completed"),
    Phase.INFORMATION: say("for information"),
}


STATE_WORDS = {
    Status.UP: say("up"),
    Status.DEGRADED: say("degraded"),
    Status.DOWN: say("down"),
    Status.UNKNOWN: say("unknown"),
    Status.MAINTENANCE: say("maintenance"),
}
"""The statuses as they stand in a sentence."""


def vendor_sentence(view: ServiceView, now: datetime) -> str:
    """What the vendor says of a service, in a sentence after "OpenAI:"; empty where it has no page."""
    word, stand = view.word, view.accord
    if word is None or stand is None:
        return ""
    return as_sentence(_SENTENCES.get(stand, _plainly)(view, word, now))


def lag_words(view: ServiceView) -> Saying | None:
    """How much later than our first bad reading the vendor spoke; `None` where both told not of one trouble."""
    seen = _seen(view)
    if seen is None or view.since_at is None or not view.status.is_bad or not seen.is_witnessed:
        return None
    lag = seen.said_at - view.since_at
    if lag >= timedelta(0):
        return say("said {span} after we measured it", span=spell(lag))
    return say("said {span} before we measured it", span=spell(-lag))


def silent_vendors(views: Iterable[ServiceView]) -> Saying | None:
    """Who has spoken of none of its troubles: "OpenAI has not said anything yet."; `None` where everybody has."""
    stands: dict[str, set[Accord | None]] = {}
    for view in views:
        stands.setdefault(view.vendor.name, set()).add(view.accord)
    names = [name for name, told in stands.items() if told == {Accord.VENDOR_SILENT}]
    if not names:
        return None
    if len(names) > MOST_NAMED:
        return say("{number} vendors have not said anything yet.", number=len(names))
    return say_many(
        "{names} has not said anything yet.",
        "{names} have not said anything yet.",
        len(names),
        names=listed(names),
    )


def reports_of(views: Sequence[ServiceView]) -> tuple[VendorReport, ...]:
    """What vendors tell of trouble that nobody else tells of, each incident once, the worst first."""
    told: dict[tuple[str, str], list[tuple[ServiceView, VendorIncident | None]]] = {}
    for view in views:
        is_told = view.accord is Accord.ONLY_VENDOR and (view.is_by_word or not view.status.is_bad)
        if view.word is not None and is_told:
            incident = view.word.leading
            told.setdefault((view.word.page_key, incident.id if incident else ""), []).append((view, incident))
    reports = [_report([view for view, _ in each], each[0][1]) for each in told.values()]
    return tuple(sorted(reports, key=lambda report: severity(report.status), reverse=True))


def plans_of(views: Sequence[ServiceView], now: datetime) -> tuple[VendorPlan, ...]:
    """The maintenances under way, and those of the next day, the first first."""
    told: dict[tuple[str, str], list[ServiceView]] = {}
    known = {}
    for view in views:
        for maintenance in view.word.maintenances if view.word is not None else ():
            is_past = maintenance.ends_at is not None and maintenance.ends_at < now
            if maintenance.starts_at <= now + ANNOUNCED_WITHIN and not is_past and view.word is not None:
                key = (view.word.page_key, maintenance.id)
                told.setdefault(key, []).append(view)
                known[key] = maintenance
    plans = (
        VendorPlan(vendor=members[0].vendor, maintenance=known[key], views=tuple(members))
        for key, members in told.items()
    )
    return tuple(sorted(plans, key=lambda plan: plan.maintenance.starts_at))


def _report(views: Sequence[ServiceView], incident: VendorIncident | None) -> VendorReport:
    words = [view.word for view in views if view.word is not None]
    begun = [word.since_at for word in words if word.since_at is not None]
    return VendorReport(
        vendor=views[0].vendor,
        incident=incident,
        status=worst_of(word.status for word in words),
        words=PHASE_WORDS.get(incident.phase, incident.words) if incident is not None else words[0].words,
        since_at=incident.started_at if incident is not None else min(begun, default=None),
        url=(incident.url if incident is not None else None) or words[0].url,
        views=tuple(views),
    )


def _plainly(_view: ServiceView, word: VendorWord, _now: datetime) -> str:
    return _calls(word)


def _unknown(_view: ServiceView, word: VendorWord, _now: datetime) -> str:
    return word.why_unknown or say("its page tells nothing of this service")


def _silent(_view: ServiceView, word: VendorWord, _now: datetime) -> str:
    return say("nothing so far, {page_says}", page_says=_calls(word))


def _trouble(view: ServiceView, word: VendorWord, now: datetime) -> str:
    incident = word.leading
    if incident is None:
        if word.since_at is None:
            return _calls(word)
        return say("{page_says} since {since}", page_says=_calls(word), since=clock(word.since_at, now))
    told = say(
        "“{title}”, {phase}, since {since}",
        title=incident.title,
        phase=PHASE_WORDS.get(incident.phase, incident.words),
        since=clock(incident.started_at, now),
    )
    lag = lag_words(view)
    return say("{told}; {lag}", told=told, lag=lag) if lag else told


def _over(view: ServiceView, word: VendorWord, now: datetime) -> str:
    incident = word.leading
    if incident is not None:
        phase = PHASE_WORDS[Phase.MONITORING]
        return say("“{title}”: {phase}. It is not over by what we measure.", title=incident.title, phase=phase)
    seen = called_over(view.since_at, (each.seen for each in view.told))
    if seen is None or seen.ended_at is None:
        return _plainly(view, word, now)
    return say(
        "“{title}”: over since {since}. It is not over by what we measure.",
        title=seen.incident.title,
        since=clock(seen.ended_at, now),
    )


def _planned(view: ServiceView, word: VendorWord, now: datetime) -> str:
    under_way = [each for each in word.maintenances if each.starts_at <= now]
    if not under_way:
        return _plainly(view, word, now)
    first = under_way[0]
    since = clock(first.starts_at, now)
    if first.ends_at is None:
        return say("Planned work, “{title}”, since {since}", title=first.title, since=since)
    until = clock(first.ends_at, now)
    return say("Planned work, “{title}”, since {since} until {until}", title=first.title, since=since, until=until)


_SENTENCES = {
    Accord.WORD_UNKNOWN: _unknown,
    Accord.VENDOR_SILENT: _silent,
    Accord.VENDOR_SAYS_OVER: _over,
    Accord.PLANNED: _planned,
    Accord.BOTH_TROUBLED: _trouble,
    Accord.ONLY_VENDOR: _trouble,
}


def _calls(word: VendorWord) -> Saying:
    """What a page calls it, in its own words where it has some."""
    if word.words:
        return say("its page says “{words}”", words=word.words.replace("_", " "))
    return say("its page shows it {status}", status=STATE_WORDS[word.status])


def _seen(view: ServiceView) -> SeenIncident | None:
    incident = view.word.leading if view.word is not None else None
    if incident is None:
        return None
    return next((each.seen for each in view.told if each.seen.incident.id == incident.id), None)
