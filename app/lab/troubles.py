"""Everything that can go wrong out there: what a trouble is, and whom it strikes.

A trouble's kind is either a `Behaviour`, which any vendor can show, or the name of an error from the vendor's own
table or from the edge before it. Whom it strikes is a draw that can be repeated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum

from app.lab import webapps
from app.lab.answer import Request
from app.lab.chance import chance
from app.lab.edge import EDGE_ERRORS
from app.lab.face import Face, Fault


class Surface(StrEnum):
    """Which of a vendor's faces."""

    API = "api"
    WEB = "web"
    STATUS = "status"


class Scope(StrEnum):
    """Which requests to a surface: all, or only those that ask a model to speak."""

    EVERYTHING = "everything"
    GENERATION = "generation"


class Behaviour(StrEnum):
    """What any vendor may do, beside answering with an error."""

    # nothing, or not in time
    HANG = "hang"
    CLOSE_BEFORE_STATUS = "close_before_status"
    RESET_BEFORE_STATUS = "reset_before_status"
    HEADERS_THEN_SILENCE = "headers_then_silence"
    SLOW_HEADERS = "slow_headers"
    SLOW_FIRST_TOKEN = "slow_first_token"  # noqa: S105 - the name of a trouble, not a secret
    SLOW_TOKENS = "slow_tokens"
    # a stream that does not end as it should
    STALL = "stall"
    KEEPALIVE_STALL = "keepalive_stall"
    TRUNCATED = "truncated"
    CUT = "cut"
    RESET = "reset"
    MALFORMED_CHUNK = "malformed_chunk"
    MALFORMED_EVENT = "malformed_event"
    ERROR_FIRST = "error_first"
    ERROR_MIDSTREAM = "error_midstream"
    NO_TERMINAL_EVENT = "no_terminal_event"
    EMPTY_STREAM = "empty_stream"
    # the wrong thing said
    EMPTY_ANSWER = "empty_answer"
    WRONG_ANSWER = "wrong_answer"
    REFUSAL = "refusal"
    BUDGET_SPENT = "budget_spent"
    # the door
    AUTH_OUTAGE = "auth_outage"
    # a status page that nobody turns any more
    FROZEN = "frozen"
    # below HTTP: on the vendor's own TLS port, and at the name server
    TLS_EXPIRED = "tls_expired"
    TLS_NOT_YET_VALID = "tls_not_yet_valid"
    TLS_WRONG_NAME = "tls_wrong_name"
    TLS_UNTRUSTED = "tls_untrusted"
    DNS_NXDOMAIN = "dns_nxdomain"
    DNS_SERVFAIL = "dns_servfail"
    DNS_REFUSED = "dns_refused"
    DNS_EMPTY = "dns_empty"
    DNS_TIMEOUT = "dns_timeout"
    DNS_SLOW = "dns_slow"
    DNS_ELSEWHERE = "dns_elsewhere"


_OF_SPEECH = frozenset(
    {
        Behaviour.SLOW_FIRST_TOKEN,
        Behaviour.SLOW_TOKENS,
        Behaviour.KEEPALIVE_STALL,
        Behaviour.MALFORMED_EVENT,
        Behaviour.ERROR_FIRST,
        Behaviour.ERROR_MIDSTREAM,
        Behaviour.NO_TERMINAL_EVENT,
        Behaviour.EMPTY_STREAM,
        Behaviour.EMPTY_ANSWER,
        Behaviour.WRONG_ANSWER,
        Behaviour.REFUSAL,
        Behaviour.BUDGET_SPENT,
        Behaviour.AUTH_OUTAGE,
    }
)
"""What only a model that speaks can do."""


class UnknownTroubleError(ValueError):
    """There is no such trouble or vendor here; the message says what there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing that goes wrong, and for whom.

    `probability` is drawn for every request; `share` is a fixed part of the users, always the same ones, so that
    those who are struck first stay struck while it grows. `regions` and `model` narrow it further.

    `after` is how many text tokens are sent before a stream goes wrong; `seconds` is added to the headers or the
    first token, or is the time between keep-alives; `factor` slows tokens down; `error` names what an error inside
    a stream says; `headers` are put on the answer.
    """

    kind: str
    surface: Surface = Surface.API
    scope: Scope = Scope.EVERYTHING
    probability: float = 1.0
    share: float = 1.0
    regions: frozenset[str] = frozenset()
    model: str = ""
    after: int = 1
    seconds: float = 1.0
    factor: float = 10.0
    error: str = "overloaded"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks, and for the how-many-th time this vendor is asked: what a draw depends on."""

    user: str
    region: str
    number: int


def find_fault(face: Face, name: str) -> Fault | None:
    """The error of this name, of the vendor's own or of the edge's; none where there is no such."""
    return face.errors.get(name) or EDGE_ERRORS.get(name)


def check_kind(trouble: Trouble, face: Face) -> None:
    """Raise `UnknownTroubleError` where this face cannot show that trouble."""
    _check_name(trouble.kind, "trouble", known_kinds(face))
    if trouble.kind in (Behaviour.ERROR_FIRST, Behaviour.ERROR_MIDSTREAM):
        _check_name(trouble.error, "error", sorted({**face.errors, **EDGE_ERRORS}))


def _check_name(name: str, what: str, known: Sequence[str]) -> None:
    if name not in known:
        near = get_close_matches(name, known) or known
        raise UnknownTroubleError(f"no {what} {name!r} here; there is {', '.join(near)}")


def known_kinds(face: Face) -> tuple[str, ...]:
    """Every trouble that this face can show, sorted."""
    impossible = {
        *(() if face.speaks else _OF_SPEECH),
        *(() if face.has_terminal else (Behaviour.NO_TERMINAL_EVENT,)),
        *(() if face.keepalive else (Behaviour.KEEPALIVE_STALL,)),
        *(() if face.is_page else (Behaviour.FROZEN,)),
    }
    possible = (behaviour.value for behaviour in Behaviour if behaviour not in impossible)
    return tuple(sorted({*possible, *face.errors, *EDGE_ERRORS}))


def strikes(trouble: Trouble, name: str, request: Request, asker: Asker, seed: int) -> bool:
    """Whether this trouble, known as `name`, strikes this request."""
    if trouble.scope is Scope.GENERATION and request.method != "POST":
        return False
    if trouble.regions and asker.region not in trouble.regions:
        return False
    if trouble.model and trouble.model not in (request.json().get("model"), *_names_in(request.path)):
        return False
    if trouble.surface is Surface.WEB and not webapps.strikes(trouble.kind, request.path):
        return False
    if chance(seed, "share", asker.user) >= trouble.share:
        return False
    return chance(seed, name, asker.number) < trouble.probability


def _names_in(path: str) -> list[str]:
    """The path's segments, without a method that follows a colon."""
    return [segment.split(":")[0] for segment in path.split("/")]
