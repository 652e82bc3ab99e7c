"""When the first token of a model came, and how fast the others; kept from now on, hour by hour."""

from alembic import op

revision = "20261123e_speech"
down_revision = "20261123d_reports"


def upgrade() -> None:
    """Add the columns."""
    for table in ("hours", "days"):
        for column in ("first_token", "speed"):
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column} BLOB")
