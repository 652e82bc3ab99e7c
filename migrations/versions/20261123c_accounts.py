"""Which witnesses told of an incident, and when; until now it was always what was measured."""

from alembic import op

revision = "20261123c_accounts"
down_revision = "20261123b_spend"


def upgrade() -> None:
    """Add the column, and fill it for the incidents that there are."""
    op.execute("ALTER TABLE incidents ADD COLUMN accounts VARCHAR NOT NULL DEFAULT '[]'")
    op.execute(
        """
        UPDATE incidents
        SET accounts = '[["measured",' || opened_ms || ',' || coalesce(closed_ms, 'null') || ',"",[]]]'
        """
    )
