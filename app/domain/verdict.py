"""Three witnesses, one verdict: what was measured, what the vendor says, what people report; and on whom it rests.

The rules, in this order:

1. While the vendor works by plan and we do not measure a working service, it is `maintenance`.
2. A measured trouble is what it was measured to be, whatever anybody says.
3. A right answer of a model disproves everybody else: the service is up, and the disagreement is named.
4. Where we only reach the door, who tells of trouble behind it is believed, the vendor or a crowd: the service is
   `degraded`, and as bad as they say where we cannot even see the door.
5. Else it is what was measured; a vendor that is well content does not vouch for what nobody can see.

What is wrong with ourselves never enters: it was read as `unknown` before. A page that cannot be read is an
unknown word, neither a green nor a red one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.detector import CheckState, Transition
from app.domain.proof import ANSWERING
from app.domain.result import CheckId, FailureKind, Region
from app.domain.saying import say
from app.domain.service import Service
from app.domain.status import Status, capped, severity, worst_of
from app.domain.vendorword import VendorWord


class Witness(StrEnum):
    """Who can say how a service fares."""

    MEASURED = "measured"
    VENDOR = "vendor"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A trouble that one witness tells of: how bad, since when (where it tells), and why, as part of a sentence.

    What was measured names its check, what the vendor says its page and the ids of its incidents.
    """

    witness: Witness
    status: Status
    since_at: datetime | None
    reason: str
    check_id: CheckId | None = None
    failure_kind: FailureKind | None = None
    page_key: str = ""
    incident_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What our probes say of a service, over all its checks and regions.

    `is_proven` tells that a model gave a right answer. `bad_regions` and `well_regions` are those from which some
    check of it is bad, and those from which all are well.
    """

    status: Status
    since_at: datetime | None = None
    reason: str = ""
    check_id: CheckId | None = None
    failure_kind: FailureKind | None = None
    is_proven: bool = False
    bad_regions: tuple[Region, ...] = ()
    well_regions: tuple[Region, ...] = ()

    @property
    def claim(self) -> Claim | None:
        """The trouble, if there is one."""
        if not self.status.is_bad:
            return None
        return Claim(
            witness=Witness.MEASURED,
            status=self.status,
            since_at=self.since_at,
            reason=self.reason,
            check_id=self.check_id,
            failure_kind=self.failure_kind,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The status of a service, since when, and the witnesses that it rests on, the first of them the weightiest.

    `claims` are all that is told of trouble, believed or not; `well` says which witnesses tell that there is none,
    and since when where they tell that. Who is in neither tells nothing.
    """

    status: Status
    since_at: datetime | None
    witnesses: tuple[Witness, ...]
    reason: str
    claims: tuple[Claim, ...]
    well: Mapping[Witness, datetime | None]
    measured: Measured

    def claim_of(self, witness: Witness) -> Claim | None:
        """What this witness tells of trouble."""
        return next((claim for claim in self.claims if claim.witness is witness), None)


def measure(service: Service, states: Mapping[CheckId, Iterable[CheckState]]) -> Measured:
    """What our probes say of a service: the worst its checks may say, over all regions.

    A check says no worse than its `impact`, and one with impact `up` only informs: it neither hurts the service
    nor vouches for it.
    """
    told = [
        (check, state, capped(state.status, check.impact))
        for check in service.checks
        if check.impact is not Status.UP
        for state in states.get(check.id, ())
    ]
    status = worst_of(each for _, _, each in told)
    speaking = [(check, state) for check, state, each in told if each is status]
    bad = {state.region for _, state, each in told if each.is_bad}
    well = {state.region for _, state, each in told if each is Status.UP} - bad
    leading = max(speaking, key=lambda each: severity(each[0].impact), default=None)
    last = leading[1].last if leading is not None else None
    return Measured(
        status=status,
        since_at=_since(status, [state.since_at for _, state in speaking]),
        reason=last.reason if last is not None and last.status is status else "",
        check_id=leading[0].id if leading is not None else None,
        failure_kind=last.failure_kind if last is not None else None,
        is_proven=any(check.kind in ANSWERING and each is Status.UP for check, _, each in told),
        bad_regions=tuple(sorted(bad)),
        well_regions=tuple(sorted(well)),
    )


def measured_alone(transition: Transition, status: Status) -> Verdict:
    """The verdict where nobody else is heard, of a check's transition that leaves its service with `status`."""
    return weigh(
        Measured(
            status=status,
            since_at=transition.since_at,
            reason=transition.reason,
            check_id=transition.check_id,
            failure_kind=transition.failure_kind,
        )
    )


def weigh(measured: Measured, word: VendorWord | None = None, crowd: Claim | None = None) -> Verdict:
    """What the witnesses amount to, by the rules above; `crowd` is a surge of reports, if there is one."""
    vendor = vendor_claim(word) if word is not None else None
    claims = [claim for claim in (measured.claim, vendor, crowd) if claim is not None]
    is_planned = word is not None and word.status is Status.MAINTENANCE
    well = _well(measured, word)
    if is_planned and (measured.status is not Status.UP or (crowd is not None and not measured.is_proven)):
        status, witnesses = Status.MAINTENANCE, (Witness.VENDOR, *(claim.witness for claim in claims))
    elif measured.status.is_bad:
        status, witnesses = measured.status, tuple(claim.witness for claim in claims)
    elif claims and not measured.is_proven:
        is_door_seen = measured.status is Status.UP
        status = Status.DEGRADED if is_door_seen else worst_of(claim.status for claim in claims)
        witnesses = tuple(claim.witness for claim in claims)
    else:
        status = measured.status
        witnesses = tuple(well) if status is Status.UP else ()
    return Verdict(
        status=status,
        since_at=_told_since(status, measured, word, claims),
        witnesses=tuple(dict.fromkeys(witnesses)),
        reason=_reason(status, measured, word, claims),
        claims=tuple(claims),
        well=well,
        measured=measured,
    )


def vendor_claim(word: VendorWord) -> Claim | None:
    """The trouble that a vendor tells of, if it does."""
    if not word.status.is_bad:
        return None
    leading = word.leading
    reason = say("its vendor reports {words}", words=word.words.replace("_", " ") or say("trouble"))
    if leading is not None:
        words = leading.words.replace("_", " ")
        reason = say("its vendor reports “{title}” ({words})", title=leading.title, words=words)
    return Claim(
        witness=Witness.VENDOR,
        status=word.status,
        since_at=word.since_at or (leading.started_at if leading is not None else None),
        reason=reason,
        page_key=word.page_key,
        incident_ids=tuple(concern.incident.id for concern in word.incidents),
    )


def _well(measured: Measured, word: VendorWord | None) -> Mapping[Witness, datetime | None]:
    well: dict[Witness, datetime | None] = {}
    if measured.status is Status.UP:
        well[Witness.MEASURED] = measured.since_at
    if word is not None and word.status is Status.UP:
        well[Witness.VENDOR] = word.since_at
    return well


def _since(status: Status, moments: Iterable[datetime | None]) -> datetime | None:
    """Bad since the first check says so, anything else since the last does."""
    told = [moment for moment in moments if moment is not None]
    return (min if status.is_bad else max)(told, default=None)


def _told_since(
    status: Status, measured: Measured, word: VendorWord | None, claims: Sequence[Claim]
) -> datetime | None:
    if status is Status.MAINTENANCE and word is not None:
        return min((each.starts_at for each in word.under_way), default=measured.since_at)
    if measured.status is status or not claims:
        return measured.since_at
    return _since(status, [claim.since_at for claim in claims])


def _reason(status: Status, measured: Measured, word: VendorWord | None, claims: Sequence[Claim]) -> str:
    if status is Status.MAINTENANCE and word is not None:
        if word.under_way:
            return say("its vendor works on it by plan: “{title}”", title=word.under_way[0].title)
        return say("its vendor works on it by plan")
    if measured.status is status or not claims:
        return measured.reason
    return claims[0].reason
