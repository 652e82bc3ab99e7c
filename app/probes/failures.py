"""From what went wrong on the way to a `Failure`: exceptions are translated here, and nowhere else.

What an HTTP answer says is judged in `refusal`; here is only what happens before there is one to judge.
"""

import errno
import logging
import socket
import ssl
from traceback import format_tb
from typing import Literal

from app.domain.result import Blame, Failure, FailureKind
from app.domain.saying import say
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
            return failed(FailureKind.TLS_FAILED, say("failed in TLS ({why})", why=_reason(error)))
        case OSError():
            return _explain_os(error, step, where)
        case _:
            # Not the exception's own words: they may quote what a peer sent, and a peer may have repeated our key.
            course = "".join(format_tb(error.__traceback__))
            _log.error("A probe of %s broke in step %s: %s\n%s", where, step, type(error).__name__, course)
            broke = say("could not be asked: our own prober failed ({error})", error=type(error).__name__)
            return failed(FailureKind.PROBER_BROKE, broke)


def timed_out(step: Step, seconds: float) -> Failure:
    """The failure of a step that was given so many seconds."""
    match step:
        case "dns":
            told = say("has a name that could not be looked up within {seconds:g} s", seconds=seconds)
            return failed(FailureKind.DNS_TIMEOUT, told)
        case "connect":
            told = say("did not accept a connection within {seconds:g} s", seconds=seconds)
            return failed(FailureKind.CONNECT_TIMEOUT, told)
        case "tls":
            told = say("did not finish the TLS handshake within {seconds:g} s", seconds=seconds)
            return failed(FailureKind.TLS_TIMEOUT, told)
        case "send":
            told = say("did not take the request within {seconds:g} s", seconds=seconds)
            return failed(FailureKind.SEND_TIMEOUT, told)
        case "first_byte":
            told = say("did not begin to answer within {seconds:g} s", seconds=seconds)
            return failed(FailureKind.FIRST_BYTE_TIMEOUT, told)
        case "body":
            told = say("began to answer but did not finish within {seconds:g} s", seconds=seconds)
            return failed(FailureKind.BODY_TIMEOUT, told)


def timed_out_in_all(seconds: float) -> Failure:
    """The failure of a probe whose steps each kept their time, but not all of them together."""
    return failed(FailureKind.TOTAL_TIMEOUT, say("was not done within {seconds:g} s in all", seconds=seconds))


def too_busy(seconds: float) -> Failure:
    """The failure of a deadline that we ourselves noticed so many seconds too late: nothing is proven by it."""
    sentence = say(
        "could not be judged: this machine was too busy to keep time ({seconds:.1f} s behind)", seconds=seconds
    )
    return failed(FailureKind.PROBER_BROKE, sentence, _OUR_LOAD)


_NO_SUCH_NAME = {
    code
    for code in (getattr(socket, name, None) for name in ("EAI_NONAME", "EAI_NODATA", "EAI_ADDRFAMILY"))
    if code
}


def _explain_lookup(error: socket.gaierror) -> Failure:
    if error.errno in _NO_SUCH_NAME:
        return failed(FailureKind.NAME_NOT_FOUND, say("has a name that does not exist, or has no address"))
    return failed(
        FailureKind.DNS_FAILED, say("has a name that could not be looked up ({why})", why=error.strerror)
    )


# Numbers of OpenSSL's X509_V_ERR_*; every other one means that the chain does not lead to a trusted root.
_CERTIFICATE_KINDS = {
    9: (FailureKind.CERTIFICATE_NOT_YET_VALID, say("has a certificate that is not valid yet")),
    10: (FailureKind.CERTIFICATE_EXPIRED, say("has a certificate that has expired")),
    62: (FailureKind.CERTIFICATE_WRONG_NAME, say("has a certificate for another name than it is asked by")),
    64: (FailureKind.CERTIFICATE_WRONG_NAME, say("has a certificate for another address than it is asked by")),
}


def _explain_certificate(error: ssl.SSLCertVerificationError) -> Failure:
    if error.verify_code in _CERTIFICATE_KINDS:
        return failed(*_CERTIFICATE_KINDS[error.verify_code])
    sentence = say(
        "has a certificate that nobody we trust vouches for ({why})", why=error.verify_message.rstrip(".")
    )
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
        return failed(FailureKind.PROBER_BROKE, say("could not be asked from here ({why})", why=said), _OURS[code])
    match step:
        case "dns":
            return failed(FailureKind.DNS_FAILED, say("has a name that could not be looked up ({why})", why=said))
        case "connect":
            return _explain_connect(code, said, where)
        case "tls":
            return failed(FailureKind.TLS_FAILED, say("broke off the TLS handshake ({why})", why=said))
        case "send" | "first_byte":
            return failed(
                FailureKind.CLOSED_EARLY, say("closed the connection without an answer ({why})", why=said)
            )
        case "body":
            return failed(
                FailureKind.BODY_TRUNCATED, say("broke off in the middle of its answer ({why})", why=said)
            )


def _explain_connect(code: int, said: str, where: str) -> Failure:
    if code == errno.ECONNREFUSED:
        return failed(FailureKind.CONNECT_REFUSED, say("refused the connection ({where})", where=where))
    if code == errno.ETIMEDOUT:
        return failed(FailureKind.CONNECT_TIMEOUT, say("did not accept a connection ({where})", where=where))
    if code == errno.ENETUNREACH and ":" in where:
        # Machines without IPv6 are common; networks that vanished from the internet are told by IPv4 as well.
        return failed(
            FailureKind.UNREACHABLE, say("could not be asked over IPv6 from here ({why})", why=said), _OUR_NETWORK
        )
    return failed(FailureKind.UNREACHABLE, say("cannot be reached ({where}: {why})", where=where, why=said))
