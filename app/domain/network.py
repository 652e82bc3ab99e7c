"""Is it them, or our own network? Judged from control targets that have nothing to do with any vendor."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.result import Blame, Failure, FailureKind, ProbeResult
from app.domain.saying import say
from app.domain.status import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkView:
    """What the controls say of our own network. `works` is `None` where there is no control to ask."""

    works: bool | None
    seen_at: datetime
    sentence: str


def judge_network(controls: Sequence[ProbeResult], seen_at: datetime) -> NetworkView:
    """Our network fails when no control that was asked answers, or at least two fail and they are the majority.

    One control alone may be the control's own trouble; independent ones do not fail together by chance.
    """
    failed = [result for result in controls if result.failure is not None]
    if not controls:
        return NetworkView(works=None, seen_at=seen_at, sentence=say("No control targets are configured."))
    if len(failed) == len(controls) or (len(failed) > 1 and 2 * len(failed) > len(controls)):
        return NetworkView(
            works=False,
            seen_at=seen_at,
            sentence=say(
                "{failed} of {all} unrelated control targets do not answer from here.",
                failed=len(failed),
                all=len(controls),
            ),
        )
    return NetworkView(
        works=True,
        seen_at=seen_at,
        sentence=say(
            "{well} of {all} control targets answer from here.",
            well=len(controls) - len(failed),
            all=len(controls),
        ),
    )


def excuse(result: ProbeResult, network: NetworkView) -> ProbeResult:
    """The result with its blame taken off the vendor if our own network was failing when it was made.

    What the probe really met is kept in the evidence; a success stays a success.
    """
    failure = result.failure
    if network.works is not False or failure is None or not failure.blame.is_vendors:
        return result
    ours = Failure(
        kind=FailureKind.OWN_NETWORK,
        blame=Blame.US_NETWORK,
        verdict=Status.UNKNOWN,
        sentence=say("Our own network was failing: {why}", why=network.sentence),
    )
    return replace(result, failure=ours, evidence={**result.evidence, "met": failure.sentence})
