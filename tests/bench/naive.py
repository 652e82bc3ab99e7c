"""The engine one would write first: an APScheduler job a check, an httpx request, an ORM insert a result.

Real, unhurried code with sensible options, to hold ours against.
"""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import httpx
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import ForeignKey
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from tests.bench.figures import cpu_seconds


class Base(DeclarativeBase):
    """The tables' common base."""


class Monitor(Base):
    """What is asked."""

    __tablename__ = "monitors"
    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str]


class Beat(Base):
    """What came back."""

    __tablename__ = "beats"
    id: Mapped[int] = mapped_column(primary_key=True)
    monitor_id: Mapped[int] = mapped_column(ForeignKey("monitors.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    ok: Mapped[bool]
    status: Mapped[int | None]
    ms: Mapped[float]


async def cpu_per_probe(url: str, folder: Path, *, monitors: int, seconds: float) -> tuple[float, int]:
    """CPU seconds a probe and how many were made, with every monitor due once a second."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{folder / 'naive.sqlite3'}")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    async with sessions() as session, session.begin():
        session.add_all(Monitor(id=number, url=url) for number in range(monitors))
    made = 0
    async with httpx.AsyncClient(limits=httpx.Limits(max_keepalive_connections=0), timeout=10) as client:

        async def beat(number: int) -> None:
            nonlocal made
            started_at = datetime.now(UTC)
            response = await client.get(url)
            body = response.json()
            took = (datetime.now(UTC) - started_at).total_seconds() * 1000
            async with sessions() as session, session.begin():
                session.add(
                    Beat(
                        monitor_id=number,
                        at=started_at.replace(tzinfo=None),
                        ok=response.status_code == httpx.codes.UNAUTHORIZED and "error" in body,
                        status=response.status_code,
                        ms=took,
                    )
                )
            made += 1

        scheduler = AsyncIOScheduler(timezone="UTC", job_defaults={"misfire_grace_time": 30})
        for number in range(monitors):
            scheduler.add_job(beat, "interval", args=[number], seconds=1, jitter=1)
        scheduler.start()
        before = cpu_seconds()
        await asyncio.sleep(seconds)
        used = cpu_seconds() - before
        scheduler.shutdown(wait=False)
        await asyncio.sleep(1)
    await engine.dispose()
    return used / max(1, made), made
