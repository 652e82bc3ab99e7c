"""Signs requests to buckets: AWS Signature Version 4, as S3 and whatever is compatible with it take it; pure.

Written here because it is forty lines: the library that has it weighs as much as everything else together, and
whoever publishes to a bucket would have to install it.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

_ALGORITHM: Final = "AWS4-HMAC-SHA256"
_SERVICE: Final = "s3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An access key; all of it is secret."""

    identity: str = field(repr=False)
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)

    @classmethod
    def of(cls, text: str) -> "Key":
        """The key in `ID:SECRET` or `ID:SECRET:TOKEN`. Raises `ValueError`, without saying what was given."""
        identity, _, rest = text.strip().partition(":")
        secret, _, token = rest.partition(":")
        if not identity or not secret:
            raise ValueError
        return cls(identity=identity, secret=secret, token=token)


def signed(
    method: str, url: str, headers: Mapping[str, str], body: bytes, *, key: Key, region: str, now: datetime
) -> dict[str, str]:
    """The headers of a request, with its signature; `url` has its path as it is sent, and no `?`."""
    parts = urlsplit(url)
    at = now.astimezone(UTC)
    told = {name.lower(): value.strip() for name, value in headers.items()} | {
        "host": parts.netloc,
        "x-amz-content-sha256": sha256(body).hexdigest(),
        "x-amz-date": f"{at:%Y%m%dT%H%M%SZ}",
        **({"x-amz-security-token": key.token} if key.token else {}),
    }
    names = ";".join(sorted(told))
    lines = "".join(f"{name}:{told[name]}\n" for name in sorted(told))
    request = "\n".join([method, parts.path or "/", "", lines, names, told["x-amz-content-sha256"]])
    scope = f"{at:%Y%m%d}/{region}/{_SERVICE}/aws4_request"
    to_sign = "\n".join([_ALGORITHM, told["x-amz-date"], scope, sha256(request.encode()).hexdigest()])
    secret = f"AWS4{key.secret}".encode()
    for each in scope.split("/"):
        secret = _hmac(secret, each)
    signature = _hmac(secret, to_sign).hex()
    credential = f"{key.identity}/{scope}"
    return told | {
        "authorization": f"{_ALGORITHM} Credential={credential}, SignedHeaders={names}, Signature={signature}"
    }


def _hmac(secret: bytes, text: str) -> bytes:
    return hmac.digest(secret, text.encode(), "sha256")
