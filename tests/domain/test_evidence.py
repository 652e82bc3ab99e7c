"""A chain of records, and every way in which it can have been tampered with."""

import hashlib
import json

from app.domain.evidence import GENESIS, Attachment, Link, attached, broken_at, chain, said_in
from app.domain.said import Said, SaidKind
from tests.build import minute

READ = Attachment(url="https://status.acme.example/", sha256="ab" * 32, read_at=minute(1), etag='"1"')
OPENED = Said(kind=SaidKind.INCIDENT_OPENED, seen_at=minute(1), at=minute(0), subject_id="i1", subject="Störung")
RESOLVED = Said(kind=SaidKind.RESOLVED, seen_at=minute(9), subject_id="i1", subject="Störung", after="after 8 min")
RECORDS = chain("acme", Link(), [OPENED, RESOLVED, RESOLVED], [READ])
LINES = [record.line for record in RECORDS]


def test_a_record_is_a_line_whose_hash_the_next_one_carries() -> None:
    first, second, _ = RECORDS
    assert first.sha256 == hashlib.sha256(first.line.encode()).hexdigest()
    assert json.loads(first.line)["previous"] == GENESIS
    assert json.loads(second.line)["previous"] == first.sha256
    assert (first.number, second.number) == (1, 2)


def test_a_statement_can_be_read_back_from_its_record() -> None:
    assert [said_in(line) for line in LINES[:2]] == [OPENED, RESOLVED]
    assert attached(LINES[0]) == (READ.sha256,)


def test_a_chain_goes_on_where_it_ended() -> None:
    (third,) = chain("acme", Link(number=2, sha256=RECORDS[1].sha256), [RESOLVED], [READ])
    assert third == RECORDS[2]


def test_an_untouched_chain_is_whole() -> None:
    assert broken_at(LINES, GENESIS, "acme") is None
    assert broken_at(LINES[1:], RECORDS[0].sha256, "acme") is None
    assert broken_at([], GENESIS, "acme") is None


def test_every_tampering_is_seen() -> None:
    edited = [LINES[0].replace("opened", "closed"), *LINES[1:]]
    assert broken_at(edited, GENESIS, "acme") == "Record 2 does not follow the one before it."
    assert broken_at([LINES[0], LINES[2]], GENESIS, "acme") == "Record 2 does not follow the one before it."
    assert broken_at(LINES[1:], GENESIS, "acme") == "Record 1 does not follow the one before it."
    assert broken_at(["{"], GENESIS, "acme") == "Record 1 cannot be read."
    assert broken_at(["[]"], GENESIS, "acme") == "Record 1 cannot be read."
    assert broken_at(LINES, GENESIS, "other") == "Record 1 is of another page, acme."


def test_a_number_that_is_left_out_is_seen() -> None:
    (skipped,) = chain("acme", Link(number=7, sha256=RECORDS[0].sha256), [RESOLVED], [])
    assert broken_at([LINES[0], skipped.line], GENESIS, "acme") == "Record 2 has number 8, not 2."
