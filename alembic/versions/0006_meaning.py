"""Stories: the vectors of single sentences beside that of the whole article."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("signs", sa.Column("meaning", sa.LargeBinary(), server_default="", nullable=False))
