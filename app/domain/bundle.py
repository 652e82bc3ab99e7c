"""A part of a page's chain of evidence as files that anybody can check, with Stillup or without.

`records.jsonl` holds the records, one a line, byte for byte as they were hashed; `documents/` what they were read
from, each under its hash; `manifest.json` what it is all of and where the part begins and ends; `SHA256SUMS` the
hashes of all files, as `sha256sum -c` wants them.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.domain.evidence import GENESIS, Record, attached, broken_at
from app.domain.plain import from_plain, to_plain

FORMAT = "stillup-evidence/1"
README, MANIFEST, RECORDS, SUMS = "README.txt", "manifest.json", "records.jsonl", "SHA256SUMS"
DOCUMENTS = "documents/"

_HASH = re.compile(r"[0-9a-f]{64}\Z")
_DOCUMENT = re.compile(rf"{DOCUMENTS}([0-9a-f]{{64}})\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a bundle is of: the records of a page, made in [`from_at`, `to_at`), for a service that it speaks for.

    `previous` is the hash that the first record follows (that of the record before it, zeroes at the beginning of
    the chain), `head` that of the last. `documents` are the hashes of what is in the bundle, `missing` of what the
    records were read from and was not kept.
    """

    service_id: str
    service: str
    page_key: str
    url: str
    from_at: datetime
    to_at: datetime
    exported_at: datetime
    exported_by: str
    records: int
    first: int
    last: int
    previous: str
    head: str
    documents: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    format: str = FORMAT


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What checking a bundle found: nothing wrong where there are no `problems`.

    `missing` are documents that were not kept when it was made, as it says itself.
    """

    manifest: Manifest | None
    problems: tuple[str, ...]
    missing: tuple[str, ...] = ()


def documents_of(records: Iterable[Record]) -> tuple[str, ...]:
    """The hashes of all documents that records were read from, each once, in order."""
    return tuple(dict.fromkeys(sha256 for record in records for sha256 in attached(record.line)))


def render_records(records: Iterable[Record]) -> bytes:
    """The file of records."""
    return "".join(f"{record.line}\n" for record in records).encode()


def render_manifest(manifest: Manifest) -> bytes:
    """The manifest's file."""
    return (json.dumps(to_plain(manifest), indent=2, ensure_ascii=False) + "\n").encode()


def render_sums(hashes: Mapping[str, str]) -> bytes:
    """The file of all other files' hashes, by name."""
    return "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(hashes.items())).encode()


def render_readme(manifest: Manifest) -> bytes:
    """What it is, and how to check it by hand."""
    return _README.format(**to_plain(replace(manifest, documents=(), missing=()))).encode()


def verify_bundle(members: Mapping[str, bytes]) -> Verified:
    """Check every file of a bundle against every other; documents are read one at a time, and each once."""
    hashes = {name: hashlib.sha256(body).hexdigest() for name, body in members.items()}
    problems = [*_strangers(hashes), *_sums(members, hashes)]
    manifest = _manifest(members.get(MANIFEST, b""))
    if manifest is None:
        return Verified(manifest=None, problems=(*problems, f"{MANIFEST} cannot be read."))
    if members.get(README, b"") != render_readme(manifest):
        problems.append(f"{README} is not of this bundle.")
    lines = _lines(members.get(RECORDS, b""))
    if lines is None:
        return Verified(manifest=manifest, problems=(*problems, f"{RECORDS} cannot be read."))
    problems += _chain(lines, manifest)
    if not problems:
        problems += _documents(lines, manifest, hashes)
    return Verified(manifest=manifest, problems=tuple(problems), missing=manifest.missing)


def _strangers(hashes: Mapping[str, str]) -> Iterator[str]:
    """Files that should not be there, should be, or are not what their names say."""
    for name in (README, MANIFEST, RECORDS, SUMS):
        if name not in hashes:
            yield f"{name} is not there."
    for name, sha256 in hashes.items():
        match = _DOCUMENT.match(name)
        if match is not None and match[1] != sha256:
            yield f"{name} is not the document of that hash."
        if match is None and name not in (README, MANIFEST, RECORDS, SUMS):
            yield f"{name} does not belong here."


def _sums(members: Mapping[str, bytes], hashes: Mapping[str, str]) -> Iterator[str]:
    told = members.get(SUMS, b"")
    others = {name: sha256 for name, sha256 in hashes.items() if name != SUMS}
    if told == render_sums(others):
        return
    lines = set(told.split(b"\n"))
    changed = [name for name, sha256 in sorted(others.items()) if f"{sha256}  {name}".encode() not in lines]
    for name in changed:
        yield f"{name} does not have the hash that {SUMS} tells."
    if not changed:
        yield f"{SUMS} is not as it was written."


def _manifest(body: bytes) -> Manifest | None:
    """The manifest, if it is one, written as we write it."""
    try:
        plain: Any = json.loads(body)
        manifest = from_plain(Manifest, plain)
        hashes = (manifest.previous, manifest.head, *manifest.documents, *manifest.missing)
        is_ours = manifest.format == FORMAT and all(map(_HASH.match, hashes)) and render_manifest(manifest) == body
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError, OverflowError):
        return None
    return manifest if is_ours else None


def _lines(body: bytes) -> Sequence[str] | None:
    """The records; `None` where they are no whole lines of text. Other line ends than ours are within records."""
    try:
        *lines, rest = body.decode().split("\n")
    except UnicodeDecodeError:
        return None
    return lines if lines and not rest else None


def _chain(lines: Sequence[str], manifest: Manifest) -> Iterator[str]:
    broken = broken_at(lines, manifest.previous, manifest.page_key)
    if broken is not None:
        yield broken
        return
    head = hashlib.sha256(lines[-1].encode()).hexdigest()
    first = int(json.loads(lines[0])["number"])
    last = first + len(lines) - 1
    if (manifest.records, manifest.first, manifest.last) != (len(lines), first, last):
        yield f"{MANIFEST} tells of other records than there are: {len(lines)}, from {first} to {last}."
    if manifest.head != head:
        yield f"The last record has the hash {head}, not {manifest.head}."
    if (first == 1) != (manifest.previous == GENESIS):
        yield f"Record {first} follows {manifest.previous}: only the first of all follows zeroes."


def _documents(lines: Sequence[str], manifest: Manifest, hashes: Mapping[str, str]) -> Iterator[str]:
    there = {match[1] for name in hashes if (match := _DOCUMENT.match(name))}
    try:
        wanted = {sha256 for line in lines for sha256 in attached(line)}
    except (KeyError, TypeError):
        yield "A record does not tell what it was read from."
        return
    if there != set(manifest.documents) or wanted - there != set(manifest.missing):
        yield f"{MANIFEST} tells of other documents than there are."
    for sha256 in sorted(wanted - there - set(manifest.missing)):
        yield f"{DOCUMENTS}{sha256} is not there, though a record was read from it."
    for sha256 in sorted(there - wanted):
        yield f"{DOCUMENTS}{sha256} is what no record was read from."


_README = """\
What the status page of {service} said
======================================

This is evidence that Stillup kept: {records} records of the page {url}
(number {first} to {last} of the chain "{page_key}"), made from {from_at} to {to_at},
exported for the service {service_id} by {exported_by} at {exported_at}.

records.jsonl    one record a line: what was seen on the page; seen_at is our clock, at is what the page says
documents/       what the records were read from, byte for byte; a file's name is its SHA-256
manifest.json    what this is, where the part of the chain begins and ends, and which documents are missing
SHA256SUMS       the SHA-256 of every other file

To check it: stillup evidence verify FILE

To check it by hand, in the folder where it is unpacked:

1. Every file is as it was exported:

    sha256sum -c SHA256SUMS

2. Every document is the one that its name tells: this prints nothing.

    (cd documents && for name in *; do echo "$name  $name"; done | sha256sum -c --quiet)

3. Every record follows the one before it. The SHA-256 of a line, without its line end, is the "previous" of the
   next line; that of the first is {previous}
   and the last line has the hash {head}

    LC_ALL=C; hash={previous}
    while IFS= read -r line; do
      case "$line" in *"\\"previous\\":\\"$hash\\""*) ;; *) echo "broken before: $line" ;; esac
      hash=$(printf %s "$line" | sha256sum | cut -d" " -f1)
    done < records.jsonl
    echo "$hash"

What it proves: whoever knew the last hash at some time can be sure that nothing before it was changed since. So
keep the last hash in another place. That the page really said so is known by the one who kept it, and by the
documents.
"""
