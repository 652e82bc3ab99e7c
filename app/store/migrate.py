"""Bringing the database's tables up to date."""

import sqlite3
from pathlib import Path

from sqlalchemy.engine import make_url

from app.store.engine import StoreError, StoreErrorKind


def is_current(url: str, migrations: Path) -> bool:
    """Whether nothing is to be done; cheap, so that a normal start need not load Alembic."""
    return _stamp(url) == _head(migrations)


def upgrade(url: str, migrations: Path) -> None:
    """Create the tables or bring them up to date. Raises `StoreError`, also where a newer Stillup made them."""
    # Alembic takes a third of a second to load, and is needed once a version.
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.config import Config  # noqa: PLC0415 - see above
    from alembic.util import CommandError  # noqa: PLC0415 - see above

    stamp = _stamp(url)
    if stamp is not None and stamp not in _revisions(migrations):
        sentence = f"The database was made by a newer version of Stillup (it is at {stamp})."
        raise StoreError(StoreErrorKind.TOO_NEW, sentence, try_again=False)
    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.attributes["url"] = url.replace("+aiosqlite", "")
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(
            StoreErrorKind.OTHER, f"The tables cannot be brought up to date: {error}", try_again=False
        ) from error


def _revisions(migrations: Path) -> list[str]:
    """Migrations are named by date, so that their order is that of their names."""
    return sorted(path.stem for path in (migrations / "versions").glob("[0-9]*.py"))


def _head(migrations: Path) -> str:
    return _revisions(migrations)[-1]


def _stamp(url: str) -> str | None:
    path = make_url(url).database
    if path is None or not Path(path).exists():
        return None
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError:
        return None
    except sqlite3.DatabaseError as error:
        raise StoreError(
            StoreErrorKind.CORRUPT, f"{path} is not a database ({error}).", try_again=False
        ) from error
    finally:
        connection.close()
    return row[0] if row else None
