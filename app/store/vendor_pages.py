"""Status pages as they were read last, one row a page."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from app.domain.plain import from_plain, to_plain
from app.domain.said import PageState
from app.domain.vendor import VendorPage
from app.store.engine import ReadTx, WriteTx
from app.store.tables import vendor_pages


async def save_page_state(tx: WriteTx, state: PageState, *, is_page_new: bool) -> None:
    """Keep what is carried of a page; the page itself is written only where it is new, for it is large."""
    row: dict[str, Any] = {
        "page_key": state.key,
        "state": json.dumps(to_plain(replace(state, page=None), sparse=True), ensure_ascii=False),
    }
    if is_page_new and state.page is not None:
        told = json.dumps(to_plain(state.page, sparse=True), ensure_ascii=False, separators=(",", ":"))
        row["page"] = zlib.compress(told.encode())
    statement = insert(vendor_pages).values(row)
    changed = {name: statement.excluded[name] for name in row if name != "page_key"}
    await tx.run(statement.on_conflict_do_update(index_elements=["page_key"], set_=changed))


class PageShelf:
    """Unpacks pages, and remembers them for as long as they stay what they are."""

    def __init__(self) -> None:
        self._unpacked: dict[str, tuple[bytes, VendorPage]] = {}

    async def load_states(self, tx: ReadTx) -> Mapping[str, PageState]:
        """Every page that was ever read, by its key. A page that did not change is the very object it was."""
        return {row.page_key: self._state(row) for row in await tx.rows(select(vendor_pages))}

    def _state(self, row: Any) -> PageState:
        state = from_plain(PageState, json.loads(row.state))
        if row.page is None:
            return state
        packed, page = self._unpacked.get(row.page_key, (None, None))
        if page is None or packed != row.page:
            page = from_plain(VendorPage, json.loads(zlib.decompress(row.page)))
            self._unpacked[row.page_key] = (row.page, page)
        return replace(state, page=page)


async def load_page_states(tx: ReadTx) -> Mapping[str, PageState]:
    """Every page that was ever read, by its key."""
    return await PageShelf().load_states(tx)
