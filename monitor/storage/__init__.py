"""The only room that knows SQLAlchemy, Alembic and psycopg."""
