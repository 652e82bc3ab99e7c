"""How Alembic reaches the database; the caller gives its URL."""

from alembic import context
from sqlalchemy import create_engine

from app.store.tables import METADATA

engine = create_engine(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
