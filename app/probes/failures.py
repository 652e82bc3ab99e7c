"""From what went wrong on the way to a `Failure`: exceptions are translated here, and nowhere else.

What an HTTP answer says is judged in `refusal`; here is only what happens before there is one to judge.
"""

import errno
import logging
import socket
import ssl
from collections.abc import Mapping
from traceback import format_tb
from typing import Literal

from app.domain.result import Blame, Failure, FailureKind
from app.domain.status import Status

_log = logging.getLogger(__name__)


Step = Literal["dns", "connect", "tls", "send", "first_byte", "body"]
"""The steps of a probe in their order; each is the name of a field of `Timeouts`."""


Judgement = tuple[Blame, Status]

THEIRS: Judgement = (Blame.VENDOR, Status.DOWN)
OUR_CONFIG: Judgement = (Blame.US_CONFIG, Status.UNKNOWN)
_OUR_NETWORK: Judgement = (Blame.US_NETWORK, Status.UNKNOWN)
_OUR_LOAD: Judgement = (Blame.US_LOAD, Status.UNKNOWN)

_JUDGED = {
    FailureKind.ADDRESS_FORBIDDEN: OUR_CONFIG,
    FailureKind.PROBER_BROKE: (Blame.UNKNOWN, Status.UNKNOWN),
    FailureKind.CERTIFICATE_EXPIRING: (Blame.VENDOR, Status.DEGRADED),
}


def failed(kind: FailureKind, sentence: str, judgement: Judgement | None = None) -> Failure:
    """A failure with the blame and verdict that its kind usually has, or the given ones.

    The sentence may quote what a peer sent: it is kept short and printable here.
    """
    blame, verdict = judgement or _JUDGED.get(kind, THEIRS)
    if len(sentence) > _SENTENCE_LENGTH or not sentence.isprintable():
        sentence = "".join(char if char.isprintable() else " " for char in sentence[:_SENTENCE_LENGTH])
    return Failure(kind=kind, blame=blame, verdict=verdict, sentence=sentence)


_SENTENCE_LENGTH = 300


class ProbeError(Exception):
    """What a prober raises when it has found out by itself why it cannot go on."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.sentence)
        self.failure = failure


def explain(error: Exception, step: Step, where: str) -> Failure:
    """The failure that an exception in a step amounts to; `where` names the peer (`127.0.0.1 port 443`)."""
    match error:
        case ProbeError():
            return error.failure
        case socket.gaierror():
            return _explain_lookup(error)
        case ssl.SSLCertVerificationError():
            return _explain_certificate(error)
        case ssl.SSLError():
            return failed(FailureKind.TLS_FAILED, f"failed in TLS ({_reason(error)})")
        case OSError():
            return _explain_os(error, step, where)
        case _:
            # Not the exception's own words: they may quote what a peer sent, and a peer may have repeated our key.
            course = "".join(format_tb(error.__traceback__))
            _log.error("A probe of %s broke in step %s: %s\n%s", where, step, type(error).__name__, course)
            broke = f"could not be asked: our own prober failed ({type(error).__name__})"
            return failed(FailureKind.PROBER_BROKE, broke)


_TIMEOUTS: Mapping[Step, tuple[FailureKind, str]] = {
    "dns": (FailureKind.DNS_TIMEOUT, "has a name that could not be looked up within {}"),
    "connect": (FailureKind.CONNECT_TIMEOUT, "did not accept a connection within {}"),
    "tls": (FailureKind.TLS_TIMEOUT, "did not finish the TLS handshake within {}"),
    "send": (FailureKind.SEND_TIMEOUT, "did not take the request within {}"),
    "first_byte": (FailureKind.FIRST_BYTE_TIMEOUT, "did not begin to answer within {}"),
    "body": (FailureKind.BODY_TIMEOUT, "began to answer but did not finish within {}"),
}


def timed_out(step: Step, seconds: float) -> Failure:
    """The failure of a step that was given so many seconds."""
    kind, sentence = _TIMEOUTS[step]
    return failed(kind, sentence.format(f"{seconds:g} s"))


def timed_out_in_all(seconds: float) -> Failure:
    """The failure of a probe whose steps each kept their time, but not all of them together."""
    return failed(FailureKind.TOTAL_TIMEOUT, f"was not done within {seconds:g} s in all")


def too_busy(seconds: float) -> Failure:
    """The failure of a deadline that we ourselves noticed so many seconds too late: nothing is proven by it."""
    sentence = f"could not be judged: this machine was too busy to keep time ({seconds:.1f} s behind)"
    return failed(FailureKind.PROBER_BROKE, sentence, _OUR_LOAD)


_NO_SUCH_NAME = {
    code
    for code in (getattr(socket, name, None) for name in ("EAI_NONAME", "EAI_NODATA", "EAI_ADDRFAMILY"))
    if code
}


def _explain_lookup(error: socket.gaierror) -> Failure:
    if error.errno in _NO_SUCH_NAME:
        return failed(FailureKind.NAME_NOT_FOUND, "has a name that does not exist, or has no address")
    return failed(FailureKind.DNS_FAILED, f"has a name that could not be looked up ({error.strerror})")


# Numbers of OpenSSL's X509_V_ERR_*; every other one means that the chain does not lead to a trusted root.
_CERTIFICATE_KINDS = {
    9: (FailureKind.CERTIFICATE_NOT_YET_VALID, "has a certificate that is not valid yet"),
    10: (FailureKind.CERTIFICATE_EXPIRED, "has a certificate that has expired"),
    62: (FailureKind.CERTIFICATE_WRONG_NAME, "has a certificate for another name than it is asked by"),
    64: (FailureKind.CERTIFICATE_WRONG_NAME, "has a certificate for another address than it is asked by"),
}


def _explain_certificate(error: ssl.SSLCertVerificationError) -> Failure:
    if error.verify_code in _CERTIFICATE_KINDS:
        return failed(*_CERTIFICATE_KINDS[error.verify_code])
    sentence = f"has a certificate that nobody we trust vouches for ({error.verify_message.rstrip('.')})"
    return failed(FailureKind.CERTIFICATE_UNTRUSTED, sentence)


def _reason(error: ssl.SSLError) -> str:
    return (getattr(error, "reason", None) or str(error)).lower().replace("_", " ")


_OURS = {
    errno.EMFILE: _OUR_LOAD,
    errno.ENFILE: _OUR_LOAD,
    errno.ENOBUFS: _OUR_LOAD,
    errno.ENOMEM: _OUR_LOAD,
    errno.EADDRNOTAVAIL: _OUR_LOAD,
    errno.EACCES: _OUR_NETWORK,
    errno.EPERM: _OUR_NETWORK,
    errno.ENETDOWN: _OUR_NETWORK,
    errno.EAFNOSUPPORT: _OUR_NETWORK,
}


def _explain_os(error: OSError, step: Step, where: str) -> Failure:
    code = error.errno or (errno.ETIMEDOUT if isinstance(error, TimeoutError) else 0)
    said = (error.strerror or type(error).__name__).lower()
    if code in _OURS:
        return failed(FailureKind.PROBER_BROKE, f"could not be asked from here ({said})", _OURS[code])
    match step:
        case "dns":
            return failed(FailureKind.DNS_FAILED, f"has a name that could not be looked up ({said})")
        case "connect":
            return _explain_connect(code, said, where)
        case "tls":
            return failed(FailureKind.TLS_FAILED, f"broke off the TLS handshake ({said})")
        case "send" | "first_byte":
            return failed(FailureKind.CLOSED_EARLY, f"closed the connection without an answer ({said})")
        case "body":
            return failed(FailureKind.BODY_TRUNCATED, f"broke off in the middle of its answer ({said})")


def _explain_connect(code: int, said: str, where: str) -> Failure:
    if code == errno.ECONNREFUSED:
        return failed(FailureKind.CONNECT_REFUSED, f"refused the connection ({where})")
    if code == errno.ETIMEDOUT:
        return failed(FailureKind.CONNECT_TIMEOUT, f"did not accept a connection ({where})")
    if code == errno.ENETUNREACH and ":" in where:
        # Machines without IPv6 are common; networks that vanished from the internet are told by IPv4 as well.
        return failed(FailureKind.UNREACHABLE, f"could not be asked over IPv6 from here ({said})", _OUR_NETWORK)
    return failed(FailureKind.UNREACHABLE, f"cannot be reached ({where}: {said})")
