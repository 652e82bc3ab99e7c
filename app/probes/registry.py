"""The kinds of checks there are; a new one is one file and one line here."""

from app.probes import dns, http, inference, tcp, tls
from app.probes.prober import Kind, Kinds

PROBERS: Kinds = {
    "http": Kind(spec=http.HttpSpec, probe=http.probe),
    "tls": Kind(spec=tls.TlsSpec, probe=tls.probe),
    "dns": Kind(spec=dns.DnsSpec, probe=dns.probe),
    "tcp": Kind(spec=tcp.TcpSpec, probe=tcp.probe),
    "inference": Kind(spec=inference.InferenceSpec, probe=inference.probe),
}
