"""A bundle of evidence, and every way in which it can have been tampered with."""

import hashlib
import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.bundle import (
    DOCUMENTS,
    MANIFEST,
    README,
    RECORDS,
    SUMS,
    Manifest,
    documents_of,
    render_manifest,
    render_readme,
    render_records,
    render_sums,
    verify_bundle,
)
from app.domain.evidence import Attachment, Link, chain
from app.domain.said import Said, SaidKind
from tests.build import minute

BODIES = (b'{"page": {"name": "Heron"}}', "Störung\r\n\u2028".encode(), b"\x00\xff")


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def read(number: int) -> Attachment:
    return Attachment(url="https://status.heron.example/", sha256=sha256(BODIES[number]), read_at=minute(number))


def said(at: int, words: str) -> Said:
    return Said(kind=SaidKind.UPDATE_ADDED, seen_at=minute(at), subject_id="i1", subject="Störung", after=words)


FIRST = chain("heron", Link(), [said(1, "first"), said(1, 'two\nlines, \u2028 and "quotes" \\ $(id)')], [read(0)])
LATER = chain("heron", Link(number=2, sha256=FIRST[-1].sha256), [said(2, "x"), said(2, "y")], [read(1), read(2)])
RECORDED = (*FIRST, *LATER)


def bundle(first: int = 1, kept: tuple[bytes, ...] = BODIES) -> dict[str, bytes]:
    """The records from a number on, with those of their documents that were kept."""
    records = RECORDED[first - 1 :]
    wanted = documents_of(records)
    there = {sha256(body): body for body in kept if sha256(body) in wanted}
    manifest = Manifest(
        service_id="heron-chat",
        service="Heron Chat",
        page_key="heron",
        url="https://status.heron.example/",
        from_at=minute(0),
        to_at=minute(9),
        exported_at=minute(60),
        exported_by="stillup 0.1.0",
        records=len(records),
        first=first,
        last=4,
        previous="0" * 64 if first == 1 else RECORDED[first - 2].sha256,
        head=RECORDED[-1].sha256,
        documents=tuple(there),
        missing=tuple(each for each in wanted if each not in there),
    )
    members = {
        README: render_readme(manifest),
        MANIFEST: render_manifest(manifest),
        RECORDS: render_records(records),
        **{f"{DOCUMENTS}{name}": body for name, body in there.items()},
    }
    return summed(members)


def summed(members: dict[str, bytes]) -> dict[str, bytes]:
    """The same with hashes that fit: what somebody does who knows how it is made."""
    others = {name: body for name, body in members.items() if name != SUMS}
    return {**others, SUMS: render_sums({name: sha256(body) for name, body in others.items()})}


WHOLE = bundle()
PART = bundle(first=3, kept=BODIES[:2])


@pytest.mark.parametrize(
    ("members", "missing"), [(WHOLE, ()), (bundle(first=2), ()), (PART, (sha256(BODIES[2]),))]
)
def test_what_was_not_touched_is_whole(members: dict[str, bytes], missing: tuple[str, ...]) -> None:
    verified = verify_bundle(members)
    assert (verified.problems, verified.missing) == ((), missing)


@given(st.data())
def test_no_byte_of_any_file_can_be_changed(data: st.DataObject) -> None:
    members = dict(data.draw(st.sampled_from([WHOLE, PART])))
    name = data.draw(st.sampled_from(sorted(members)))
    body = bytearray(members[name])
    place = data.draw(st.integers(0, len(body) - 1))
    body[place] ^= data.draw(st.integers(1, 255))
    assert verify_bundle({**members, name: bytes(body)}).problems != ()


@given(st.data())
def test_nor_by_somebody_who_makes_the_sums_fit(data: st.DataObject) -> None:
    members = dict(data.draw(st.sampled_from([WHOLE, PART])))
    name = data.draw(st.sampled_from(sorted(members.keys() - {SUMS})))
    body = bytearray(members[name])
    place = data.draw(st.integers(0, len(body) - 1))
    body[place] ^= data.draw(st.integers(1, 255))
    assert verify_bundle(summed({**members, name: bytes(body)})).problems != ()


@given(st.data())
def test_no_file_can_be_cut_or_lengthened(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(WHOLE)))
    body = WHOLE[name]
    other = data.draw(
        st.one_of(st.binary(min_size=1).map(body.__add__), st.integers(1, len(body)).map(lambda n: body[n:]))
    )
    assert verify_bundle(summed({**WHOLE, name: other}) if name != SUMS else {**WHOLE, name: other}).problems != ()


def without(*names: str) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda members: {name: body for name, body in members.items() if name not in names}


def with_lines(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda members: {
        **members,
        RECORDS: b"".join(line + b"\n" for line in change(members[RECORDS].split(b"\n")[:-1])),
    }


def with_manifest(**fields: object) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    def changed(members: dict[str, bytes]) -> dict[str, bytes]:
        plain = {**json.loads(members[MANIFEST]), **fields}
        return {**members, MANIFEST: (json.dumps(plain, indent=2, ensure_ascii=False) + "\n").encode()}

    return changed


DOCUMENT = f"{DOCUMENTS}{sha256(BODIES[1])}"
TAMPERINGS = [
    (without(README), "README.txt is not there."),
    (without(MANIFEST), "manifest.json cannot be read."),
    (without(RECORDS), "records.jsonl cannot be read."),
    (without(DOCUMENT), "manifest.json tells of other documents than there are."),
    (lambda members: {**members, "more.txt": b"x"}, "more.txt does not belong here."),
    (
        lambda members: {**members, f"{DOCUMENTS}{'a' * 64}": b"x"},
        f"{DOCUMENTS}{'a' * 64} is not the document of that hash.",
    ),
    (
        lambda members: {**members, f"{DOCUMENTS}{sha256(b'x')}": b"x"},
        "manifest.json tells of other documents than there are.",
    ),
    (with_lines(lambda lines: lines[1:]), "Record 1 does not follow the one before it."),
    (with_lines(lambda lines: [lines[0], *lines[2:]]), "Record 2 does not follow the one before it."),
    (
        with_lines(lambda lines: [lines[0], lines[2], lines[1], lines[3]]),
        "Record 2 does not follow the one before it.",
    ),
    (with_lines(lambda lines: lines[:-1]), "manifest.json tells of other records than there are: 3, from 1 to 3."),
    (with_lines(lambda _: []), "records.jsonl cannot be read."),
    (with_lines(lambda _: [b"[" * 100_000]), "Record 1 cannot be read."),
    (with_manifest(records=5), "manifest.json tells of other records than there are: 4, from 1 to 4."),
    (with_manifest(previous="$(id)"), "manifest.json cannot be read."),
    (with_manifest(documents=[{}]), "manifest.json cannot be read."),
    (with_manifest(format="stillup-evidence/2"), "manifest.json cannot be read."),
    (with_manifest(service="Another"), "README.txt is not of this bundle."),
    (with_manifest(missing=[sha256(BODIES[0])]), "manifest.json tells of other documents than there are."),
]


@pytest.mark.parametrize(("tamper", "complaint"), TAMPERINGS)
def test_what_was_done_to_it_is_named(
    tamper: Callable[[dict[str, bytes]], dict[str, bytes]], complaint: str
) -> None:
    assert complaint in verify_bundle(summed(tamper(WHOLE))).problems


def test_a_chain_that_begins_later_cannot_pass_for_a_beginning() -> None:
    forged = chain("heron", Link(number=2), [said(2, "x")], [read(1)])
    manifest = json.loads(WHOLE[MANIFEST]) | {"records": 1, "first": 3, "last": 3, "head": forged[0].sha256}
    members = with_manifest(**manifest)({**WHOLE, RECORDS: render_records(forged)})
    assert f"Record 3 follows {'0' * 64}: only the first of all follows zeroes." in verify_bundle(members).problems


def by_hand(folder: Path, members: dict[str, bytes]) -> "subprocess.CompletedProcess[str]":
    """What the commands say that README.txt gives, in a plain shell."""
    (folder / DOCUMENTS).mkdir()
    for name, body in members.items():
        (folder / name).write_bytes(body)
    commands = [line[4:] for line in members[README].decode().splitlines() if line.startswith("    ")]
    return subprocess.run(  # noqa: S603 - our own commands
        ["/bin/sh", "-c", "\n".join(commands)],
        cwd=folder,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("members", [WHOLE, PART])
def test_it_can_be_checked_by_hand(tmp_path: Path, members: dict[str, bytes]) -> None:
    told = by_hand(tmp_path, members)
    names = sorted(members.keys() - {SUMS})
    assert told.stdout.splitlines() == [*(f"{name}: OK" for name in names), RECORDED[-1].sha256]
    assert told.stderr == ""


def test_what_was_changed_is_found_by_hand(tmp_path: Path) -> None:
    changed = WHOLE[RECORDS].replace(b'"after":"x"', b'"after":"z"')
    told = by_hand(tmp_path, {**WHOLE, RECORDS: changed, DOCUMENT: b"other"})
    assert f"{RECORDS}: FAILED" in told.stdout
    assert f"{DOCUMENT}: FAILED" in told.stdout
    assert [line[:13] for line in told.stdout.splitlines() if line.startswith("broken")] == ["broken before"]


def test_a_bundle_goes_on_where_another_ended() -> None:
    before = replace(json_manifest(WHOLE), last=2, head=FIRST[-1].sha256)
    assert json_manifest(PART).previous == before.head


def json_manifest(members: dict[str, bytes]) -> Manifest:
    manifest = verify_bundle(members).manifest
    assert manifest is not None
    return manifest
