"""The first tables."""

from alembic import op

revision = "20261123_first_light"
down_revision = None

TABLES = (
    """
    CREATE TABLE incidents (
        id VARCHAR NOT NULL,
        service_id VARCHAR NOT NULL,
        opened_ms INTEGER NOT NULL,
        closed_ms INTEGER,
        status VARCHAR NOT NULL,
        worst VARCHAR NOT NULL,
        events VARCHAR NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    """
    CREATE INDEX ix_incidents_opened ON incidents (opened_ms)
    """,
    """
    CREATE INDEX ix_incidents_service ON incidents (service_id, opened_ms)
    """,
    """
    CREATE TABLE meta (
        "key" VARCHAR NOT NULL,
        value VARCHAR NOT NULL,
        PRIMARY KEY ("key")
    )
    """,
    """
    CREATE TABLE series (
        number INTEGER NOT NULL,
        check_id VARCHAR NOT NULL,
        region VARCHAR NOT NULL,
        interval_ms INTEGER NOT NULL,
        first_ms INTEGER NOT NULL,
        retired_ms INTEGER,
        PRIMARY KEY (number),
        CONSTRAINT uq_series UNIQUE (check_id, region)
    )
    """,
    """
    CREATE TABLE chunks (
        series INTEGER NOT NULL,
        start_ms INTEGER NOT NULL,
        packed BLOB NOT NULL,
        PRIMARY KEY (series, start_ms),
        FOREIGN KEY(series) REFERENCES series (number)
    )
     WITHOUT ROWID
    """,
    """
    CREATE INDEX ix_chunks_start ON chunks (start_ms)
    """,
    """
    CREATE TABLE days (
        series INTEGER NOT NULL,
        start_ms INTEGER NOT NULL,
        due INTEGER NOT NULL,
        up INTEGER NOT NULL,
        degraded INTEGER NOT NULL,
        down INTEGER NOT NULL,
        unknown INTEGER NOT NULL,
        missed INTEGER NOT NULL,
        failures VARCHAR,
        sketch BLOB NOT NULL,
        PRIMARY KEY (series, start_ms),
        FOREIGN KEY(series) REFERENCES series (number)
    )
     WITHOUT ROWID
    """,
    """
    CREATE INDEX ix_days_start ON days (start_ms)
    """,
    """
    CREATE TABLE hours (
        series INTEGER NOT NULL,
        start_ms INTEGER NOT NULL,
        due INTEGER NOT NULL,
        up INTEGER NOT NULL,
        degraded INTEGER NOT NULL,
        down INTEGER NOT NULL,
        unknown INTEGER NOT NULL,
        missed INTEGER NOT NULL,
        failures VARCHAR,
        sketch BLOB NOT NULL,
        PRIMARY KEY (series, start_ms),
        FOREIGN KEY(series) REFERENCES series (number)
    )
     WITHOUT ROWID
    """,
    """
    CREATE INDEX ix_hours_start ON hours (start_ms)
    """,
    """
    CREATE TABLE results (
        slot_ms INTEGER NOT NULL,
        series INTEGER NOT NULL,
        late_ms INTEGER NOT NULL,
        status VARCHAR NOT NULL,
        is_confirmation INTEGER NOT NULL,
        total_ms INTEGER NOT NULL,
        dns_ms INTEGER,
        connect_ms INTEGER,
        tls_ms INTEGER,
        send_ms INTEGER,
        first_byte_ms INTEGER,
        body_ms INTEGER,
        words VARCHAR NOT NULL,
        PRIMARY KEY (slot_ms, series),
        FOREIGN KEY(series) REFERENCES series (number)
    )
     WITHOUT ROWID
    """,
    """
    CREATE TABLE states (
        series INTEGER NOT NULL,
        state VARCHAR NOT NULL,
        PRIMARY KEY (series),
        FOREIGN KEY(series) REFERENCES series (number)
    )
    """,
    """
    CREATE TABLE strips (
        series INTEGER NOT NULL,
        ends_on INTEGER NOT NULL,
        packed BLOB NOT NULL,
        PRIMARY KEY (series),
        FOREIGN KEY(series) REFERENCES series (number)
    )
    """,
)


def upgrade() -> None:
    for table in TABLES:
        op.execute(table)
