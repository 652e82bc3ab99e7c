"""Puts the generated past into a database, as if it had been measured, folded and stored there."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from app.demo.past import DAY, HOUR, Episode, Usual, floor, incident_of, pasts_of, spent_until
from app.demo.visitors import visitors_of
from app.domain.result import LOCAL, CheckId
from app.domain.rollup import STRIP_DAYS
from app.domain.service import Catalogue
from app.domain.spend import month_of
from app.store.engine import Database
from app.store.incidents import save_incidents
from app.store.reports import insert_report
from app.store.rollups import save_folded_until, save_rollups, save_strip
from app.store.series import ensure_series, load_numbers
from app.store.spend import add_spent
from app.store.states import save_states
from app.store.tables import days, hours


async def furnish(
    database: Database,
    *,
    catalogue: Catalogue,
    episodes: Sequence[Episode],
    usual: Mapping[CheckId, Usual],
    now: datetime,
    seed: int,
) -> None:
    """Store ninety days of these services until `now` in an empty database. Raises `StoreError`."""
    checks = list(catalogue.check_by_id.values())
    first_at = floor(now, DAY) - (STRIP_DAYS - 1) * DAY
    async with database.write() as tx:
        await ensure_series(tx, checks, LOCAL, first_at)
        numbers = await load_numbers(tx)
        states = []
        for check, past in pasts_of(catalogue, episodes, usual, now, seed):
            number = numbers[check.id, LOCAL]
            await save_rollups(tx, hours, number, past.hours)
            await save_rollups(tx, days, number, past.days)
            await save_strip(tx, number, past.strip)
            states.append(past.state)
        await save_states(tx, states)
        await save_incidents(tx, [told for episode in episodes if (told := incident_of(episode)) is not None])
        for service_id, report in visitors_of(episodes, seed):
            await insert_report(tx, service_id, report, LOCAL)
        for vendor_id, nusd in spent_until(catalogue, now).items():
            await add_spent(tx, month_of(now), vendor_id, nusd)
        await save_folded_until(tx, floor(now, HOUR))
