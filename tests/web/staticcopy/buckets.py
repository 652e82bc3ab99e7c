"""A real server of buckets on loopback, which checks every signature: moto's."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped]

from app.web.staticcopy.bucket import Place
from app.web.staticcopy.signing import Key

REGION = "eu-central-1"
BUCKET = "status"
UNCHECKED = 3
"""So many requests make the user whose key all others are signed with."""

_EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@dataclass(frozen=True)
class Buckets:
    """The server, and what an independent client reads there."""

    endpoint: str
    key: Key
    client: Any

    def place(self, prefix: str, key: Key | None = None) -> Place:
        return Place.of(BUCKET, prefix, endpoint=self.endpoint, region=REGION, key=key or self.key, by_host=False)

    def objects(self, prefix: str) -> dict[str, dict[str, Any]]:
        """The objects below a prefix, by the rest of their names, as botocore reads them back."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=f"{prefix}/")
        keys = [each["Key"] for page in pages for each in page.get("Contents", ())]
        found = {key: self.client.get_object(Bucket=BUCKET, Key=key) for key in keys}
        return {
            key.removeprefix(f"{prefix}/"): {
                "body": told["Body"].read(),
                "type": told["ContentType"],
                "cache": told.get("CacheControl"),
                "at": told["LastModified"],
            }
            for key, told in found.items()
        }


@contextmanager
def buckets(folder: Path) -> Iterator[Buckets]:
    """Start the server with one bucket, and end it by its id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "moto.log").open("w") as log:
        process = subprocess.Popen(  # noqa: S603 - a program of the environment
            [Path(sys.executable).with_name("moto_server"), "-p", str(port)],
            stdout=log,
            stderr=log,
            env={**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": str(UNCHECKED)},
        )
    try:
        _wait_until_it_listens(port)
        yield _with_a_user(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_it_listens(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("no bucket ever listened")


def _with_a_user(endpoint: str) -> Buckets:
    given = {"endpoint_url": endpoint, "region_name": REGION}
    anybody = boto3.client("iam", aws_access_key_id="none", aws_secret_access_key="none", **given)
    anybody.create_user(UserName="stillup")
    anybody.put_user_policy(UserName="stillup", PolicyName="all", PolicyDocument=json.dumps(_EVERYTHING))
    made = anybody.create_access_key(UserName="stillup")["AccessKey"]
    key = Key(identity=made["AccessKeyId"], secret=made["SecretAccessKey"])
    client = boto3.client("s3", aws_access_key_id=key.identity, aws_secret_access_key=key.secret, **given)
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    return Buckets(endpoint=endpoint, key=key, client=client)
