"""Signing a request to Amazon with an access key, by `botocore`, which is there only for those who need it."""

import json
import re
from dataclasses import replace
from typing import Any

from app.domain.result import FailureKind
from app.domain.saying import say
from app.probes.failures import OUR_CONFIG, ProbeError, failed
from app.probes.speech import Call

_REGION = re.compile(r"bedrock-runtime(?:-fips)?\.([a-z0-9-]+)\.")
_USUAL_REGION = "us-east-1"


def signed(call: Call, key: str) -> Call:
    """The call with the headers of an AWS Signature Version 4; `key` is `ID:SECRET` or `ID:SECRET:TOKEN`.

    The region is the one in the host's name. Raises `ProbeError` where `botocore` is not installed.
    """
    try:
        from botocore.auth import SigV4Auth  # noqa: PLC0415 - an optional extra
        from botocore.awsrequest import AWSRequest  # noqa: PLC0415 - an optional extra
        from botocore.credentials import Credentials  # noqa: PLC0415 - an optional extra
    except ImportError:
        sentence = say(
            "could not be asked: signing needs botocore (`pip install stillup[bedrock]`), or use an API key"
        )
        raise ProbeError(failed(FailureKind.PROBER_BROKE, sentence, OUR_CONFIG)) from None
    identity, secret, *token = key.split(":", 2)
    region = _REGION.search(call.url)
    headers = {**call.headers, "Content-Type": "application/json"}
    request: Any = AWSRequest(method="POST", url=call.url, data=body_of(call), headers=headers)
    credentials = Credentials(identity, secret, token[0] if token else None)
    SigV4Auth(credentials, "bedrock", region[1] if region else _USUAL_REGION).add_auth(request)
    return replace(call, headers=dict(request.headers.items()), is_signed=False)


def body_of(call: Call) -> bytes:
    """The body of a call as it is sent."""
    return json.dumps(call.body, separators=(",", ":"), ensure_ascii=False).encode()
