"""Files that never change while the process runs, under addresses that change with their content."""

from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path

from app.web.snapshots import Kept

STYLES = ("tokens.css", "base.css", "parts.css", "pages.css")
"""Sent as one file, in this order: one request less before anything is painted."""

TEXTS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
MEDIA_TYPES = {**{ending: f"{kind}; charset=utf-8" for ending, kind in TEXTS.items()}, ".png": "image/png"}
FOR_EVER = b"public, max-age=31536000, immutable"
AN_HOUR = b"public, max-age=3600, stale-while-revalidate=86400"

NAMED = {"embed.js": "/embed.js"}
"""Files that pages of others name, under addresses that stay."""

OF_OTHERS = ((b"access-control-allow-origin", b"*"), (b"cross-origin-resource-policy", b"cross-origin"))


class Static:
    """The files of a folder; `url` gives the address of one, `kept` what is to be sent by address.

    All addresses share one digest, so that a script may import its neighbours by their relative names.
    """

    def __init__(self, folder: Path) -> None:
        files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.suffix in MEDIA_TYPES
        }
        named = {address: files.pop(name) for name, address in NAMED.items()}
        files["site.css"] = b"".join(files.pop(f"css/{name}") for name in STYLES)
        digest = blake2b(digest_size=6)
        for name, body in sorted(files.items()):
            digest.update(b"%b %d " % (name.encode(), len(body)) + body)
        self._names = frozenset(files)
        self._root = f"/static/{digest.hexdigest()}"
        self.kept: Mapping[str, Kept] = {
            **{self.url(name): _kept(name, body) for name, body in files.items()},
            **{address: _kept(address, body, AN_HOUR, *OF_OTHERS) for address, body in named.items()},
        }

    def url(self, name: str) -> str:
        """Where that file is. Raises `KeyError` where there is none."""
        if name not in self._names:
            raise KeyError(name)
        return f"{self._root}/{name}"


def _kept(name: str, body: bytes, lasts: bytes = FOR_EVER, *more: tuple[bytes, bytes]) -> Kept:
    media_type = MEDIA_TYPES[Path(name).suffix].encode()
    return Kept(body, [(b"content-type", media_type), (b"cache-control", lasts), *more])
