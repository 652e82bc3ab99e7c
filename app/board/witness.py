"""The second witness in words: what a vendor says beside what was measured; pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from app.board.model import ServiceView, VendorPlan, VendorReport
from app.board.words import as_sentence, clock, counted, listed, spell
from app.domain.accord import Accord, called_over
from app.domain.said import SeenIncident
from app.domain.status import severity, worst_of
from app.domain.vendor import Phase, VendorIncident
from app.domain.vendorword import VendorWord

ANNOUNCED_WITHIN = timedelta(days=1)
"""A maintenance is worth a line on the overview from a day before it begins."""

MOST_NAMED = 3

PHASE_WORDS = {
    Phase.INVESTIGATING: "investigating",
    Phase.IDENTIFIED: "cause identified",
    Phase.MONITORING: "fix in place, being watched",
    Phase.RESOLVED: "resolved",
    Phase.SCHEDULED: "planned",
    Phase.IN_PROGRESS: "in progress",
    Phase.COMPLETED: "completed",
    Phase.INFORMATION: "for information",
}


def vendor_sentence(view: ServiceView, now: datetime) -> str:
    """What the vendor says of a service, in a sentence after "OpenAI:"; empty where it has no page."""
    word, stand = view.word, view.accord
    if word is None or stand is None:
        return ""
    return as_sentence(_SENTENCES.get(stand, _plainly)(view, word, now))


def lag_words(view: ServiceView) -> str | None:
    """How much later than our first bad reading the vendor spoke; `None` where both told not of one trouble."""
    seen = _seen(view)
    if seen is None or view.since_at is None or not view.status.is_bad or not seen.is_witnessed:
        return None
    lag = seen.said_at - view.since_at
    if lag >= timedelta(0):
        return f"said {spell(lag)} after we measured it"
    return f"said {spell(-lag)} before we measured it"


def silent_vendors(views: Iterable[ServiceView]) -> str | None:
    """Who has spoken of none of its troubles: "OpenAI has not said anything yet."; `None` where everybody has."""
    stands: dict[str, set[Accord | None]] = {}
    for view in views:
        stands.setdefault(view.vendor.name, set()).add(view.accord)
    names = [name for name, told in stands.items() if told == {Accord.VENDOR_SILENT}]
    if not names:
        return None
    who = listed(names) if len(names) <= MOST_NAMED else counted(len(names), "vendor")
    return f"{who} {'has' if len(names) == 1 else 'have'} not said anything yet."


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
    return f"its page {_calls(word)}"


def _unknown(_view: ServiceView, word: VendorWord, _now: datetime) -> str:
    return word.why_unknown or "its page tells nothing of this service"


def _silent(_view: ServiceView, word: VendorWord, _now: datetime) -> str:
    return f"nothing so far, its page {_calls(word)}"


def _trouble(view: ServiceView, word: VendorWord, now: datetime) -> str:
    incident = word.leading
    if incident is None:
        since = f" since {clock(word.since_at, now)}" if word.since_at is not None else ""
        return f"its page {_calls(word)}{since}"
    phase = PHASE_WORDS.get(incident.phase, incident.words)
    lag = lag_words(view)
    return f"“{incident.title}”, {phase}, since {clock(incident.started_at, now)}{f'; {lag}' if lag else ''}"


def _over(view: ServiceView, word: VendorWord, now: datetime) -> str:
    incident = word.leading
    if incident is not None:
        return f"“{incident.title}”: {PHASE_WORDS[Phase.MONITORING]}. It is not over by what we measure."
    seen = called_over(view.since_at, (each.seen for each in view.told))
    if seen is None or seen.ended_at is None:
        return _plainly(view, word, now)
    return f"“{seen.incident.title}”: over since {clock(seen.ended_at, now)}. It is not over by what we measure."


def _planned(view: ServiceView, word: VendorWord, now: datetime) -> str:
    under_way = [each for each in word.maintenances if each.starts_at <= now]
    if not under_way:
        return _plainly(view, word, now)
    first = under_way[0]
    end = f" until {clock(first.ends_at, now)}" if first.ends_at is not None else ""
    return f"Planned work, “{first.title}”, since {clock(first.starts_at, now)}{end}"


_SENTENCES = {
    Accord.WORD_UNKNOWN: _unknown,
    Accord.VENDOR_SILENT: _silent,
    Accord.VENDOR_SAYS_OVER: _over,
    Accord.PLANNED: _planned,
    Accord.BOTH_TROUBLED: _trouble,
    Accord.ONLY_VENDOR: _trouble,
}


def _calls(word: VendorWord) -> str:
    """What a page calls it, in its own words where it has some."""
    return f"says “{word.words.replace('_', ' ')}”" if word.words else f"shows it {word.status}"


def _seen(view: ServiceView) -> SeenIncident | None:
    incident = view.word.leading if view.word is not None else None
    if incident is None:
        return None
    return next((each.seen for each in view.told if each.seen.incident.id == incident.id), None)
