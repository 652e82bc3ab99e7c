"""What visitors report, without who they are."""

from alembic import op

revision = "20261123d_reports"
down_revision = "20261123c_accounts"


def upgrade() -> None:
    """Create the table."""
    op.execute(
        """
        CREATE TABLE reports (
            id INTEGER NOT NULL PRIMARY KEY,
            service_id VARCHAR NOT NULL,
            at_ms INTEGER NOT NULL,
            symptom VARCHAR NOT NULL,
            region VARCHAR NOT NULL,
            network VARCHAR NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX ix_reports_service ON reports (service_id, at_ms)")
    op.execute("CREATE INDEX ix_reports_at ON reports (at_ms)")
