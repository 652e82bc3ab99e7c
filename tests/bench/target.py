"""What is probed: a server on loopback that answers as fast as it can, in a process of its own.

`python -m tests.bench.target [CERTIFICATE]` prints its port and serves until its standard input ends.
"""

import asyncio
import contextlib
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import trustme
import uvloop

from tests.bench.figures import pin

ANSWER = (
    b"HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: 52\r\n"
    b"Connection: close\r\n\r\n"
    b'{"error":{"message":"no key","type":"unauthorized"}}'
)
SERVER_CORE = 1


class AnswerAndClose(asyncio.Protocol):
    """Answers the first request and closes, as a server does whose client said `Connection: close`."""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, _data: bytes) -> None:
        self.transport.write(ANSWER)
        self.transport.close()


async def serve(certificate: Path | None) -> None:
    """Serve until standard input ends."""
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(AnswerAndClose, "127.0.0.1", 0, ssl=context, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - the parent reads it
    await loop.run_in_executor(None, sys.stdin.read)


@contextlib.contextmanager
def target(folder: Path, *, tls: bool) -> Iterator[tuple[int, Path | None]]:
    """A target in a process of its own: its port, and the file of its certificate's root."""
    root: Path | None = None
    arguments: list[str] = []
    if tls:
        authority = trustme.CA(key_type=trustme.KeyType.ECDSA)
        root, leaf = folder / "root.pem", folder / "leaf.pem"
        authority.cert_pem.write_to_path(root)
        authority.issue_cert("localhost", "127.0.0.1").private_key_and_cert_chain_pem.write_to_path(leaf)
        arguments = [str(leaf)]
    with subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, "-m", "tests.bench.target", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline()), root
        finally:
            process.stdin.close()
            process.wait(10)


if __name__ == "__main__":
    pin(SERVER_CORE)
    uvloop.run(serve(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
