"""Our signatures are those of the library that everybody uses."""

from datetime import UTC, datetime

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from app.web.staticcopy.signing import Key, signed

AT = datetime(2026, 3, 1, 14, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize("token", ["", "session/token=="])
@pytest.mark.parametrize(
    ("method", "url", "headers", "body"),
    [
        ("GET", "https://status.s3.eu-central-1.amazonaws.com/copy.json", {}, b""),
        (
            "PUT",
            "http://127.0.0.1:9000/status/pre/fix/a-b_c.svg",
            {"content-type": "image/svg+xml"},
            b"x",
        ),
        (
            "PUT",
            "https://minio.example/status/index.html",
            {"content-type": "text/html; charset=utf-8", "cache-control": "public, max-age=30"},
            "ä".encode(),
        ),
        ("DELETE", "https://status.s3.eu-central-1.amazonaws.com/gone", {}, b""),
    ],
)
def test_a_signature_is_what_botocore_makes_of_the_same_request(
    method: str, url: str, headers: dict[str, str], body: bytes, token: str
) -> None:
    key = Key.of(f"AKID:secret/key+x{':' + token if token else ''}")
    ours = signed(method, url, headers, body, key=key, region="eu-central-1", now=AT)
    request = AWSRequest(method=method, url=url, headers=headers, data=body)
    auth = S3SigV4Auth(Credentials(key.identity, key.secret, key.token or None), "s3", "eu-central-1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.auth.get_current_datetime", lambda: AT.replace(tzinfo=None))
        patch.setattr(auth, "_should_sha256_sign_payload", lambda _request: True)
        auth.add_auth(request)
    assert ours["authorization"] == request.headers["Authorization"]


def test_a_key_is_read_and_never_shown() -> None:
    key = Key.of(" AKID:secret:token:with:colons\n")
    assert (key.identity, key.secret, key.token) == ("AKID", "secret", "token:with:colons")
    assert repr(key) == "Key()"
    for wrong in ("", "AKID", ":secret", "AKID:"):
        with pytest.raises(ValueError, match=r"^$"):
            Key.of(wrong)
