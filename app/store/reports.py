"""What people report: kept by service and moment, and never by whom."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.sqlite import insert

from app.domain.chunk import from_ms, to_ms
from app.domain.report import BUCKET, LOOKED_BACK, WEEKS, People, Report, Symptom, people, usual_rate
from app.store.engine import ReadTx, WriteTx
from app.store.tables import reports

MILLISECOND = timedelta(milliseconds=1)
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
    """What people report, by service: of those of which anybody did lately, or at this hour of a past week."""
    columns = reports.c.service_id, reports.c.at_ms, reports.c.symptom, reports.c.network
    query = select(*columns).where(reports.c.at_ms >= to_ms(now - LOOKED_BACK), reports.c.at_ms <= to_ms(now))
    recent: dict[str, list[Report]] = {}
    for row in await tx.rows(query):
        report = Report(at=from_ms(row.at_ms), symptom=Symptom(row.symptom), network=row.network)
        recent.setdefault(row.service_id, []).append(report)
    usual = await _load_usual(tx, now)
    buckets = WEEKS * (2 * HALF_HOUR // BUCKET)
    return {
        service_id: people(recent.get(service_id, ()), usual_rate([usual.get(service_id, 0)], buckets), now)
        for service_id in {*recent, *usual}
    }


async def count_reports(
    tx: ReadTx, service_id: str, start_at: datetime, end_at: datetime, span: timedelta
) -> Mapping[datetime, int]:
    """How many reported of a service in [start_at, end_at), by the beginning of each `span` from `start_at` on."""
    place = ((reports.c.at_ms - to_ms(start_at)) // (span // MILLISECOND)).label("place")
    query = select(place, func.count().label("count")).where(
        reports.c.service_id == service_id, reports.c.at_ms >= to_ms(start_at), reports.c.at_ms < to_ms(end_at)
    )
    return {start_at + row.place * span: row.count for row in await tx.rows(query.group_by(place))}


async def _load_usual(tx: ReadTx, now: datetime) -> Mapping[str, int]:
    """How many reported of each service around this hour of the week, in all of the past weeks."""
    around = [now - week * WEEK for week in range(1, WEEKS + 1)]
    hours = [reports.c.at_ms.between(to_ms(at - HALF_HOUR), to_ms(at + HALF_HOUR) - 1) for at in around]
    query = select(reports.c.service_id, func.count().label("count")).where(or_(*hours))
    return {row.service_id: row.count for row in await tx.rows(query.group_by(reports.c.service_id))}
