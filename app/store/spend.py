"""What canaries have cost, by month and vendor."""

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from app.domain.spend import Spent
from app.store.engine import ReadTx, WriteTx
from app.store.tables import spend


async def load_spent(tx: ReadTx, month: str) -> Spent:
    """What that month has cost so far."""
    rows = await tx.rows(select(spend.c.vendor_id, spend.c.nusd).where(spend.c.month == month))
    return Spent(month=month, by_vendor={row.vendor_id: row.nusd for row in rows})


async def add_spent(tx: WriteTx, month: str, vendor_id: str, nusd: int) -> None:
    """Count so much more at a vendor, or less where `nusd` is negative."""
    statement = insert(spend)
    added = {"nusd": spend.c.nusd + statement.excluded.nusd}
    rows = [{"month": month, "vendor_id": vendor_id, "nusd": nusd}]
    await tx.run(statement.on_conflict_do_update(index_elements=["month", "vendor_id"], set_=added), rows)
