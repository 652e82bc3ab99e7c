"""What the charts of a service's page are drawn of, in the API and as a table; shapes and how they are filled."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime

from app.board.history import Window
from app.board.overtime import Moment, OverTime
from app.domain.incident import Incident
from app.domain.status import Status
from app.web.api.shape import MILLISECOND, Answer, Shape, Share


class ChartBucket(Shape):
    """One place of the charts. What is not known is `null`."""

    start_at: datetime
    """The start of the bucket."""
    status: Status
    """As bad as its worst check over the bucket; `unknown` where nothing is known."""
    uptime: Share | None
    """Of what is known, the share in which it answered."""
    coverage: Share | None
    """The share of the questions due that told something; `null` before it was watched."""
    latency_p50_ms: int | None
    """The median latency of the leading check, right to within 2.5 %, as all figures that were timed."""
    latency_p95_ms: int | None
    """Its 95th percentile."""
    first_token_p50_ms: int | None
    """The median time from the sending of a request to the first token of a model’s answer."""
    first_token_p95_ms: int | None
    """Its 95th percentile."""
    tokens_per_s_p50: float | None
    """The median speed of the tokens after the first."""
    tokens_per_s_p05: float | None
    """Its 5th percentile: one answer of twenty was slower."""
    reports: int | None
    """How many visitors reported trouble."""
    usual_reports: float | None
    """How many usually do at that time of the week."""


class ShadeOut(Shape):
    """An incident that is shaded."""

    incident_id: str
    """Which."""
    worst: Status
    """As bad as it was."""
    opened_at: datetime
    """When it began."""
    closed_at: datetime | None
    """When it was over; `null` while it is not."""


class ChartsOut(Answer):
    """Exactly what the charts of a service are drawn of."""

    service_id: str
    """Whose charts."""
    window: Window
    """How far back."""
    from_at: datetime
    """The start of the first bucket."""
    to_at: datetime
    """The end of the last bucket."""
    bucket_ms: int
    """The span of a bucket."""
    latency_of: str | None
    """The check whose latencies are drawn."""
    speech_of: str | None
    """The check whose first token and speed are drawn; `null` where no model is asked."""
    shaded: tuple[ShadeOut, ...]
    """Incidents within the window, the latest first."""
    buckets: tuple[ChartBucket, ...]
    """Oldest first; the last is not over yet."""


def charts_out(service_id: str, over: OverTime, incidents: Iterable[Incident], *, is_simulated: bool) -> ChartsOut:
    """The charts of a service over a window."""
    stretches = over.history.stretches
    start_at, end_at = stretches[0].start_at, stretches[-1].end_at
    return ChartsOut(
        simulated=is_simulated,
        service_id=service_id,
        window=over.history.window,
        from_at=start_at,
        to_at=end_at,
        bucket_ms=stretches[0].span // MILLISECOND,
        latency_of=over.leading.id if over.leading is not None else None,
        speech_of=over.model.id if over.model is not None else None,
        shaded=tuple(_shade(each) for each in incidents if each.closed_at is None or each.closed_at > start_at),
        buckets=tuple(map(_bucket, over.moments)),
    )


def table_of(charts: ChartsOut) -> str:
    """The buckets as CSV (RFC 4180) with a head of names; what is not known is empty."""
    written = io.StringIO()
    table = csv.DictWriter(written, list(ChartBucket.model_fields))
    table.writeheader()
    table.writerows(bucket.model_dump(mode="json") for bucket in charts.buckets)
    return written.getvalue()


def _bucket(moment: Moment) -> ChartBucket:
    stretch = moment.stretch
    return ChartBucket(
        start_at=stretch.start_at,
        status=stretch.status,
        uptime=stretch.uptime,
        coverage=stretch.coverage if stretch.was_watched else None,
        latency_p50_ms=moment.latency_p50_ms,
        latency_p95_ms=moment.latency_p95_ms,
        first_token_p50_ms=moment.first_token_p50_ms,
        first_token_p95_ms=moment.first_token_p95_ms,
        tokens_per_s_p50=moment.speed_p50,
        tokens_per_s_p05=moment.speed_p05,
        reports=moment.reports,
        usual_reports=None if moment.usual_reports is None else round(moment.usual_reports, 2),
    )


def _shade(incident: Incident) -> ShadeOut:
    return ShadeOut(
        incident_id=incident.id,
        worst=incident.worst,
        opened_at=incident.opened_at,
        closed_at=incident.closed_at,
    )
