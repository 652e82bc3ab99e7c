"""A vendor's door that repeats what it heard in every way a careless one might; in good times it is the lab's.

The first segment of a path names the service that is asked for and with it the mood: `/mirrored-env/v1/…`.
"""

import base64
import json
import re
import socket
import ssl
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple
from urllib.parse import quote

import trustme

_LINE = re.compile(rb"([A-Z]+) /([^/ ]+)(\S*) HTTP/1.1\r\n")
_KEY = re.compile(r"(?:authorization: bearer |(?:x-|x-goog-)?api-key: )([^\r]+)|[?&]key=([^ &]+)", re.IGNORECASE)
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


class Asked(NamedTuple):
    """A request: for which service, all of its bytes as text, and the key that it carries."""

    service: str
    text: str
    key: str

    @property
    def is_stream(self) -> bool:
        return self.text.startswith("POST")


def answered(status: str, body: str, kind: str = "application/json", **headers: str) -> bytes:
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {len(body.encode())}\r\n{more}\r\n"
    return head.encode("latin-1") + body.encode()


def _told(message: str, code: str = "invalid_api_key") -> str:
    return json.dumps({"error": {"message": message, "type": "invalid_request_error", "code": code}})


def _streamed(*documents: str) -> bytes:
    return answered("200 OK", "".join(f"data: {each}\n\n" for each in documents), "text/event-stream")


def _mirrored(asked: Asked) -> bytes:
    forms = {"url": quote(asked.key, safe=""), "basic": base64.b64encode(b"me:" + asked.key.encode()).decode()}
    forms["token"] = base64.b64encode(asked.key.encode()).decode()
    head, _, _ = asked.text.partition("\r\n\r\n")
    return answered("400 Bad Request", json.dumps({"error": {"message": f"{forms} {head}", "request": head}}))


def _page(asked: Asked) -> bytes:
    said = f"<title>Bad gateway</title><h1>Bad gateway</h1><pre>{escape(asked.text)}</pre>{quote(asked.key)}"
    return answered("502 Bad Gateway", said, "text/html")


def _in_stream(asked: Asked) -> bytes:
    return _streamed(_speech(asked, "k7"), _told(f"no more for {asked.key}", asked.key))


def _says_it(asked: Asked) -> bytes:
    return _streamed(_speech(asked, f"You are {asked.key}, and so long that it is cut: {asked.key}"))


def _speech(asked: Asked, text: str) -> str:
    """A piece of an answer that carries the text and says that it is the last, in every dialect at once."""
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": asked.key}
    candidate = {"content": {"parts": [{"text": text}]}, "finishReason": asked.key}
    block = {"type": "content_block_delta", "delta": {"text": text}} if "anthropic" in asked.text else {}
    return json.dumps({"model": asked.key, "choices": [choice], "candidates": [candidate], **block})


def _in_headers(asked: Asked) -> bytes:
    names = ("server", "via", "x_request_id", "request_id", "cf_ray", "retry_after", "server_timing")
    said = dict.fromkeys(names, f"{'.' * 100}{asked.key}")
    return answered("503 Service Unavailable", asked.key, "text/plain", **said)


def _long_number(asked: Asked) -> bytes:
    """A number longer than Python reads one, beside what must not stand in a traceback."""
    return _streamed(json.dumps({"error": {"code": "9" * 5000, "message": asked.key}}))


MOODS: Mapping[str, Callable[[Asked], bytes]] = {
    "refused": lambda asked: answered("401 Unauthorized", _told(f"Incorrect API key: {asked.key}")),
    "mirrored": _mirrored,
    "page": _page,
    "in-stream": _in_stream,
    "says-it": _says_it,
    "no-json": lambda asked: _streamed(f"{asked.key} is no JSON"),
    "packed": lambda asked: answered("200 OK", "x", "text/event-stream", content_encoding=asked.key),
    "in-headers": _in_headers,
    "long-number": _long_number,
}
AWAY = "away"
"""The mood in which it sends people to another host, with their key in the address."""


@dataclass
class Door:
    """The vendor's door. What it heard is kept by service; `stranger` is what came to the other host."""

    url: str = ""
    secure_url: str = ""
    lab: str = ""
    is_good: bool = True
    vendor_of: Mapping[str, str] = field(default_factory=dict)
    heard: "defaultdict[str, list[str]]" = field(default_factory=lambda: defaultdict(list))
    stranger_url: str = ""
    stranger: list[str] = field(default_factory=list)

    def serve(self, peer: socket.socket, request: bytes) -> None:
        """Answer a request as the mood is."""
        match = _LINE.match(request)
        if match is None:
            return
        service, text = match[2].decode(), request.decode("latin-1")
        key = _KEY.search(text)
        asked = Asked(service, text, (key[1] or key[2]) if key else "")
        self.heard[service].append(asked.key)
        mood = service.rpartition("-")[0]
        if self.is_good:
            self._relay(peer, _LINE.sub(rb"\1 /%b\3 HTTP/1.1\r\n" % self.vendor_of[service].encode(), request))
        elif mood == AWAY:
            where = f"{self.stranger_url}/{'x' * 70}/{asked.key}?key={asked.key}"
            peer.sendall(answered("307 Temporary Redirect", asked.key, "text/plain", location=where))
        else:
            peer.sendall(MOODS[mood](asked))

    def listen_as_stranger(self, peer: socket.socket, request: bytes) -> None:
        """Another host, which should never be told a key."""
        self.stranger.append(request.decode("latin-1"))
        peer.sendall(answered("200 OK", "{}"))

    def _relay(self, peer: socket.socket, request: bytes) -> None:
        port = int(self.lab.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=20) as lab:
            lab.sendall(request)
            while more := lab.recv(65_536):
                peer.sendall(more)


@contextmanager
def door(lab: str, vendor_of: Mapping[str, str]) -> Iterator[Door]:
    """Open it, a door with a certificate that nobody vouches for, and the other host, until the end."""
    made = Door(lab=lab, vendor_of=vendor_of)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with ExitStack() as stack:
        made.url = f"http://127.0.0.1:{stack.enter_context(_listening(made.serve))}"
        made.secure_url = f"https://127.0.0.1:{stack.enter_context(_listening(made.serve, context))}"
        made.stranger_url = f"http://127.0.0.1:{stack.enter_context(_listening(made.listen_as_stranger))}"
        yield made


Serve = Callable[[socket.socket, bytes], None]


@contextmanager
def _listening(serve: Serve, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        ended = threading.Event()
        listener.settimeout(0.2)
        accepting = threading.Thread(target=_accept, args=(listener, serve, tls, ended))
        accepting.start()
        try:
            yield listener.getsockname()[1]
        finally:
            ended.set()
            accepting.join(5)


def _accept(listener: socket.socket, serve: Serve, tls: ssl.SSLContext | None, ended: threading.Event) -> None:
    while not ended.is_set():
        with suppress(TimeoutError):
            peer, _ = listener.accept()
            threading.Thread(target=_converse, args=(peer, serve, tls), daemon=True).start()


def _converse(peer: socket.socket, serve: Serve, tls: ssl.SSLContext | None) -> None:
    peer.settimeout(20)
    with suppress(OSError), peer:
        spoken = tls.wrap_socket(peer, server_side=True) if tls else peer
        with spoken:
            serve(spoken, _request(spoken))


def _request(peer: socket.socket) -> bytes:
    asked = b""
    while b"\r\n\r\n" not in asked:
        asked += peer.recv(65_536) or b"\r\n\r\n"
    length = _LENGTH.search(asked)
    due = asked.index(b"\r\n\r\n") + 4 + (int(length[1]) if length else 0)
    while len(asked) < due and (more := peer.recv(65_536)):
        asked += more
    return asked
