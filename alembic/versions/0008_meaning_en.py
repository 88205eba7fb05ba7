"""Stories: the vectors of the English beside those of the original."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("signs", sa.Column("meaning_en", sa.LargeBinary(), server_default="", nullable=False))
