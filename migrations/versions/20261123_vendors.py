"""What vendors say: pages, incidents, evidence, the lag ledger."""

from alembic import op

revision = "20261123_vendors"
down_revision = "20261123_first_light"

STATEMENTS = (
    """
    CREATE TABLE vendor_pages (
        page_key VARCHAR NOT NULL,
        state VARCHAR NOT NULL,
        page BLOB,
        PRIMARY KEY (page_key)
    )
    """,
    """
    CREATE TABLE vendor_incidents (
        page_key VARCHAR NOT NULL,
        id VARCHAR NOT NULL,
        started_ms INTEGER NOT NULL,
        ended_ms INTEGER,
        seen VARCHAR NOT NULL,
        PRIMARY KEY (page_key, id)
    )
     WITHOUT ROWID
    """,
    """
    CREATE INDEX ix_vendor_incidents_ended ON vendor_incidents (ended_ms)
    """,
    """
    CREATE TABLE vendor_maintenances (
        page_key VARCHAR NOT NULL,
        id VARCHAR NOT NULL,
        starts_ms INTEGER NOT NULL,
        ends_ms INTEGER,
        told VARCHAR NOT NULL,
        PRIMARY KEY (page_key, id)
    )
     WITHOUT ROWID
    """,
    """
    CREATE TABLE evidence (
        page_key VARCHAR NOT NULL,
        number INTEGER NOT NULL,
        seen_ms INTEGER NOT NULL,
        kind VARCHAR NOT NULL,
        line VARCHAR NOT NULL,
        sha256 VARCHAR NOT NULL,
        PRIMARY KEY (page_key, number)
    )
    """,
    """
    CREATE INDEX ix_evidence_seen ON evidence (page_key, seen_ms)
    """,
    """
    CREATE TRIGGER evidence_is_not_changed BEFORE UPDATE ON evidence
    BEGIN
        SELECT RAISE(ABORT, 'evidence is not changed');
    END
    """,
    """
    CREATE TRIGGER evidence_is_not_deleted BEFORE DELETE ON evidence
    BEGIN
        SELECT RAISE(ABORT, 'evidence is not deleted');
    END
    """,
    """
    CREATE TABLE documents (
        sha256 VARCHAR NOT NULL,
        packed BLOB NOT NULL,
        PRIMARY KEY (sha256)
    )
    """,
    """
    CREATE TABLE lags (
        id VARCHAR NOT NULL,
        service_id VARCHAR NOT NULL,
        page_key VARCHAR NOT NULL,
        began_ms INTEGER NOT NULL,
        entry VARCHAR NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    """
    CREATE INDEX ix_lags_service ON lags (service_id, began_ms)
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
