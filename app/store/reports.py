"""What people report: kept by service and moment, and never by whom."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.sqlite import insert

from app.domain.chunk import from_ms, to_ms
from app.domain.report import BUCKET, LOOKED_BACK, WEEKS, People, Report, Symptom, people, usual_rate
from app.store.engine import ReadTx, WriteTx
from app.store.tables import reports

WEEK = timedelta(days=7)
HALF_HOUR = timedelta(minutes=30)


async def insert_report(tx: WriteTx, service_id: str, report: Report, region: str) -> None:
    """Keep a report."""
    row = {
        "service_id": service_id,
        "at_ms": to_ms(report.at),
        "symptom": report.symptom,
        "region": region,
        "network": report.network,
    }
    await tx.run(insert(reports), [row])


async def load_people(tx: ReadTx, now: datetime) -> Mapping[str, People]:
    """What people report of every service of which anybody lately did, by its id."""
    columns = reports.c.service_id, reports.c.at_ms, reports.c.symptom, reports.c.network
    query = select(*columns).where(reports.c.at_ms >= to_ms(now - LOOKED_BACK), reports.c.at_ms <= to_ms(now))
    recent: dict[str, list[Report]] = {}
    for row in await tx.rows(query):
        report = Report(at=from_ms(row.at_ms), symptom=Symptom(row.symptom), network=row.network)
        recent.setdefault(row.service_id, []).append(report)
    if not recent:
        return {}
    usual = await _load_usual(tx, now)
    buckets = WEEKS * (2 * HALF_HOUR // BUCKET)
    return {
        service_id: people(told, usual_rate([usual.get(service_id, 0)], buckets), now)
        for service_id, told in recent.items()
    }


async def _load_usual(tx: ReadTx, now: datetime) -> Mapping[str, int]:
    """How many reported of each service around this hour of the week, in all of the past weeks."""
    counted: dict[str, int] = {}
    for week in range(1, WEEKS + 1):
        around = now - week * WEEK
        query = (
            select(reports.c.service_id, func.count().label("count"))
            .where(reports.c.at_ms >= to_ms(around - HALF_HOUR), reports.c.at_ms < to_ms(around + HALF_HOUR))
            .group_by(reports.c.service_id)
        )
        for row in await tx.rows(query):
            counted[row.service_id] = counted.get(row.service_id, 0) + row.count
    return counted
