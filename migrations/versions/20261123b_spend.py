"""What canaries have cost."""

from alembic import op

revision = "20261123b_spend"
down_revision = "20261123_vendors"


def upgrade() -> None:
    """Create the table."""
    op.execute(
        """
        CREATE TABLE spend (
            month VARCHAR NOT NULL,
            vendor_id VARCHAR NOT NULL,
            nusd INTEGER NOT NULL,
            PRIMARY KEY (month, vendor_id)
        )
         WITHOUT ROWID
        """
    )
