"""Servers with certificates of every kind, and one that cannot shake hands."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme


@dataclass(frozen=True)
class Certificates:
    """Contexts for servers at `localhost`, by what is the matter, and the file of the root they lead to."""

    root: Path
    contexts: dict[str, ssl.SSLContext]


def certificates(folder: Path, now: datetime | None = None) -> Certificates:
    """Issue them all; `expiring` has five days and a half left."""
    now = now or datetime.now(UTC)
    ours, others = trustme.CA(), trustme.CA()
    root = folder / "root.pem"
    ours.cert_pem.write_to_path(root)

    def lasting(first_day: float, last_day: float) -> trustme.LeafCert:
        span = (now + timedelta(days=day) for day in (first_day, last_day))
        return ours.issue_cert("localhost", not_before=next(span), not_after=next(span))

    issued = {
        "good": lasting(-1, 90),
        "expiring": lasting(-1, 5.5),
        "expired": lasting(-9, -3),
        "not-yet-valid": lasting(3, 9),
        "wrong-name": ours.issue_cert("other.example"),
        "untrusted": others.issue_cert("localhost"),
    }
    return Certificates(root=root, contexts={name: _context(cert) for name, cert in issued.items()})


def _context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context
