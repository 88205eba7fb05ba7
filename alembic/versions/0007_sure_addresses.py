"""Addresses: whether texts proved that one leads to its article, or only a page or a redirect says so."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    sure = sa.Column("sure", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    op.add_column("addresses", sure)
