"""Services that fare in every way there is, on real sockets with real certificates."""

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

REFUSAL = b'{"error":{"message":"no key"}}'
Behave = Callable[[socket.socket], None]


def _answer(status: str, body: bytes = REFUSAL, content_type: str = "application/json", extra: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n{extra}\r\n"
    return head.encode() + body


def _says(answer: bytes, after_s: float = 0.0) -> Behave:
    def behave(peer: socket.socket) -> None:
        time.sleep(after_s)
        peer.sendall(answer)

    return behave


def _stalls(peer: socket.socket) -> None:
    peer.sendall(_answer("401 Unauthorized")[:-10])
    time.sleep(20)


def _never_ends(peer: socket.socket) -> None:
    peer.sendall(
        b"HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    for _ in range(20_000):
        peer.sendall(b"400\r\n" + b" " * 1024 + b"\r\n")


BOMB = gzip.compress(b'{"error":{"message":"' + b"x" * 50_000_000 + b'"}}')
BEHAVIOURS: dict[str, Behave] = {
    "healthy": _says(_answer("401 Unauthorized")),
    "broken": _says(_answer("503 Service Unavailable", b"down", "text/plain")),
    "slow": _says(_answer("401 Unauthorized"), after_s=0.6),
    "stalled": _stalls,
    "html": _says(_answer("200 OK", b"<!doctype html><title>Something went wrong</title>", "text/html")),
    "redirect": _says(_answer("302 Found", b"", "text/plain", "Location: https://login.example/\r\n")),
    "challenge": _says(_answer("403 Forbidden", b"Just a moment", "text/html", "cf-mitigated: challenge\r\n")),
    "endless": _never_ends,
    "bomb": _says(_answer("200 OK", BOMB, "application/json", "Content-Encoding: gzip\r\n")),
}


@dataclass(frozen=True)
class Outside:
    """Where each service is, and which root its certificates lead to."""

    urls: dict[str, str]
    root: Path


@contextmanager
def outside(folder: Path) -> Iterator[Outside]:
    """Serve all of them until the end."""
    authority = trustme.CA()
    root = folder / "root.pem"
    authority.cert_pem.write_to_path(root)
    past = datetime.now(UTC) - timedelta(days=3)
    certificates = {
        "secure": authority.issue_cert("localhost"),
        "expired": authority.issue_cert("localhost", not_before=past - timedelta(days=9), not_after=past),
        "wrong-name": authority.issue_cert("other.example"),
    }
    with ExitStack() as stack:
        urls = {
            name: f"http://localhost:{stack.enter_context(_serving(behave))}/"
            for name, behave in BEHAVIOURS.items()
        }
        for name, certificate in certificates.items():
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate.configure_cert(context)
            port = stack.enter_context(_serving(BEHAVIOURS["healthy"], context))
            urls[name] = f"https://localhost:{port}/"
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            urls["refused"] = f"http://127.0.0.1:{unused.getsockname()[1]}/"
            urls["unresolvable"] = "http://nowhere.invalid/"
            yield Outside(urls=urls, root=root)


@contextmanager
def _serving(behave: Behave, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        listening.settimeout(0.2)
        ended = threading.Event()
        thread = threading.Thread(target=_accept, args=(listening, behave, tls, ended))
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            ended.set()
            thread.join(5)


def _accept(listening: socket.socket, behave: Behave, tls: ssl.SSLContext | None, ended: threading.Event) -> None:
    while not ended.is_set():
        try:
            peer, _ = listening.accept()
        except TimeoutError:
            continue
        threading.Thread(target=_serve, args=(peer, behave, tls), daemon=True).start()


def _serve(peer: socket.socket, behave: Behave, tls: ssl.SSLContext | None) -> None:
    peer.settimeout(30)
    try:
        if tls is not None:
            peer = tls.wrap_socket(peer, server_side=True)
        asked = b""
        while b"\r\n\r\n" not in asked:
            more = peer.recv(65_536)
            if not more:
                return
            asked += more
        behave(peer)
    except OSError:
        return
    finally:
        peer.close()
