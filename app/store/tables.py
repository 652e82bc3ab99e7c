"""The tables. What is read together lies together: results in the order of time, all else by series."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, UniqueConstraint

METADATA = MetaData()

SPEECH = ("first_token", "speed")
TALLY = ("due", "up", "degraded", "down", "unknown", "missed")


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _maybe(name: str) -> Column[int]:
    return Column(name, Integer)


def _series() -> Column[int]:
    return Column("series", ForeignKey("series.number"), primary_key=True, autoincrement=False)


meta = Table(
    "meta",
    METADATA,
    Column("key", String, primary_key=True),
    Column("value", String, nullable=False),
)

series = Table(
    "series",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("check_id", String, nullable=False),
    Column("region", String, nullable=False),
    _number("interval_ms"),
    _number("first_ms"),
    _maybe("retired_ms"),
    UniqueConstraint("check_id", "region", name="uq_series"),
)
"""A check in a region, under a short number; what left the catalogue is retired, not deleted."""

results = Table(
    "results",
    METADATA,
    Column("slot_ms", Integer, primary_key=True, autoincrement=False),
    _series(),
    _number("late_ms"),
    Column("status", String, nullable=False),
    _number("is_confirmation"),
    _number("total_ms"),
    _maybe("dns_ms"),
    _maybe("connect_ms"),
    _maybe("tls_ms"),
    _maybe("send_ms"),
    _maybe("first_byte_ms"),
    _maybe("body_ms"),
    Column("words", String, nullable=False),
    sqlite_with_rowid=False,
)
"""Results that are not folded yet. The key begins with the time: appending touches one page, not one a check."""

chunks = Table(
    "chunks",
    METADATA,
    _series(),
    Column("start_ms", Integer, primary_key=True, autoincrement=False),
    Column("packed", LargeBinary, nullable=False),
    Index("ix_chunks_start", "start_ms"),
    sqlite_with_rowid=False,
)
"""Results that are folded: an hour of a series, and once the day is over, the day."""


def _rollups(name: str) -> Table:
    return Table(
        name,
        METADATA,
        _series(),
        Column("start_ms", Integer, primary_key=True, autoincrement=False),
        *(_number(count) for count in TALLY),
        Column("failures", String),
        Column("sketch", LargeBinary, nullable=False),
        *(Column(name, LargeBinary) for name in SPEECH),
        Index(f"ix_{name}_start", "start_ms"),
        sqlite_with_rowid=False,
    )


hours = _rollups("hours")
days = _rollups("days")

strips = Table(
    "strips",
    METADATA,
    _series(),
    _number("ends_on"),
    Column("packed", LargeBinary, nullable=False),
)
"""The last 90 days of a series in one row, which a page reads whole."""

states = Table(
    "states",
    METADATA,
    _series(),
    Column("state", String, nullable=False),
)

incidents = Table(
    "incidents",
    METADATA,
    Column("id", String, primary_key=True),
    Column("service_id", String, nullable=False),
    _number("opened_ms"),
    _maybe("closed_ms"),
    Column("status", String, nullable=False),
    Column("worst", String, nullable=False),
    Column("events", String, nullable=False),
    Column("accounts", String, nullable=False),
    Index("ix_incidents_service", "service_id", "opened_ms"),
    Index("ix_incidents_opened", "opened_ms"),
)

vendor_pages = Table(
    "vendor_pages",
    METADATA,
    Column("page_key", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("page", LargeBinary),
)
"""Each status page as it was read last; `page` is compressed, and written only when it changed."""

vendor_incidents = Table(
    "vendor_incidents",
    METADATA,
    Column("page_key", String, primary_key=True),
    Column("id", String, primary_key=True),
    _number("started_ms"),
    _maybe("ended_ms"),
    Column("seen", String, nullable=False),
    Index("ix_vendor_incidents_ended", "ended_ms"),
    sqlite_with_rowid=False,
)
"""What vendors told of, for ever."""

vendor_maintenances = Table(
    "vendor_maintenances",
    METADATA,
    Column("page_key", String, primary_key=True),
    Column("id", String, primary_key=True),
    _number("starts_ms"),
    _maybe("ends_ms"),
    Column("told", String, nullable=False),
    sqlite_with_rowid=False,
)

evidence = Table(
    "evidence",
    METADATA,
    Column("page_key", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _number("seen_ms"),
    Column("kind", String, nullable=False),
    Column("line", String, nullable=False),
    Column("sha256", String, nullable=False),
    Index("ix_evidence_seen", "page_key", "seen_ms"),
)
"""Who said what when, a chain a page; the database itself refuses to change or delete a record."""

documents = Table(
    "documents",
    METADATA,
    Column("sha256", String, primary_key=True),
    Column("packed", LargeBinary, nullable=False),
)
"""The documents that evidence was read from, each content once, compressed."""

lags = Table(
    "lags",
    METADATA,
    Column("id", String, primary_key=True),
    Column("service_id", String, nullable=False),
    Column("page_key", String, nullable=False),
    _number("began_ms"),
    Column("entry", String, nullable=False),
    Index("ix_lags_service", "service_id", "began_ms"),
)
"""The lag ledger, for ever."""

spend = Table(
    "spend",
    METADATA,
    Column("month", String, primary_key=True),
    Column("vendor_id", String, primary_key=True),
    _number("nusd"),
    sqlite_with_rowid=False,
)
"""What canaries have cost each month, in billionths of a USD."""

reports = Table(
    "reports",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("service_id", String, nullable=False),
    _number("at_ms"),
    Column("symptom", String, nullable=False),
    Column("region", String, nullable=False),
    Column("network", String, nullable=False),
    Index("ix_reports_service", "service_id", "at_ms"),
    Index("ix_reports_at", "at_ms"),
)
"""What visitors report; `network` is a hash whose salt is forgotten when the day is over."""
