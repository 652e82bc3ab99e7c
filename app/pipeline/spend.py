"""Guards what canaries cost: counted at its dearest before a call, put right after it, both written down."""

import logging

from app.clock import Clock
from app.domain.check import Check
from app.domain.result import ProbeResult
from app.domain.saying import say
from app.domain.spend import Caps, Spent, month_of, why_not, worst_cost
from app.store.engine import Database, StoreError
from app.store.spend import add_spent, load_spent

log = logging.getLogger(__name__)

COST = "cost_nusd"
"""The figure of a result that tells what it cost."""


class SpendGuard:
    """Lets a call through only if its cost, at the dearest, is within the caps, and is on disk before it is made.

    So a process that is killed in the middle of a call has counted it, and one that cannot write does not ask.
    """

    def __init__(self, *, database: Database, clock: Clock, caps: Caps) -> None:
        self._database = database
        self._clock = clock
        self.caps = caps
        self.spent = Spent(month=month_of(clock.now()))
        """What the month has cost so far, as far as this process knows."""

    async def load(self) -> None:
        """Take up what earlier processes spent. Raises `StoreError`."""
        async with self._database.read() as tx:
            self.spent = await load_spent(tx, month_of(self._clock.now()))

    async def admit(self, check: Check, vendor_id: str) -> str | None:
        """Why a check must not be asked now, in a sentence; `None` if it may, and then its cost is counted."""
        cost = worst_cost(check)
        if not cost:
            return None
        now = self._clock.now()
        month = month_of(now)
        try:
            async with self._database.write() as tx:
                self.spent = await load_spent(tx, month)
                refusal = why_not(self.spent, self.caps, vendor_id, cost, now)
                if refusal is None:
                    await add_spent(tx, month, vendor_id, cost)
        except StoreError as error:
            return say("Not asked: what it would cost cannot be written down ({why}).", why=str(error))
        return refusal

    async def settle(self, check: Check, vendor_id: str, result: ProbeResult) -> None:
        """Put right what a call was counted at, once it is known what it cost."""
        counted = worst_cost(check)
        if not counted:
            return
        # The month in which it was counted: a call over midnight is put right where it stands.
        month = month_of(result.started_at)
        cost = result.figures.get(COST, counted)
        try:
            async with self._database.write() as tx:
                await add_spent(tx, month, vendor_id, cost - counted)
                self.spent = await load_spent(tx, month_of(self._clock.now()))
        except StoreError as error:
            log.warning("%s stays counted at its dearest: %s", check.id, error)
