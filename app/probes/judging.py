"""Whether a model's streamed answer is a good one, and if not, why and whose fault it is: pure.

In this order: what is no stream at all, errors in the midst of it, streams that break off or fall silent, answers
that are not whole, and answers that are not right. The first that applies is told.
"""

import re
from dataclasses import dataclass, replace

from app.domain.result import Blame, Failure, FailureKind
from app.domain.saying import say
from app.domain.status import Status
from app.probes.answer import Answer
from app.probes.errorbody import parse_error
from app.probes.failures import OUR_CONFIG, Judgement, failed
from app.probes.refusal import classify_answer, meaning_inside, named
from app.probes.speech import Finish, Stop
from app.probes.transcript import Transcript, gaps_in

_DEGRADED: Judgement = (Blame.VENDOR, Status.DEGRADED)
_PROMPT: Judgement = (Blame.US_REQUEST, Status.UNKNOWN)
_GONE = (404, 410)
_OF_A_MODEL = re.compile(r"\bmodels?\b|\bdeployment\b|\bendpoints?\b")
_QUOTED = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a good answer has: this text (any, where it is empty), and a terminal event where the dialect has one.

    `stall_s` is the longest silence between two pieces that is still good; `model` is for sentences.
    """

    model: str
    text: str = ""
    needs_terminal: bool = False
    has_key: bool = False
    stall_s: float = 5.0


def judge_speech(wanted: Wanted, answer: Answer, told: Transcript | None, fault: Failure | None) -> Failure | None:
    """Why an answer is not good, or `None` if it is; `fault` is what went wrong while it was read."""
    refused = classify_answer(answer, has_key=wanted.has_key)
    if refused is not None:
        return _about_the_model(refused, answer, wanted.model)
    if told is None or told.events == 0:
        return _not_a_stream(answer, told, fault)
    return (
        _error_inside(told, wanted)
        or _unreadable(told)
        or (_broken_off(told, fault) if fault is not None else None)
        or _not_whole(told, wanted)
        or _not_right(told, wanted)
    )


def _about_the_model(refused: Failure, answer: Answer, model: str) -> Failure:
    """A 404 that speaks of the model is about the model, and tells whoever runs this what to do."""
    is_gone = answer.status in _GONE and _OF_A_MODEL.search(parse_error(answer).words)
    if refused.kind is not FailureKind.MODEL_RETIRED and not is_gone:
        return refused
    return _retired(model, say("answered {answer}", answer=named(answer.status)))


def _retired(model: str, how: str) -> Failure:
    sentence = say(
        "{how}: it does not know the model {model!r} (any more); the canary's model needs updating",
        how=how,
        model=model,
    )
    return failed(FailureKind.MODEL_RETIRED, sentence, OUR_CONFIG)


def _not_a_stream(answer: Answer, told: Transcript | None, fault: Failure | None) -> Failure:
    body = answer.text().lstrip("\ufeff \t\r\n")
    if "html" in answer.content_type or body.startswith("<"):
        return failed(FailureKind.WRONG_CONTENT_TYPE, say("answered with a web page in place of an answer"))
    if fault is not None:
        return _silent(fault, told)
    if answer.unreadable is not None:
        return answer.unreadable
    if not body or (told is not None and told.keep_alives):
        return failed(FailureKind.EMPTY_ANSWER, say("answered 200 OK and then said nothing at all"))
    return failed(FailureKind.WRONG_BODY, say("answered with something that is no answer of a model"))


def _error_inside(told: Transcript, wanted: Wanted) -> Failure | None:
    if told.fault is None:
        return None
    kind, judgement, why = meaning_inside(told.fault, has_key=wanted.has_key)
    where = say("broke off its answer with an error") if told.text else say("began to answer, but with an error")
    if kind in (FailureKind.MODEL_RETIRED, FailureKind.STALE_URL) and "model" in str(told.fault).lower():
        return _retired(wanted.model, where)
    kind = FailureKind.ERROR_IN_STREAM if judgement[0].is_vendors else kind
    return failed(kind, say("{what}: {why}", what=where, why=why) if why else where, judgement)


def _unreadable(told: Transcript) -> Failure | None:
    if told.malformed is None:
        return None
    return failed(FailureKind.MALFORMED_EVENT, say("sent {what} in its answer", what=told.malformed))


def _silent(fault: Failure, told: Transcript | None) -> Failure:
    """What a deadline that passed before any text means; other faults speak for themselves."""
    if fault.kind not in (FailureKind.BODY_TIMEOUT, FailureKind.TOTAL_TIMEOUT) or not fault.blame.is_vendors:
        return fault
    sentence = say("began to answer, but brought no text in time")
    if told is not None and told.keep_alives:
        sentence = say("began to answer, but brought no text in time, nothing but keep-alives")
    return failed(FailureKind.NO_FIRST_TOKEN, sentence)


def _broken_off(told: Transcript, fault: Failure) -> Failure | None:
    if told.terminal_at is not None:
        return _badly_ended(fault)
    if not told.content_at:
        return _silent(fault, told)
    if fault.kind is FailureKind.BODY_TIMEOUT and fault.blame.is_vendors:
        sentence = say("fell silent in the middle of its answer")
        if told.keep_alives:
            sentence = say("fell silent in the middle of its answer, with nothing but keep-alives since")
        return failed(FailureKind.STALLED, sentence)
    return fault


def _badly_ended(fault: Failure) -> Failure | None:
    """All was said, so whatever follows hurts little: a connection held open nobody, one broken off a few."""
    if fault.kind in (FailureKind.BODY_TIMEOUT, FailureKind.TOTAL_TIMEOUT):
        return None
    return replace(fault, verdict=Status.DEGRADED) if fault.blame.is_vendors else fault


def _not_whole(told: Transcript, wanted: Wanted) -> Failure | None:
    finish = told.finish
    if finish is None:
        if told.terminal_at is not None and told.text and _is_right(told.text, wanted.text):
            sentence = say("said that its answer was complete, but not why it stopped")
            return failed(FailureKind.TRUNCATED, sentence, _DEGRADED)
        return failed(FailureKind.TRUNCATED, say("ended its answer without saying that it was complete"))
    if finish.stop is Stop.REFUSED:
        return failed(FailureKind.PROMPT_REFUSED, say("refused our prompt ({word})", word=finish.word), _PROMPT)
    return None if told.text.strip() else _nothing_said(told, finish)


def _nothing_said(told: Transcript, finish: Finish) -> Failure | None:
    if finish.stop is not Stop.LENGTH:
        return failed(
            FailureKind.EMPTY_ANSWER,
            say("finished ({word}) without having said anything", word=finish.word),
            _DEGRADED,
        )
    if told.has_thought:
        return None  # alive, but it thought until the tokens it may have were used up
    sentence = say(
        "used up its tokens ({word}) before it said anything; the check allows too few", word=finish.word
    )
    return failed(FailureKind.BUDGET_SPENT, sentence, _PROMPT)


def _not_right(told: Transcript, wanted: Wanted) -> Failure | None:
    text = told.text.strip()
    was_cut = told.finish is not None and told.finish.stop is Stop.LENGTH
    if (
        text
        and not _is_right(text, wanted.text)
        and not (was_cut and _plain(wanted.text).startswith(_plain(text)))
    ):
        sentence = say(
            "answered {text!r} where {wanted!r} was asked for", text=text[:_QUOTED], wanted=wanted.text[:_QUOTED]
        )
        return failed(FailureKind.WRONG_ANSWER, sentence, _DEGRADED)
    gaps = gaps_in(told.content_at)
    if gaps and gaps[-1] >= wanted.stall_s:
        sentence = say("stopped for {seconds:.1f} s in the middle of its answer", seconds=gaps[-1])
        return failed(FailureKind.STALLED, sentence, _DEGRADED)
    if wanted.needs_terminal and told.terminal_at is None:
        sentence = say("gave a complete answer, but not the event that ends it")
        return failed(FailureKind.NO_TERMINAL_EVENT, sentence, _DEGRADED)
    return None


def _is_right(text: str, wanted: str) -> bool:
    return _plain(wanted) in _plain(text)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
